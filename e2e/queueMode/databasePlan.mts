import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	node,
	TRIGGER,
} from '../connectionWorkflow.mts';
import { APPLY, applyNode, PLAN, planWorkflow } from '../databaseWorkflow.mts';
import { withClient } from '../n8n/database.mts';
import { itemsOf } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import type { Workflow } from '../n8n/workflow.mts';
import type { SharedQueue } from './sharedQueue.mts';

/** An item that a node put out. */
export type Json = Record<string, unknown>;

/** What an application is about: a dataflow each to be created, twice, to be changed and to be deleted. */
const KINDS = ['new', 'other', 'more', 'gone'];

const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });

/** The tables of one application, as explore names them. */
export const tablesOf = (round: number): string[] =>
	KINDS.map((kind) => `public.apply_${round}_${kind}`);

/** How they are desired. */
export const desiredOf = (round: number): Json[] =>
	tablesOf(round).map((table) => ({ table, ...(table.endsWith('_gone') && { delete: true }) }));

/** Makes them in the sample database. */
export async function makeTables({ postgres }: SharedQueue, rounds: number[]): Promise<void> {
	await asOwner(
		postgres,
		rounds
			.flatMap(tablesOf)
			.flatMap((table) => [
				`create table ${table} (id int primary key, label text, updated_at timestamptz not null)`,
				`grant select on ${table} to ${postgres.username}`,
			]),
	);
}

/** Gives each table that has a dataflow to be changed a column that the dataflow does not know. */
export async function addColumns({ postgres }: SharedQueue, rounds: number[]): Promise<void> {
	const tables = rounds.flatMap(tablesOf).filter((table) => table.endsWith('_more'));
	await asOwner(
		postgres,
		tables.map((table) => `alter table ${table} add coupon text`),
	);
}

async function asOwner(postgres: SharedQueue['postgres'], statements: string[]): Promise<void> {
	const { server, port, database, superuser } = postgres;
	await withClient({ server, port, database, ...superuser }, async (client) => {
		for (const statement of statements) await client.query(statement);
	});
}

/** Makes the connection, and gives its ID. */
export async function makeConnection({ session, credentials }: SharedQueue): Promise<string> {
	const workflow = connectionWorkflow({ name: 'Database of the plan', ...credentials });
	const [made] = itemsOf(await executeWorkflow(session, workflow), CONNECTION);
	return String(made?.json.connectionId);
}

/** Plans tables, and on request applies the plan at once; gives what the last node has put out. */
export async function planTables(
	{ session, credentials: { ims } }: SharedQueue,
	connectionId: string,
	desired: Json[],
	{ isApplied = false } = {},
): Promise<Json[]> {
	const workflow = planWorkflow({ ims, connectionId, desired, isApplied });
	const execution = await executeWorkflow(session, workflow);
	if (execution.status !== 'success') throw new Error(execution.error?.message);
	return itemsOf(execution, isApplied ? APPLY : PLAN).map(({ json }) => json);
}

/** Applies the same plan whenever it is started: by a webhook, or again from another workflow. */
export function applyWorkflow(
	queue: SharedQueue,
	name: string,
	plans: Json[],
	errorWorkflow: string,
): Workflow {
	return {
		name,
		nodes: [
			{
				...node(TRIGGER, 'n8n-nodes-base.webhook', 2, 0, {
					httpMethod: 'POST',
					path: name,
					options: {},
				}),
				webhookId: name,
			},
			node('Start again', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, 0, {
				inputSource: 'passthrough',
			}),
			node('The plan', 'n8n-nodes-base.set', 3.4, 1, {
				mode: 'raw',
				jsonOutput: JSON.stringify({ plans }),
				options: {},
			}),
			node('One item a table', 'n8n-nodes-base.splitOut', 1, 2, {
				fieldToSplitOut: 'plans',
				options: {},
			}),
			applyNode(queue.credentials.ims, 3),
		],
		connections: {
			[TRIGGER]: to('The plan'),
			'Start again': to('The plan'),
			'The plan': to('One item a table'),
			'One item a table': to(APPLY),
		},
		settings: { executionOrder: 'v1', errorWorkflow },
	};
}

const WRITTEN =
	/\/(sourceConnections|targetConnections|flows|dataSets|fieldgroups|schemas|descriptors|mappingSets)(\/[^/?]+)?(\/action)?(\?|$)/;
const NOT_KEPT = /\/mappingSets\/(preview|validate)/;

/** The requests since a moment that change something at Adobe, as they came in. */
export function writesSince({ emulator }: SharedQueue, sinceMs: number): string[] {
	return emulator.journal.flatMap(({ at, method, path }) =>
		at >= sinceMs && method !== 'GET' && WRITTEN.test(path) && !NOT_KEPT.test(path)
			? [`${method} ${WRITTEN.exec(path)?.[1]}`]
			: [],
	);
}

/** Everything that there is at Adobe about the tables of an application, by their kinds. */
export async function partsOf({ emulator }: SharedQueue, round: number): Promise<object> {
	const groups = await new Witness(emulator).fieldGroupTitles();
	const parts = tablesOf(round).map((table, index) => {
		const name = `${table} to ${table}`;
		const isOf = (part: { name: string }) => part.name.startsWith(name);
		const flows = emulator.flows().filter(isOf);
		const sets = emulator
			.mappingSets()
			.filter(({ mappings }) => JSON.stringify(mappings).includes(`'${name}'`));
		const schemas = emulator.schemas().filter(({ title }) => title === table);
		const about = {
			dataflows: flows.map(({ state }) => state),
			columns: emulator
				.sourceConnections()
				.filter(isOf)
				.map(({ params }) => params.columns?.map((column) => column.name)),
			targets: emulator.targetConnections().filter(isOf).length,
			mappedFields: sets.map(({ mappings }) => mappings.length),
			datasets: emulator.dataSets().filter(({ name: of }) => of === table).length,
			schemas: schemas.map(({ fields }) => JSON.stringify(fields).includes('coupon')),
			fieldGroups: groups.filter((title) => title.startsWith(table)).length,
		};
		return [KINDS[index], about] as const;
	});
	return Object.fromEntries(parts);
}
