import type { StoredConnection } from '../flowService/connections/connection.mts';
import { describeTarget } from '../flowService/connections/connectionTarget.mts';
import type { StoredFlow } from '../flowService/flows/flowParts.mts';
import type { ScheduleParams } from '../flowService/flows/schedule.mts';
import type { StoredRun } from '../flowService/runs/runStore.mts';
import type { EmulatorState } from '../state.mts';

const MAX_CONNECTIONS = 50;
const MAX_FLOWS = 50;
const MAX_RUNS = 20;
const MAX_DATA_SETS = 20;
const MAX_EMPTY_DATA_SETS = 20;

/** A start this far away is there because the API wants one: the dataflow runs on demand. */
const ON_DEMAND_MS = 365 * 86_400_000;

/** What can be shown of a kind of thing, newest first, and how many there are. */
export interface Part<T> {
	total: number;
	shown: T[];
}

export interface ShownConnection {
	id: string;
	name: string;
	state: string;
	/** How Adobe logs in. */
	authentication: string;
	/** `server:port / database`; undefined where the details cannot be read. */
	database: string | undefined;
	sandboxName: string;
	createdAt: number;
}

export interface ShownFlow {
	id: string;
	name: string;
	state: string;
	table: string;
	dataSet: string;
	schedule: string;
	lastRun: string | undefined;
	sandboxName: string;
}

export interface ShownRun {
	id: string;
	flow: string;
	status: string;
	createdAt: number;
	durationMs: number | undefined;
	/** Undefined until the rows have been mapped. */
	records: { read: number; written: number; rejected: number } | undefined;
	reasons: string[];
}

export interface ShownDataSet {
	id: string;
	name: string;
	sandboxName: string;
	total: number;
	/** The last rows, newest first. */
	rows: Array<{ number: number; record: object }>;
}

/** Everything that the page shows. It contains no secret. */
export interface Contents {
	orgId: string;
	now: number;
	connections: Part<ShownConnection>;
	flows: Part<ShownFlow>;
	runs: Part<ShownRun>;
	/** Those that rows have arrived in. */
	dataSets: Part<ShownDataSet>;
	/** The names of the others. */
	emptyDataSets: Part<string>;
	rows: number;
}

/** Reads what there is, over all sandboxes. */
export function readContents(state: EmulatorState): Contents {
	const { clock, connections, flows, runs, dataSets, lake, firstClient } = state;
	const filled = dataSets
		.all()
		.map((dataSet) => ({ ...dataSet, ...lake.arrived(dataSet.id) }))
		.filter(({ total }) => total > 0)
		.sort((one, other) => other.lastAt - one.lastAt);
	const filledIds = new Set(filled.map(({ id }) => id));
	const empty = dataSets.all().filter(({ id }) => !filledIds.has(id));
	return {
		orgId: firstClient.orgId,
		now: clock.now(),
		connections: newest(connections.all(), MAX_CONNECTIONS, showConnection),
		flows: newest(flows.all(), MAX_FLOWS, (flow) => showFlow(state, flow)),
		runs: newest(runs.all(), MAX_RUNS, (run) => showRun(state, run)),
		dataSets: {
			total: filled.length,
			shown: filled.slice(0, MAX_DATA_SETS).map(({ id, name, sandboxName, total, latest }) => ({
				id,
				name,
				sandboxName,
				total,
				rows: latest.map((record, index) => ({ number: total - index, record })),
			})),
		},
		emptyDataSets: newest(empty, MAX_EMPTY_DATA_SETS, ({ name }) => name),
		rows: filled.reduce((sum, { total }) => sum + total, 0),
	};
}

function newest<T, Shown>(all: T[], max: number, show: (one: T) => Shown): Part<Shown> {
	return { total: all.length, shown: all.slice(-max).reverse().map(show) };
}

function showConnection(connection: StoredConnection): ShownConnection {
	const { id, name, state, sandboxName, createdAt, auth } = connection;
	return { id, name, state, sandboxName, createdAt, ...describeTarget(auth) };
}

function showFlow(state: EmulatorState, flow: StoredFlow): ShownFlow {
	const source = state.sourceConnections.find(flow.sourceConnectionIds[0]);
	const target = state.targetConnections.find(flow.targetConnectionIds[0]);
	const dataSetId = target?.params.dataSetId ?? '';
	return {
		id: flow.id,
		name: flow.name,
		state: flow.state,
		table: source?.params.tableName ?? '',
		dataSet: state.dataSets.find(dataSetId)?.name ?? dataSetId,
		schedule: scheduleInWords(flow.scheduleParams, state.clock.now()),
		lastRun: state.runs.lastStarted(flow.id)?.state,
		sandboxName: flow.sandboxName,
	};
}

function scheduleInWords({ frequency, interval, startTime }: ScheduleParams, now: number): string {
	if (frequency === 'once') {
		return Number(startTime) * 1000 - now > ON_DEMAND_MS ? 'On demand' : 'Once';
	}
	return interval === '1' ? `Every ${frequency}` : `Every ${interval} ${frequency}s`;
}

function showRun(state: EmulatorState, { id, flowId, facts, createdAt }: StoredRun): ShownRun {
	const { startedAtUTC, completedAtUTC, copy, promotion } = facts;
	const reasons = [
		...(copy?.error === undefined ? [] : [copy.error]),
		...(promotion?.errors ?? []),
	];
	return {
		id,
		flow: state.flows.find(flowId)?.name ?? flowId,
		status: facts.status,
		createdAt,
		durationMs:
			startedAtUTC === undefined || completedAtUTC === undefined
				? undefined
				: completedAtUTC - startedAtUTC,
		records: promotion && {
			read: promotion.inputRecords,
			written: promotion.outputRecords,
			rejected: promotion.failedRecords,
		},
		reasons: reasons.map(({ message }) => message),
	};
}
