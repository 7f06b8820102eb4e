import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../e2e/n8n/childProcess.mts';
import { n8nEnvironment } from '../e2e/n8n/environment.mts';
import { freePort } from '../e2e/n8n/freePort.mts';
import type { Stage } from '../e2e/n8n/stage.mts';
import type { Fault, Stats } from '../emulator/emulator.mts';
import type { Case } from './cases.mts';
import { LATENCY_MS } from './cases.mts';
import { FIRST_MEASURED, MEASURED } from './workflows.mts';
import type { EmulatorProcess } from './emulatorProcess.mts';
import type { PollReport, PollTask } from './pollOnce.mts';
import type { ProbeReport } from './probe.mts';
import type { Dataset, RowName } from './rows.mts';
import { tableName } from './tables.mts';
import { createBody } from './rows.mts';

/** One run of one row; null where it could not be measured or means nothing. */
export interface Measurement {
	/** Of the node alone, as n8n records it. */
	ms: number;
	/** Processor time of the process meanwhile; what else the machine does matters less to it. */
	cpuMs: number | null;
	/** Items that ended without a result. */
	failed: number;
	/** Connections at the emulator beyond one for each name. */
	duplicates: number;
	/** Sent to the platform, IMS not counted. */
	requests: number;
	/** Of the requests, those that were answered 429. */
	refused: number;
	imsCalls: number;
	/** Results whose ID is not that of a connection with the item's name. */
	wrongIds: number | null;
	/** Of any credential, by n8n, while the node ran. */
	decryptions: number | null;
	peakInFlight: number;
	/** Memory of the process before the node. */
	baseRssMb: number | null;
	/** Most memory of the process until the node had ended. */
	peakRssMb: number | null;
	reads: number;
	writes: number;
}

const CONNECTIONS = '/data/foundation/flowservice/connections';
const FLOWS = '/data/foundation/flowservice/flows';
const SEEDS_AT_A_TIME = 100;

/** What every request to the platform carries. */
export function headersOf(emulator: EmulatorProcess, token: string): Record<string, string> {
	return {
		authorization: `Bearer ${token}`,
		'x-api-key': emulator.clientId,
		'x-gw-ims-org-id': emulator.orgId,
		'x-sandbox-name': 'prod',
	};
}

/** A token of the emulator's, got past n8n. */
export async function tokenOf({
	imsUrl,
	clientId,
	clientSecret,
}: EmulatorProcess): Promise<string> {
	const answer = await fetch(`${imsUrl}/ims/token/v3`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: clientSecret,
			scope: 'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext',
		}),
	});
	const { access_token: token } = (await answer.json()) as { access_token?: string };
	if (token === undefined) throw new Error('The emulator gave no token');
	return token;
}

/** The sample dataset that the table `orders` fits into; it is the same after each reset. */
export async function datasetOf(emulator: EmulatorProcess, token: string): Promise<Dataset> {
	const url = `${emulator.platformUrl}/data/foundation/catalog/dataSets`;
	const answer = await fetch(url, { headers: headersOf(emulator, token) });
	type Shown = { name: string; schemaRef: { id: string } };
	const sets = Object.entries((await answer.json()) as Record<string, Shown>);
	const [id, dataset] = sets.find(([, { name }]) => name === 'Orders') ?? [];
	if (id === undefined || dataset === undefined) {
		throw new Error('The emulator has no sample dataset');
	}
	return { id, schemaId: dataset.schemaRef.id };
}

/** Empties the emulator, and prepares it for a case. */
export async function prepare(
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
): Promise<void> {
	const seeded = measured.seeded ?? 0;
	if (measured.work !== 'list' || (await held(emulator)) !== seeded) {
		await emulator.reset();
		await seed(seeded, emulator, token);
	}
	// The requests of seeding are not those of the run.
	await emulator.reset('connections');
	const { resetEvery, items } = measured;
	if (resetEvery !== undefined) await emulator.addFaults(cutOffs(items, resetEvery));
}

/**
 * Faults that cut off every so many-th create after its work was done. A fault lets through the
 * requests that no fault before it has struck.
 */
export function cutOffs(creates: number, every: number): Fault[] {
	return Array.from({ length: Math.floor(creates / every) }, (_fault, index) => ({
		method: 'POST',
		path: CONNECTIONS,
		kind: 'reset',
		when: 'after',
		skip: (index + 1) * every - 1 - index,
	}));
}

/** How many connections there are. */
async function held(emulator: EmulatorProcess): Promise<number> {
	const { connections } = await emulator.stats();
	return Object.values(connections).reduce((sum, times) => sum + times, 0);
}

async function seed(seeded: number, emulator: EmulatorProcess, token: string): Promise<void> {
	for (let start = 0; start < seeded; start += SEEDS_AT_A_TIME) {
		const batch = Array.from({ length: Math.min(SEEDS_AT_A_TIME, seeded - start) });
		await Promise.all(
			batch.map(async (_one, offset) => {
				const index = start + offset;
				const answer = await fetch(emulator.platformUrl + CONNECTIONS, {
					method: 'POST',
					headers: { ...headersOf(emulator, token), 'content-type': 'application/json' },
					body: JSON.stringify(createBody(`c${index}`, `number ${index}`)),
				});
				if (answer.status !== 201) throw new Error(`Seeding was answered ${answer.status}`);
			}),
		);
	}
}

