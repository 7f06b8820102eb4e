import type { Database } from './database/databases.mts';
import type { Emphasis } from './emphasis.mts';
import type { Random } from './engine/randomness.mts';
import type { MappingName } from './mappings.mts';
import { MAPPING_NAMES } from './mappings.mts';
import type {
	ChangeStep,
	ConnectionStep,
	ExecutionStep,
	FlowStep,
	RunStep,
	Scenario,
	Step,
	StrangerStep,
	WantedChange,
	WantedConnection,
	WantedFlow,
} from './steps.mts';
import { isExecution, isOfConnections } from './steps.mts';
import type { Weather } from './weather.mts';
import { isFaultless } from './weather.mts';

const NAMES = ['Orders', 'Sales <EU>', 'o==r', "It's 100%", 'Kunden Süd', 'a,b', 'Orders 2', 'x'];
const DESCRIPTIONS = [
	undefined,
	undefined,
	'nightly',
	' with blanks  ',
	'é decomposed é',
	'A&B <c>',
];

export function drawScenario(random: Random, weather: Weather, emphasis?: Emphasis): Scenario {
	const about = random.weighted([
		[10, 'connections'],
		[7, 'dataflows'],
		[3, 'trigger'],
	] as const);
	const databases = [1, 2].map((number) => drawDatabase(random, number));
	const draw = new Drawing(random, weather, databases);
	if (emphasis !== undefined) return draw.about(emphasis);
	if (about === 'connections') return draw.connections();
	return about === 'dataflows' ? draw.dataflows() : draw.trigger();
}

function drawDatabase(random: Random, number: number): Database {
	const columns: Database['tables'][number]['columns'] = [
		{ name: 'id', kind: 'integer' },
		{ name: 'customer_id', kind: 'text' },
		{ name: 'total', kind: 'number' },
		{ name: 'updated_at', kind: 'date-time' },
	];
	return {
		server: `db${number}.example.com`,
		port: 5432,
		database: `shop${number}`,
		username: 'adobe',
		password: `pw-${number}-${random.word().toString(36)}-s3cret`,
		tables: [
			{
				schema: 'public',
				name: 'orders',
				columns,
				rows: [{ id: 1, customer_id: 'c', total: 2, updated_at: '2026-06-01T00:00:00Z' }],
			},
		],
		loginMs: random.between(1, 400),
	};
}

type Common = Pick<
	ExecutionStep,
	| 'title'
	| 'atMs'
	| 'process'
	| 'timeoutMs'
	| 'onError'
	| 'tries'
	| 'isProduction'
	| 'cloud'
	| 'waits'
> & { cancelAfterMs?: number };

const LONG_RUN = { atMs: -50_000, endsAfterMs: 3_000_000 };

/** Draws one scenario. */
class Drawing {
	private readonly steps: Step[] = [];
	private atMs = 0;
	private number = 0;
	private readonly names: string[];

	constructor(
		private readonly random: Random,
		private readonly weather: Weather,
		private readonly databases: Database[],
	) {
		this.names = [...new Set([...NAMES.slice(0, random.between(1, 3)), random.pick(NAMES)])];
	}

	about(emphasis: Emphasis): Scenario {
		switch (emphasis) {
			case 'oldTwin':
				return this.oldTwin();
			case 'rivals':
				return this.rivals();
			case 'hiddenPassword':
				return this.hiddenPassword();
			case 'lagging':
				return this.lagging();
			case 'talkative':
				return this.connections();
			case 'cutPolls':
				return this.trigger(true);
			case 'backfills':
				return this.backfills();
			case 'mappings':
				return this.mappings();
		}
	}

	private oldTwin(): Scenario {
		const wanted = this.wanted('Orders', 1);
		this.number = 1;
		this.steps.push({ ...this.patient('create'), kind: 'create', items: [wanted] });
		return this.scenario('connections', { existing: [{ wanted, isOurs: true }] });
	}

