import { createHash } from 'node:crypto';

import type { StoredConnection } from '../../emulator/emulator.mts';
import type { Adobe } from './engine/adobe.mts';
import { askAs, openAdobe } from './engine/adobe.mts';
import { useNetwork } from './engine/httpClient.mts';
import type { Processed } from './engine/network.mts';
import { Network } from './engine/network.mts';
import type { Process } from './engine/processes.mts';
import { Random, useRandomness } from './engine/randomness.mts';
import { useTime, VirtualTime } from './engine/virtualTime.mts';
import { useDatabases } from './database/databases.mts';
import type { Database as HostDatabase, Executed } from './host.mts';
import { imsCredential } from '../support/adobe.mts';
import { createBody, parametersOf } from './connectionSteps.mts';
import type { Violation } from './invariants.mts';
import { violationsOf } from './invariants.mts';
import type { ConnectionStep, Scenario, StrangerStep } from './scenario.mts';
import { drawScenario } from './scenario.mts';
import type { Weather } from './weather.mts';
import { drawWeather } from './weather.mts';

/** 2026-07-01T12:00:00Z */
const START_EPOCH_MS = 1_782_907_200_000;

/** What may still come into being after everything has ended. */
const AFTERMATH_MS = 60_000;

/** Longer than anything in a scenario may take. */
const END_MS = 3_600_000;

/** What happened to a connection that was not our doing. */
export interface StrangersChange {
	epochMs: number;
	id: string;
	does: StrangerStep['does'];
}

export interface ExecutedStep {
	step: ConnectionStep;
	beganEpochMs: number;
	/** Absent where it never ended. */
	executed?: Executed;
	/** Its process was ended in the middle. */
	isKilled: boolean;
}

/** All that is known when a simulation is over. */
export interface Story {
	weather: Weather;
	scenario: Scenario;
	adobe: Adobe;
	before: ReadonlyMap<string, StoredConnection>;
	steps: ExecutedStep[];
	strangers: StrangersChange[];
	processed: Processed[];
}

export interface Simulated {
	seed: number;
	steps: number;
	violations: Violation[];
	/** What happened, a line each; the same for the same seed. */
	trace: string[];
	/** Stands for the trace. */
	digest: string;
}

export async function simulate(seed: number, processes: Process[]): Promise<Simulated> {
	const weather = drawWeather(new Random(seed, 1));
	const scenario = drawScenario(new Random(seed, 2), weather);
	const trace: string[] = [];
	const time = new VirtualTime(START_EPOCH_MS);
	const say = (line: string) => {
		trace.push(`${((time.now - START_EPOCH_MS) / 1000).toFixed(3).padStart(9)} ${line}`);
	};
	useTime(time);
	useRandomness({ numbers: new Random(seed, 3), ids: new Random(seed, 4) });
	useDatabases(scenario.databases);
	for (const process of processes) process.restart();
	try {
		say(`weather ${JSON.stringify(weather)}`);
		const run = new Run(seed, time, weather, scenario, processes, say);
		let story: Story | undefined;
		let failure: unknown;
		run.all().then(
			(told) => (story = told),
			(error: unknown) => (failure = error ?? new Error('no reason')),
		);
		await time.run(() => story !== undefined || failure !== undefined);
		if (failure !== undefined) throw failure;
		if (story === undefined) throw new Error(`Seed ${seed} came to a standstill`);
		const violations = violationsOf(story);
		for (const { invariant, what } of violations) say(`VIOLATION ${invariant}: ${what}`);
		const digest = createHash('sha256').update(trace.join('\n')).digest('hex');
		return {
			seed,
			steps: scenario.steps.length + run.requests(),
			violations,
			trace,
			digest,
		};
	} finally {
		useNetwork(undefined);
		useRandomness(undefined);
		useTime(undefined);
	}
}

class Run {
	private readonly steps: ExecutedStep[] = [];
	private readonly strangers: StrangersChange[] = [];
	private network: Network | undefined;

	constructor(
		private readonly seed: number,
		private readonly time: VirtualTime,
		private readonly weather: Weather,
		private readonly scenario: Scenario,
		private readonly processes: Process[],
		private readonly say: (line: string) => void,
	) {}

	requests(): number {
		return this.network?.count ?? 0;
	}