/** Whether the items are dataflows, and not connections. */
function isOfFlows({ work }: Case): boolean {
	return work === 'dataflow' || work === 'plan';
}

/** What the emulator has counted. */
function countsOf(
	stats: Stats,
	measured: Case,
): Pick<
	Measurement,
	'duplicates' | 'requests' | 'refused' | 'imsCalls' | 'peakInFlight' | 'reads' | 'writes'
> {
	const count = (fits: (pattern: string) => boolean) =>
		Object.entries(stats.requests)
			.filter(([pattern]) => pattern.includes('/data/') && fits(pattern))
			.reduce((sum, [, times]) => sum + times, 0);
	const perName = Object.values(isOfFlows(measured) ? stats.flows : stats.connections);
	return {
		duplicates: measured.work === 'list' ? 0 : perName.reduce((sum, one) => sum + one - 1, 0),
		requests: count(() => true),
		refused: stats.rateLimited,
		imsCalls: stats.imsCalls,
		peakInFlight: stats.peakInFlight,
		reads: count((pattern) => pattern.startsWith('GET ')),
		writes: count((pattern) => !pattern.startsWith('GET ')),
	};
}

/**
 * Executes a stored workflow by n8n's command line, in a process of its own.
 *
 * @param profileFile where to put a CPU profile; it costs time
 */
export async function measureInN8n(
	stage: Stage,
	workflowId: string,
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	row: RowName,
	profileFile?: string,
): Promise<Measurement> {
	const probeFile = join(stage.userFolder, 'probe.json');
	await rm(probeFile, { force: true });
	const env = n8nEnvironment({
		n8n: stage.n8n,
		userFolder: stage.userFolder,
		database: stage.database,
		port: await freePort(),
		taskBrokerPort: await freePort(),
		loopbackOnly: false,
		logLevel: 'info',
	});
	const running = startProcess({
		program: stage.n8n.node,
		args: [stage.n8n.command, 'execute', `--id=${workflowId}`],
		cwd: stage.userFolder,
		env: {
			...env,
			NODE_OPTIONS: `${env.NODE_OPTIONS} --import=${new URL('./probe.mts', import.meta.url)}`,
			BENCH_NODE: MEASURED,
			...(measured.work === 'dataflow' && row !== 'node' ? { BENCH_FIRST: FIRST_MEASURED } : {}),
			BENCH_PROBE: probeFile,
			...(profileFile === undefined ? {} : { BENCH_PROFILE: profileFile }),
		},
	});
	const exitCode = await running.ended;
	const text = await readFile(probeFile, 'utf8').catch(() => undefined);
	if (text === undefined) {
		throw new Error(`n8n ended with exit code ${exitCode}. Its last words:\n${running.log.tail()}`);
	}
	const { items, ...figures } = JSON.parse(text) as ProbeReport;
	const counts = countsOf(await emulator.stats(), measured);
	const results = resultsOf(items, measured);
	return {
		failed: (measured.work === 'list' ? (measured.seeded ?? 0) : measured.items) - results,
		wrongIds: measured.work === 'list' ? null : await countWrong(items, measured, emulator, token),
		...counts,
		...figures,
	};
}

/** How many results name an ID that Adobe's side does not hold under the item's name. */
async function countWrong(
	items: ProbeReport['items'],
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
): Promise<number> {
	const names = new Map<string, string>();
	let next = '';
	do {
		const path = isOfFlows(measured) ? FLOWS : CONNECTIONS;
		const url = `${emulator.platformUrl}${path}?limit=200${next}`;
		const answer = await fetch(url, { headers: headersOf(emulator, token) });
		const page = (await answer.json()) as {
			items: Array<{ id: string; name: string }>;
			_links: { next?: { href: string } };
		};
		for (const { id, name } of page.items) names.set(id, name);
		next = page._links.next?.href.replace(/^.*\?/, '&') ?? '';
	} while (next !== '');
	// An item is told by its place: HTTP Request does not pass the name on.
	return items.filter(({ id }, index) => typeof id === 'string' && names.get(id) !== `c${index}`)
		.length;
}

/** Items that were given their result; HTTP Request lists pages, and Plan has to find that nothing differs. */
function resultsOf(items: ProbeReport['items'], measured: Case): number {
	const isList = measured.work === 'list';
	const isPlan = measured.work === 'plan';
	return items.reduce((sum, { id, listed, action }) => {
		if (isList && listed !== undefined) return sum + listed;
		if (isPlan && action !== 'unchanged') return sum;
		return sum + (typeof id === 'string' ? 1 : 0);
	}, 0);
}

/**
 * The least that the requests of our node take, whatever sends them: so many at a time, each of them for
 * the latency of the emulator, and no faster than it takes them; what it has refused was not necessary.
 *
 * @param node what our node was measured with
 */
