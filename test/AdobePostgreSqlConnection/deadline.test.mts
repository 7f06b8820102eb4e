import type { IDataObject } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { withAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';

const CONNECTIONS = '/data/foundation/flowservice/connections';

/** Creates so many connections, each as an item of its own that may fail by itself. */
async function create(
	adobe: Emulator,
	count: number,
	options: { timeout: number },
): Promise<IDataObject[]> {
	const output = await runConnectionNode(
		adobe,
		{ operation: 'create', verify: false, name: '={{ $json.name }}', options },
		{ onError: 'continueRegularOutput' },
		Array.from({ length: count }, (_item, index) => ({ json: { name: `Tenant ${index}` } })),
	);
	return output.map(({ json }) => json);
}

describe('An item whose time is nearly up', () => {
	it.concurrent(
		'that waits for its turn makes no connection whose ID it does not know',
		async () => {
			await withAdobe({ ratePerSecond: 5 }, async (adobe) => {
				const output = await create(adobe, 60, { timeout: 8 });
				const made = adobe.connections().map(({ id }) => id);
				expect(made.length).toBeGreaterThan(0);
				expect(made.filter((id) => !JSON.stringify(output).includes(id))).toStrictEqual([]);
				expect(output).toHaveLength(60);
			});
		},
	);

	it.concurrent(
		'after a wait that Adobe has asked for sends no write that could not hear its answer',
		async () => {
			await withAdobe({}, async (adobe) => {
				const headers = { 'retry-after': '6' };
				adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'status', status: 429, headers });
				// The answer to a second one would come behind the end of the item's time.
				adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'delay', delayMs: 3_000 });
				const thrown = await thrownBy(
					async () =>
						await runConnectionNode(adobe, {
							operation: 'create',
							name: 'Sales',
							options: { timeout: 8 },
						}),
				);
				expect(thrown.message).toContain('longer than this item may wait');
				expect(requestsBy(adobe, 'POST')).toHaveLength(1);
				expect(adobe.connections()).toStrictEqual([]);
			});
		},
	);

	it.concurrent('after a slow sign-in sends no write that could not hear its answer', async () => {
		await withAdobe({}, async (adobe) => {
			adobe.addFault({ path: '/ims/token/v3', kind: 'delay', delayMs: 15_000 });
			const [item] = await create(adobe, 1, { timeout: 16 });
			expect(item?.error).toContain('Adobe IMS (sign-in) could not be reached');
			expect(requestsBy(adobe, 'POST')).toStrictEqual([]);
		});
	});

	it.concurrent.each([
		['waits', 0],
		['after a slow sign-in waits', 3_000],
	])(
		'%s for the answer to a write no longer than leaves time to look it up',
		async (_case, delayMs) => {
			await withAdobe({}, async (adobe) => {
				adobe.addFault({ path: '/ims/token/v3', kind: 'delay', delayMs });
				const slow = { kind: 'delay', delayMs: 20_000, when: 'after' } as const;
				adobe.addFault({ method: 'POST', path: CONNECTIONS, ...slow });
				const [item] = await create(adobe, 1, { timeout: 16 });
				expect(item).toMatchObject({
					action: 'created',
					connectionId: adobe.connections()[0]?.id,
				});
				expect(requestsBy(adobe, 'POST')).toHaveLength(1);
			});
		},
	);
});
