import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { create } from './newConnection.mts';

describe('Where Adobe takes three requests at a time', () => {
	const adobe = sharedAdobe({ concurrency: 3, latencyMs: 20 });

	it('makes all connections, and is refused hardly ever after the first time', async () => {
		const items = Array.from({ length: 120 }, (_item, index) => ({ json: { name: `c${index}` } }));
		const parameters = create({ name: '={{ $json.name }}' });
		expect(await runConnectionNode(adobe, parameters, {}, items)).toHaveLength(120);
		expect(adobe.connections()).toHaveLength(120);
		// The 32 that go together at first, and a few that were one too many.
		expect(adobe.stats().rateLimited).toBeLessThan(70);
	});
});
