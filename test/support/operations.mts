import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import type { Emulator, EmulatorOptions, Fault } from '../../emulator/emulator.mts';
import type { Permission } from '../../nodes/platform/permissions';
import { withAdobe } from './adobe.mts';
import type { NodeSetup, Thrown } from './connectionNode.mts';
import { runConnectionNode, wireConnectionNode } from './connectionNode.mts';
import type { Wired } from './core.mts';
import { executeNode } from './core.mts';

const CONNECTIONS = '/data/foundation/flowservice/connections';
const CONNECTION = `${CONNECTIONS}/{id}`;
const EXPLORE = `${CONNECTION}/explore`;

/** An operation, and how it is told from outside whether it was done, and how well. */
export interface Row {
	/** The operation's name in the editor, behind the resource's. */
	title: string;
	resource: string;
	operation: string;
	/** Wires the node that the operation is of; the Connection node by default. */
	wire?: (adobe: Emulator, parameters: INodeParameters, setup: NodeSetup) => Wired;
	/** Brings what it works on into the state that it needs. */
	before?: (adobe: Emulator, item: IDataObject) => Promise<void>;
	/** Prepares what the credential that executes it must have made itself. */
	withCredential?: (
		adobe: Emulator,
		item: IDataObject,
		ims: ICredentialDataDecryptedObject,
	) => Promise<void>;
	parameters: INodeParameters;
	/** The request that the operation is about: it is the one that things happen to. */
	request: { method: string; path: string };
	/** How many of them it sends when all goes well; 1 by default. */
	requests?: number;
	permission: Permission;
	/** What its first item has when all went well. */
	result: IDataObject;
	/** An item that it must refuse, and the beginning of what it then says. */
	refused: [item: IDataObject, message: string];
	/** Whether its write is done; left out where it writes nothing. */
	isDone?: (adobe: Emulator) => boolean;
	/** Looks closer at what a write that did not work has left; by default, it must be nothing. */
	expectUndone?: (adobe: Emulator, thrown: Thrown) => void;
	/**
	 * Whether what it makes carries no marker of ours: after a lost answer it is told by who has made it, and
	 * when.
	 */
	isUnmarked?: true;
	/** Whether it rolls back what it has created when it is cancelled. */
	takesDown?: true;
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
const NO_ID: Row['refused'] = [{ id: 'no id!' }, "'Connection' needs an ID, not a name"];
export const NO_NAME: Row['refused'] = [{ name: ' ' }, "'Name' is empty"];
export const NO_LIMIT: Row['refused'] = [{ limit: 0 }, "'Limit' is not a whole number from 1 on"];

export const namesOf = (adobe: Emulator) => adobe.connections().map(({ name }) => name);
const hasNew = (adobe: Emulator) => namesOf(adobe).filter((name) => name === 'New').length === 1;

/** Every operation of the node; a test below holds the list against the node itself. */
export const OPERATIONS: Row[] = [
	{
		title: 'Connection: Create',
		resource: 'connection',
		operation: 'create',
		parameters: { verify: false, name: '={{ $json.name }}' },
		request: { method: 'POST', path: CONNECTIONS },
		permission: 'Manage Sources',
		result: { name: 'New', state: 'enabled', action: 'created' },
		refused: NO_NAME,
		isUnmarked: true,
		isDone: hasNew,
	},
	{
		title: 'Connection: Create or Update',
		resource: 'connection',
		operation: 'upsert',
		parameters: { verify: false, name: '={{ $json.name }}' },
		request: { method: 'POST', path: CONNECTIONS },
		permission: 'Manage Sources',
		result: { name: 'New', action: 'created' },
		refused: NO_NAME,
		isUnmarked: true,
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
		parameters: { verify: false, ...byId, updateFields: { name: '={{ $json.name }}' } },
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

/** Whether it changes something at Adobe. */
export const isWrite = ({ request }: Row) => request.method !== 'GET';

/** An emulator of a test's own, with the connection Sales, and the item that all works with. */
export async function withSales(
	test: (adobe: Emulator, item: IDataObject) => Promise<void>,
	options: Partial<EmulatorOptions> = {},
): Promise<void> {
	await withAdobe(options, async (adobe) => {
		const [made] = await runConnectionNode(adobe, {
			operation: 'create',
			verify: false,
			name: 'Sales',
		});
		adobe.journal.length = 0;
		await test(adobe, { id: made?.json.connectionId, sandbox: 'prod', name: 'New', limit: 5 });
	});
}

export const parametersOf = ({ resource, operation, parameters }: Row): INodeParameters => ({
	resource,
	operation,
	...parameters,
	options: { sandboxName: '={{ $json.sandbox }}' },
});

export const run = async (
	adobe: Emulator,
	row: Row,
	items: IDataObject[],
	setup: NodeSetup = {},
): Promise<INodeExecutionData[]> =>
	await executeNode(
		wireRow(adobe, row, setup),
		items.map((json) => ({ json })),
	);

/** The node of an operation with that operation's parameters. */
export function wireRow(adobe: Emulator, row: Row, setup: NodeSetup = {}): Wired {
	return (row.wire ?? wireConnectionNode)(adobe, parametersOf(row), setup);
}

export const strike = (adobe: Emulator, { request }: Row, fault: Fault) =>
	adobe.addFault({ ...request, ...fault });

/** The requests that an operation is about, oldest first. */
export function sentFor(adobe: Emulator, { request }: Row) {
	const path = new RegExp(`^${request.path.replace('{id}', '[^/?]+')}/?(\\?|$)`);
	return adobe.journal.filter((one) => one.method === request.method && path.test(one.path));
}

export function expectSent(adobe: Emulator, row: Row, times: number | [number, number]): void {
	const [least, most] = typeof times === 'number' ? [times, times] : times;
	const { length } = sentFor(adobe, row);
	expect(length).toBeGreaterThanOrEqual(least);
	expect(length).toBeLessThanOrEqual(most);
}

/** Whether a write is done, and done once; an operation that only reads changes nothing. */
export function expectDone(adobe: Emulator, row: Row, done: boolean): void {
	if (row.isDone === undefined) expect(namesOf(adobe)).toStrictEqual(['Sales']);
	else expect(row.isDone(adobe)).toBe(done);
	expect(adobe.connections().length).toBeLessThanOrEqual(2);
}

export function expectNoSecret(text: string, adobe: Emulator): void {
	const tokens = adobe.journal.map(({ headers }) =>
		String(headers.authorization ?? '').replace(/^Bearer /, ''),
	);
	const secrets = [adobe.clientSecret, adobe.postgres.password, ...tokens];
	for (const secret of new Set(secrets.filter((one) => one !== ''))) {
		expect(text).not.toContain(secret);
	}
}

/** One clear text: what happened and to which item, and what to do. */
export function expectClear(thrown: Thrown, itemIndex: number, says: [string, string]): void {
	const [message, advice] = says;
	expect(thrown.message).toContain(message);
	expect(thrown.message).toMatch(new RegExp(`\\[item ${itemIndex}\\]$`));
	expect(thrown.context.itemIndex).toBe(itemIndex);
	expect(thrown.description).toContain(advice);
}
