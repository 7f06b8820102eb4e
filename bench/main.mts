import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { imsCredential } from '../e2e/n8n/adobe.mts';
import { checkout } from '../e2e/n8n/checkout.mts';
import { timedProgress } from '../e2e/n8n/progress.mts';
import { startStage, type Stage } from '../e2e/n8n/stage.mts';
import { Teardown } from '../e2e/n8n/teardown.mts';
import { type Case, cases, CONCURRENCY, LATENCY_MS, RATE_PER_SECOND } from './cases.mts';
import { type EmulatorProcess, startEmulatorProcess } from './emulatorProcess.mts';
import {
	arithmeticFloor,
	datasetOf,
	measureFloor,
	measureInN8n,
	measurePoll,
	type Measurement,
	prepare,
	readsOfPlan,
	tokenOf,
} from './measure.mts';
import { packageFigures } from './packageFigures.mts';
import { type CpuProfile, sharesOf } from './profile.mts';
import {
	describeAims,
	describeResult,
	describeRows,
	type Result,
	type ResultRow,
} from './report.mts';
import type { RowName } from './rows.mts';
import { median } from './statistics.mts';
import { makeTables } from './tables.mts';
import { workflowBefore, workflowOf } from './workflows.mts';

const HELP = `Measures our node against n8n's HTTP Request node and against a plain HTTP client, in real
n8n through its command line, against the emulator in a process of its own.

  npm run bench                  everything, five runs each
  npm run bench -- --runs N      another number of runs
  npm run bench -- --case NAME   one case only; may be given several times
  npm run bench -- --row NAME    one row only; may be given several times
  npm run bench -- --scale 0.1   a tenth of the items, for a quick look
  npm run bench -- --profile     also where our node spends its time, by one more run of each case
`;

const RESULTS = join(checkout, 'bench', 'results', 'latest.json');

const PROFILE_LINES = 25;

/** A case with everything that is needed to run its rows. */
interface Prepared {
	measured: Case;
	emulator: EmulatorProcess;
	token: string;
	workflows: Map<RowName, string>;
	/** What makes all that the case needs, once for all runs. */
	workflowBefore?: string;
}

const { values } = parseArgs({
	options: {
		runs: { type: 'string', default: '5' },
		case: { type: 'string', multiple: true },
		row: { type: 'string', multiple: true },
		scale: { type: 'string', default: '1' },
		profile: { type: 'boolean' },
		help: { type: 'boolean' },
	},
});
if (values.help) process.stdout.write(HELP);
else await bench(Number(values.runs), chosenCases());

function chosenCases(): Case[] {
	const { case: names, row: rows, scale } = values;
	return cases(Number(scale))
		.filter(({ name }) => names === undefined || names.includes(name))
		.map((one) => ({ ...one, rows: one.rows.filter((row) => rows?.includes(row) ?? true) }));
}

async function bench(runs: number, chosen: Case[]): Promise<void> {
	const progress = timedProgress();
	const teardown = new Teardown();
	teardown.endOnSignals(() => progress('Stopping everything …'));
	try {
		const stage = await startStage({ teardown, progress, loopbackOnly: false, logLevel: 'info' });
		const emulators = {
			free: await startEmulatorProcess(stage.postgres, ['--latency', String(LATENCY_MS)]),
			limited: await startEmulatorProcess(stage.postgres, [
				...['--latency', String(LATENCY_MS)],
				...['--rate', String(RATE_PER_SECOND)],
			]),
			crowded: await startEmulatorProcess(stage.postgres, [
				...['--latency', String(LATENCY_MS)],
				...['--concurrency', String(CONCURRENCY)],
			]),
		};
		for (const emulator of Object.values(emulators)) {
			await teardown.add('stopping an emulator', emulator.stop);
		}
		const prepared: Prepared[] = [];
		for (const measured of chosen) {
			prepared.push(await store(stage, measured, emulators[emulatorOf(measured)]));
		}
		// It would take its share of the processors.
		await stage.instance.stop();

		const results: Result[] = [];
		for (const one of prepared) {
			const result = await runCase(stage, one, runs, progress);
			results.push(result);
			process.stdout.write(`\n${describeResult(one.measured, result)}`);
			if (values.profile === true) process.stdout.write(await profileNode(stage, one));
		}
		const figures = await packageFigures(stage);
		const aims = describeAims(chosen, results, figures);
		process.stdout.write(`\n${describeRows()}\n\nMedians of ${runs} runs.\n\n${aims}\n\n`);
		await mkdir(join(RESULTS, '..'), { recursive: true });
		const { tarballBytes, distBytes, loadMs } = figures;
		const saved = {
			n8n: stage.n8n.version,
			node: await versionOf(stage.n8n.node),
			runs,
			cases: results,
			package: { tarballBytes, loadMs, distBytes },
		};
		await writeFile(RESULTS, `${JSON.stringify(saved, null, '\t')}\n`);
		process.stdout.write('bench/results/latest.json\n');
	} catch (error) {
		if (!teardown.isEnding) {
			process.stderr.write(
				`\nThe measurement failed: ${error instanceof Error ? error.message : error}\n`,
			);
			process.exitCode = 1;
		}
	}
	await teardown.end();
}

