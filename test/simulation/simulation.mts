import { seedRun, updateRun } from '../../emulator/runEngine/seedRun.mts';
import { imsCredential } from '../support/adobe.mts';
import { drawEmphasis, suited } from './emphasis.mts';
import type { Adobe } from './engine/adobe.mts';
import { askAs, openAdobe, setClock } from './engine/adobe.mts';
import { useNetwork } from './engine/httpClient.mts';
import { Life } from './engine/life.mts';
import type { Processed } from './engine/network.mts';
import { Network } from './engine/network.mts';
import type { Process } from './engine/processes.mts';
import { Random } from './engine/randomness.mts';
import type { VirtualTime } from './engine/virtualTime.mts';
import type { Database as HostDatabase, Executed, Polled } from './host.mts';
import { inVirtualTime } from './inVirtualTime.mts';
import type { Violation } from './invariants.mts';
import { violationsOf } from './invariants.mts';
import type { Prepared } from './operations.mts';
import { connectionBody, inputOf } from './operations.mts';
import { drawScenario } from './scenario.mts';
import type {
	ExecutionStep,
	FlowStep,
	PollStep,
	RunStep,
	Scenario,
	Step,
	StrangerStep,
	WantedFlow,
} from './steps.mts';
import { isChange, isExecution } from './steps.mts';
import type { Weather } from './weather.mts';
import { cleared, drawWeather } from './weather.mts';

/** What the trigger is asked for. */
export const TRIGGER_ON = ['failed', 'succeeded', 'rejectedRecords'] as const;

/** What may still come into being after everything has ended. */
const AFTERMATH_MS = 60_000;

/** Longer than anything in a scenario may take. */
const END_MS = 86_400_000;

/** What somebody else has done. */
export interface StrangersChange {
	epochMs: number;
	id: string;
	does: StrangerStep['does'];
}

export interface ExecutedStep {
	step: ExecutionStep;
	beganEpochMs: number;
	/** Absent where it never ended. */
	executed?: Executed;
	/** Its process was ended in the middle. */
	isKilled: boolean;
	life: Life;
}

export interface PolledStep extends Polled {
	step: PollStep;
	beganEpochMs: number;
	endedEpochMs: number;
}

/** All that is known when a simulation is over. */
export interface Story {
	weather: Weather;
	scenario: Scenario;
	prepared: Prepared;
	adobe: Adobe;
	/** IDs of everything that was there at the beginning. */
	before: ReadonlySet<string>;
	steps: ExecutedStep[];
	polls: PolledStep[];
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
	const emphasis = drawEmphasis(new Random(seed, 6));
	const weather = suited(drawWeather(new Random(seed, 1)), emphasis);
	const scenario = drawScenario(new Random(seed, 2), weather, emphasis);
	let requests = 0;
	const told = await inVirtualTime(
		seed,
		{ processes, databases: scenario.databases, streams: { numbers: 3, ids: 4 } },
		async (time, say) => {
			say(
				`weather ${JSON.stringify(weather)}${emphasis === undefined ? '' : ` about ${emphasis}`}`,
			);
			const run = new Run(seed, time, weather, scenario, processes, say);
			const story = await run.all();
			requests = run.requests();
			return story;
		},
		violationsOf,
	);
	return { seed, steps: scenario.steps.length + requests, ...told };
}

class Run {
	private readonly steps: ExecutedStep[] = [];
	private readonly polls: PolledStep[] = [];
	private readonly strangers: StrangersChange[] = [];
	private network: Network | undefined;
	private polling = Promise.resolve();
	private adobe: Adobe;
	private database: HostDatabase;
	private prepared: Prepared = { connections: [], flows: [], runs: [], dataset: '' };

	constructor(
		private readonly seed: number,
		private readonly time: VirtualTime,
		private readonly weather: Weather,
		private readonly scenario: Scenario,
		private readonly processes: Process[],
		private readonly say: (line: string) => void,
	) {
		this.adobe = openAdobe(weather);
		this.database = { ims: imsCredential(this.adobe.emulator), staticData: '{}' };
	}

	requests(): number {
		return this.network?.count ?? 0;
	}

