import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { StoredFlow } from '../../../emulator/emulator.mts';
import { imsCredential } from '../../support/adobe.mts';
import type { Database } from '../database/databases.mts';
import type { Adobe } from '../engine/adobe.mts';
import { askAs, openAdobe, setClock } from '../engine/adobe.mts';
import { useNetwork } from '../engine/httpClient.mts';
import { Life } from '../engine/life.mts';
import { Network } from '../engine/network.mts';
import type { Process } from '../engine/processes.mts';
import { Random } from '../engine/randomness.mts';
import type { VirtualTime } from '../engine/virtualTime.mts';
import type { Database as HostDatabase } from '../host.mts';
import type { Found } from '../invariants/facts.mts';
import { inVirtualTime } from '../inVirtualTime.mts';
import { connectionBody } from '../operations.mts';
import type { Simulated } from '../simulation.mts';
import type { Weather } from '../weather.mts';
import { cleared, drawWeather } from '../weather.mts';
import { CHECKS } from './checks.mts';
import { DISTURBANCES, TAKEN_OVER } from './disturbances.mts';
import { drawTables, pathOf } from './tables.mts';

/** What may still come into being after everything has ended. */
const AFTERMATH_MS = 60_000;

const MOST_AHEAD_MS = 200_000;

const ROUNDS = 2;

/** In fair weather there is time for everything, also where Adobe takes one request a second. */
const FAIR_TIMEOUT_SECONDS = 3_600;

/** What becomes of the plan of a round. */
const FATES = ['applied', 'appliedTwiceAtOnce', 'killed', 'outOfDate'] as const;

/**
 * Keeps a database in step in any weather: tables and dataflows change, Plan and Apply are executed, several at once,
 * killed, or with a plan that does not fit any more. At the end the sky is clear, and all is as it was wanted.
 */
export async function simulateDatabase(seed: number, processes: Process[]): Promise<Simulated> {
	const drawn = drawWeather(new Random(seed, 11));
	// New dataflows start in five minutes, also where Adobe shows no time that tells how far its clock is ahead.
	const weather = { ...drawn, adobeAheadMs: Math.min(drawn.adobeAheadMs, MOST_AHEAD_MS) };
	const database = drawTables(new Random(seed, 12));
	let steps = 0;
	const told = await inVirtualTime(
		seed,
		{ processes, databases: [database], streams: { numbers: 13, ids: 14 } },
		async (time, say) => {
			say(`weather ${JSON.stringify(weather)}`);
			const sequence = new Sequence(seed, time, weather, database, processes, say);
			const found = await sequence.all();
			steps = sequence.requests();
			return found;
		},
		(found) => found.map(([invariant, what]) => ({ invariant, what })),
	);
	return { seed, steps, ...told };
}

class Sequence {
	private readonly random: Random;
	private readonly deletions: Random;
	private readonly adobe: Adobe;
	private readonly host: HostDatabase;
	private readonly network: Network;
	private readonly texts: string[] = [];
	private readonly found: Found[] = [];
	/** New columns, for each table. */
	private readonly items: IDataObject[];
	private readonly deleted: StoredFlow[] = [];
	private takenOver: StoredFlow[] = [];
	private isKilled = false;
	private executions = 0;
	private connectionId = '';
	private timeoutSeconds: number;

	constructor(
		seed: number,
		private readonly time: VirtualTime,
		private readonly weather: Weather,
		private readonly database: Database,
		private readonly processes: Process[],
		private readonly say: (line: string) => void,
	) {
		const random = new Random(seed, 15);
		this.random = random;
		this.deletions = new Random(seed, 17);
		this.adobe = openAdobe(weather);
		this.host = { ims: imsCredential(this.adobe.emulator), staticData: '{}' };
		this.timeoutSeconds = random.pick([20, 60, 300]);
		const fair = cleared({ ...weather, adobeAheadMs: 0, dateAheadMs: 0 });
		this.network = new Network(time, this.adobe.server, fair, new Random(seed, 16), say);
		this.items = database.tables.map((table) => ({
			table: pathOf(table),
			newColumns: random.pick(['ignore', 'add', 'stop']),
			...(random.chance(0.3) ? { enabled: true } : {}),
		}));
	}

