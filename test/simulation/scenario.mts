import type { OnError } from 'n8n-workflow';

import type { Database } from './database/databases.mts';
import type { Random } from './engine/randomness.mts';
import type { Weather } from './weather.mts';

/** What the connection of an item is to be like. */
export interface WantedConnection {
	name: string;
	description: string | undefined;
	database: Database;
	password: string;
	authMode: 'basic' | 'connectionString';
}

/** One execution of the Connection node's Create or Create or Update. */
export interface ConnectionStep {
	kind: 'create' | 'upsert';
	title: string;
	/** When it starts, milliseconds after the beginning. */
	atMs: number;
	cloud: Weather['cloud'];
	/** Which n8n process executes it. */
	process: number;
	items: WantedConnection[];
	verify: boolean;
	timeoutMs: number;
	onError: OnError;
	tries: number;
	isProduction: boolean;
	/** When somebody stops it, milliseconds after its start. */
	cancelAfterMs?: number;
}

/** Something that somebody else does at Adobe. */
export interface StrangerStep {
	kind: 'stranger';
	atMs: number;
	does: 'create' | 'describe' | 'rename' | 'replaceDetails' | 'delete';
	name: string;
	/** For what is created or replaced. */
	wanted: WantedConnection;
}

/** n8n starts again, with what its database holds. */
export interface RestartStep {
	kind: 'restart';
	atMs: number;
	process: number;
}

export type Step = ConnectionStep | StrangerStep | RestartStep;

export interface Scenario {
	databases: Database[];
	/** What was there before, made by us or by somebody else. */
	existing: Array<{ wanted: WantedConnection; isOurs: boolean }>;
	steps: Step[];
}

const NAMES = ['Orders', 'Sales <EU>', 'o==r', "It's 100%", 'Kunden Süd', 'a,b', 'Orders 2', 'x'];
const DESCRIPTIONS = [
	undefined,
	undefined,
	'nightly',
	' with blanks  ',
	'é decomposed é',
	'A&B <c>',
];

export function drawScenario(random: Random, { cloud, listLagMs }: Weather): Scenario {
	const databases = [1, 2].map(
		(number): Database => ({
			server: `db${number}.example.com`,
			port: 5432,
			database: `shop${number}`,
			username: 'adobe',
			password: `pw-${number}-${random.word().toString(36)}-s3cret`,
			tables: [],
			loginMs: random.between(1, 400),
		}),
	);
	const names = NAMES.slice(0, random.between(1, 3)).concat(random.pick(NAMES));
	const wanted = (name = random.pick(names)): WantedConnection => {
		const database = random.pick(databases);
		return {
			name,
			description: random.pick(DESCRIPTIONS),
			database,
			password: random.chance(0.93) ? database.password : `${database.password}-wrong`,
			authMode: cloud === 'azure' && random.chance(0.5) ? 'connectionString' : 'basic',
		};
	};
	const existing = Array.from(
		{
			length: random.weighted([
				[5, 0],
				[2, 1],
				[1, 3],
			]),
		},
		() => ({
			wanted: { ...wanted(), password: random.pick(databases).password },
			isOurs: random.chance(0.3),
		}),
	);
	const steps: Step[] = [];
	let atMs = 0;
	const count = random.weighted([
		[5, 1],
		[3, 2],
		[1, 3],
	]);
	let last: ConnectionStep | undefined;
	for (let number = 1; number <= count; number++) {
		const kind =
			last !== undefined && random.chance(0.6)
				? last.kind
				: random.pick(['create', 'upsert'] as const);
		const isRepeated = last !== undefined && kind === last.kind && random.chance(0.6);
		const ofItems = kind === 'upsert' ? distinct(names) : names;
		const length = Math.min(
			random.weighted([
				[5, 1],
				[3, 2],
				[2, 5],
			]),
			kind === 'upsert' ? ofItems.length : 5,
		);
		const items =
			isRepeated && last !== undefined
				? last.items.map((item) => (random.chance(0.3) ? wanted(item.name) : item))
				: Array.from({ length }, (_item, index) =>
						wanted(kind === 'upsert' ? ofItems[index] : undefined),
					);
		const step: ConnectionStep = {
			kind,
			title: `${kind} ${number}`,
			atMs,
			cloud,
			process: random.chance(0.8) ? 0 : 1,
			items,
			verify: random.chance(0.5),
			timeoutMs: random.weighted([
				[2, random.between(200, 3_000)],
				[3, random.between(3_000, 15_000)],
				[3, 60_000],
			]),
			onError: random.weighted([
				[4, 'continueRegularOutput'],
				[2, 'stopWorkflow'],
				[1, 'continueErrorOutput'],
			]),
			tries: random.chance(0.2) ? random.between(2, 3) : 1,
			isProduction: random.chance(0.6),
			cancelAfterMs: random.chance(0.06) ? random.between(1, 6_000) : undefined,
		};
		steps.push(step);
		last = step;
		// At once, a moment later, or when everything is long over.
		atMs += random.weighted([
			[2, 0],
			[2, random.between(0, 3_000)],
			[2, 90_000 + listLagMs],
		]);
		if (random.chance(0.15)) steps.push({ kind: 'restart', atMs: atMs - 1, process: step.process });
	}
	const disturbances = random.weighted([
		[6, 0],
		[3, 1],
		[1, 2],
	]);
	for (let number = 0; number < disturbances; number++) {
		const name = random.pick(names);
		steps.push({
			kind: 'stranger',
			atMs: random.weighted([
				[3, random.between(0, 1_000)],
				[2, random.between(0, 20_000)],
				[1, atMs],
			]),
			does: random.weighted([
				[5, 'create'],
				[1, 'describe'],
				[1, 'rename'],
				[1, 'replaceDetails'],
				[1, 'delete'],
			]),
			name,
			wanted: lookAlike(random, steps, name) ?? wanted(name),
		});
	}
	return { databases, existing, steps: steps.sort((one, other) => one.atMs - other.atMs) };
}

/** Somebody else often has the very same in mind. */
function lookAlike(random: Random, steps: Step[], name: string): WantedConnection | undefined {
	if (random.chance(0.5)) return undefined;
	const items = steps.flatMap((step) => ('items' in step ? step.items : []));
	return items.find((item) => item.name === name);
}

function distinct(names: string[]): string[] {
	return [...new Set(names)];
}
