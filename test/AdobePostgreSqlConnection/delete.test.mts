import type { INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const byId = (value: string): INodeParameters => ({
	connectionId: { __rl: true, mode: 'id', value },
});

describe('Delete', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	const remove = async (parameters: INodeParameters, setup: NodeSetup = {}) =>
		await runConnectionNode(adobe, { operation: 'delete', ...parameters }, setup);

	const made = async (name = 'Sales'): Promise<string> => {
		const [item] = await runConnectionNode(adobe, {
			operation: 'create',
			verify: false,
			authMode: 'connectionString',
			name,
		});
		adobe.journal.length = 0;
		return String(item?.json.connectionId);
	};

	it('deletes the connection and puts out what it was', async () => {
		const kept = await made('Kept');
		const id = await made();
		const items = await remove(byId(id));
		expect(items).toStrictEqual([
			{
				json: {
					name: 'Sales',
					state: 'enabled',
					action: 'deleted',
					connectionId: id,
					cloud: 'azure',
					authMode: 'connectionString',
					sandboxName: 'prod',
					deleted: true,
					etag: expect.any(String),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(adobe.connections().map((connection) => connection.id)).toStrictEqual([kept]);
	});

	it('names the dataflows that use the connection, and deletes nothing', async () => {
		const id = await made();
		adobe.markInUse(id, ['Orders to CDP', 'Customers to CDP']);
		const thrown = await thrownBy(async () => await remove(byId(id)));
		expect(thrown.message).toBe(
			`The connection '${id}' is used by dataflows and was not deleted [item 0]`,
		);
		expect(thrown.description).toContain("'Orders to CDP' (");
		expect(thrown.description).toContain("'Customers to CDP' (");
		expect(thrown.context.data).toMatchObject({ code: 'FLOW-1418-400' });
		expect(adobe.connections()).toHaveLength(1);
	});

	it('says where to look when the dataflows cannot be listed', async () => {
		const id = await made();
		adobe.markInUse(id, ['Orders to CDP']);
		adobe.addFault({
			path: '/data/foundation/flowservice/sourceConnections',
			kind: 'status',
			status: 403,
			times: 9,
		});
		const thrown = await thrownBy(async () => await remove(byId(id)));
		expect(thrown.message).toContain('is used by dataflows and was not deleted');
		expect(thrown.description).toContain('Sources > Accounts');
	});

	it('is done once although the answer was lost', async () => {
		const id = await made();
		adobe.addFault({ method: 'DELETE', kind: 'reset', when: 'after' });
		const [item] = await remove(byId(id));
		expect(item?.json).toMatchObject({ connectionId: id, deleted: true });
		expect(requestsBy(adobe, 'DELETE')).toHaveLength(2);
		expect(adobe.connections()).toHaveLength(0);
	});

	it('names the permission to manage', async () => {
		const id = await made();
		const { clientId, clientSecret } = adobe.addClient({ permissions: ['read'] });
		const thrown = await thrownBy(
			async () => await remove(byId(id), { ims: { clientId, clientSecret } }),
		);
		expect(thrown.description).toContain("'Manage Sources'");
		expect(adobe.connections()).toHaveLength(1);
	});

	it.each([
		['an unknown connection', UNKNOWN_ID, `The connection '${UNKNOWN_ID}' was not found`],
		['no connection', '', "'Connection' is empty"],
		['a name', 'Sales database', "'Connection' needs an ID, not a name"],
	])('says what is wrong with %s', async (_case, id, message) => {
		const thrown = await thrownBy(async () => await remove(byId(id)));
		expect(thrown.message).toContain(message);
		expect(requestsBy(adobe, 'DELETE')).toHaveLength(0);
	});

	it('becomes an error item on Continue, and the others go on', async () => {
		const id = await made();
		const items = await runConnectionNode(
			adobe,
			{
				operation: 'delete',
				connectionId: { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' },
			},
			{ onError: 'continueRegularOutput' },
			[{ json: { connectionId: UNKNOWN_ID } }, { json: { connectionId: id } }],
		);
		expect(items[0]?.json).toMatchObject({ error: expect.stringContaining('was not found') });
		expect(items[1]?.json).toMatchObject({ connectionId: id, deleted: true });
	});
});