	private rivals(): Scenario {
		const { random, names, weather } = this;
		const mayHaveStrings = weather.cloud === 'azure';
		const kind = random.pick(['create', 'upsert'] as const);
		for (const process of [0, 1]) {
			this.number = process + 1;
			const items = names.map((name): WantedConnection => {
				const wanted = this.wanted(name, 1);
				// What Adobe shows of them differs.
				const authMode = mayHaveStrings && process === 1 ? 'connectionString' : 'basic';
				return { ...wanted, authMode, description: process === 0 ? 'nightly' : undefined };
			});
			const atMs = process * random.between(0, 300);
			this.steps.push({ ...this.patient(kind), kind, atMs, process, items });
		}
		return this.scenario('connections', {});
	}

	/** All but the last are stopped, or killed with their process, on the way. */
	private backfills(): Scenario {
		const { random } = this;
		const flows = [{ name: 'Orders', description: undefined }];
		const count = random.between(2, 4);
		let process = 0;
		for (this.number = 1; this.number <= count; this.number++) {
			const step = { ...this.patient('backfill'), kind: 'backfill' as const, process };
			const endsAfterMs = random.between(1_000, 60_000);
			const isKilled = random.chance(0.35);
			const isLast = this.number === count;
			const items = [{ index: 0 }];
			const cancelAfterMs = isLast || isKilled ? undefined : endsAfterMs;
			this.steps.push({ ...step, atMs: this.atMs, waits: true, tries: 1, cancelAfterMs, items });
			this.atMs += endsAfterMs;
			if (isKilled && !isLast) this.steps.push({ kind: 'restart', atMs: this.atMs, process });
			if (!isKilled && random.chance(0.75)) continue;
			// What another process has in flight is not known, and n8n notices its loss only after a while.
			this.atMs += 70_000;
			process = random.between(0, 1);
		}
		return this.scenario('dataflows', { existing: [this.ours()], flows });
	}

	private mappings(): Scenario {
		const { random } = this;
		const flows = [{ name: 'Orders', description: undefined }];
		const count = random.between(2, 4);
		for (this.number = 1; this.number <= count; this.number++) {
			const kind = 'updateFlow' as const;
			const items = [{ index: 0, mapping: random.pick(MAPPING_NAMES) }];
			const tries = random.between(1, 2);
			this.steps.push({ ...this.patient(kind), kind, atMs: this.atMs, tries, items });
			this.atMs += random.between(70_000, 120_000);
		}
		return this.scenario('dataflows', { existing: [this.ours()], flows });
	}

	private lagging(): Scenario {
		const { random } = this;
		const items = [this.wanted('Orders', 1)];
		for (this.number = 1; this.number <= 2; this.number++) {
			const step = { ...this.patient('upsert'), timeoutMs: random.between(2_000, 4_000) };
			this.steps.push({ ...step, kind: 'upsert', atMs: this.atMs, waits: false, items });
			this.atMs += random.between(4_000, 7_000);
		}
		return this.scenario('connections', {});
	}

	private hiddenPassword(): Scenario {
		const { random } = this;
		const there = { ...this.wanted('Orders', 1), description: undefined };
		const wanted = { ...there, password: `${there.password}-new` };
		for (this.number = 1; this.number <= 3; this.number++) {
			const step = this.patient('upsert');
			this.steps.push({ ...step, kind: 'upsert', atMs: this.atMs, waits: false, items: [wanted] });
			this.atMs += random.between(5_000, 120_000);
		}
		return this.scenario('connections', {
			existing: [{ wanted: there, isOurs: random.chance(0.5) }],
		});
	}

	/** With time enough, and left alone. */
	private patient(kind: string): Common {
		return {
			...this.common(kind),
			process: 0,
			timeoutMs: 60_000,
			onError: 'continueRegularOutput',
			cancelAfterMs: undefined,
		};
	}