	async all(): Promise<Story> {
		const { time, weather, scenario, adobe } = this;
		const random = new Random(this.seed, 5);
		const network = new Network(
			time,
			adobe.server,
			cleared({ ...weather, adobeAheadMs: 0, dateAheadMs: 0 }),
			random,
			this.say,
		);
		this.network = network;
		useNetwork(network);
		await this.prepare();
		network.weather = weather;
		setClock(adobe, weather.adobeAheadMs);
		network.processed.length = 0;
		for (const process of this.processes) process.restart();
		const before = new Set(everythingAt(adobe).map(({ id }) => id));
		this.say('— it begins');
		const startEpochMs = time.now;
		const all = scenario.steps.map(async (step) => {
			await time.wait(Math.max(1, startEpochMs + step.atMs - time.now));
			await this.take(step, network);
		});
		await Promise.race([Promise.all(all), time.wait(END_MS)]);
		await time.wait(AFTERMATH_MS);
		this.sayWhatIsThere(before);
		const { steps, polls, strangers, prepared } = this;
		const { processed } = network;
		return { weather, scenario, prepared, adobe, before, steps, polls, strangers, processed };
	}

	private async take(step: Step, network: Network): Promise<void> {
		const { adobe, say } = this;
		switch (step.kind) {
			case 'stranger':
				await this.disturb(step);
				break;
			case 'restart':
				this.restart(step.process);
				break;
			case 'revoke':
				say('all tokens become invalid');
				adobe.state.tokens.revokeAll();
				break;
			case 'poll':
				await this.poll(step, network);
				break;
			case 'runOfFlow':
				await this.runFlow(step);
				break;
			default:
				await this.execute(step);
		}
	}

	/** Makes what is there at the beginning, in calm weather. */
	private async prepare(): Promise<void> {
		const { adobe, prepared, scenario, time } = this;
		const { state } = adobe;
		for (const { wanted, isOurs } of scenario.existing) {
			const client = isOurs ? state.firstClient : adobe.stranger;
			const made = await askAs(adobe, client, 'POST', '/connections', connectionBody(wanted));
			prepared.connections.push((made.body as { id: string }).id);
			// On AWS it takes two readings.
			for (let reading = 0; reading < 3; reading++) {
				await askAs(adobe, client, 'GET', `/connections/${(made.body as { id: string }).id}`);
			}
		}
		prepared.dataset = state.dataSets.all().find(({ name }) => name === 'Orders')?.id ?? '';
		for (const [number, wanted] of scenario.flows.entries()) await this.prepareFlow(number, wanted);
		const { connections, sourceConnections, targetConnections, flows, mappingSets } = state;
		for (const store of [connections, sourceConnections, targetConnections, flows, mappingSets]) {
			store.settle();
		}
		// Longer than any two clocks differ.
		if (scenario.existing.length > 0) await time.wait(1_300_000);
	}

	private async prepareFlow(number: number, wanted: WantedFlow): Promise<void> {
		const { prepared, adobe, database } = this;
		const step: FlowStep = {
			kind: 'createFlow',
			title: `prepared ${number}`,
			atMs: 0,
			process: 0,
			items: [wanted],
			timeoutMs: 300_000,
			onError: 'stopWorkflow',
			tries: 1,
			isProduction: false,
			cloud: this.weather.cloud,
			waits: false,
		};
		const process = this.processes[0] as Process;
		const plan = { ...step, ...inputOf(step, prepared), mode: 'manual' as const };
		const { tries } = await process.execute(plan, database);
		const [made] = tries.at(-1)?.items ?? [];
		if (made === undefined) throw new Error(`No dataflow: ${tries.at(-1)?.error?.text ?? ''}`);
		const flowId = String(made.json.flowId);
		prepared.flows.push(flowId);
		if (isOnlyMapped(this.scenario, number)) this.giveDeltaColumn(flowId);
		const windowEnd = adobe.state.clock.now() - 7_200_000;
		const run = seedRun(adobe.state, {
			flowId,
			status: 'failed',
			createdAt: windowEnd,
			windowStart: windowEnd - 3_600_000,
			windowEnd,
		});
		prepared.runs.push(run.id);
	}

