import type { ItemClient } from '../platform/client';
import { asRecord, numberOf, textOf, truthOf } from '../platform/json';
import { collectPages } from '../platform/pages';
import type { ListOptions, Reference, Resource, ResourceKind, ResourcePage } from './collection';
import {
	createResource,
	deleteResource,
	FLOW_SERVICE,
	getResource,
	listResources,
	nameFilter,
	PAGE_SIZE,
	write,
} from './collection';
import { POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { SOURCE_CONNECTION } from './dataflowEnds';
import { FLOW_REFUSALS } from './refusals';

/** Adobe's flow spec "CRMToAEP", for databases and CRMs alike (Adobe's database tutorial). */
export const FLOW_SPEC = { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' } as const;

/** A dataflow as `GET /flows` gives it, with what this package reads of it. */
export interface Dataflow extends Resource {
	sourceConnectionIds: string[];
	targetConnectionIds: string[];
	schedule?: FlowSchedule;
	/** The base connection that it reads from, where Adobe names it. */
	connectionId?: string;
	/** The connection spec of its source, where Adobe names it. */
	connectionSpecId?: string;
	mappingId?: string;
	/** The column that marks new rows. */
	deltaColumn?: string;
	options: FlowOptions;
}

/** What becomes of rows that do not fit. */
export interface FlowOptions {
	/** Whether Adobe keeps the rows that it rejects, with the reasons. */
	errorDiagnosticsEnabled?: boolean;
	/** How many percent of a run's rows may be rejected before the run fails. */
	partialIngestionPercent?: number;
}

/** What a dataflow is asked to do; nothing else is open to users (Adobe's error 1402). */
export type FlowAction = 'enable' | 'disable';

/** Flow Service's collection of dataflows. */
export const DATAFLOW: ResourceKind<Dataflow> = {
	path: 'flows',
	one: 'dataflow',
	read: readFlow,
	refusals: FLOW_REFUSALS,
};

/**
 * `POST /flows`: 201 `{ id, etag }`.
 *
 * @throws Problem
 */
export async function createFlow(client: ItemClient, body: object): Promise<Reference> {
	return await createResource(client, DATAFLOW, body);
}

/** `GET /flows/{id}`: 200 `{ items: [flow] }`. */
export async function getFlow(client: ItemClient, id: string): Promise<Dataflow> {
	return await getResource(client, DATAFLOW, id);
}

/**
 * `GET /flows`, one page of the dataflows out of PostgreSQL. Adobe filters by the flow spec, which
 * other databases share; those are left out here, so a page may hold fewer than its limit, or none.
 */
export async function listFlows(
	client: ItemClient,
	options: ListOptions,
): Promise<ResourcePage<Dataflow>> {
	const page = await listResources(client, DATAFLOW, {
		...options,
		filters: [`flowSpec.id==${FLOW_SPEC.id}`, ...(options.filters ?? [])],
	});
	return { ...page, items: page.items.filter(isFromPostgreSql) };
}

/** `POST /flows/{id}/action?op=…`: 200 `{ id, etag }`; the etag of the new version. */
export async function actOnFlow(
	client: ItemClient,
	id: string,
	action: FlowAction,
): Promise<string | undefined> {
	const answer = await write(client, DATAFLOW, {
		method: 'POST',
		path: [...FLOW_SERVICE, DATAFLOW.path, id, 'action'],
		query: [['op', action]],
		operation: `${action === 'enable' ? 'Enable' : 'Disable'} a dataflow`,
		permission: 'Manage Sources',
		subject: `The dataflow '${id}'`,
	});
	return textOf(asRecord(answer.body)?.etag);
}

/** `DELETE /flows/{id}`: 204. Its source and target connections stay. */
export async function deleteFlow(client: ItemClient, id: string): Promise<void> {
	await deleteResource(client, DATAFLOW, id);
}

/** A flow whose source Adobe does not name counts too: every member but the ID may be absent. */
function isFromPostgreSql({ connectionSpecId }: Dataflow): boolean {
	return connectionSpecId === undefined || connectionSpecId === POSTGRESQL_CONNECTION_SPEC.id;
}

function readFlow(resource: Resource): Dataflow {
	const { raw } = resource;
	const source = asRecord(listOf(asRecord(raw.inheritedAttributes)?.sourceConnections)[0]);
	const transformation = (name: string) =>
		asRecord(
			listOf(raw.transformations)
				.map(asRecord)
				.find((one) => one?.name === name)?.params,
		);
	return {
		...resource,
		sourceConnectionIds: textsOf(raw.sourceConnectionIds),
		targetConnectionIds: textsOf(raw.targetConnectionIds),
		schedule: readSchedule(raw.scheduleParams),
		connectionId: textOf(asRecord(source?.baseConnection)?.id),
		connectionSpecId: textOf(asRecord(source?.connectionSpec)?.id),
		mappingId: textOf(transformation('Mapping')?.mappingId),
		deltaColumn: textOf(asRecord(transformation('Copy')?.deltaColumn)?.name),
		options: readOptions(asRecord(raw.options)),
	};
}

function readOptions(options: Record<string, unknown> | undefined): FlowOptions {
	return {
		errorDiagnosticsEnabled: truthOf(options?.errorDiagnosticsEnabled),
		partialIngestionPercent: numberOf(options?.partialIngestionPercent),
	};
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): string[] {
	return listOf(value).filter((one) => textOf(one) !== undefined) as string[];
}

/** What dataflows are looked for; what is left out does not matter. */
export interface FlowQuery {
	/** The whole name, as Adobe tells upper from lower case. */
	name?: string;
	state?: string;
	/** The base connection that they read from. */
	connectionId?: string;
	/** A field, descending with `-` in front. */
	orderBy?: 'name' | '-name';
}

// Fifty UUIDs keep the address short.
const IDS_A_REQUEST = 50;

/**
 * All dataflows out of PostgreSQL that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at the most; all by default
 */
export async function findFlows(
	client: ItemClient,
	query: FlowQuery,
	limit = Infinity,
): Promise<Dataflow[]> {
	if (query.connectionId === undefined) return await find(client, query, [], limit);
	const sources = await sourcesOf(client, query.connectionId);
	const found: Dataflow[] = [];
	for (let start = 0; start < sources.length; start += IDS_A_REQUEST) {
		const ids = sources.slice(start, start + IDS_A_REQUEST).join(',');
		const wanted = query.orderBy === undefined ? limit - found.length : limit;
		found.push(...(await find(client, query, [`sourceConnectionIds[]==${ids}`], wanted)));
		if (query.orderBy === undefined && found.length >= limit) break;
	}
	return inOrder(found, query.orderBy).slice(0, limit);
}

async function find(
	client: ItemClient,
	{ name, state, orderBy }: FlowQuery,
	more: readonly string[],
	limit: number,
): Promise<Dataflow[]> {
	const filters = [
		...(name === undefined ? [] : nameFilter('name', [name])),
		...(state === undefined ? [] : [`state==${state}`]),
		...more,
	];
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listFlows(client, {
			filters,
			orderBy,
			limit: Math.min(PAGE_SIZE, wanted),
			continuationToken,
		});
		return {
			...page,
			items: page.items.filter((flow) => name === undefined || flow.name === name),
		};
	}, limit);
}

