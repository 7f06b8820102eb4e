import { randomUUID } from 'node:crypto';
import type { StoredDataSet } from './catalog/dataSetStore.mts';
import {
	type DataSetRecipe,
	makeDataSet,
	makeSchema,
	type SchemaRecipe,
} from './catalog/makeDataSet.mts';
import type { StoredMappingSet } from './dataPrep/mappingSetStore.mts';
import type { StoredConnection } from './flowService/connections/connection.mts';
import type {
	StoredFlow,
	StoredSourceConnection,
	StoredTargetConnection,
} from './flowService/flows/flowParts.mts';
import type { RunError } from './flowService/runs/runFacts.mts';
import type { StoredRun } from './flowService/runs/runStore.mts';
import type { Fault } from './http/faults.mts';
import type { RecordedRequest } from './http/journal.mts';
import { buildServer } from './http/server.mts';
import type { Stats } from './http/stats.mts';
import type { Client } from './identity/clients.mts';
import type { RunEvent } from './ioEvents/eventLog.mts';
import { projectJsonOf } from './ioEvents/consoleProjects.mts';
import { type Delivery, headersOf } from './ioEvents/delivery.mts';
import type { StoredRegistration } from './ioEvents/registrationStore.mts';
import { type EmulatorOptions, settle } from './options.mts';
import type { PostgresServer } from './postgresql/postgresServer.mts';
import { type RunOutcome, seedRun, updateRun } from './runEngine/seedRun.mts';
import type { StoredDescriptor } from './schemaRegistry/descriptors.mts';
import type { StoredSchema } from './schemaRegistry/schemaStore.mts';
import { EmulatorState } from './state.mts';

export type {
	Client,
	DataSetRecipe,
	Delivery,
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
	StoredRegistration,
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
	/** The requests since the start or the last reset. */
	stats(): Stats;
	/** The most recent requests, oldest first; at least 5,000 are kept. */
	journal: RecordedRequest[];
	/**
	 * Forgets connections, flows, runs, the data lake, faults, counts and the journal, and goes back to
	 * real time; clients and tokens stay, and of schemas and datasets the samples are restored.
	 */
	reset(): void;
	/**
	 * Adds a failure on purpose.
	 *
	 * @throws TypeError for an unknown kind or an invalid status
	 */
	addFault(fault: Fault): void;
	/** Adds a client; by default its IDs are random and everything is allowed. */
	addClient(client: Partial<Client>): Client;
	/** Makes every token invalid at once. */
	revokeTokens(): void;
	/** Every token issued since the start, oldest first, expired and revoked ones included. */
	issuedTokens(): string[];
	/** All clients, the first one among them. */
	clients(): Client[];
	/** All connections of all sandboxes, oldest first, with their secrets. */
	connections(): StoredConnection[];
	/**
	 * Makes dataflows with these names, and no others, use a connection. They exist to be found and to
	 * prevent a deletion; they have no runs of their own.
	 *
	 * @throws RangeError for a connection that does not exist
	 */
	markInUse(connectionId: string, flowNames: string[]): StoredFlow[];
	/**
	 * Adds a schema, or a dataset with a schema of its own.
	 *
	 * @throws RangeError for a field of Adobe's with another type
	 */
	addSchema(recipe: SchemaRecipe): StoredSchema;
	addDataSet(recipe: DataSetRecipe): StoredDataSet;
	/** The datasets of all sandboxes, oldest first, the two samples among them. */
	dataSets(): StoredDataSet[];
	/** The schemas of all sandboxes, oldest first. */
	schemas(): StoredSchema[];
	/** The identity descriptors of all sandboxes, oldest first. */
	descriptors(): StoredDescriptor[];
	/** The newest version of every mapping set, oldest first. */
	mappingSets(): StoredMappingSet[];
	/** Of all sandboxes, oldest first. */
	sourceConnections(): StoredSourceConnection[];
	targetConnections(): StoredTargetConnection[];
	flows(): StoredFlow[];
	runs(): StoredRun[];
	/** The emulator's time, epoch milliseconds: real time plus all advances. */
	now(): number;
	/**
	 * Advances the clock: every schedule that comes due on the way has its runs, in order, and all runs
	 * that have begun have ended when this resolves. The database's own clock is not changed.
	 */
	advanceClock(ms: number): Promise<void>;
	/** The folder of the data lake, `<dataset>/<batch>.ndjson`; exists from its first batch to the close. */
	lakeFolder: string;
	/** The records of a dataset, all batches in order. */
	lakeRows(dataSetId: string): Promise<Array<Record<string, unknown>>>;
	/**
	 * Adds a run that is never executed.
	 *
	 * @throws RangeError for a flow that does not exist, TypeError for an invalid outcome
	 */
	seedRun(run: RunOutcome & { flowId: string }): StoredRun;
	/**
	 * Changes a run; what is not given stays the same.
	 *
	 * @throws RangeError for a run that does not exist, TypeError for an invalid outcome
	 */
	updateRun(id: string, changes: Partial<RunOutcome>): StoredRun;
	/** What Adobe I/O was told of the runs in the last seven days, oldest first. */
	events(): readonly RunEvent[];
	/** Calls for every event from now on, at once. Returns what ends that. */
	onEvent(listener: (event: RunEvent) => void): () => void;
	/** All registrations for events, oldest first. */
	registrations(): StoredRegistration[];
	/** What was sent to webhooks, and what they have answered, oldest first. */
	deliveries(): Delivery[];
	/** The JSON that the Developer Console offers for the project of a client; of the first one by default. */
	projectJson(client?: Client): string;
	/** The headers that Adobe would send with this body. */
	signedHeaders(body: string): Record<string, string>;
	/** Adobe signs with new keys from now on. */
	rotateEventKeys(): void;
	/** Closes all connections and stops. */
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
	state.origin = url;
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
		descriptors: () => state.descriptors.all(),
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
		events: () => state.events.all(),
		onEvent: (listener) => state.events.onEvent(listener),
		registrations: () => state.registrations.all(),
		deliveries: () => state.deliveries.sent,
		projectJson: (client = state.firstClient) => JSON.stringify(projectJsonOf(client)),
		signedHeaders: (body) =>
			headersOf({
				eventId: randomUUID(),
				code: 'sources_flow_run_failure',
				signatures: state.eventKeys.sign(Buffer.from(body)),
			}),
		rotateEventKeys: () => state.eventKeys.rotate(),
		close: async () => {
			const closed = state.close();
			await server.close();
			await closed;
		},
	};
}
