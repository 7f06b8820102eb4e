import type { StoredConnection } from '../../emulator/emulator.mts';
import { imsCredential } from '../support/adobe.mts';
import type { Database } from '../simulation/database/databases.mts';
import { useDatabases } from '../simulation/database/databases.mts';
import type { Adobe } from '../simulation/engine/adobe.mts';
import { openAdobe } from '../simulation/engine/adobe.mts';
import { useNetwork } from '../simulation/engine/httpClient.mts';
import type { Process } from '../simulation/engine/processes.mts';
import { Random, useRandomness } from '../simulation/engine/randomness.mts';
import { useTime, VirtualTime } from '../simulation/engine/virtualTime.mts';
import type { Database as HostDatabase, Executed } from '../simulation/host.mts';
import { inputOf } from '../simulation/operations.mts';
import type { ConnectionStep, WantedConnection } from '../simulation/steps.mts';
import type { Weather } from '../simulation/weather.mts';
import { TrialNetwork } from './trialNetwork.mts';
import type { Outcome, Trial } from './trials.mts';

/** 2026-07-01T12:00:00Z */
const START_EPOCH_MS = 1_782_907_200_000;

/** What may still come into being after everything has ended. */
const AFTERMATH_MS = 60_000;

const LATENCY_MS = 2;

const FAIR: Weather = {
	faults: { write: 0, read: 0, signIn: 0 },
	kinds: ['slow'],
	maxLateMs: 20_000,
	latencyMs: [LATENCY_MS, LATENCY_MS],
	listLagMs: 0,
	adobeAheadMs: 0,
	dateAheadMs: 0,
	dateHeader: true,
	showsMaker: true,
	timesInGet: 'numbers',
	secretsInGet: 'absent',
	unorderedLists: false,
	testFailure: 'error',
	cloud: 'azure',
	tokenLifetimeMs: 86_399_000,
	runMs: 150,
};

const DATABASE: Database = {
	server: 'db.example',
	port: 5432,
	database: 'sales',
	username: 'reader',
	password: 'secret of the database',
	tables: [],
	loginMs: 20,
};

/**
 * Executes a trial in virtual time, and compares what was told with what Adobe holds.
 *
 * @param say is told all that goes over the network
 */
export async function runTrial(
	seed: number,
	trial: Trial,
	n8n: Process,
	say: (line: string) => void = () => {},
): Promise<Outcome> {
	const time = new VirtualTime(START_EPOCH_MS);
	useTime(time);
	useRandomness({ numbers: new Random(seed, 1), ids: new Random(seed, 2) });
	useDatabases([DATABASE]);
	n8n.restart();
	try {
		let outcome: Outcome | undefined;
		let failure: unknown;
		run(seed, trial, n8n, time, (line) => {
			say(`${((time.now - START_EPOCH_MS) / 1000).toFixed(3).padStart(9)} ${line}`);
		}).then(
			(told) => (outcome = told),
			(error: unknown) => (failure = error ?? new Error('no reason')),
		);
		await time.run(() => outcome !== undefined || failure !== undefined);
		if (failure !== undefined) throw failure;
		if (outcome === undefined) throw new Error('The trial came to a standstill');
		return outcome;
	} finally {
		useNetwork(undefined);
		useRandomness(undefined);
		useTime(undefined);
	}
}

async function run(
	seed: number,
	trial: Trial,
	n8n: Process,
	time: VirtualTime,
	say: (line: string) => void,
): Promise<Outcome> {
	const weather = { ...FAIR, ...trial.weather };
	const adobe = openAdobe(weather);
	const random = new Random(seed, 3);
	const network = new TrialNetwork(
		trial,
		time,
		withListLag(adobe, trial.maxListLagMs, new Random(seed, 4)),
		weather,
		random,
		say,
	);
	useNetwork(network);
	const database: HostDatabase = { ims: imsCredential(adobe.emulator), staticData: '{}' };
	const told: Executed[] = [];
	let tookMs = 0;
	for (let number = 1; number <= trial.executions; number++) {
		const step = stepOf(trial, number);
		const input = inputOf(step, { connections: [], flows: [], runs: [], dataset: '' });
		const { title, onError, tries } = step;
		const began = time.now;
		told.push(
			await n8n.execute({ title, ...input, onError, tries, mode: 'manual' } as const, database),
		);
		tookMs = time.now - began;
		await time.wait(AFTERMATH_MS);
		n8n.restart();
	}
	return { ...judge(trial, adobe, told), requests: network.count, tookMs, ...idealOf(trial) };
}