/** The source connections of a base connection: flows can be filtered by those alone. */
async function sourcesOf(client: ItemClient, connectionId: string): Promise<string[]> {
	const sources = await collectPages(
		async (continuationToken) =>
			await listResources(client, SOURCE_CONNECTION, {
				filters: [`baseConnectionId==${connectionId}`],
				limit: PAGE_SIZE,
				continuationToken,
			}),
	);
	return sources.map(({ id }) => id);
}

function inOrder(flows: Dataflow[], orderBy: FlowQuery['orderBy']): Dataflow[] {
	if (orderBy === undefined) return flows;
	const sign = orderBy === 'name' ? 1 : -1;
	return [...flows].sort((one, other) => sign * (one.name ?? '').localeCompare(other.name ?? ''));
}

/** Every dataflow of the sandbox that reads from PostgreSQL. */
export async function postgreSqlFlows(client: ItemClient): Promise<Dataflow[]> {
	return await collectPages(
		async (continuationToken) => await listFlows(client, { limit: PAGE_SIZE, continuationToken }),
	);
}

/** A dataflow, as far as it is needed to name it. */
export interface DataflowName {
	id: string;
	name?: string;
}

const MOST = 20;

/**
 * The dataflows that a base connection feeds, the first twenty: its source connections
 * (`baseConnectionId`), then the flows that use these (`sourceConnectionIds[]`).
 */
export async function dataflowsOf(
	client: ItemClient,
	connectionId: string,
): Promise<DataflowName[]> {
	const sources = await list(client, 'sourceConnections', `baseConnectionId==${connectionId}`);
	if (sources.length === 0) return [];
	return await list(
		client,
		'flows',
		`sourceConnectionIds[]==${sources.map(({ id }) => id).join(',')}`,
	);
}

async function list(client: ItemClient, resource: string, filter: string): Promise<DataflowName[]> {
	const answer = await client.request({
		method: 'GET',
		path: [...FLOW_SERVICE, resource],
		query: [
			['property', filter],
			['limit', String(MOST)],
		],
		operation: 'Find the dataflows of a connection',
		permission: 'View Sources',
	});
	const items = asRecord(answer.body)?.items;
	return (Array.isArray(items) ? items : []).flatMap((item) => {
		const record = asRecord(item);
		const id = textOf(record?.id);
		return id === undefined ? [] : [{ id, name: textOf(record?.name) }];
	});
}

/** When a dataflow runs, as this package puts it out. */
export interface FlowSchedule {
	/** once, minute, hour, day or week. */
	frequency?: string;
	/** So many of the frequency's units lie between two runs. */
	interval?: number;
	/** ISO, UTC. */
	startTime?: string;
	/** Whether the first run takes the rows that are there already. */
	backfill?: boolean;
}

// Beyond this, JavaScript knows no date and would throw.
const LAST_DATE_MS = 8.64e15;

/**
 * `scheduleParams` of a flow: epoch seconds, numbers as numbers or as texts, truth as truth or as
 * text (Adobe's samples and its API description disagree).
 */
export function readSchedule(scheduleParams: unknown): FlowSchedule | undefined {
	const params = asRecord(scheduleParams);
	if (params === undefined) return undefined;
	const startEpochMs = (numberOf(params.startTime) ?? Number.NaN) * 1000;
	return {
		frequency: textOf(params.frequency),
		interval: numberOf(params.interval),
		startTime:
			Math.abs(startEpochMs) <= LAST_DATE_MS ? new Date(startEpochMs).toISOString() : undefined,
		backfill: truthOf(params.backfill),
	};
}
