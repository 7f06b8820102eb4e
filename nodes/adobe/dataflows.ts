import type { ItemClient } from '../platform/client';
import {
	asRecord,
	booleanOf,
	numberOf,
	recordsOf,
	stringsOf,
	textOf,
	timeOf,
} from '../platform/json';
import type { ListOptions, Resource, ResourceKind, ResourcePage } from './collection';
import { actionRequest, etagOf, findResources, inWordsOf, listResources } from './collection';
import { POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { SOURCE_CONNECTION } from './dataflowEnds';
import { FLOW_ERRORS } from './errors/errorCatalogue';
import { MAX_IDS_PER_FILTER } from './filters/limits';
import { nameFilter } from './filters/nameFilter';
import type { RunStatus } from './runModel';
import { runStatusOf } from './runModel';

/** Adobe's flow spec "CRMToAEP", for databases and CRMs alike (Adobe's database tutorial). */
export const FLOW_SPEC = { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' } as const;

/** A dataflow as `GET /flows` returns it. */
export interface Dataflow extends Resource {
	sourceConnectionIds: string[];
	targetConnectionIds: string[];
	schedule?: FlowSchedule;
	/** The base connection that it reads from, where Adobe names it. */
	connectionId?: string;
	/** The connection spec of its source, where Adobe names it. */
	connectionSpecId?: string;
	mappingId?: string;
	/** Which of the versions of that mapping set. */
	mappingVersion?: number;
	/** The column that marks new rows. */
	deltaColumn?: string;
	options: FlowOptions;
}

/** What happens to rows that do not fit. */
export interface FlowOptions {
	/** Whether Adobe keeps the rows that it rejects, with the reasons. */
	errorDiagnosticsEnabled?: boolean;
	/** Percentage of a run's rows that may be rejected before the run fails. */
	partialIngestionPercent?: number;
}

/** Nothing else is open to users (Adobe's error 1402). */
export type FlowAction = 'enable' | 'disable';

/** Flow Service's collection of dataflows. */
export const DATAFLOW: ResourceKind<Dataflow> = {
	path: 'flows',
	one: 'dataflow',
	read: readFlow,
	errors: FLOW_ERRORS,
};

const BY_FLOW_SPEC = `flowSpec.id==${FLOW_SPEC.id}`;

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
		filters: [BY_FLOW_SPEC, ...(options.filters ?? [])],
	});
	return { ...page, items: page.items.filter(isFromPostgreSql) };
}

/** `POST /flows/{id}/action?op=…`: 200 `{ id, etag }`; the etag of the new version. */
export async function actOnFlow(
	client: ItemClient,
	id: string,
	action: FlowAction,
): Promise<string | undefined> {
	const operation = `${action === 'enable' ? 'Enable' : 'Disable'} a dataflow`;
	const request = actionRequest(DATAFLOW, id, action, operation);
	const answer = await client.request(request).catch(inWordsOf(DATAFLOW));
	return etagOf(asRecord(answer.body));
}

/** Whether one that was not found by the flow spec is out of PostgreSQL. */
export function isPostgreSqlFlow(flow: Dataflow): boolean {
	const flowSpecId = textOf(asRecord(flow.raw.flowSpec)?.id) ?? FLOW_SPEC.id;
	return flowSpecId === FLOW_SPEC.id && isFromPostgreSql(flow);
}

/** A flow whose source Adobe does not name counts too: every member but the ID may be absent. */
function isFromPostgreSql({ connectionSpecId }: Dataflow): boolean {
	return connectionSpecId === undefined || connectionSpecId === POSTGRESQL_CONNECTION_SPEC.id;
}

function readFlow(resource: Resource): Dataflow {
	const { raw } = resource;
	const [source] = recordsOf(asRecord(raw.inheritedAttributes)?.sourceConnections);
	const transformations = recordsOf(raw.transformations);
	const paramsOf = (name: string) =>
		asRecord(transformations.find((one) => one.name === name)?.params);
	return {
		...resource,
		sourceConnectionIds: stringsOf(raw.sourceConnectionIds),
		targetConnectionIds: stringsOf(raw.targetConnectionIds),
		schedule: readSchedule(raw.scheduleParams),
		connectionId: textOf(asRecord(source?.baseConnection)?.id),
		connectionSpecId: textOf(asRecord(source?.connectionSpec)?.id),
		mappingId: textOf(paramsOf('Mapping')?.mappingId),
		mappingVersion: numberOf(paramsOf('Mapping')?.mappingVersion),
		deltaColumn: textOf(asRecord(paramsOf('Copy')?.deltaColumn)?.name),
		options: readOptions(asRecord(raw.options)),
	};
}

function readOptions(options: Record<string, unknown> | undefined): FlowOptions {
	return {
		errorDiagnosticsEnabled: booleanOf(options?.errorDiagnosticsEnabled),
		partialIngestionPercent: numberOf(options?.partialIngestionPercent),
	};
}