function emulatorOf({ ratePerSecond, concurrency }: Case): 'free' | 'limited' | 'crowded' {
	if (ratePerSecond !== undefined) return 'limited';
	return concurrency === undefined ? 'free' : 'crowded';
}

/** Stores the case's workflows in n8n, each with a credential for its emulator. */
async function store(stage: Stage, measured: Case, emulator: EmulatorProcess): Promise<Prepared> {
	const token = await tokenOf(emulator);
	const dataset = await datasetOf(emulator, token);
	const database =
		measured.work === 'plan'
			? await makeTables(stage.postgres, measured.name.replaceAll('-', '_'), measured.items)
			: stage.postgres;
	const ends = { database, dataset };
	const addCredential = async () =>
		await stage.session.createCredential(imsCredential({ ...stage, emulator: emulator as never }));
	const workflows = new Map<RowName, string>();
	for (const row of measured.rows) {
		if (row === 'floor' || measured.work === 'poll') continue;
		const workflow = workflowOf(measured, row, emulator, token, await addCredential(), ends);
		workflows.set(row, await stage.session.createWorkflow(workflow));
	}
	const before = workflowBefore(measured, emulator, token, await addCredential(), ends);
	return {
		measured,
		emulator,
		token,
		workflows,
		...(before === undefined ? {} : { workflowBefore: await stage.session.createWorkflow(before) }),
	};
}

/** Every row once, and again: so that whatever else the machine does hits all of them alike. */
async function runCase(
	stage: Stage,
	prepared: Prepared,
	runs: number,
	progress: (text: string) => void,
): Promise<Result> {
	const { measured, emulator, token, workflows } = prepared;
	if (prepared.workflowBefore !== undefined) {
		progress(`${measured.name}: making what there is to be …`);
		await prepare(measured, emulator, token);
		await measureInN8n(stage, prepared.workflowBefore, measured, emulator, token, 'node');
	}
	const measurements = new Map<RowName, Measurement[]>(measured.rows.map((row) => [row, []]));
	let node: Measurement | undefined;
	for (let run = 1; run <= runs; run++) {
		for (const row of measured.rows) {
			const workflowId = workflows.get(row);
			if (prepared.workflowBefore === undefined) await prepare(measured, emulator, token);
			else await emulator.reset('connections');
			if (measured.isRepeated === true && workflowId !== undefined) {
				await measureInN8n(stage, workflowId, measured, emulator, token, row);
				await emulator.reset('connections');
			}
			const measurement =
				row === 'floor'
					? await floorOf(stage, measured, emulator, token, node)
					: workflowId === undefined
						? await measurePoll(stage, measured, emulator, token)
						: await measureInN8n(stage, workflowId, measured, emulator, token, row);
			if (row === 'node') node = measurement;
			measurements.get(row)?.push(measurement);
			progress(
				`${measured.name}, ${row}, run ${run} of ${runs}: ${measurement.ms} ms, ${measurement.failed} failed`,
			);
		}
	}
	const rows = [...measurements].map(([row, all]) => ({ row, ...medians(all), runs: all }));
	return { case: measured.name, rows };
}

async function floorOf(
	stage: Stage,
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	node: Measurement | undefined,
): Promise<Measurement> {
	const isArithmetic = measured.work === 'dataflow' || measured.work === 'poll';
	if (isArithmetic && node !== undefined) return arithmeticFloor(measured, node);
	const concurrency = measured.concurrency ?? node?.peakInFlight ?? 1;
	if (measured.work !== 'plan' || node === undefined) {
		return await measureFloor(stage, measured, emulator, token, { concurrency });
	}
	const paths = await readsOfPlan(measured, emulator, token, node);
	await emulator.reset('connections');
	return await measureFloor(stage, measured, emulator, token, { concurrency, paths });
}

/** Our node once more with a CPU profile, as a text: whose code the time is spent in. */
async function profileNode(
	stage: Stage,
	{ measured, emulator, token, workflows, workflowBefore: before }: Prepared,
): Promise<string> {
	const workflowId = workflows.get('node');
	if (workflowId === undefined) return '';
	const file = join(RESULTS, '..', `${measured.name}.cpuprofile`);
	await mkdir(join(RESULTS, '..'), { recursive: true });
	if (before === undefined) await prepare(measured, emulator, token);
	await measureInN8n(stage, workflowId, measured, emulator, token, 'node', file);
	const profile = JSON.parse(await readFile(file, 'utf8')) as CpuProfile;
	const shares = sharesOf(profile, stage.packed.name).slice(0, PROFILE_LINES);
	const lines = shares.map(({ owner, ms }) => `${String(ms).padStart(8)} ms  ${owner}`);
	return [`\nWhere our node spends its time:`, ...lines, ''].join('\n');
}

/** Of a Node.js program: n8n's is not always the one that measures. */
async function versionOf(program: string): Promise<string> {
	const { stdout } = await promisify(execFile)(program, ['--version']);
	return stdout.trim().replace(/^v/, '');
}

function medians(all: Measurement[]): Omit<ResultRow, 'row' | 'runs'> {
	const [first] = all;
	const keys = Object.keys(first ?? {}) as Array<keyof Measurement>;
	return Object.fromEntries(keys.map((key) => [key, median(all.map((one) => one[key]))])) as Omit<
		ResultRow,
		'row' | 'runs'
	>;
}