	connections(): Scenario {
		const { random, names } = this;
		const existing = Array.from(
			{
				length: random.weighted([
					[4, 0],
					[2, 1],
					[1, 3],
				]),
			},
			() => ({
				wanted: this.wanted(random.pick(names), 1),
				isOurs: random.chance(0.3),
			}),
		);
		let last: ConnectionStep | undefined;
		this.times(() => {
			if (existing.length > 0 && random.chance(0.35)) {
				const kind = random.pick([
					'updateConnection',
					'updateConnection',
					'deleteConnection',
				] as const);
				return this.change(kind, existing.length);
			}
			last = this.connectionStep(last);
			return last;
		});
		this.disturb(() => this.strangerOfConnections());
		return this.scenario('connections', { existing });
	}

	dataflows(): Scenario {
		const { random, names } = this;
		const flows = names
			.slice(0, random.between(0, 2))
			.map((name): WantedFlow => ({ name, description: random.pick(DESCRIPTIONS) }));
		let last: FlowStep | undefined;
		this.times(() => {
			if (flows.length > 0 && random.chance(0.7)) {
				const kind = random.weighted([
					[3, 'run'],
					[2, 'retry'],
					[2, 'updateFlow'],
					[1, 'enable'],
					[2, 'disable'],
					[1, 'deleteFlow'],
				] as const);
				return this.change(kind, flows.length);
			}
			const isRepeated = last !== undefined && random.chance(0.5);
			const items =
				isRepeated && last !== undefined
					? last.items
					: names
							.slice(
								0,
								random.weighted([
									[4, 1],
									[1, 2],
								]),
							)
							.map((name): WantedFlow => ({ name, description: random.pick(DESCRIPTIONS) }));
			last = { ...this.common('createFlow'), kind: 'createFlow', items };
			return last;
		});
		if (flows.length > 0) {
			this.disturb(() => {
				const name = random.pick(flows).name;
				const does = random.weighted([
					[3, 'run'],
					[1, 'disable'],
					[1, 'describe'],
					[1, 'rename'],
					[1, 'delete'],
				] as const);
				return { kind: 'stranger', atMs: this.moment(), does, of: 'flows', name };
			});
		}
		// Drawn last, so that everything else of a seed is as it was.
		if (random.chance(0.2)) this.makeForProfile(flows);
		return this.scenario('dataflows', { existing: [this.ours()], flows });
	}

	/** All dataflows get a dataset of their own, which is enabled for Profile. */
	private makeForProfile(flows: WantedFlow[]): void {
		const wanted = this.steps.flatMap((step) => (step.kind === 'createFlow' ? step.items : []));
		for (const flow of [...flows, ...wanted]) flow.forProfile = true;
	}

	/** @param isCut whether polls have no time, and several runs are in flight */
	trigger(isCut = false): Scenario {
		const { random, steps } = this;
		const flows = this.names
			.slice(0, 2)
			.map((name): WantedFlow => ({ name, description: undefined }));
		let atMs = 0;
		const count = isCut ? 7 : random.between(3, 7);
		for (let poll = 0; poll < count; poll++) {
			const budgetMs = isCut ? 5_000 : random.pick([5_000, 60_000, 300_000]);
			steps.push({
				kind: 'poll',
				atMs,
				budgetMs,
				isKilled: !isCut && poll > 0 && random.chance(0.1),
				isCalm: false,
			});
			atMs += isCut ? 300_000 : random.pick([60_000, 60_000, 300_000, 7_200_000]);
			if (random.chance(0.15)) steps.push({ kind: 'restart', atMs: atMs - 1, process: 0 });
		}
		const runs = Array.from(
			{ length: isCut ? 15 : random.between(1, 6) },
			(): RunStep => ({
				kind: 'runOfFlow',
				atMs: random.between(-60_000, atMs),
				flow: random.between(0, flows.length - 1),
				endsAfterMs: random.pick([0, 1_000, 90_000, 1_000_000]),
				ends: random.pick(['failed', 'failed', 'success']),
				failedRecords: random.chance(0.5) ? 0 : 3,
			}),
		);
		// In flight for longer than a list reaches back, so that each poll has to ask for them.
		if (isCut) for (const run of runs.slice(0, 3)) Object.assign(run, LONG_RUN);
		steps.push(...runs);
		if (random.chance(0.2)) steps.push({ kind: 'revoke', atMs: random.between(0, atMs) });
		// At the end, whatever is still to be told has to be told.
		for (let poll = 0; poll < 4; poll++) {
			atMs += 1_200_000;
			steps.push({ kind: 'poll', atMs, budgetMs: 300_000, isKilled: false, isCalm: true });
		}
		const delivery = random.chance(0.4) ? 'journal' : 'flowService';
		// Drawn last, so that everything else of a seed is as it was.
		const watchesDataflows = random.chance(0.4);
		if (watchesDataflows)
			for (const { name } of flows) this.disableFrom(name, atMs - 4 * 1_200_000);
		return this.scenario('trigger', {
			existing: [this.ours()],
			flows,
			delivery,
			watchesDataflows,
		});
	}