	requests(): number {
		return this.network.count;
	}

	async all(): Promise<Found[]> {
		const { adobe, network, random, time, weather } = this;
		useNetwork(network);
		await this.connect();
		network.weather = weather;
		setClock(adobe, weather.adobeAheadMs);
		this.say('— it begins');
		for (let round = 0; round < ROUNDS; round++) {
			await this.round(random.pick(FATES));
			await this.disturb(random.between(1, 4));
			await time.wait(random.between(1, 20_000));
		}
		network.weather = cleared(weather);
		this.timeoutSeconds = FAIR_TIMEOUT_SECONDS;
		await time.wait(AFTERMATH_MS);
		this.say('— the sky is clear');
		const applied = await this.apply(await this.plan());
		await time.wait(AFTERMATH_MS);
		const again = await this.plan();
		const shown = {
			adobe,
			tables: this.items.map(({ table }) => String(table)),
			secrets: [this.database.password],
			texts: this.texts,
			deleted: this.deleted,
			takenOver: this.takenOver,
			isKilled: this.isKilled,
			applied,
			again,
		};
		return [...this.found, ...CHECKS.flatMap((check) => check(shown))];
	}

	/** Makes the connection that all tables are read through. */
	private async connect(): Promise<void> {
		const { adobe, database, time, weather } = this;
		const { state } = adobe;
		const { password } = database;
		const body = connectionBody({
			...{ name: 'Shop', description: undefined, database, password },
			authMode: weather.cloud === 'aws' ? 'basic' : 'connectionString',
		});
		const made = await askAs(adobe, state.firstClient, 'POST', '/connections', body);
		this.connectionId = (made.body as { id: string }).id;
		// On AWS it takes two readings.
		for (let reading = 0; reading < 3; reading++) {
			const path = `/connections/${this.connectionId}`;
			await askAs(adobe, state.firstClient, 'GET', path);
		}
		state.connections.settle();
		await time.wait(AFTERMATH_MS);
	}

	private async round(fate: (typeof FATES)[number]): Promise<void> {
		const { random, say } = this;
		const plans = (await this.plan(this.itemsOfRound())).filter(({ error }) => error === undefined);
		say(`the plan is ${fate}`);
		switch (fate) {
			case 'applied':
				await this.apply(plans, 0, random.pick([1, 2]));
				break;
			case 'appliedTwiceAtOnce':
				await this.applyTwice(plans);
				break;
			case 'killed':
				await this.applyAndKill(plans);
				await this.apply(plans);
				break;
			case 'outOfDate':
				await this.disturb(3);
				await this.applyOutOfDate(plans);
		}
	}

	/** By two processes; the other begins at once, or when the first is in the middle of it. */
	private async applyTwice(plans: IDataObject[]): Promise<void> {
		const { random, time } = this;
		const behindMs = random.chance(0.3) ? 0 : random.between(1, 20_000);
		const other = async () => {
			await time.wait(behindMs);
			return await this.apply(plans, 1);
		};
		await Promise.all([this.apply(plans, 0), other()]);
	}

	private async disturb(count: number): Promise<void> {
		const { adobe, database, random, say } = this;
		for (let number = 0; number < count; number++) {
			const { what, make } = random.weighted(
				DISTURBANCES.map((one) => [one.isRare === true ? 1 : 4, one]),
			);
			const table = random.pick(database.tables);
			say(`${pathOf(table)}: ${what}`);
			const before = adobe.state.flows.all();
			await make(adobe, table, random);
			const isGone = ({ id }: StoredFlow) => adobe.state.flows.find(id) === undefined;
			this.deleted.push(...before.filter(isGone));
			this.noteTakenOver();
		}
	}

