import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { dataflow } from '../../nodes/AdobePostgreSqlDataflow/dataflow';
import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, expectSchemas, schemaOf } from '../support/outputSchema.mts';

const NODE = 'AdobePostgreSqlDataflow';

/** The editor maps fields by these before the first run, so they must be what really comes. */
describe('The output schemas of dataflows', () => {
	const adobe = sharedAdobe();
	let created: IDataObject;

	const run = async (parameters: INodeParameters): Promise<IDataObject> =>
		(await runDataflowNode(adobe, parameters))[0]?.json ?? {};

	beforeEach(async () => {
		adobe.reset();
		const [connection] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		created = await run({
			operation: 'create',
			name: 'Orders',
			connectionId: String(connection?.json.connectionId),
			table: 'public.orders',
			dataset: adobe.dataSets()[0]?.id ?? '',
			schedule: 'day',
			interval: 1,
			backfill: true,
			deltaColumn: 'updated_at',
			additionalFields: { description: 'For the CDP' },
		});
	});

	it('exist for every operation', () => expectSchemas(NODE, [dataflow]));

	it('create: equals what comes', () =>
		expectOutput(created, schemaOf(NODE, 'dataflow', 'create')));

	it.each(['get', 'getMapping', 'getAll', 'disable', 'enable', 'update', 'delete'])(
		'%s: equals what comes',
		async (operation) => {
			// So that the last run is one that has ended.
			await adobe.advanceClock(10 * 60_000);
			const json = await run({ operation, flowId: String(created.flowId) });
			expectOutput(json, schemaOf(NODE, 'dataflow', operation));
		},
	);
});