	/** Somebody disables a dataflow, and perhaps enables and disables it again. */
	private disableFrom(name: string, endMs: number): void {
		const { random, steps } = this;
		let atMs = random.between(-60_000, endMs);
		for (const does of ['disable', 'enable', 'disable'] as const) {
			steps.push({ kind: 'stranger', atMs, does, of: 'flows', name });
			atMs += random.pick([1_000, 120_000, 400_000, 7_200_000]);
			if (atMs > endMs || random.chance(0.4)) return;
		}
	}

	private scenario(about: Scenario['about'], parts: Partial<Scenario>): Scenario {
		const steps = this.steps.sort((one, other) => one.atMs - other.atMs);
		return { about, databases: this.databases, existing: [], flows: [], ...parts, steps };
	}

	private ours() {
		return { wanted: { ...this.wanted('Shop', 1), description: undefined }, isOurs: true };
	}

	/** One to three executions: at once, a moment later, or when everything is long over. */
	private times(draw: () => ExecutionStep): void {
		const { random, steps, weather } = this;
		const count = random.weighted([
			[5, 1],
			[3, 2],
			[1, 3],
		]);
		for (this.number = 1; this.number <= count; this.number++) {
			const step = draw();
			steps.push(step);
			this.atMs += random.weighted([
				[2, 0],
				[2, random.between(0, 3_000)],
				[2, 90_000 + weather.listLagMs],
			]);
			if (random.chance(0.12)) {
				steps.push({ kind: 'restart', atMs: Math.max(0, this.atMs - 1), process: step.process });
			}
		}
		if (random.chance(0.08)) steps.push({ kind: 'revoke', atMs: this.moment() });
	}

	private disturb(draw: () => StrangerStep): void {
		const count = this.random.weighted([
			[4, 0],
			[4, 1],
			[2, 2],
		]);
		for (let number = 0; number < count; number++) this.steps.push(draw());
	}

	private moment(): number {
		const { random } = this;
		return random.weighted([
			[3, random.between(0, 1_000)],
			[2, random.between(0, 20_000)],
			[1, this.atMs],
		]);
	}

	private common(kind: string): Common {
		const { random, weather } = this;
		return {
			title: `${kind} ${this.number}`,
			atMs: this.atMs,
			process: random.chance(0.8) ? 0 : 1,
			timeoutMs: this.timeoutMs(),
			onError: random.weighted([
				[4, 'continueRegularOutput'],
				[2, 'stopWorkflow'],
				[1, 'continueErrorOutput'],
			]),
			tries: random.chance(0.2) ? random.between(2, 3) : 1,
			isProduction: random.chance(0.6),
			cloud: weather.cloud,
			waits: random.chance(0.5),
			cancelAfterMs: random.chance(0.06) ? random.between(1, 6_000) : undefined,
		};
	}

	private timeoutMs(): number {
		const { random, weather } = this;
		// Where all have to wait for their turn, the end of their time is near.
		if (isFaultless(weather) && weather.ratePerSecond !== undefined) {
			return random.between(1_400, 6_000);
		}
		return random.weighted([
			[2, random.between(200, 3_000)],
			[3, random.between(3_000, 15_000)],
			[3, 60_000],
		]);
	}