	/** What is somebody else's now, with its version: from here on, only somebody else may change it. */
	private noteTakenOver(): void {
		const { flows, sourceConnections } = this.adobe.state;
		const taken = flows.all().filter(({ sourceConnectionIds: [id = ''] }) => {
			return sourceConnections.find(id)?.name.startsWith(TAKEN_OVER) === true;
		});
		this.takenOver = structuredClone(taken);
	}

	/** A table that has got another column meanwhile: what was planned for it is refused. */
	private async applyOutOfDate(plans: IDataObject[]): Promise<void> {
		const [table] = this.database.tables;
		if (table === undefined) return;
		table.columns.push({ name: `late_${table.columns.length}`, kind: 'text' });
		for (const item of await this.apply(plans)) {
			const isStale = item.table === pathOf(table);
			if (!isStale || !['created', 'updated'].includes(String(item.action))) continue;
			this.found.push(['it is as wanted', `A stale plan was ${String(item.action)}`]);
		}
	}

	/** Now and then one dataflow is to go; at the end, all are to be there. */
	private itemsOfRound(): IDataObject[] {
		const { items, deletions } = this;
		if (!deletions.chance(0.25)) return items;
		const gone = deletions.pick(items);
		return items.map((item) => (item === gone ? { ...item, delete: true } : item));
	}

	private async plan(items = this.items): Promise<IDataObject[]> {
		return await this.execute('plan', items, {
			operation: 'plan',
			connectionId: { __rl: true, mode: 'id', value: this.connectionId },
			table: { __rl: true, mode: 'name', value: '={{ $json.table }}' },
			schedule: 'day',
			deltaColumn: 'updated_at',
			newColumns: 'add',
			options: {
				partialIngestionPercent: 5,
				description: 'Planned',
				timeout: this.timeoutSeconds,
			},
		});
	}

	private async apply(plans: IDataObject[], process = 0, tries = 1): Promise<IDataObject[]> {
		return await this.execute('apply', plans, this.applying(), process, tries);
	}

	private applying(): INodeParameters {
		return { operation: 'apply', options: { timeout: this.timeoutSeconds } };
	}

	/** n8n ends in the middle; nobody sees what it has done. */
	private async applyAndKill(plans: IDataObject[]): Promise<void> {
		const { random, say, time, processes } = this;
		this.isKilled = true;
		const life = new Life();
		const running = life.live(
			async () => await this.execute('apply, to be killed', plans, this.applying()),
		);
		const killed = time.wait(random.between(1, 20_000)).then(() => {
			say('n8n starts again');
			life.end();
			processes[0]?.restart();
		});
		await Promise.race([running, life.over]);
		await killed;
	}

	private async execute(
		what: string,
		items: IDataObject[],
		parameters: INodeParameters,
		process = 0,
		tries = 1,
	): Promise<IDataObject[]> {
		if (items.length === 0) return [];
		const { host, processes, say, texts } = this;
		const title = `${what} ${++this.executions}`;
		say(`${title} begins: ${items.map(({ table, action }) => `${table} ${action ?? ''}`).join()}`);
		const executed = await (processes[process] as Process).execute(
			{
				title,
				node: 'dataflow',
				parameters: { resource: 'database', ...parameters },
				items: items.map((json): INodeExecutionData => ({ json })),
				onError: 'continueRegularOutput',
				tries,
				mode: 'manual',
			},
			host,
		);
		const output = executed.tries.at(-1)?.items.map(({ json }) => json) ?? [];
		for (const { items: shown, error } of executed.tries) {
			const text = `${JSON.stringify(shown.map(({ json }) => json))} ${error?.whole ?? ''}`;
			say(`${title} ends: ${text}`);
			texts.push(text);
		}
		for (const hint of executed.hints) {
			say(`${title} hints: ${hint}`);
			texts.push(hint);
		}
		return output;
	}
}
