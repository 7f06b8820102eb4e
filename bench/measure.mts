import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../e2e/n8n/childProcess.mts';
import { n8nEnvironment } from '../e2e/n8n/environment.mts';
import { freePort } from '../e2e/n8n/freePort.mts';
import type { ProcessLog } from '../e2e/n8n/processLog.mts';
import type { Stage } from '../e2e/n8n/stage.mts';
import type { Stats } from '../emulator/stats.mts';
import type { Case } from './cases.mts';
import { MEASURED } from './workflows.mts';
import type { EmulatorProcess } from './emulatorProcess.mts';
import { createBody } from './rows.mts';

/** One run of one row; null where it could not be measured or means nothing. */
export interface Measurement {
	/** Of the node alone, as n8n records it. */
	ms: number;
	/** Items that ended without a result. */
	failed: number;
	/** Connections at the emulator beyond one for each name. */
	duplicates: number;
	/** Sent to the platform, IMS not counted. */
	requests: number;
	imsCalls: number;
	/** Of any credential, by n8n. */
	decryptions: number | null;
	peakInFlight: number;
	peakRssMb: number;
	reads: number;
	writes: number;
}

const CONNECTIONS = '/data/foundation/flowservice/connections';
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

/** Empties the emulator, and prepares it for a case. */
export async function prepare(
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
): Promise<void> {
	await emulator.reset();
	const seeded = measured.seeded ?? 0;
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
	const { resetEvery, items } = measured;
	if (resetEvery !== undefined) {
		const faults = Array.from({ length: Math.floor(items / resetEvery) }, (_fault, index) => ({
			method: 'POST',
			path: CONNECTIONS,
			kind: 'reset' as const,
			when: 'after' as const,
			skip: (index + 1) * resetEvery - 1 - index,
		}));
		await emulator.addFaults(faults);
	}
}

/** The counts of the run alone: seeding is taken off. */
function countsOf(
	before: Stats,
	after: Stats,
	measured: Case,
): Omit<Measurement, 'ms' | 'failed' | 'decryptions' | 'peakRssMb'> {
	const count = (fits: (pattern: string) => boolean) =>
		Object.entries(after.requests)
			.filter(([pattern]) => fits(pattern))
			.reduce((sum, [pattern, times]) => sum + times - (before.requests[pattern] ?? 0), 0);
	const isPlatform = (pattern: string) => pattern.includes('/data/');
	const names = Object.keys(after.connections).length;
	const held = Object.values(after.connections).reduce((sum, times) => sum + times, 0);
	return {
		duplicates: measured.work === 'list' ? 0 : held - names,
		requests: count(isPlatform),
		imsCalls: after.imsCalls - before.imsCalls,
		peakInFlight: after.peakInFlight,
		reads: count((pattern) => isPlatform(pattern) && pattern.startsWith('GET ')),
		writes: count((pattern) => isPlatform(pattern) && !pattern.startsWith('GET ')),
	};
}

/** Executes a stored workflow by n8n's command line, in a process of its own. */
export async function measureInN8n(
	stage: Stage,
	workflowId: string,
	measured: Case,
	emulator: EmulatorProcess,
): Promise<Measurement> {
	const before = await emulator.stats();
	const probeFile = join(stage.userFolder, 'probe.json');
	await rm(probeFile, { force: true });
	const env = n8nEnvironment({
		n8n: stage.n8n,
		userFolder: stage.userFolder,
		database: stage.database,
		port: await freePort(),
		taskBrokerPort: await freePort(),
		loopbackOnly: false,
		// The result is one of the things it logs.
		logLevel: 'info',
	});
	const running = startProcess({
		program: stage.n8n.node,
		args: [stage.n8n.command, 'execute', `--id=${workflowId}`, '--rawOutput'],
		cwd: stage.userFolder,
		env: {
			...env,
			NODE_OPTIONS: `${env.NODE_OPTIONS} --import=${new URL('./probe.mts', import.meta.url)}`,
			BENCH_PROBE: probeFile,
		},
	});
	const exitCode = await running.ended;
	const run = readRun(running.log);
	if (run === undefined) {
		throw new Error(`n8n ended with exit code ${exitCode}. Its last words:\n${running.log.tail()}`);
	}
	const probe = JSON.parse(await readFile(probeFile, 'utf8')) as {
		decryptions: number | null;
		peakRssMb: number;
	};
	const results = resultsOf(run.items, measured);
	return {
		ms: run.ms,
		failed: (measured.work === 'list' ? (measured.seeded ?? 0) : measured.items) - results,
		...countsOf(before, await emulator.stats(), measured),
		...probe,
	};
}

type Json = Record<string, unknown>;

interface Printed {
	data: {
		resultData: {
			runData: Record<
				string,
				Array<{ executionTime: number; data?: { main: Array<Array<{ json: Json }>> } }>
			>;
		};
	};
}

/** The measured node's time and items out of what `n8n execute --rawOutput` prints. */
function readRun(log: ProcessLog): { ms: number; items: Json[] } | undefined {
	const printed = log.entries().find(({ message }) => message.startsWith('{'));
	if (printed === undefined) return undefined;
	const { data } = JSON.parse(printed.message) as Printed;
	const [run] = data.resultData.runData[MEASURED] ?? [];
	if (run === undefined) return undefined;
	return { ms: run.executionTime, items: (run.data?.main[0] ?? []).map(({ json }) => json) };
}

/** Connections that were given a result; HTTP Request lists pages. */
function resultsOf(items: Json[], measured: Case): number {
	return items.reduce((sum, json) => {
		if (measured.work === 'list' && Array.isArray(json.items)) return sum + json.items.length;
		return sum + (typeof json.id === 'string' ? 1 : 0);
	}, 0);
}

/** The same work outside n8n. */
export async function measureFloor(
	stage: Stage,
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	concurrency: number,
): Promise<Measurement> {
	const before = await emulator.stats();
	const task = {
		platformUrl: emulator.platformUrl,
		headers: headersOf(emulator, token),
		work: measured.work,
		items: measured.items,
		concurrency,
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
	const { ms, results, peakRssMb } = JSON.parse(line) as {
		ms: number;
		results: number;
		peakRssMb: number;
	};
	return {
		ms,
		failed: (measured.work === 'list' ? (measured.seeded ?? 0) : measured.items) - results,
		...countsOf(before, await emulator.stats(), measured),
		decryptions: null,
		peakRssMb,
	};
}
