import { newDataflows } from './newDataflow.mts';

describe('Create a dataflow', () => {
	const { adobe, create, writes } = newDataflows();

	describe('with a dataset made from the table', () => {
		it('makes field group, schema and dataset first, and takes every row in', async () => {
			const json = await create({
				table: 'crm.accounts',
				datasetSource: 'create',
				datasetName: 'Accounts',
				schedule: 'once',
			});
			expect(writes()).toStrictEqual([
				'POST fieldgroups',
				'POST schemas',
				'POST dataSets',
				'POST sourceConnections',
				'POST mappingSets',
				'POST targetConnections',
				'POST flows',
			]);
			await adobe.advanceClock(10 * 60_000);
			const rows = await adobe.lakeRows(String(json.datasetId));
			expect(rows).toHaveLength(400);
			expect(rows[0]?._emulator).toMatchObject({ id: 1, name: 'Account 1', active: true });
		});

		it('of events fills their ID and time', async () => {
			const json = await create({
				datasetSource: 'create',
				datasetName: 'Order events',
				schemaClass: 'experienceEvent',
				eventIdColumn: 'id',
				eventTimeColumn: 'updated_at',
				schedule: 'once',
			});
			await adobe.advanceClock(10 * 60_000);
			const rows = await adobe.lakeRows(String(json.datasetId));
			expect(rows).toHaveLength(5000);
			expect(rows[0]).toMatchObject({ _id: '1', timestamp: expect.any(String) });
		});

		it('made again with the same names is the same dataflow', async () => {
			const changes = { datasetSource: 'create', datasetName: 'Accounts', table: 'crm.accounts' };
			const first = await create(changes);
			expect(await create(changes)).toMatchObject({ flowId: first.flowId, action: 'unchanged' });
			expect(adobe.dataSets().filter(({ name }) => name === 'Accounts')).toHaveLength(1);
		});
	});
});
