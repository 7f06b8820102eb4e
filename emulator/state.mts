import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { DataSetStore } from './catalog/dataSetStore.mts';
import { addSampleDataSets } from './catalog/sampleDataSets.mts';
import { Clock } from './clock.mts';
import { BatchStore } from './dataAccess/batchStore.mts';
import { MappingSetStore } from './dataPrep/mappingSetStore.mts';
import type { StoredConnection } from './flowService/connections/connection.mts';
import { etagMaker } from './flowService/etag.mts';
import { FlowEntityStore } from './flowService/flowEntityStore.mts';
import type {
	StoredFlow,
	StoredSourceConnection,
	StoredTargetConnection,
} from './flowService/flows/flowParts.mts';
import { replaceFlows } from './flowService/flows/flowUse.mts';
import { RunStore } from './flowService/runs/runStore.mts';
import { Faults } from './http/faults.mts';
import { InFlightLimit } from './http/inFlightLimit.mts';
import { Journal } from './http/journal.mts';
import { RateLimit } from './http/rateLimit.mts';
import type { Stats } from './http/stats.mts';
import { Counters } from './http/stats.mts';
import { adobeId, type Client, Clients } from './identity/clients.mts';
import { makeSandboxes, type Sandbox } from './identity/sandboxes.mts';
import { Tokens } from './identity/tokens.mts';
import { EventJournal } from './ioEvents/eventJournal.mts';
import { Deliveries } from './ioEvents/delivery.mts';
import { EventLog } from './ioEvents/eventLog.mts';
import { EventKeys } from './ioEvents/keys.mts';
import { RegistrationStore } from './ioEvents/registrationStore.mts';
import { DataLake } from './lake/dataLake.mts';
import type { Settings } from './options.mts';
import { RunEngine } from './runEngine/runEngine.mts';
import { Scheduler } from './runEngine/scheduler.mts';
import { DescriptorStore } from './schemaRegistry/descriptors.mts';
import { SchemaStore } from './schemaRegistry/schemaStore.mts';

/** The state of one emulator; only the data lake is on disk, and is removed when it closes. */
export class EmulatorState {
	/** The time of all entities, flows and runs. */
	readonly clock = new Clock();
	readonly clients = new Clients(adobeId('AdobeOrg'));
	readonly tokens: Tokens;
	readonly rateLimit: RateLimit;
	readonly inFlight: InFlightLimit;
	readonly sandboxes: Sandbox[] = makeSandboxes();
	readonly connections: FlowEntityStore<StoredConnection>;
	readonly sourceConnections: FlowEntityStore<StoredSourceConnection>;
	readonly targetConnections: FlowEntityStore<StoredTargetConnection>;
	readonly flows: FlowEntityStore<StoredFlow>;
	/** What Adobe I/O is told of the runs. */
	readonly events = new EventLog(this.clock, (flowId) => this.flows.find(flowId)?.name);
	readonly eventJournal: EventJournal;
	readonly registrations = new RegistrationStore(this.clock);
	readonly eventKeys = new EventKeys();
	readonly deliveries: Deliveries;
	/** Where the emulator listens, without a slash at the end; empty before it does. */
	origin = '';
	readonly runs: RunStore;
	readonly engine = new RunEngine(this);
	readonly scheduler: Scheduler;
	readonly lake = new DataLake();
	readonly batches = new BatchStore();
	readonly schemas: SchemaStore;
	readonly descriptors = new DescriptorStore(this.clock);
	readonly dataSets = new DataSetStore(this.clock);
	readonly mappingSets = new MappingSetStore(this.clock);
	readonly faults = new Faults();
	readonly counters = new Counters();
	readonly journal = new Journal();
	/** The client that exists from the start and may do everything. */
	readonly firstClient: Client;
	/** Aborted when the emulator closes, so that no wait outlives it. */
	readonly closing = new AbortController();

