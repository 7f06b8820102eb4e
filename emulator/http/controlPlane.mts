import type { FastifyRequest } from 'fastify';
import { makeDataSet, readRecipe } from '../catalog/makeDataSet.mts';
import { describeFlow, viewFlow } from '../flowService/flows/flowView.mts';
import { viewRun } from '../flowService/runs/runStore.mts';
import type { Client } from '../identity/clients.mts';
import { type RunOutcome, seedRun, updateRun } from '../runEngine/seedRun.mts';
import type { EmulatorState } from '../state.mts';
import { rawBody } from './call.mts';
import type { Fault } from './faults.mts';
import {
	type ApiRequest,
	created,
	noContent,
	pathId,
	type Reply,
	type RouteTable,
} from './routes.mts';
import type { Stats } from './stats.mts';
import { WireError } from './wireError.mts';

/** The emulator's own interface, for tests and measurements; nothing of it exists at Adobe. */
export const CONTROL_ROUTES: RouteTable = {
	'GET /__emulator/stats': readStats,
	'POST /__emulator/reset': reset,
	'POST /__emulator/faults': addFaults,
	'POST /__emulator/clients': addClient,
	'POST /__emulator/dataSets': addDataSet,
	'POST /__emulator/flows': addFlows,
	'POST /__emulator/clock': advanceClock,
	'GET /__emulator/lake/:dataSetId': readLake,
	'POST /__emulator/runs': addRuns,
	'PATCH /__emulator/runs/:id': changeRun,
};

function readStats(state: EmulatorState): Stats {
	return state.stats();
}

function reset(state: EmulatorState, request: ApiRequest): Reply {
	const { keep } = readObject<{ keep?: unknown }>(request);
	if (keep !== undefined && keep !== 'connections') {
		throw badInput('keep can only be "connections"');
	}
	state.reset(keep);
	return noContent();
}

function addFaults(state: EmulatorState, request: ApiRequest): Reply {
	const faults = readObject<Fault | Fault[]>(request);
	reportingBadInput(() => [faults].flat().forEach((fault) => state.faults.add(fault)));
	return noContent();
}

function addClient(state: EmulatorState, request: ApiRequest): Reply {
	return created(state.clients.add(readObject<Partial<Client>>(request)));
}

function addDataSet(state: EmulatorState, request: ApiRequest): Reply {
	const recipe = readObject<unknown>(request);
	const { id, schemaRef } = reportingBadInput(() => makeDataSet(state, readRecipe(recipe)));
	return created({ datasetId: id, schemaId: schemaRef.id });
}

function addFlows(state: EmulatorState, request: ApiRequest): Reply {
	const { connectionId, names } = readObject<{ connectionId: unknown; names: unknown }>(request);
	const isString = (value: unknown): value is string => typeof value === 'string';
	if (!isString(connectionId) || !Array.isArray(names) || !names.every(isString)) {
		throw badInput('The body must be {connectionId, names} with a list of names');
	}
	if (state.connections.find(connectionId) === undefined) {
		throw badInput('No connection has that ID');
	}
	const made = state.markInUse(connectionId, names);
	return created({ flows: made.map((flow) => viewFlow(describeFlow(state, flow))) });
}

async function advanceClock(state: EmulatorState, request: ApiRequest): Promise<object> {
	const { advanceMs } = readObject<{ advanceMs?: unknown }>(request);
	if (typeof advanceMs !== 'number' || !(advanceMs >= 0 && advanceMs < 1e12)) {
		throw badInput('The body must be {advanceMs} with a number of milliseconds');
	}
	await state.clock.advance(advanceMs);
	return { now: state.clock.now() };
}

async function readLake({ lake }: EmulatorState, request: ApiRequest): Promise<object> {
	const dataSetId = pathId(request, 'dataSetId');
	return { rows: await lake.rowsOf(dataSetId), batches: lake.batchesOf(dataSetId) };
}

function addRuns(state: EmulatorState, request: ApiRequest): Reply {
	type Seed = Parameters<typeof seedRun>[1];
	const seeds = readObject<Seed | Seed[]>(request);
	const runs = reportingBadInput(() => [seeds].flat().map((seed) => viewRun(seedRun(state, seed))));
	return created({ runs });
}

function changeRun(state: EmulatorState, request: ApiRequest): object {
	const changes = readObject<Partial<RunOutcome>>(request);
	return viewRun(reportingBadInput(() => updateRun(state, pathId(request), changes)));
}

/** Answers a TypeError or RangeError about the input with its message. */
function reportingBadInput<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) throw badInput(error.message);
		throw error;
	}
}

function readObject<T>(request: FastifyRequest): T {
	const text = rawBody(request).toString('utf8');
	try {
		const value: unknown = JSON.parse(text === '' ? '{}' : text);
		if (typeof value === 'object' && value !== null) return value as T;
	} catch {
		// answered below, like any other value that is not an object
	}
	throw badInput('The body must be a JSON object');
}

function badInput(message: string): WireError {
	return new WireError(400, { error: message });
}
