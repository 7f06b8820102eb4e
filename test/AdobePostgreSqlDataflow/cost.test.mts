import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { connectionStringOf } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { requestsBy, runConnectionNode } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';
import { newDataflows } from './newDataflow.mts';

/** @param what tells the names apart from those that this process has made before */
const itemsOf = (count: number, what: string): INodeExecutionData[] =>
	Array.from({ length: count }, (_item, index) => ({ json: { name: `${what} ${index}` } }));

/** Many requests, and machines are slow at times. */
const MANY_TIMEOUT_MS = 300_000;

const OWN_DATASETS = { datasetSource: 'create', datasetName: '=Rows of {{ $json.name }}' };

describe('What Create costs', () => {
	const { adobe, parameters } = newDataflows();

	/** Executes Create for many items, and counts the requests of each kind. */
	const execute = async (
		changes: INodeParameters,
		items: INodeExecutionData[],
		setup: NodeSetup = {},
	) => {
		adobe.journal.length = 0;
		const output = await runDataflowNode(
			adobe,
			parameters({ name: '={{ $json.name }}', schedule: 'once', ...changes }),
			setup,
			items,
		);
		const sent = adobe.journal.filter(({ path }) => path.startsWith('/data/'));
		return { actions: output.map(({ json }) => json.action), requests: sent.length };
	};
	const allAre = (action: string, count: number) => Array.from({ length: count }, () => action);
	it('is 10.5 requests at most for each of ten tables with datasets of their own', async () => {
		const database = await makeScratchDatabase();
		try {
			const tables = Array.from({ length: 10 }, (_table, index) => `t${index}`);
			await database.owner.query(
				tables
					.map((name) => `create table ${name} (id int); grant select on ${name} to public`)
					.join(';'),
			);
			const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
			const source = { authMode: 'connectionString', connectionString };
			const [made] = await runConnectionNode(
				adobe,
				{ operation: 'create', name: 'Ten tables', authMode: 'connectionString' },
				{ source },
			);
			const { actions, requests } = await execute(
				{
					...OWN_DATASETS,
					connectionId: String(made?.json.connectionId),
					table: '=public.{{ $json.table }}',
				},
				tables.map((table) => ({ json: { name: `Table ${table}`, table } })),
			);
			expect(actions).toStrictEqual(allAre('created', 10));
			expect(requests).toBeLessThanOrEqual(105);
		} finally {
			await database.drop();
		}
	});

	it('is less than half of that in one dataset that is there', async () => {
		const { actions, requests } = await execute({}, itemsOf(10, 'Shared'));
		expect(actions).toStrictEqual(allAre('created', 10));
		expect(requests).toBeLessThanOrEqual(50);
	});

	it.each<[string, INodeParameters, number]>([
		['300 in one dataset', {}, 300],
		['60 with datasets of their own', OWN_DATASETS, 60],
		['60 without names of their own', { name: '', ...OWN_DATASETS }, 60],
	])(
		'is 0.2 requests at most for each that is there: %s',
		async (what, changes, count) => {
			const items = itemsOf(count, what);
			const made = await execute(changes, items);
			expect(made.actions).toStrictEqual(allAre('created', count));
			const again = await execute(changes, items);
			expect(again.actions).toStrictEqual(allAre('unchanged', count));
			expect(again.requests).toBeLessThanOrEqual(count / 5);
		},
		MANY_TIMEOUT_MS,
	);

	it.each(['a failed item ends the execution', 'others continue'])(
		'is the same where %s',
		async (where) => {
			const onError = where === 'others continue' ? 'continueRegularOutput' : 'stopWorkflow';
			const { actions, requests } = await execute({}, itemsOf(10, where), { onError });
			expect(actions).toStrictEqual(allAre('created', 10));
			expect(requests).toBeLessThanOrEqual(50);
		},
	);

	it('asks for the columns of a table once', async () => {
		await execute({}, itemsOf(5, 'Table'));
		const explored = requestsBy(adobe, 'GET').filter(({ path }) => path.includes('/explore'));
		expect(explored).toHaveLength(1);
	});

	it('is a request more where somebody else has changed the mapping, which is seen', async () => {
		const items = itemsOf(5, 'Changed');
		await execute({}, items);
		await runDataflowNode(adobe, {
			operation: 'update',
			flowId: String(adobe.flows()[0]?.id),
			newMapping: 'json',
			mappings: JSON.stringify([{ source: 'id', destination: '_id', sourceType: 'ATTRIBUTE' }]),
		});
		const again = await execute({}, items);
		expect(again.actions.sort()).toStrictEqual(['kept', ...allAre('unchanged', 4)]);
		const sets = adobe.journal.filter(({ path }) => path.includes('/mappingSets/'));
		expect(sets).toHaveLength(1);
	});
});
