import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator, Fault } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { withAdobe } from '../support/adobe.mts';
import type { NodeSetup, Thrown } from '../support/connectionNode.mts';
import { runConnectionNode, thrownBy, wireConnectionNode } from '../support/connectionNode.mts';
import { outputOf, runWorkflow } from '../support/core.mts';

const CONNECTIONS = '/data/foundation/flowservice/connections';
const CONNECTION = `${CONNECTIONS}/{id}`;
const EXPLORE = `${CONNECTION}/explore`;

/** An operation, and how it is told from outside whether it was done, and how well. */
interface Row {
	/** The operation's name in the editor, behind the resource's. */
	title: string;
	resource: 'connection' | 'table';
	operation: string;
	parameters: INodeParameters;
	/** The request that the operation is about: it is the one that things happen to. */
	request: { method: string; path: string };
	permission: 'View Sources' | 'Manage Sources';
	/** What its first item has when all went well. */
	result: IDataObject;
	/** An item that it must refuse, and the beginning of what it then says. */
	refused: [item: IDataObject, message: string];
	/** Whether its write is done; left out where it writes nothing. */
	isDone?: (adobe: Emulator) => boolean;
	/** An answer that has nothing in it, where that is no mistake. */
	nothing?: unknown;
}

const byId: INodeParameters = {
	connectionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
};
const ofOrders: INodeParameters = {
	...byId,
	table: { __rl: true, mode: 'name', value: 'public.orders' },
};
const NO_ID: Row['refused'] = [{ id: 'no id!' }, "'Connection' is not the ID of a connection"];
const NO_NAME: Row['refused'] = [{ name: ' ' }, "'Name' is empty"];
const NO_LIMIT: Row['refused'] = [{ limit: 0 }, "'Limit' is not a whole number from 1 on"];

const namesOf = (adobe: Emulator) => adobe.connections().map(({ name }) => name);
const hasNew = (adobe: Emulator) => namesOf(adobe).filter((name) => name === 'New').length === 1;

/** Every operation of the node; a test below holds the list against the node itself. */
const OPERATIONS: Row[] = [
	{
		title: 'Connection: Create',
		resource: 'connection',
		operation: 'create',
		parameters: { name: '={{ $json.name }}' },
		request: { method: 'POST', path: CONNECTIONS },
		permission: 'Manage Sources',
		result: { name: 'New', state: 'enabled', action: 'created' },
		refused: NO_NAME,
		isDone: hasNew,
	},
	{
		title: 'Connection: Create or Update',
		resource: 'connection',
		operation: 'upsert',
		parameters: { name: '={{ $json.name }}' },
		request: { method: 'POST', path: CONNECTIONS },
		permission: 'Manage Sources',
		result: { name: 'New', action: 'created' },
		refused: NO_NAME,
		isDone: hasNew,
	},
	{
		title: 'Connection: Delete',
		resource: 'connection',
		operation: 'delete',
		parameters: byId,
		request: { method: 'DELETE', path: CONNECTION },
		permission: 'Manage Sources',
		result: { name: 'Sales', action: 'deleted', deleted: true },
		refused: NO_ID,
		isDone: (adobe) => namesOf(adobe).length === 0,
	},
	{
		title: 'Connection: Get',
		resource: 'connection',
		operation: 'get',
		parameters: byId,
		request: { method: 'GET', path: CONNECTION },
		permission: 'View Sources',
		result: { name: 'Sales', state: 'enabled' },
		refused: NO_ID,
	},
	{
		title: 'Connection: Get Many',
		resource: 'connection',
		operation: 'getAll',
		parameters: { limit: '={{ $json.limit }}' },
		request: { method: 'GET', path: CONNECTIONS },
		permission: 'View Sources',
		result: { name: 'Sales', state: 'enabled' },
		refused: NO_LIMIT,
		nothing: { items: [], _links: {} },
	},
	{
		title: 'Connection: Test',
		resource: 'connection',
		operation: 'test',
		parameters: byId,
		request: { method: 'GET', path: `${CONNECTION}/test` },
		permission: 'View Sources',
		result: { name: 'Sales', result: true },
		refused: NO_ID,
	},
	{
		title: 'Connection: Update',
		resource: 'connection',
		operation: 'update',
		parameters: { ...byId, updateFields: { name: '={{ $json.name }}' } },
		request: { method: 'PATCH', path: CONNECTION },
		permission: 'Manage Sources',
		result: { name: 'New', action: 'updated' },
		refused: NO_NAME,
		isDone: hasNew,
	},
	{
		title: 'Table: Get Many',
		resource: 'table',
		operation: 'getAll',
		parameters: { ...byId, limit: '={{ $json.limit }}' },
		request: { method: 'GET', path: EXPLORE },
		permission: 'View Sources',
		result: { type: 'table' },
		refused: NO_LIMIT,
		nothing: [],
	},
	{
		title: 'Table: Get Columns',
		resource: 'table',
		operation: 'getColumns',
		parameters: ofOrders,
		request: { method: 'GET', path: EXPLORE },
		permission: 'View Sources',
		result: { table: 'public.orders', type: 'integer' },
		refused: NO_ID,
		nothing: { format: 'flat', schema: { columns: [] } },
	},
	{
		title: 'Table: Preview Rows',
		resource: 'table',
		operation: 'preview',
		parameters: { ...ofOrders, limit: '={{ $json.limit }}' },
		request: { method: 'GET', path: EXPLORE },
		permission: 'View Sources',
		result: { id: 1 },
		refused: NO_LIMIT,
		nothing: { format: 'flat', schema: { columns: [] }, data: [] },
	},
];

