import { findByIds } from '../../nodes/adobe/filters/byIds.ts';
import { RUN } from '../../nodes/adobe/runModel.ts';
import { fakeClient } from './client.mts';

const uuid = (place: number) => `2edc08ac-4df5-4fe6-936f-${String(place).padStart(12, '0')}`;

describe('Resources by their IDs', () => {
	it.each<[string, string[], number[]]>([
		['ask for nothing where there is no ID', [], []],
		['ask for each ID once', ['a', 'b', 'a'], [2]],
		[
			'ask for a hundred UUIDs with one request',
			Array.from({ length: 250 }, (_id, n) => uuid(n)),
			[100, 100, 50],
		],
		['pass over what would be several values, or a comparison', ['a,b', '=a', '"a"', 'c'], [1]],
		['ask for fewer where the IDs are long', ['a', 'b', 'c'].map((id) => id.repeat(1_500)), [2, 1]],
	])('%s', async (_what, ids, sizes) => {
		const client = fakeClient({ body: { items: [] } });
		await findByIds(client, RUN, ids);
		const asked = client.requests.map(({ query = [] }) => {
			const [, filter = ''] = query.find(([name]) => name === 'property') ?? [];
			return filter.replace('id==', '').split(',').length;
		});
		expect(asked).toStrictEqual(sizes);
	});

	it('come back by their IDs, without those that do not exist', async () => {
		const client = fakeClient({ body: { items: [{ id: 'a' }] } });
		const found = await findByIds(client, RUN, ['a', 'b']);
		expect([...found.keys()]).toStrictEqual(['a']);
	});
});
