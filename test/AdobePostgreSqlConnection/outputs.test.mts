import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { connection } from '../../nodes/AdobePostgreSqlConnection/connection';
import { table } from '../../nodes/AdobePostgreSqlConnection/table';
import type { BaseConnection } from '../../nodes/adobe/connections';
import { completeOutput, connectionDetails } from '../../nodes/outputs/connection';
import { outputWithoutSecrets, Redactor } from '../../nodes/redaction/secrets';
import { basicCredential, sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';

/** n8n's table shows the members in their order, and about three columns without scrolling. */
const COLUMNS_IN_VIEW = 3;

type Run = (connectionId: string) => Promise<IDataObject>;

describe('The answer is in view', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	const run = async (parameters: INodeParameters, password = adobe.postgres.password) =>
		(
			await runConnectionNode(adobe, parameters, {
				source: { ...basicCredential(adobe.postgres), password },
			})
		)[0]?.json ?? {};
	const on = (operation: string, more: INodeParameters = {}): Run => {
		return async (connectionId) => await run({ operation, connectionId, ...more });
	};
	const ofOrders = { resource: 'table', table: 'public.orders' };

	const ANSWERS: Array<[operation: string, inView: string[], run: Run]> = [
		['connection.create', ['name', 'state', 'action'], on('create', { name: 'New' })],
		['connection.upsert', ['name', 'state', 'action'], on('upsert', { name: 'Newer' })],
		['connection.update', ['name', 'state', 'action'], on('update')],
		['connection.delete', ['name', 'state', 'action'], on('delete')],
		['connection.get', ['name', 'state', 'connectionId'], on('get')],
		['connection.getAll', ['name', 'state', 'connectionId'], on('getAll')],
		['connection.test', ['result', 'name', 'connectionId'], on('test')],
		['table.getAll', ['table', 'type', 'name'], on('getAll', { resource: 'table' })],
		['table.getColumns', ['name', 'type', 'xdmType'], on('getColumns', ofOrders)],
		['table.preview', ['id', 'customer_id', 'total'], on('preview', ofOrders)],
	];

	it('of every operation', () => {
		const all = [connection, table].flatMap(({ value, operations }) =>
			operations.map((operation) => `${value}.${operation.value}`),
		);
		expect(ANSWERS.map(([operation]) => operation).sort()).toStrictEqual(all.sort());
	});

	it.each(ANSWERS)('of %s: %j', async (_operation, inView, runOn) => {
		const { connectionId } = await run({ operation: 'create', name: 'Sales', verify: false });
		const json = await runOn(String(connectionId));
		expect(Object.keys(json).slice(0, COLUMNS_IN_VIEW)).toStrictEqual(inView);
		expect(Object.values(json)).not.toContain(null);
		const etagAt = Object.keys(json).indexOf('etag');
		expect([-1, Object.keys(json).length - 1]).toContain(etagAt);
	});

	it('of a failed test, with the reason and what to do', async () => {
		const { connectionId } = await run(
			{ operation: 'create', name: 'Sales', verify: false },
			'wrong-pass-1',
		);
		const json = await run({ operation: 'test', connectionId: String(connectionId) });
		expect(Object.keys(json).slice(0, 5)).toStrictEqual([
			...['result', 'reason', 'advice', 'name', 'connectionId'],
		]);
	});
});

describe('The output of a connection', () => {
	const id = '9830305a-985f-47d0-b030-5a985fd7d004';
	const place = {
		platformOrigin: 'https://platform.adobe.io',
		sandboxName: 'prod',
		tenantName: 'acme',
	};
	const read: BaseConnection = {
		...{ id, etag: '"1"', name: 'Sales', state: 'enabled', authMode: 'basic', sandboxName: 'dev' },
		raw: { id, description: 'For the CDP', createdAt: 0, password: 'pass-word-1', extra: 1 },
	};

	it('has the link to its page behind its ID, and says in which sandbox it is', () => {
		expect(Object.entries(connectionDetails(read, place, true))).toStrictEqual([
			['name', 'Sales'],
			['state', 'enabled'],
			['connectionId', id],
			['url', `https://experience.adobe.com/#/@acme/sname:dev/platform/source/accounts/${id}`],
			['authMode', 'basic'],
			['sandboxName', 'dev'],
			['description', 'For the CDP'],
			['createdAt', '1970-01-01T00:00:00.000Z'],
			['etag', '"1"'],
		]);
	});

	it('keeps its link where passwords are redacted', () => {
		for (const tenantName of ['acme', undefined]) {
			const json = connectionDetails(read, { ...place, tenantName }, true);
			expect(outputWithoutSecrets(json, new Redactor(['pass-word-1']))).toStrictEqual(json);
		}
	});

	it('has everything but secrets with Simplify off', () => {
		const json = connectionDetails(read, place, false);
		expect(json).toMatchObject({
			name: 'Sales',
			connectionId: id,
			description: 'For the CDP',
			extra: 1,
		});
		expect(JSON.stringify(json)).not.toContain('pass-word-1');
	});

	it('keeps the order when Adobe tells state and version later', () => {
		const json: IDataObject = { name: 'Sales', action: 'created', connectionId: id };
		completeOutput(json, read, { possibleDuplicates: null });
		expect(Object.entries(json)).toStrictEqual([
			['name', 'Sales'],
			['state', 'enabled'],
			['action', 'created'],
			['connectionId', id],
			['possibleDuplicates', null],
			['etag', '"1"'],
		]);
		completeOutput(json, {});
		expect(json).toMatchObject({ state: 'enabled', etag: '"1"' });
	});
});