	/** As a run on demand has left it: what comes first then is not the mapping. */
	private giveDeltaColumn(flowId: string): void {
		const flow = this.adobe.state.flows.find(flowId);
		flow?.transformations.unshift({
			name: 'Copy',
			params: { deltaColumn: { name: 'updated_at' } },
		});
	}

	private restart(process: number): void {
		this.say(`n8n ${process} starts again`);
		for (const one of this.steps) {
			if (one.step.process !== process || one.executed !== undefined) continue;
			one.isKilled = true;
			one.life.end();
		}
		this.processes[process]?.restart();
	}

	private async execute(step: ExecutionStep): Promise<void> {
		const { time, say } = this;
		const life = new Life();
		const one: ExecutedStep = { step, beganEpochMs: time.now, isKilled: false, life };
		this.steps.push(one);
		const { title, items, onError, tries, isProduction, cancelAfterMs } = step;
		say(`${title} begins: ${JSON.stringify({ ...step, items: undefined })}`);
		for (const item of items) {
			say(
				`${title} wants ${JSON.stringify(item, (key, value) => (key === 'tables' ? undefined : value) as unknown)}`,
			);
		}
		const process = this.processes[step.process] as Process;
		const cancelled = cancelAfterMs === undefined ? undefined : time.wait(cancelAfterMs);
		const mode = isProduction ? 'trigger' : 'manual';
		const plan = { title, ...inputOf(step, this.prepared), onError, tries, mode } as const;
		const running = life.live(async () => await process.execute(plan, this.database, cancelled));
		const executed = await Promise.race([running, life.over]);
		if (executed === undefined) return;
		one.executed = executed;
		for (const { items: output, error } of executed.tries) {
			const told = JSON.stringify(output.map(({ json }) => json));
			say(`${title} ends: ${error === undefined ? told : `ERROR ${error.text}`}`);
		}
		if (executed.isCancelled) say(`${title} was stopped`);
		for (const hint of executed.hints) say(`${title} hints: ${hint}`);
	}

	/** One after another: two at once share an object in n8n, which the trigger's own tests try. */
	private async poll(step: PollStep, network: Network): Promise<void> {
		this.polling = this.polling.then(async () => await this.pollInTurn(step, network));
		await this.polling;
	}

	private async pollInTurn(step: PollStep, network: Network): Promise<void> {
		const { time, say, adobe, database } = this;
		if (step.isCalm) network.weather = cleared(this.weather);
		const { delivery = 'flowService', watchesDataflows = false } = this.scenario;
		const ofDataflows = watchesDataflows ? ['dataflowDisabled'] : [];
		const parameters = { triggerOn: [...TRIGGER_ON, ...ofDataflows], watch: 'all', delivery };
		const { Trigger } = this.processes[0] as Process;
		const trigger = new Trigger(adobe.emulator, parameters, database);
		say(`poll begins ${JSON.stringify(step)}`);
		const beganEpochMs = time.now;
		const polled = await trigger.poll(step.budgetMs, () => !step.isKilled);
		this.polls.push({ step, beganEpochMs, endedEpochMs: time.now, ...polled });
		const told = polled.events.map(({ eventId }) => String(eventId)).join(', ');
		say(
			`poll ends${step.isKilled ? ', and so does n8n' : ''}: ${told} ${polled.error?.split('\n')[0] ?? ''}`,
		);
	}

	private async runFlow({ flow, endsAfterMs, ends, failedRecords }: RunStep): Promise<void> {
		const { time, adobe, prepared, say } = this;
		const flowId = prepared.flows[flow] ?? '';
		const outcome = { status: ends, failedRecordCount: failedRecords, outputRecordCount: 10 };
		if (endsAfterMs === 0) {
			say(`run ${seedRun(adobe.state, { flowId, ...outcome }).id} has ${ends}`);
			return;
		}
		const { id } = seedRun(adobe.state, { flowId, status: 'inProgress' });
		say(`run ${id} begins`);
		await time.wait(endsAfterMs);
		updateRun(adobe.state, id, { ...outcome, completedAtUTC: adobe.state.clock.now() });
		say(`run ${id} has ${ends}`);
	}

