import { setMaxListeners } from 'node:events';
import { DataSetStore } from './catalog/dataSetStore.mts';
import { adobeId, type Client, Clients } from './clients.mts';
import { MappingSetStore } from './dataPrep/mappingSetStore.mts';
import { Faults } from './faults.mts';
import { ConnectionStore, etagMaker } from './flowService/connectionStore.mts';
import { FlowStore, type StoredFlow } from './flowService/flowStore.mts';
import { Journal } from './journal.mts';
import type { Settings } from './options.mts';
import { RateLimit } from './rateLimit.mts';
import { makeSandboxes, type Sandbox } from './sandboxes.mts';
import { SchemaStore } from './schemaRegistry/schemaStore.mts';
import type { Stats } from './stats.mts';
import { Counters } from './stats.mts';
import { Tokens } from './tokens.mts';

/** Everything that one emulator knows; nothing of it is written to disk. */
export class EmulatorState {
	readonly clients = new Clients(adobeId('AdobeOrg'));
	readonly tokens: Tokens;
	readonly rateLimit: RateLimit;
	readonly sandboxes: Sandbox[] = makeSandboxes();
	readonly connections: ConnectionStore;
	readonly flows: FlowStore;
	readonly schemas: SchemaStore;
	readonly dataSets = new DataSetStore();
	readonly mappingSets = new MappingSetStore();
	readonly faults = new Faults();
	readonly counters = new Counters();
	readonly journal = new Journal();
	/** The client that is there from the start and may do everything. */
	readonly firstClient: Client;
	/** Aborted when the emulator closes, so that no wait outlives it. */
	readonly closing = new AbortController();

	constructor(
		readonly settings: Settings,
		clientSecret?: string,
	) {
		// Every request that is being delayed listens to it.
		setMaxListeners(0, this.closing.signal);
		this.tokens = new Tokens(settings.tokenLifetimeMs);
		this.rateLimit = new RateLimit(settings.ratePerSecond, settings.rateBurst);
		const makeEtag = etagMaker(settings.cloud);
		this.connections = new ConnectionStore(makeEtag);
		this.flows = new FlowStore(makeEtag);
		this.schemas = new SchemaStore(this.clients.defaultOrgId);
		this.firstClient = this.clients.add(clientSecret === undefined ? {} : { clientSecret });
	}

	/**
	 * Lets these dataflows and no other use a connection; see `Emulator`.
	 *
	 * @throws RangeError for a connection that is not there
	 */
	markInUse(connectionId: string, flowNames: string[]): StoredFlow[] {
		const connection = this.connections.find(connectionId);
		if (connection === undefined) throw new RangeError(`no connection has the ID ${connectionId}`);
		return this.flows.replace(connection, flowNames);
	}

	stats(): Stats {
		const { counters, connections } = this;
		return counters.read(connections.countByName(), connections.writesDone);
	}

	/**
	 * Forgets connections, flows, faults, counts and the journal; clients and tokens live on.
	 *
	 * @param keep `connections` lets these and their flows live on too: a measurement that begins with
	 * some counts from zero
	 */
	reset(keep?: 'connections'): void {
		if (keep === undefined) {
			this.connections.reset();
			this.flows.reset();
			this.mappingSets.reset();
			this.dataSets.reset();
			this.schemas.reset();
		}
		this.connections.writesDone = 0;
		this.faults.reset();
		this.counters.reset();
		this.journal.reset();
		this.rateLimit.reset();
	}
}