export function arithmeticFloor(
	{ ratePerSecond = Infinity }: Pick<Case, 'ratePerSecond'>,
	node: Pick<Measurement, 'requests' | 'refused' | 'reads' | 'writes' | 'peakInFlight'>,
): Measurement {
	const { reads, writes, peakInFlight } = node;
	const requests = node.requests - node.refused;
	const inFlightMs = (requests * LATENCY_MS) / peakInFlight;
	// One second's worth is taken at once.
	const limitedMs = (Math.max(0, requests - ratePerSecond) / ratePerSecond) * 1000;
	return {
		ms: Math.round(Math.max(inFlightMs, limitedMs)),
		cpuMs: null,
		failed: 0,
		duplicates: 0,
		...{ requests, reads, writes, peakInFlight },
		refused: 0,
		imsCalls: 0,
		wrongIds: null,
		decryptions: null,
		baseRssMb: null,
		peakRssMb: null,
	};
}

/** Of the dataflows that are watched, every so many-th has a run that fails. */
const FAILED_EVERY = 100;

/** One poll of the trigger, in a process of its own. */
export async function measurePoll(
	stage: Stage,
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
): Promise<Measurement> {
	await seed(1, emulator, token);
	const listed = await fetch(`${emulator.platformUrl}${CONNECTIONS}`, {
		headers: headersOf(emulator, token),
	});
	const { items: connections } = (await listed.json()) as { items: Array<{ id: string }> };
	const made = await fetch(`${emulator.platformUrl}/__emulator/flows`, {
		method: 'POST',
		body: JSON.stringify({
			connectionId: connections[0]?.id,
			names: Array.from({ length: measured.items }, (_flow, index) => `c${index}`),
		}),
	});
	const { flows } = (await made.json()) as { flows: Array<{ id: string }> };
	const failedFlowIds = flows
		.filter((_flow, index) => index % FAILED_EVERY === 0)
		.map(({ id }) => id);
	const { platformUrl, imsUrl, clientId, clientSecret, orgId } = emulator;
	const task: PollTask = {
		emulator: { platformUrl, imsUrl, clientId, clientSecret, orgId },
		failedFlowIds,
	};
	const running = startProcess({
		program: process.execPath,
		args: [fileURLToPath(new URL('./poll.cjs', import.meta.url)), JSON.stringify(task)],
		cwd: stage.userFolder,
		env: { PATH: process.env.PATH },
	});
	await running.ended;
	const line = running.log.lines.find((one) => one.startsWith('{'));
	if (line === undefined) throw new Error(`The poll failed:\n${running.log.tail()}`);
	const { results, ...figures } = JSON.parse(line) as PollReport;
	return {
		failed: failedFlowIds.length - results,
		...countsOf(await emulator.stats(), measured),
		duplicates: 0,
		wrongIds: null,
		decryptions: null,
		...figures,
	};
}

/**
 * The least that a plan reads: each table as explore shows it, for which the emulator logs in to a database,
 * and as many requests besides as our node has needed.
 */
export async function readsOfPlan(
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	node: Pick<Measurement, 'requests' | 'refused'>,
): Promise<string[]> {
	const answer = await fetch(`${emulator.platformUrl}${CONNECTIONS}`, {
		headers: headersOf(emulator, token),
	});
	const { items } = (await answer.json()) as { items: Array<{ id: string }> };
	const tables = Array.from({ length: measured.items }, (_table, index) => tableName(index));
	const explores = tables.map(
		(table) => `${CONNECTIONS}/${items[0]?.id}/explore?objectType=table&object=${table}`,
	);
	const others = Math.max(0, node.requests - node.refused - explores.length);
	return [...Array.from({ length: others }, () => `${FLOWS}?limit=1`), ...explores];
}

/** The same work outside n8n. */
export async function measureFloor(
	stage: Stage,
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	{ concurrency, paths }: { concurrency: number; paths?: string[] },
): Promise<Measurement> {
	const task = {
		platformUrl: emulator.platformUrl,
		headers: headersOf(emulator, token),
		work: measured.work,
		items: paths?.length ?? measured.items,
		concurrency,
		paths,
		ratePerSecond: measured.ratePerSecond,
	};
	const running = startProcess({
		program: stage.n8n.node,
		args: [fileURLToPath(new URL('./floor.mts', import.meta.url)), JSON.stringify(task)],
		cwd: stage.userFolder,
		env: { PATH: process.env.PATH },
	});
	await running.ended;
	const line = running.log.lines.find((one) => one.startsWith('{'));
	if (line === undefined) throw new Error(`The floor failed:\n${running.log.tail()}`);
	const { ms, cpuMs, results, peakRssMb } = JSON.parse(line) as {
		ms: number;
		cpuMs: number;
		results: number;
		peakRssMb: number;
	};
	return {
		ms,
		cpuMs,
		failed: (measured.work === 'list' ? (measured.seeded ?? 0) : task.items) - results,
		...countsOf(await emulator.stats(), measured),
		wrongIds: null,
		decryptions: null,
		baseRssMb: null,
		peakRssMb,
	};
}