	async all(): Promise<Story> {
		const { time, weather, scenario } = this;
		const adobe = openAdobe(weather);
		const random = new Random(this.seed, 5);
		const network = new Network(time, adobe.server, weather, random, this.say);
		this.network = network;
		useNetwork(network);
		await this.prepare(adobe);
		const before = new Map(
			adobe.state.connections.all().map((one) => [one.id, structuredClone(one)]),
		);
		const database: HostDatabase = { ims: imsCredential(adobe.emulator), staticData: '{}' };
		const startEpochMs = time.now;
		const all = scenario.steps.map(async (step) => {
			await time.wait(Math.max(1, startEpochMs + step.atMs - time.now));
			if (step.kind === 'stranger') await this.disturb(adobe, step);
			else if (step.kind === 'restart') this.restart(network, step.process);
			else await this.execute(step, database);
		});
		await Promise.race([Promise.all(all), time.wait(END_MS)]);
		await time.wait(AFTERMATH_MS);
		for (const one of adobe.state.connections.all()) {
			const { id, name, createdClient, auth, description } = one;
			const maker = createdClient === adobe.emulator.clientId ? 'ours' : "somebody else's";
			this.say(`at the end: ${id} ${maker} ${JSON.stringify({ name, description, auth })}`);
		}
		const { steps, strangers } = this;
		return { weather, scenario, adobe, before, steps, strangers, processed: network.processed };
	}

	private async prepare(adobe: Adobe): Promise<void> {
		for (const { wanted, isOurs } of this.scenario.existing) {
			const client = isOurs ? adobe.state.firstClient : adobe.stranger;
			await askAs(adobe, client, 'POST', '/connections', createBody(wanted));
		}
		adobe.state.connections.settle();
		if (this.scenario.existing.length > 0) await this.time.wait(60_000);
	}

	private restart(network: Network, process: number): void {
		this.say(`n8n ${process} starts again`);
		for (const one of this.steps) {
			if (one.step.process !== process || one.executed !== undefined) continue;
			one.isKilled = true;
			network.silence(one.step.title);
		}
		this.processes[process]?.restart();
	}

	private async execute(step: ConnectionStep, database: HostDatabase): Promise<void> {
		const { time, say } = this;
		const one: ExecutedStep = { step, beganEpochMs: time.now, isKilled: false };
		this.steps.push(one);
		const { title, items, onError, tries, isProduction, cancelAfterMs } = step;
		say(`${title} begins: ${JSON.stringify({ ...step, items: undefined })}`);
		for (const { database: db, ...item } of items) {
			say(`${title} wants ${JSON.stringify({ ...item, server: db.server })}`);
		}
		const process = this.processes[step.process] as Process;
		const cancelled = cancelAfterMs === undefined ? undefined : time.wait(cancelAfterMs);
		const executed = await process.execute(
			{
				title,
				node: 'connection',
				...parametersOf(step),
				onError,
				tries,
				mode: isProduction ? 'trigger' : 'manual',
			},
			database,
			cancelled,
		);
		if (one.isKilled) return;
		one.executed = executed;
		for (const { items: output, error } of executed.tries) {
			say(
				`${title} ends: ${error === undefined ? JSON.stringify(output.map(({ json }) => json)) : `ERROR ${error.text}`}`,
			);
		}
		if (executed.isCancelled) say(`${title} was stopped`);
		for (const hint of executed.hints) say(`${title} hints: ${hint}`);
	}

	private async disturb(adobe: Adobe, { does, name, wanted }: StrangerStep): Promise<void> {
		const { say, time } = this;
		const target = adobe.state.connections.all().find((one) => one.name === name);
		const note = (id: string) => {
			say(`somebody else: ${does} ${id} '${name}'`);
			this.strangers.push({ epochMs: time.now, id, does });
		};
		if (does === 'create') {
			const { body } = await askAs(
				adobe,
				adobe.stranger,
				'POST',
				'/connections',
				createBody(wanted),
			);
			note((body as { id: string }).id);
			return;
		}
		if (target === undefined) return;
		const { auth } = createBody(wanted);
		const operations = {
			describe: [{ op: 'add', path: '/description', value: 'by somebody else' }],
			rename: [{ op: 'replace', path: '/name', value: `${name} (renamed)` }],
			replaceDetails: [{ op: 'replace', path: '/auth', value: auth }],
		};
		const headers = { 'if-match': target.etag };
		const path = `/connections/${target.id}`;
		const { status } =
			does === 'delete'
				? await askAs(adobe, adobe.stranger, 'DELETE', path)
				: await askAs(adobe, adobe.stranger, 'PATCH', path, operations[does], headers);
		if (status < 300) note(target.id);
	}
}