	constructor(
		readonly settings: Settings,
		clientSecret?: string,
	) {
		// Every delayed request listens to it.
		setMaxListeners(0, this.closing.signal);
		this.tokens = new Tokens(settings.tokenLifetimeMs);
		this.rateLimit = new RateLimit(settings.ratePerSecond, settings.rateBurst);
		this.eventJournal = new EventJournal(this.clock, this.events, settings);
		this.inFlight = new InFlightLimit(settings.concurrency);
		const makeEtag = etagMaker(settings.cloud);
		this.connections = new FlowEntityStore(this.clock, makeEtag);
		this.sourceConnections = new FlowEntityStore(this.clock, makeEtag);
		this.targetConnections = new FlowEntityStore(this.clock, makeEtag);
		this.flows = new FlowEntityStore(this.clock, makeEtag);
		this.runs = new RunStore(this.clock, makeEtag, settings.runForm === 'newer', (run, before) =>
			this.events.runChanged(run, before),
		);
		this.scheduler = new Scheduler(this.clock, this.flows, (flow, facts) =>
			this.engine.begin(flow, facts, flow),
		);
		this.deliveries = new Deliveries(this);
		this.schemas = new SchemaStore(this.clock, this.clients.defaultOrgId);
		this.firstClient = this.clients.add(clientSecret === undefined ? {} : { clientSecret });
		this.addSamples();
	}

	/**
	 * Makes these dataflows, and no others, use a connection; see `Emulator`.
	 *
	 * @throws RangeError for a connection that does not exist
	 */
	markInUse(connectionId: string, flowNames: string[]): StoredFlow[] {
		const connection = this.connections.find(connectionId);
		if (connection === undefined) throw new RangeError(`no connection has the ID ${connectionId}`);
		// Any dataset will do: the flow does not run.
		const { id, schemaRef } = this.dataSets
			.all()
			.find(({ sandboxName }) => sandboxName === connection.sandboxName) ?? {
			id: randomBytes(12).toString('hex'),
			schemaRef: { id: 'https://ns.adobe.com/emulator/schemas/none' },
		};
		return replaceFlows(this, connection, flowNames, { id, schemaRef }, this.clock.now());
	}

	stats(): Stats {
		const { connections, sourceConnections, targetConnections, flows, mappingSets, runs } = this;
		return this.counters.read({
			connectionWrites: connections.writesDone,
			connections: connections.countByName(),
			sourceConnections: sourceConnections.countByName(),
			targetConnections: targetConnections.countByName(),
			flows: flows.countByName(),
			mappingSets: mappingSets.size,
			runs: runs.size,
		});
	}

	private addSamples(): void {
		addSampleDataSets(this);
		this.dataSets.settle();
		this.schemas.settle();
	}

	/** Ends all work in progress, and removes the data lake. */
	async close(): Promise<void> {
		this.closing.abort();
		await this.clock.close();
		await this.lake.remove();
	}

	/**
	 * Forgets connections, flows, runs, the data lake, faults, counts and the journal, and goes back to
	 * real time; clients and tokens stay, and of schemas and datasets the samples are restored.
	 *
	 * @param keep `connections` keeps these and their flows too, for a measurement that starts with
	 * some and counts from zero
	 */
	reset(keep?: 'connections'): void {
		if (keep === undefined) {
			this.connections.reset();
			this.sourceConnections.reset();
			this.targetConnections.reset();
			this.flows.reset();
			this.runs.reset();
			this.events.reset();
			this.eventJournal.reset();
			this.registrations.reset();
			this.deliveries.reset();
			this.scheduler.reset();
			this.clock.reset();
			this.lake.reset();
			this.batches.reset();
			this.mappingSets.reset();
			this.dataSets.reset();
			this.schemas.reset();
			this.descriptors.reset();
			this.addSamples();
		}
		this.connections.writesDone = 0;
		this.faults.reset();
		this.counters.reset();
		this.journal.reset();
		this.rateLimit.reset();
	}
}
