import { adobeId, type Client, Clients } from './clients.mts';
import { Faults } from './faults.mts';
import { ConnectionStore, etagMaker } from './flowService/connectionStore.mts';
import { Journal } from './journal.mts';
import type { Settings } from './options.mts';
import { RateLimit } from './rateLimit.mts';
import { makeSandboxes, type Sandbox } from './sandboxes.mts';
import { Counters } from './stats.mts';
import { Tokens } from './tokens.mts';

/** Everything that one emulator knows; nothing of it is written to disk. */
export class EmulatorState {
	readonly clients = new Clients(adobeId('AdobeOrg'));
	readonly tokens: Tokens;
	readonly rateLimit: RateLimit;
	readonly sandboxes: Sandbox[] = makeSandboxes();
	readonly connections: ConnectionStore;
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
		this.tokens = new Tokens(settings.tokenLifetimeMs);
		this.rateLimit = new RateLimit(settings.ratePerSecond, settings.rateBurst);
		this.connections = new ConnectionStore(etagMaker(settings.cloud));
		this.firstClient = this.clients.add(clientSecret === undefined ? {} : { clientSecret });
	}

	/** Forgets connections, faults, counts and recorded requests; clients and tokens live on. */
	reset(): void {
		this.connections.reset();
		this.faults.reset();
		this.counters.reset();
		this.journal.reset();
		this.rateLimit.reset();
	}
}
