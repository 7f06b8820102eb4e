import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { connection } from '../../nodes/AdobePostgreSqlConnection/connection';
import { table } from '../../nodes/AdobePostgreSqlConnection/table';
import { basicCredential, sharedAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { expectOutput, expectSchemas, schemaOf } from '../support/outputSchema.mts';

const NODE = 'AdobePostgreSqlConnection';

/** What comes is as the user's table is, so nothing can be said of it beforehand. */
const UNFORESEEABLE = ['preview'];

/** The editor maps fields by these before the first run, so they must be what really comes. */
describe('The output schemas', () => {
	const adobe = sharedAdobe();

	it('exist for every operation whose output is known beforehand', () => {
		expectSchemas(NODE, [connection, table], UNFORESEEABLE);
	});

	const make = async (parameters: INodeParameters = {}, setup: NodeSetup = {}) =>
		(
			await runConnectionNode(
				adobe,
				{ operation: 'create', verify: false, name: 'Sales', ...parameters },
				setup,
			)
		)[0]?.json ?? {};

	const wrongPassword = () => ({
		source: { ...basicCredential(adobe.postgres), password: 'wrong-pass-1' },
	});

	it.each<[string, string, () => Promise<IDataObject>]>([
		['create', 'with Verify Connection', async () => await make({ verify: true })],
		[
			'get',
			'of a connection with a description',
			async () => {
				const { connectionId } = await make({ additionalFields: { description: 'For the CDP' } });
				return (
					(
						await runConnectionNode(adobe, {
							operation: 'get',
							connectionId: connectionId as string,
						})
					)[0]?.json ?? {}
				);
			},
		],
		[
			'getAll',
			'of a connection with a description',
			async () => {
				await make({ additionalFields: { description: 'For the CDP' } });
				return (await runConnectionNode(adobe, { operation: 'getAll' }))[0]?.json ?? {};
			},
		],
		[
			'delete',
			'of a connection',
			async () => {
				const { connectionId } = await make();
				return (
					(
						await runConnectionNode(adobe, {
							operation: 'delete',
							connectionId: connectionId as string,
						})
					)[0]?.json ?? {}
				);
			},
		],
		[
			'update',
			'with Verify Connection',
			async () => {
				const { connectionId } = await make();
				return (
					(
						await runConnectionNode(adobe, {
							operation: 'update',
							connectionId: connectionId as string,
						})
					)[0]?.json ?? {}
				);
			},
		],
		[
			'test',
			'that fails',
			async () => {
				const { connectionId } = await make({ authMode: 'basic' }, wrongPassword());
				return (
					(
						await runConnectionNode(adobe, {
							operation: 'test',
							connectionId: connectionId as string,
						})
					)[0]?.json ?? {}
				);
			},
		],
	])('%s: equals what comes %s, member by member', async (operation, _case, run) => {
		expectOutput(await run(), schemaOf(NODE, 'connection', operation));
	});

	it.each(['getAll', 'getColumns'])('%s of tables: equals what comes', async (operation) => {
		const { connectionId } = await make();
		const [item] = await runConnectionNode(adobe, {
			resource: 'table',
			operation,
			connectionId: connectionId as string,
			table: 'public.orders',
		});
		expectOutput(item?.json ?? {}, schemaOf(NODE, 'table', operation));
	});
});