	private async disturb(step: StrangerStep): Promise<void> {
		const { adobe } = this;
		const { stranger, state } = adobe;
		if (step.does === 'create') {
			const body = connectionBody(step.wanted);
			const made = await askAs(adobe, stranger, 'POST', '/connections', body);
			this.note((made.body as { id: string }).id, step.does);
			return;
		}
		const target = state[step.of].all().find(({ name }) => name === step.name);
		if (target === undefined) return;
		const path = `/${step.of}/${target.id}`;
		const patch = async (operation: object) =>
			await askAs(adobe, stranger, 'PATCH', path, [operation], { 'if-match': target.etag });
		const { status } = await this.strangersRequest(step, path, target.id, patch);
		if (status < 300) this.note(target.id, step.does);
	}

	private async strangersRequest(
		step: Exclude<StrangerStep, { does: 'create' }>,
		path: string,
		flowId: string,
		patch: (operation: object) => Promise<{ status: number }>,
	): Promise<{ status: number }> {
		const { adobe, time } = this;
		const { stranger } = adobe;
		switch (step.does) {
			case 'describe':
				return await patch({ op: 'add', path: '/description', value: 'by somebody else' });
			case 'rename':
				return await patch({ op: 'replace', path: '/name', value: `${step.name} (renamed)` });
			case 'replaceDetails':
				return await patch({
					op: 'replace',
					path: '/auth',
					value: connectionBody(step.wanted).auth,
				});
			case 'delete':
				return await askAs(adobe, stranger, 'DELETE', path);
			case 'disable':
			case 'enable':
				return await askAs(adobe, stranger, 'POST', `${path}/action?op=${step.does}`);
			case 'run': {
				const end = Math.floor(time.now / 1000);
				const params = {
					startTime: String(end),
					windowStartTime: String(end - 60),
					windowEndTime: String(end),
					deltaColumn: { name: 'updated_at' },
				};
				return await askAs(adobe, stranger, 'POST', '/runs', { flowId, params });
			}
		}
	}

	private note(id: string, does: StrangerStep['does']): void {
		this.say(`somebody else: ${does} ${id}`);
		this.strangers.push({ epochMs: this.time.now, id, does });
	}

	private sayWhatIsThere(before: ReadonlySet<string>): void {
		for (const { kind, id, maker, text } of everythingAt(this.adobe)) {
			const whose = maker === this.adobe.emulator.clientId ? 'ours' : "somebody else's";
			this.say(`at the end: ${kind} ${id} ${before.has(id) ? 'old, ' : ''}${whose} ${text}`);
		}
	}
}

/** Everything at Adobe that our nodes may make. */
function everythingAt({ state }: Adobe) {
	const { connections, sourceConnections, targetConnections, flows, mappingSets, runs } = state;
	const stores = { connections, sourceConnections, targetConnections, flows, runs };
	const ofFlowService = Object.entries(stores).flatMap(([kind, store]) =>
		store.all().map((one) => {
			const { id, createdClient: maker } = one;
			const {
				name,
				state: itsState,
				auth,
				description,
				flowId,
			} = one as unknown as Record<string, unknown>;
			const text = JSON.stringify({ name, state: itsState, description, auth, flowId });
			return { kind, id, maker, text };
		}),
	);
	const ofDataPrep = mappingSets.all().map(({ id, createdBy, mappings }) => {
		const isOurs = createdBy === state.firstClient.technicalAccountId;
		const maker = isOurs ? state.firstClient.clientId : '';
		return { kind: 'mappingSets', id, maker, text: `${mappings.length} mappings` };
	});
	return [...ofFlowService, ...ofDataPrep];
}

/** Whether a dataflow gets another mapping, and nothing runs it. */
function isOnlyMapped({ steps }: Scenario, flow: number): boolean {
	const about = steps
		.filter(isExecution)
		.filter(isChange)
		.flatMap(({ kind, items }) => items.map(({ index, mapping }) => ({ kind, index, mapping })))
		.filter(({ kind, index }) => !kind.endsWith('Connection') && index === flow);
	return (
		about.some(({ mapping }) => mapping !== undefined) &&
		!about.some(({ kind }) => ['run', 'retry', 'backfill'].includes(kind))
	);
}
