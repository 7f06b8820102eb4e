import type { FastifyInstance, FastifyRequest } from 'fastify';
import { rawBody } from './call.mts';
import { makeDataSet, readRecipe } from '../catalog/makeDataSet.mts';
import type { Client } from '../identity/clients.mts';
import type { Fault } from './faults.mts';
import { describeFlow, viewFlow } from '../flowService/flows/flowView.mts';
import { viewRun } from '../flowService/runs/runStore.mts';
import { type RunOutcome, seedRun, updateRun } from '../runEngine/seedRun.mts';
import type { EmulatorState } from '../state.mts';
import { WireError } from './wireError.mts';

/** The emulator's own interface, for tests and measurements; nothing of it exists at Adobe. */
export function controlRoutes(state: EmulatorState) {
	return async (app: FastifyInstance): Promise<void> => {
		app.get('/__emulator/stats', async () => state.stats());

		app.post('/__emulator/reset', async (request, reply) => {
			const { keep } = readObject<{ keep?: unknown }>(request);
			if (keep !== undefined && keep !== 'connections') {
				throw refusal('keep can only be "connections"');
			}
			state.reset(keep);
			return await reply.code(204).send();
		});

		app.post('/__emulator/faults', async (request, reply) => {
			const faults = readObject<Fault | Fault[]>(request);
			inWords(() => [faults].flat().forEach((fault) => state.faults.add(fault)));
			return await reply.code(204).send();
		});

		app.post('/__emulator/clients', async (request, reply) => {
			const client = state.clients.add(readObject<Partial<Client>>(request));
			return await reply.code(201).send(client);
		});

		app.post('/__emulator/dataSets', async (request, reply) => {
			const recipe = readObject<unknown>(request);
			const { id, schemaRef } = inWords(() => makeDataSet(state, readRecipe(recipe)));
			return await reply.code(201).send({ datasetId: id, schemaId: schemaRef.id });
		});

		app.post('/__emulator/flows', async (request, reply) => {
			const { connectionId, names } = readObject<{ connectionId: unknown; names: unknown }>(
				request,
			);
			const isText = (value: unknown): value is string => typeof value === 'string';
			if (!isText(connectionId) || !Array.isArray(names) || !names.every(isText)) {
				throw refusal('The body must be {connectionId, names} with a list of names');
			}
			if (state.connections.find(connectionId) === undefined) {
				throw refusal('No connection has that ID');
			}
			const made = state.markInUse(connectionId, names);
			const flows = made.map((flow) => viewFlow(describeFlow(state, flow)));
			return await reply.code(201).send({ flows });
		});

		app.post('/__emulator/clock', async (request) => {
			const { advanceMs } = readObject<{ advanceMs?: unknown }>(request);
			if (typeof advanceMs !== 'number' || !(advanceMs >= 0 && advanceMs < 1e12)) {
				throw refusal('The body must be {advanceMs} with a number of milliseconds');
			}
			await state.clock.advance(advanceMs);
			return { now: state.clock.now() };
		});

		app.get<{ Params: { dataSetId: string } }>('/__emulator/lake/:dataSetId', async (request) => {
			const { dataSetId } = request.params;
			const { lake } = state;
			return { rows: await lake.rowsOf(dataSetId), batches: lake.batchesOf(dataSetId) };
		});

		app.post('/__emulator/runs', async (request, reply) => {
			type Seed = Parameters<typeof seedRun>[1];
			const seeds = readObject<Seed | Seed[]>(request);
			const runs = inWords(() => [seeds].flat().map((seed) => viewRun(seedRun(state, seed))));
			return await reply.code(201).send({ runs });
		});

		app.patch<{ Params: { id: string } }>('/__emulator/runs/:id', async (request) => {
			const changes = readObject<Partial<RunOutcome>>(request);
			return viewRun(inWords(() => updateRun(state, request.params.id, changes)));
		});
	};
}

/** What is thrown about what came in is the answer. */
function inWords<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof TypeError || error instanceof RangeError) throw refusal(error.message);
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
	throw refusal('The body must be a JSON object');
}

function refusal(message: string): WireError {
	return new WireError(400, { error: message });
}