/** Each list is of another copy of what is there. */
function withListLag(adobe: Adobe, maxListLagMs: number, random: Random): Adobe['server'] {
	const { server, state } = adobe;
	if (maxListLagMs === 0) return server;
	const inject = async (request: object) => {
		state.settings.listLagMs = random.between(0, maxListLagMs);
		return await server.inject(request);
	};
	return { inject } as unknown as Adobe['server'];
}

function wantedOf(trial: Trial): WantedConnection[] {
	return Array.from({ length: trial.items }, (_item, index) => ({
		name: `Shop ${index}`,
		description: undefined,
		database: DATABASE,
		password: DATABASE.password,
		authMode: 'basic',
	}));
}

function stepOf(trial: Trial, number: number): ConnectionStep {
	return {
		kind: trial.operation,
		title: `execution ${number}`,
		atMs: 0,
		process: 0,
		items: wantedOf(trial),
		timeoutMs: trial.timeoutMs,
		onError: 'continueRegularOutput',
		tries: 1,
		isProduction: false,
		cloud: 'azure',
		waits: false,
	};
}

function idealOf({ items, serviceMs, weather: { concurrency } }: Trial): { idealMs?: number } {
	if (concurrency === undefined) return {};
	return { idealMs: Math.ceil(items / concurrency) * (serviceMs + 2 * LATENCY_MS) };
}

function judge(
	trial: Trial,
	{ state }: Adobe,
	told: Executed[],
): Omit<Outcome, 'requests' | 'tookMs'> {
	const held = new Map(state.connections.all().map((one) => [one.id, one]));
	const wanted = new Set(wantedOf(trial).map(({ name }) => name));
	const ends = told.flatMap((executed, execution) =>
		endsOf(executed, trial).map((end) => ({ ...end, execution })),
	);
	const last = ends.filter(({ execution }) => execution === told.length - 1);
	const succeeded = last.filter(({ id }) => id !== undefined);
	const textOf = new Map<string, string>();
	for (const { name, text } of ends) textOf.set(name, (textOf.get(name) ?? '') + text);
	const unnamed = [...held.values()].filter(
		({ id, name }) => textOf.get(name)?.includes(id) !== true,
	);
	const isInError = ({ id, name }: StoredConnection) =>
		last.some((end) => end.name === name && end.id === undefined && end.text.includes(id));
	return {
		held: held.size,
		tooMany: repeated([...held.values()].map(({ name }) => name)).concat(
			[...held.values()].flatMap(({ name }) => (wanted.has(name) ? [] : [name])),
		),
		succeeded: succeeded.length,
		wrongIds: succeeded.flatMap(({ id = '', name }) =>
			held.get(id)?.name === name ? [] : [`${name}: ${id}`],
		),
		sharedIds: repeated(succeeded.map(({ id = '' }) => id)),
		unnamed: unnamed.map(({ id, name }) => `${name}: ${id}`),
		unaccounted: unnamed.flatMap(({ id, name }) =>
			SAYS_UNCLEAR.test(textOf.get(name) ?? '') ? [] : [`${name}: ${id}`],
		),
		errors: counted(last.flatMap(({ id, text }) => (id === undefined ? [plain(text)] : []))),
		namedInErrors: [...held.values()].filter(isInError).length,
		actions: counted(succeeded.map(({ action }) => action)),
	};
}

interface ItemEnd {
	name: string;
	/** Of an item that succeeded. */
	id?: string;
	action: string;
	/** All that the user sees of it. */
	text: string;
}

function endsOf({ tries }: Executed, trial: Trial): ItemEnd[] {
	const { items = [], error } = tries.at(-1) ?? {};
	const byIndex = new Map(
		items.map(({ json, pairedItem }) => [(pairedItem as { item: number }).item, json]),
	);
	return wantedOf(trial).map(({ name }, index): ItemEnd => {
		const json = byIndex.get(index);
		const text = JSON.stringify(json) ?? error?.whole ?? 'There is no output for this item';
		if (typeof json?.connectionId !== 'string') return { name, action: '', text };
		return { name, id: json.connectionId, action: String(json.action), text };
	});
}

function repeated(values: string[]): string[] {
	return Object.entries(counted(values)).flatMap(([value, times]) => (times > 1 ? [value] : []));
}

function counted(values: string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
	return counts;
}

/** In an error, or beside a result. */
const SAYS_UNCLEAR = /not clear|possibleDuplicates/;

const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** Errors that differ in names and IDs alone are the same. */
function plain(text: string): string {
	return text
		.replace(ID, 'ID')
		.replace(/Shop \d+/g, 'NAME')
		.slice(0, 400);
}