const isWrite = ({ request }: Row) => request.method !== 'GET';
/** A write whose outcome is read back before it is sent again. */
const isReadBack = ({ request }: Row) => ['POST', 'PATCH'].includes(request.method);
const ALWAYS = 99;
const LONG_WAIT_SECONDS = '600';

/** Something that Adobe does to the request, and what the user is then told. */
interface Trouble {
	what: string;
	fault: Fault;
	/** A part of the message, and of what to do about it. */
	says: (row: Row) => [message: string, advice: string];
	/** How many times the request is sent: exactly, or at least and at most. */
	sent: (row: Row) => number | [least: number, most: number];
	status: number;
}

const refusedRequest = (): [string, string] => [
	'Adobe refused the request',
	'Check the parameters of this operation',
];

const TROUBLES: Trouble[] = [
	{
		what: 'refuses one token after another (401)',
		fault: { kind: 'status', status: 401, times: ALWAYS },
		says: () => ["Adobe does not accept the credential's access token", "'Client ID'"],
		// A refused token means that nothing was done; once more with a new one.
		sent: () => 2,
		status: 401,
	},
	{
		what: 'does not allow it (403)',
		fault: { kind: 'status', status: 403, times: ALWAYS },
		says: ({ permission }) => ['The credential is not allowed to do this', `'${permission}'`],
		sent: () => 1,
		status: 403,
	},
	{
		what: 'does not find it (404)',
		fault: { kind: 'status', status: 404, times: ALWAYS },
		says: () => ["was not found in the sandbox 'prod'", "'Sandbox' in the credential"],
		sent: () => 1,
		status: 404,
	},
	{
		what: 'says that something is in the way (409)',
		fault: { kind: 'status', status: 409, times: ALWAYS, body: { title: 'In the way' } },
		says: refusedRequest,
		sent: () => 1,
		status: 409,
	},
	{
		what: 'says that somebody else was faster (412)',
		fault: { kind: 'status', status: 412, times: ALWAYS },
		says: (row) =>
			row.request.method === 'PATCH'
				? ['Somebody else has changed the connection', 'execute the node again']
				: refusedRequest(),
		// Once more with a fresh version, as the refused attempt was certainly not done.
		sent: (row) => (row.request.method === 'PATCH' ? 2 : 1),
		status: 412,
	},
	{
		what: 'asks to wait for longer than the item may take (429)',
		fault: {
			kind: 'status',
			status: 429,
			times: ALWAYS,
			headers: { 'retry-after': LONG_WAIT_SECONDS },
		},
		says: () => ['asks for fewer requests', `${LONG_WAIT_SECONDS} seconds`],
		sent: () => 1,
		status: 429,
	},
	{
		what: 'fails again and again (500)',
		fault: { kind: 'status', status: 500, times: ALWAYS },
		says: (row) =>
			isReadBack(row)
				? ['It is not clear whether Adobe has', 'Adobe could not answer the request']
				: ['Adobe could not answer the request', 'status.adobe.com'],
		sent: (row) => (isReadBack(row) ? [1, 4] : 4),
		status: 500,
	},
];

interface Passing {
	what: string;
	fault: Fault;
	sent: number;
	/** Milliseconds that lie between the two requests at least. */
	waitedMs?: number;
}

const PASSING: Passing[] = [
	{ what: 'nothing goes wrong', fault: { kind: 'delay', delayMs: 0 }, sent: 1 },
	{
		what: 'Adobe asks once to wait a second (429)',
		fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
		sent: 2,
		// A timer may end a little early by the clock of the other side.
		waitedMs: 990,
	},
	{ what: 'a token is refused once (401)', fault: { kind: 'status', status: 401 }, sent: 2 },
	{ what: 'Adobe fails once (500)', fault: { kind: 'status', status: 500 }, sent: 2 },
	{ what: 'the line is cut once', fault: { kind: 'reset' }, sent: 2 },
];