/** The last run of a dataflow, as the list of dataflows shows it. */
export interface LastRun {
	id?: string;
	/** Absent for a word that is not known. */
	status?: RunStatus;
	/** Adobe's own word. */
	statusWord?: string;
	startedEpochMs?: number;
	completedEpochMs?: number;
}

/** Undefined where Adobe shows none. */
export function lastRunOf({ raw }: Dataflow): LastRun | undefined {
	const details = asRecord(raw.lastRunDetails);
	if (details === undefined) return undefined;
	const statusWord = textOf(details.state);
	return {
		id: textOf(details.id),
		status: statusWord === undefined ? undefined : runStatusOf(statusWord),
		statusWord,
		startedEpochMs: timeOf(details.startedAtUTC),
		completedEpochMs: timeOf(details.completedAtUTC),
	};
}

/** Which dataflows to find; what is left out does not matter. */
export interface FlowQuery {
	/** Exact name, case-sensitive. */
	name?: string;
	/** Several such names; any of them fits. */
	names?: readonly string[];
	state?: string;
	/** The base connection that they read from. */
	connectionId?: string;
	/** A field, descending with `-` in front. */
	orderBy?: 'name' | '-name';
}

/**
 * The dataflows out of PostgreSQL that fit, page by page; with an empty query all of the sandbox.
 *
 * @param limit how many to find at most; all by default
 */
export async function findFlows(
	client: ItemClient,
	query: FlowQuery,
	limit = Infinity,
): Promise<Dataflow[]> {
	if (query.connectionId === undefined) return await find(client, query, [], limit);
	// Flows can be filtered by their source connections, and not by the base connection of these.
	const sources = await findResources(client, SOURCE_CONNECTION, {
		filters: [`baseConnectionId==${query.connectionId}`],
	});
	const found: Dataflow[] = [];
	for (let start = 0; start < sources.length; start += MAX_IDS_PER_FILTER) {
		const ids = sources.slice(start, start + MAX_IDS_PER_FILTER).map(({ id }) => id);
		const wanted = query.orderBy === undefined ? limit - found.length : limit;
		const filters = [`sourceConnectionIds[]==${ids.join(',')}`];
		for (const flow of await find(client, query, filters, wanted)) found.push(flow);
		if (query.orderBy === undefined && found.length >= limit) break;
	}
	return inOrder(found, query.orderBy).slice(0, limit);
}

async function find(
	client: ItemClient,
	{ name, names = name === undefined ? undefined : [name], state, orderBy }: FlowQuery,
	moreFilters: readonly string[],
	limit: number,
): Promise<Dataflow[]> {
	const isNamed = (flow: Dataflow) => names === undefined || names.includes(flow.name ?? '');
	return await findResources(
		client,
		DATAFLOW,
		{
			filters: [
				BY_FLOW_SPEC,
				...(names === undefined ? [] : nameFilter('name', names)),
				...(state === undefined ? [] : [`state==${state}`]),
				...moreFilters,
			],
			orderBy,
			fits: (flow) => isFromPostgreSql(flow) && isNamed(flow),
		},
		limit,
	);
}

function inOrder(flows: Dataflow[], orderBy: FlowQuery['orderBy']): Dataflow[] {
	if (orderBy === undefined) return flows;
	const sign = orderBy === 'name' ? 1 : -1;
	return [...flows].sort((one, other) => sign * (one.name ?? '').localeCompare(other.name ?? ''));
}

/** When a dataflow runs. */
export interface FlowSchedule {
	/** once, minute, hour, day or week. */
	frequency?: string;
	/** How many of the frequency's units are between two runs. */
	interval?: number;
	/** ISO, UTC. */
	startTime?: string;
	/** Whether the first run also loads existing rows. */
	backfill?: boolean;
}

const YEAR_MS = 365.25 * 24 * 60 * 60_000;

/**
 * Adobe runs a dataflow on demand only if its frequency is `once`, and one with that frequency must have a
 * start in the future, at which it runs by itself. So a dataflow that is only for runs on demand starts so
 * far ahead that it does not: ten years, which in epoch seconds still fits in 32 bits.
 */
const ON_DEMAND_START_AHEAD_MS = 10 * YEAR_MS;

/** Nobody plans a single run that far ahead; what was created years ago still counts. */
const ON_DEMAND_FROM_AHEAD_MS = YEAR_MS;

/** The start of a dataflow that is only for runs on demand, epoch milliseconds. */
export function onDemandStartEpochMs(): number {
	return Date.now() + ON_DEMAND_START_AHEAD_MS;
}

/** Whether a dataflow is only for runs on demand. */
export function isOnDemand({ frequency, startTime = '' }: FlowSchedule): boolean {
	return frequency === 'once' && Date.parse(startTime) > Date.now() + ON_DEMAND_FROM_AHEAD_MS;
}

// Beyond this, JavaScript knows no date and would throw.
const LAST_DATE_MS = 8.64e15;

/**
 * `scheduleParams` of a flow: epoch seconds; numbers and booleans may be strings (Adobe's samples and
 * its API description disagree).
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
		backfill: booleanOf(params.backfill),
	};
}
