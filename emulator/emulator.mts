import type { StoredDataSet } from './catalog/dataSetStore.mts';
import {
	type DataSetRecipe,
	makeDataSet,
	makeSchema,
	type SchemaRecipe,
} from './catalog/makeDataSet.mts';
import type { Client } from './identity/clients.mts';
import type { StoredMappingSet } from './dataPrep/mappingSetStore.mts';
import type { Fault } from './http/faults.mts';
import type { StoredConnection } from './flowService/connections/connection.mts';
import type {
	StoredFlow,
	StoredSourceConnection,
	StoredTargetConnection,
} from './flowService/flows/flowParts.mts';
import type { RecordedRequest } from './http/journal.mts';
import { type EmulatorOptions, settle } from './options.mts';
import type { PostgresServer } from './postgresql/postgresServer.mts';
import type { RunError } from './flowService/runs/runFacts.mts';
import type { StoredRun } from './flowService/runs/runStore.mts';
import { type RunOutcome, seedRun, updateRun } from './runEngine/seedRun.mts';
import type { StoredSchema } from './schemaRegistry/schemaStore.mts';
import { buildServer } from './http/server.mts';
import { EmulatorState } from './state.mts';
import type { Stats } from './http/stats.mts';

export type {
	Client,
	DataSetRecipe,
	EmulatorOptions,
	Fault,
	PostgresServer,
	RecordedRequest,
	SchemaRecipe,
	RunError,
	RunOutcome,
	Stats,
	StoredConnection,
	StoredDataSet,
	StoredFlow,
	StoredMappingSet,
	StoredRun,
	StoredSchema,
	StoredSourceConnection,
	StoredTargetConnection,
};

/** A running emulator. */
export interface Emulator {
	/** Origin of the platform, without a slash at the end. */
	platformUrl: string;
	/** Origin of IMS; the same server. */
	imsUrl: string;
	/** Credentials of a client that may do everything. */
	clientId: string;
	clientSecret: string;
	orgId: string;
	/** The database given at the start. */
	postgres: PostgresServer;
	/** What was asked of it since the start or the last reset. */
	stats(): Stats;
	/** The last requests, oldest first, at least 5,000 of them. */
	journal: RecordedRequest[];
	/**
	 * Forgets connections, flows, runs, the data lake, faults, counts and the journal, and goes back to
	 * real time; clients and tokens live on, and of schemas and datasets the samples are there again.
	 */
	reset(): void;
	/**
	 * Lets something go wrong.
	 *
	 * @throws TypeError for an unknown kind, or a status that is not one
	 */
	addFault(fault: Fault): void;
	/** Adds a client; whatever is not given is random or allowed. */
	addClient(client: Partial<Client>): Client;
	/** Makes every token invalid at once. */
	revokeTokens(): void;
	/** Every token issued since the start, oldest first, whatever became of it. */
	issuedTokens(): string[];
	/** All clients, the first one among them. */
	clients(): Client[];
	/** All connections of all sandboxes, oldest first, with their secrets. */
	connections(): StoredConnection[];
	/**
	 * Lets dataflows of these names and no other use a connection; an empty list lets none. They are
	 * there to be found and to be in the way of a deletion; they have no runs of themselves.
	 *
	 * @throws RangeError for a connection that is not there
	 */
	markInUse(connectionId: string, flowNames: string[]): StoredFlow[];
	/**
	 * Adds a schema, or a dataset with a schema of its own.
	 *
	 * @throws RangeError for a field of Adobe's that has another type
	 */
	addSchema(recipe: SchemaRecipe): StoredSchema;
	addDataSet(recipe: DataSetRecipe): StoredDataSet;
	/** The datasets of all sandboxes, oldest first, the two samples among them. */
	dataSets(): StoredDataSet[];
	/** The schemas of all sandboxes, oldest first. */
	schemas(): StoredSchema[];
	/** The newest version of every mapping set, oldest first. */
	mappingSets(): StoredMappingSet[];
	/** Everything of all sandboxes, oldest first. */
	sourceConnections(): StoredSourceConnection[];
	targetConnections(): StoredTargetConnection[];
	flows(): StoredFlow[];
	runs(): StoredRun[];
	/** The emulator's time, epoch milliseconds: real time plus what the clock was turned. */
	now(): number;
	/**
	 * Turns the clock forward: every schedule that comes due on the way has its runs, in order, and all
	 * runs that have begun are over when this resolves. The database's own clock is not turned.
	 */
	advanceClock(ms: number): Promise<void>;
	/** The folder of the data lake, `<dataset>/<batch>.ndjson`; there from its first batch to the close. */
	lakeFolder: string;
	/** The records of a dataset, all batches in order. */
	lakeRows(dataSetId: string): Promise<Array<Record<string, unknown>>>;
	/**
	 * Puts a run there that is never carried out.
	 *
	 * @throws RangeError for a flow that is not there, TypeError for an outcome that is none
	 */
	seedRun(run: RunOutcome & { flowId: string }): StoredRun;
	/**
	 * Changes a run; what is not named stays as it is.
	 *
	 * @throws RangeError for a run that is not there, TypeError for an outcome that is none
	 */
	updateRun(id: string, changes: Partial<RunOutcome>): StoredRun;
	/** Cuts all connections and ends. */
	close(): Promise<void>;
}

/**
 * Starts a stand-in for IMS and the platform on 127.0.0.1.
 *
 * @throws RangeError for a negative option, and the system's error when the port is taken
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
	const state = new EmulatorState(settle(options), options.clientSecret);
	const server = buildServer(state);
	const url = await server.listen({ host: '127.0.0.1', port: state.settings.port });
	const { clientId, clientSecret, orgId } = state.firstClient;
	return {
		platformUrl: url,
		imsUrl: url,
		clientId,
		clientSecret,
		orgId,
		postgres: options.postgres,
		stats: () => state.stats(),
		journal: state.journal.entries,
		reset: () => state.reset(),
		addFault: (fault) => state.faults.add(fault),
		addClient: (client) => state.clients.add(client),
		revokeTokens: () => state.tokens.revokeAll(),
		issuedTokens: () => state.tokens.issued,
		clients: () => state.clients.all(),
		connections: () => state.connections.all(),
		addSchema: (recipe) => makeSchema(state, recipe),
		addDataSet: (recipe) => makeDataSet(state, recipe),
		dataSets: () => state.dataSets.all(),
		schemas: () => state.schemas.schemas(),
		mappingSets: () => state.mappingSets.all(),
		markInUse: (connectionId, flowNames) => state.markInUse(connectionId, flowNames),
		sourceConnections: () => state.sourceConnections.all(),
		targetConnections: () => state.targetConnections.all(),
		flows: () => state.flows.all(),
		runs: () => state.runs.all(),
		now: () => state.clock.now(),
		advanceClock: async (ms) => await state.clock.advance(ms),
		lakeFolder: state.lake.folder,
		lakeRows: async (dataSetId) => await state.lake.rowsOf(dataSetId),
		seedRun: (run) => seedRun(state, run),
		updateRun: (id, changes) => updateRun(state, id, changes),
		close: async () => {
			const closed = state.close();
			await server.close();
			await closed;
		},
	};
}