const UNREADABLE: Array<[what: string, fault: Fault]> = [
	['is no JSON', { kind: 'malformed', times: ALWAYS }],
	['is empty', { kind: 'status', status: 200, body: '', when: 'after', times: ALWAYS }],
	[
		'is an object of nothing',
		{ kind: 'status', status: 200, body: {}, when: 'after', times: ALWAYS },
	],
	['is null', { kind: 'status', status: 200, body: 'null', when: 'after', times: ALWAYS }],
];

/** An emulator of a test's own, with the connection Sales, and the item that all works with. */
async function withSales(
	test: (adobe: Emulator, item: IDataObject) => Promise<void>,
): Promise<void> {
	await withAdobe({}, async (adobe) => {
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		adobe.journal.length = 0;
		await test(adobe, { id: made?.json.connectionId, sandbox: 'prod', name: 'New', limit: 5 });
	});
}

const parametersOf = ({ resource, operation, parameters }: Row): INodeParameters => ({
	resource,
	operation,
	...parameters,
	options: { sandboxName: '={{ $json.sandbox }}' },
});

const run = async (
	adobe: Emulator,
	row: Row,
	items: IDataObject[],
	setup: NodeSetup = {},
): Promise<INodeExecutionData[]> =>
	await runConnectionNode(
		adobe,
		parametersOf(row),
		setup,
		items.map((json) => ({ json })),
	);

const strike = (adobe: Emulator, { request }: Row, fault: Fault) =>
	adobe.addFault({ ...request, ...fault });

/** The requests that an operation is about, oldest first. */
function sentFor(adobe: Emulator, { request }: Row) {
	const path = new RegExp(`^${request.path.replace('{id}', '[^/?]+')}/?(\\?|$)`);
	return adobe.journal.filter((one) => one.method === request.method && path.test(one.path));
}

function expectSent(adobe: Emulator, row: Row, times: number | [number, number]): void {
	const [least, most] = typeof times === 'number' ? [times, times] : times;
	const { length } = sentFor(adobe, row);
	expect(length).toBeGreaterThanOrEqual(least);
	expect(length).toBeLessThanOrEqual(most);
}

/** Whether a write is done, and done once; an operation that only reads changes nothing. */
function expectDone(adobe: Emulator, row: Row, done: boolean): void {
	if (row.isDone === undefined) expect(namesOf(adobe)).toStrictEqual(['Sales']);
	else expect(row.isDone(adobe)).toBe(done);
	expect(adobe.connections().length).toBeLessThanOrEqual(2);
}

function expectNoSecret(text: string, adobe: Emulator): void {
	const tokens = adobe.journal.map(({ headers }) =>
		String(headers.authorization ?? '').replace(/^Bearer /, ''),
	);
	const secrets = [adobe.clientSecret, adobe.postgres.password, ...tokens];
	for (const secret of new Set(secrets.filter((one) => one !== ''))) {
		expect(text).not.toContain(secret);
	}
}

/** One clear text: what happened and to which item, and what to do. */
function expectClear(thrown: Thrown, itemIndex: number, says: [string, string]): void {
	const [message, advice] = says;
	expect(thrown.message).toContain(message);
	expect(thrown.message).toMatch(new RegExp(`\\[item ${itemIndex}\\]$`));
	expect(thrown.context.itemIndex).toBe(itemIndex);
	expect(thrown.description).toContain(advice);
}