	private wanted(name: string, rightPassword = 0.93): WantedConnection {
		const { random, databases, weather } = this;
		const database = random.pick(databases);
		return {
			name,
			description: random.pick(DESCRIPTIONS),
			database,
			password: random.chance(rightPassword) ? database.password : `${database.password}-wrong`,
			authMode: weather.cloud === 'azure' && random.chance(0.5) ? 'connectionString' : 'basic',
		};
	}

	private connectionStep(last: ConnectionStep | undefined): ConnectionStep {
		const { random, names } = this;
		const kind =
			last !== undefined && random.chance(0.6)
				? last.kind
				: random.pick(['create', 'upsert'] as const);
		const step = { ...this.common(kind), kind };
		if (last !== undefined && kind === last.kind && random.chance(0.6)) {
			const change = (item: WantedConnection) =>
				random.chance(0.3) ? this.wanted(item.name) : item;
			return { ...step, items: last.items.map(change) };
		}
		const count = random.weighted([
			[5, 1],
			[3, 2],
			[2, 5],
		]);
		// Create makes another one of the same name each time.
		const ofItems =
			kind === 'upsert'
				? names.slice(0, count)
				: Array.from({ length: count }, () => random.pick(names));
		const items = ofItems.map((name) => this.wanted(name));
		// The very same twice, which nothing tells apart.
		const [first] = items;
		if (first !== undefined && kind === 'create' && random.chance(0.4)) items.push(first);
		return { ...step, items };
	}

	private change(kind: ChangeStep['kind'], there: number): ChangeStep {
		const { random } = this;
		const first = random.between(0, there - 1);
		const isMore = kind !== 'run' && there > 1 && random.chance(0.3);
		const indexes = isMore ? [first, (first + 1) % there] : [first];
		const changes = kind.startsWith('update') ? this.changes() : {};
		if (kind === 'updateFlow') changes.mapping = this.mapping();
		return { ...this.common(kind), kind, items: indexes.map((index) => ({ index, ...changes })) };
	}

	/** Often the same again, or back to what it was before. */
	private mapping(): MappingName | undefined {
		return this.random.weighted([[2, undefined], ...MAPPING_NAMES.map((one) => [1, one] as const)]);
	}

	private changes(): Omit<WantedChange, 'index'> {
		const { random } = this;
		const name = random.chance(0.6) ? { name: `${random.pick(NAMES)} new` } : {};
		const isDescribed = !('name' in name) || random.chance(0.5);
		return {
			...name,
			...(isDescribed ? { description: random.pick(['nightly', 'A&B', ' é']) } : {}),
		};
	}

	private strangerOfConnections(): StrangerStep {
		const { random, names } = this;
		// In the middle of something of ours, and with the same in mind.
		const step = random.pick(this.steps.filter(isExecution).filter(isOfConnections));
		const atMs =
			step !== undefined && random.chance(0.6) ? step.atMs + random.between(0, 600) : this.moment();
		const base = { kind: 'stranger', atMs } as const;
		const does = random.weighted([
			[5, 'create'],
			[1, 'describe'],
			[1, 'rename'],
			[1, 'replaceDetails'],
			[1, 'delete'],
		] as const);
		const name = random.pick(step === undefined ? names : step.items.map((item) => item.name));
		const wanted = this.lookAlike(name) ?? this.wanted(name);
		if (does === 'create') return { ...base, does, wanted };
		if (does === 'replaceDetails') return { ...base, does, of: 'connections', name, wanted };
		return { ...base, does, of: 'connections', name };
	}

	/** Somebody else often has the very same in mind. */
	private lookAlike(name: string): WantedConnection | undefined {
		if (this.random.chance(0.5)) return undefined;
		return this.steps
			.filter(isExecution)
			.filter(isOfConnections)
			.flatMap(({ items }) => items)
			.find((item) => item.name === name);
	}
}