describe('Every operation', () => {
	it('of the node is in this list', () => {
		const { properties } = new AdobePostgreSqlConnection().description;
		const offered = properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options = [], displayOptions }) =>
				options.map(
					(option) =>
						`${String(displayOptions?.show?.resource?.[0])}.${'value' in option ? String(option.value) : ''}`,
				),
			);
		expect(OPERATIONS.map((row) => `${row.resource}.${row.operation}`).sort()).toStrictEqual(
			offered.sort(),
		);
	});

	describe.each(OPERATIONS.map((row) => [row.title, row] as const))('%s', (_title, row) => {
		it.concurrent.each(PASSING.map((passing) => [passing.what, passing] as const))(
			'gives its result when %s',
			async (_what, { fault, sent, waitedMs = 0 }) =>
				await withSales(async (adobe, item) => {
					strike(adobe, row, fault);
					const items = await run(adobe, row, [item]);
					expect(items[0]?.json).toMatchObject(row.result);
					for (const { pairedItem } of items) expect(pairedItem).toStrictEqual({ item: 0 });
					expectSent(adobe, row, sent);
					expectDone(adobe, row, true);
					expectNoSecret(JSON.stringify(items), adobe);
					const [first, second] = sentFor(adobe, row);
					if (first && second) expect(second.at - first.at).toBeGreaterThanOrEqual(waitedMs);
				}),
			30_000,
		);

		it.concurrent.each(TROUBLES.map((trouble) => [trouble.what, trouble] as const))(
			'says what to do when Adobe %s, and has done nothing',
			async (_what, { fault, says, sent, status }) =>
				await withSales(async (adobe, item) => {
					strike(adobe, row, fault);
					const thrown = await thrownBy(async () => await run(adobe, row, [item]));
					expectClear(thrown, 0, says(row));
					expect(thrown.context.data).toMatchObject({ status });
					expect(thrown.httpCode).toBe(String(status));
					expectSent(adobe, row, sent(row));
					expectDone(adobe, row, false);
					expectNoSecret(thrown.whole, adobe);
				}),
			60_000,
		);

		it.concurrent.each(UNREADABLE)(
			`${isWrite(row) ? 'is done once' : 'says that it does not know the form'} when the answer %s`,
			async (_what, fault) =>
				await withSales(async (adobe, item) => {
					strike(adobe, row, fault);
					if (isWrite(row)) {
						const [first] = await run(adobe, row, [item]);
						expect(first?.json).toMatchObject(row.result);
						expectDone(adobe, row, true);
					} else {
						const thrown = await thrownBy(async () => await run(adobe, row, [item]));
						expectClear(thrown, 0, ['in a form this node does not know', 'Is a proxy in between?']);
						expectNoSecret(thrown.whole, adobe);
					}
					expectSent(adobe, row, 1);
				}),
			30_000,
		);

		it.concurrent('refuses bad input of any item before anything is sent', async () => {
			await withSales(async (adobe, item) => {
				const [bad, message] = row.refused;
				const thrown = await thrownBy(
					async () => await run(adobe, row, [item, { ...item, ...bad }]),
				);
				expectClear(thrown, 1, [message, '']);
				expect(thrown.description).not.toBe('');
				expect(adobe.journal).toHaveLength(0);
				expectDone(adobe, row, false);
			});
		});

		it.concurrent('names the item that went wrong', async () => {
			await withSales(async (adobe, item) => {
				const thrown = await thrownBy(
					async () => await run(adobe, row, [item, { ...item, sandbox: 'nowhere' }]),
				);
				expectClear(thrown, 1, ["The sandbox 'nowhere' does not exist", 'under Options']);
				expectNoSecret(thrown.whole, adobe);
			});
		});

		it.concurrent('on Continue gives an error item and goes on with the others', async () => {
			await withSales(async (adobe, item) => {
				const items = await run(adobe, row, [{ ...item, sandbox: 'nowhere' }, item], {
					onError: 'continueRegularOutput',
				});
				expect(items[0]).toStrictEqual({
					json: {
						error: expect.stringContaining("The sandbox 'nowhere' does not exist"),
						message: expect.stringContaining('under Options'),
						details: expect.objectContaining({ status: 404, sandboxName: 'nowhere' }),
					},
					pairedItem: { item: 0 },
				});
				expect(items[1]?.json).toMatchObject(row.result);
				expect(items.slice(1).map(({ pairedItem }) => pairedItem)).toStrictEqual(
					items.slice(1).map(() => ({ item: 1 })),
				);
				expectDone(adobe, row, true);
				expectNoSecret(JSON.stringify(items), adobe);
			});
		});

		it.concurrent('on the error output the failed item comes with its source', async () => {
			await withSales(async (adobe, item) => {
				const setup: NodeSetup = { onError: 'continueErrorOutput' };
				const wired = wireConnectionNode(adobe, parametersOf(row), setup);
				const finished = await runWorkflow(wired, [
					{ json: { ...item, sandbox: 'nowhere' } },
					{ json: item },
				]);
				const failed = outputOf(finished, wired.node.name, 1);
				expect(failed.map(({ json }) => json)).toStrictEqual([
					{
						...item,
						sandbox: 'nowhere',
						error: expect.stringContaining("The sandbox 'nowhere' does not exist"),
						message: expect.stringContaining('under Options'),
						details: expect.objectContaining({ status: 404 }),
					},
				]);
				expect(outputOf(finished, wired.node.name, 0)[0]?.json).toMatchObject(row.result);
				expectDone(adobe, row, true);
				expectNoSecret(JSON.stringify(finished.data.resultData), adobe);
			});
		});

		if (row.nothing !== undefined) {
			it.concurrent('gives no item where there is nothing', async () => {
				await withSales(async (adobe, item) => {
					strike(adobe, row, { kind: 'status', status: 200, body: row.nothing });
					expect(await run(adobe, row, [item])).toStrictEqual([]);
				});
			});
		}
	});
});
