import type { ResourcePage } from '../../nodes/adobe/collection';
import type { Run } from '../../nodes/adobe/runModel';
import { RUN } from '../../nodes/adobe/runModel';
import type { RunSource, Watched } from '../../nodes/AdobePostgreSqlDataflowTrigger/watchRuns';
import {
	LOST_AFTER_MS,
	OVERLAP_MS,
	watchRuns,
} from '../../nodes/AdobePostgreSqlDataflowTrigger/watchRuns';
import type { WatchState } from '../../nodes/AdobePostgreSqlDataflowTrigger/watchState';
import {
	commitState,
	freshState,
	readState,
	writeState,
} from '../../nodes/AdobePostgreSqlDataflowTrigger/watchState';
import { Problem } from '../../nodes/platform/errors/problem';
import { randomFrom } from '../support/randomFrom.mts';
import { livesOf, STEP_MS } from './lives.mts';

const NOW = Date.UTC(2026, 5, 1);
const MINUTE_MS = 60_000;

interface Raw {
	id: string;
	flowId: string;
	createdAt: number;
	status: string;
	startedAtUTC?: number;
	completedAtUTC?: number;
	failedRecordCount?: number;
}

const readRun = (raw: Raw): Run =>
	RUN.read({
		id: raw.id,
		raw: {
			...raw,
			metrics: {
				statusSummary: { status: raw.status },
				durationSummary: { startedAtUTC: raw.startedAtUTC, completedAtUTC: raw.completedAtUTC },
				recordSummary: { failedRecordCount: raw.failedRecordCount },
			},
		},
	});

/** A run that changes is another object, so each is read once and not in every poll. */
const runsRead = new WeakMap<Raw, Run>();

function runOf(raw: Raw): Run {
	const run = runsRead.get(raw) ?? Object.freeze(readRun(raw));
	runsRead.set(raw, run);
	return run;
}

/** Adobe's list of runs, with everything that may go wrong with it. */
class Adobe implements RunSource {
	runs: Raw[] = [];
	pageSize = 100;
	nowEpochMs = NOW;
	/** How far this machine's clock is ahead of Adobe's. */
	aheadMs = 0;
	sorts = true;
	filters = true;
	/** Whether a token ends with the poll that it was given in. */
	tokensEnd = false;
	polls = 0;
	fails: unknown[] = [];
	requests: string[] = [];

	async list(
		flowIds: readonly string[],
		fromEpochMs: number,
		token: string | undefined,
	): Promise<ResourcePage<Run>> {
		this.requests.push(`list ${flowIds.length} ${token ?? ''}`.trim());
		const failure = this.fails.shift();
		if (failure !== undefined) throw failure;
		const [poll, from] = (token ?? `${this.polls}/0`).split('/').map(Number);
		if (poll !== this.polls && this.tokensEnd) {
			throw new Problem('No such token', { kind: 'rejected', details: { status: 400 } });
		}
		const all = this.filters
			? this.runs.filter((run) => flowIds.includes(run.flowId) && run.createdAt >= fromEpochMs)
			: this.runs;
		const sorted = this.sorts ? [...all].sort((a, b) => a.createdAt - b.createdAt) : all;
		const offset = from ?? 0;
		const end = offset + this.pageSize;
		return {
			items: sorted.slice(offset, end).map(runOf),
			next: end < sorted.length ? `${this.polls}/${end}` : undefined,
			answeredAtEpochMs: Math.floor(this.nowEpochMs / 1000) * 1000,
			receivedAtEpochMs: this.nowEpochMs + this.aheadMs,
		};
	}

	async byId(runIds: readonly string[]): Promise<Run[]> {
		this.requests.push(`byId ${runIds.length}`);
		const failure = this.fails.shift();
		if (failure !== undefined) throw failure;
		return this.runs.filter(({ id }) => runIds.includes(id)).map(runOf);
	}

	put(run: Raw): void {
		const at = this.runs.findIndex(({ id }) => id === run.id);
		if (at < 0) this.runs.push(run);
		else this.runs[at] = run;
	}
}

/** A trigger whose state is stored as n8n does between any two polls. */
class Trigger {
	stored = '{}';

	constructor(
		private readonly adobe: Adobe,
		private readonly flows: string[] = ['flow'],
		activatedEpochMs = NOW,
	) {
		this.save(freshState('target', activatedEpochMs));
	}

	get state(): WatchState {
		const state = readState(JSON.parse(this.stored), 'target');
		if (state === undefined) throw new Error('The state can’t be read back');
		return state;
	}

	async poll(maxRequests = 100, deadlineEpochMs = Infinity): Promise<Watched & { ids: string[] }> {
		const state = this.state;
		this.adobe.polls++;
		const limits = { maxRequests, deadlineEpochMs };
		const watched = await watchRuns(state, this.flows, this.adobe, limits);
		this.save(state);
		return { ...watched, ids: watched.events.map(({ eventId }) => eventId) };
	}

	private save(state: WatchState): void {
		const data = {};
		writeState(data, state);
		this.stored = JSON.stringify(data);
	}
}

const run = (id: string, createdAt: number, more: Partial<Raw> = {}): Raw => ({
	id,
	flowId: 'flow',
	createdAt,
	status: 'success',
	startedAtUTC: createdAt,
	completedAtUTC: createdAt,
	...more,
});

describe('Watching runs', () => {
	it.each<[string, Partial<Adobe>, flows: number]>([
		['one dataflow, sorted', {}, 1],
		['one dataflow, small pages', { pageSize: 7 }, 1],
		['one dataflow, unsorted', { sorts: false, pageSize: 30 }, 1],
		['one dataflow, tokens that end with the poll', { tokensEnd: true, pageSize: 20 }, 1],
		['120 dataflows, so three lists', { pageSize: 20 }, 120],
		['filters that are not obeyed', { filters: false, pageSize: 50 }, 1],
	])(
		'tells every event of 2,000 runs once: %s',
		async (_what, set, flowCount) => {
			for (const seed of [1, 2]) {
				const random = randomFrom(seed + 100);
				const adobe = Object.assign(new Adobe(), set);
				const flows = Array.from({ length: flowCount }, (_, index) => `flow${index}`);
				const trigger = new Trigger(adobe, flows);
				const lives = livesOf(2_000, 60, seed, NOW);
				const told: string[] = [];
				const pollOnce = async () => {
					const chance = random();
					if (chance < 0.1) adobe.fails = [new Error('failed')];
					else if (chance < 0.2) adobe.fails = [undefined, new Error('failed on the way')];
					const { ids } = await trigger.poll(chance > 0.6 ? 1 + Math.floor(random() * 4) : 100);
					adobe.fails = [];
					told.push(...ids);
				};
				for (const [index, step] of lives.steps.entries()) {
					adobe.nowEpochMs = NOW + (index + 2) * STEP_MS + 1_000;
					for (const { run: number, ...look } of step) {
						const flowId = flows[number % flowCount] ?? '';
						adobe.put({ id: String(number), flowId, ...look });
					}
					await pollOnce();
					if (random() < 0.5) await pollOnce();
				}
				for (let quiet = 0; quiet < 3; ) {
					const { ids, cutShort, failure } = await trigger.poll();
					told.push(...ids);
					if (ids.length === 0 && !cutShort && failure === undefined) quiet++;
				}
				expect(told.toSorted()).toStrictEqual(lives.expected);
				// Nothing but the runs of the last minutes is remembered.
				expect(trigger.state.runs.length).toBeLessThan(400);
			}
		},
		60_000,
	);

	it('tells in the order that things happened, by run where that was at the same time', async () => {
		const adobe = new Adobe();
		adobe.runs = [
			run('b', NOW + 1_000),
			run('a', NOW + 1_000, { status: 'failed' }),
			run('c', NOW + 500, { completedAtUTC: NOW + 9_000, failedRecordCount: 1 }),
		];
		const { ids } = await new Trigger(adobe).poll();
		expect(ids).toStrictEqual([
			'c:started',
			'a:started',
			'a:failed',
			'b:started',
			'b:succeeded',
			'c:rejectedRecords',
		]);
	});

	it('tells no history, but the end of a run that was under way when it was activated', async () => {
		const adobe = new Adobe();
		adobe.runs = [
			run('old', NOW - 60 * MINUTE_MS),
			run('inFlight', NOW - 60 * MINUTE_MS, { status: 'inProgress', completedAtUTC: undefined }),
		];
		const trigger = new Trigger(adobe);
		expect((await trigger.poll()).ids).toStrictEqual([]);
		adobe.nowEpochMs += 2 * MINUTE_MS;
		adobe.put(run('inFlight', NOW - 60 * MINUTE_MS, { completedAtUTC: NOW + MINUTE_MS }));
		expect((await trigger.poll()).ids).toStrictEqual(['inFlight:succeeded']);
	});

	it.each([
		['hours ahead', 9 * 60 * MINUTE_MS],
		['hours behind', -9 * 60 * MINUTE_MS],
		['a second ahead', 1_000],
	])('goes by Adobe’s clock where this machine’s is %s', async (_what, aheadMs) => {
		const adobe = Object.assign(new Adobe(), { aheadMs });
		adobe.runs = [run('before', NOW - 10 * MINUTE_MS)];
		const trigger = new Trigger(adobe, ['flow'], NOW + aheadMs);
		adobe.runs.push(run('after', NOW + MINUTE_MS));
		adobe.nowEpochMs = NOW + 2 * MINUTE_MS;
		expect((await trigger.poll()).ids).toStrictEqual(['after:started', 'after:succeeded']);
	});

	it('goes by this machine’s clock where Adobe’s answers have no date', async () => {
		const adobe = new Adobe();
		const list = adobe.list.bind(adobe);
		adobe.list = async (...asked) => ({ ...(await list(...asked)), answeredAtEpochMs: undefined });
		adobe.runs = [run('before', NOW - MINUTE_MS), run('after', NOW + 1)];
		expect((await new Trigger(adobe).poll()).ids).toStrictEqual([
			'after:started',
			'after:succeeded',
		]);
	});

	it('goes by the next best time where one is missing, and by Adobe’s words for the state', async () => {
		const adobe = new Adobe();
		const none = { startedAtUTC: undefined, completedAtUTC: undefined };
		adobe.runs = [
			run('bare', NOW + 1, none),
			run('odd', NOW + 2, { ...none, status: 'paused' }),
			run('begun', NOW + 3, { ...none, status: 'paused', startedAtUTC: NOW + 3 }),
			run('over', NOW + 4, { ...none, status: 'cancelled', completedAtUTC: NOW + 5 }),
			{ ...run('late', NOW, { status: 'failed' }), createdAt: undefined as never },
		];
		adobe.filters = false;
		const { ids } = await new Trigger(adobe).poll();
		expect(ids).toStrictEqual([
			'late:started',
			'late:failed',
			'bare:started',
			'bare:succeeded',
			'begun:started',
			'over:started',
			'over:failed',
		]);
	});

	it('stops asking for runs under way when the poll may not ask any more, and goes on with the others', async () => {
		const adobe = new Adobe();
		const trigger = new Trigger(adobe);
		const long = { status: 'inProgress', completedAtUTC: undefined };
		adobe.nowEpochMs = NOW + MINUTE_MS;
		adobe.runs = Array.from({ length: 120 }, (_, index) => run(`r${index}`, NOW + index, long));
		await trigger.poll();
		adobe.nowEpochMs = NOW + 60 * MINUTE_MS;
		adobe.put(run('newest', NOW + 59 * MINUTE_MS));
		await trigger.poll();
		for (let index = 0; index < 120; index++) adobe.put(run(`r${index}`, NOW + index));
		const told = new Set<string>();
		for (const expected of [50, 100, 120]) {
			const { ids, cutShort } = await trigger.poll(2);
			for (const id of ids) told.add(id);
			expect([told.size, cutShort]).toStrictEqual([expected, expected < 120]);
		}
	});

	it('finds a run that Adobe shows as late as the overlap allows, and no later', async () => {
		const adobe = new Adobe();
		const trigger = new Trigger(adobe);
		adobe.nowEpochMs = NOW + 60 * MINUTE_MS;
		const newest = NOW + 50 * MINUTE_MS;
		adobe.runs = [run('newest', newest)];
		await trigger.poll();
		adobe.runs.push(run('late', newest - OVERLAP_MS), run('tooLate', newest - OVERLAP_MS - 1));
		expect((await trigger.poll()).ids).toStrictEqual(['late:started', 'late:succeeded']);
	});

	it('finds a run that comes late when nothing newer has come, however late it is', async () => {
		const adobe = new Adobe();
		const trigger = new Trigger(adobe);
		for (let hour = 1; hour < 12; hour++) {
			adobe.nowEpochMs = NOW + hour * 60 * MINUTE_MS;
			expect((await trigger.poll()).ids).toStrictEqual([]);
		}
		adobe.runs = [run('late', NOW + MINUTE_MS)];
		expect((await trigger.poll()).ids).toStrictEqual(['late:started', 'late:succeeded']);
	});

	it('asks for runs under way by their IDs until they end, days later', async () => {
		const adobe = new Adobe();
		const trigger = new Trigger(adobe);
		const long = { completedAtUTC: undefined, status: 'inProgress' };
		adobe.nowEpochMs = NOW + MINUTE_MS;
		adobe.runs = [run('long', NOW, long), run('__proto__', NOW, { status: 'scheduled' })];
		expect((await trigger.poll()).ids).toStrictEqual(['long:started']);
		for (let day = 1; day < 5; day++) {
			adobe.nowEpochMs = NOW + day * 24 * 60 * MINUTE_MS;
			adobe.put(run(`day${day}`, adobe.nowEpochMs - MINUTE_MS));
			expect((await trigger.poll()).ids).toHaveLength(2);
			expect(adobe.requests.at(-1)).toBe(day === 1 ? 'list 1' : 'byId 2');
		}
		adobe.put(run('long', NOW, { completedAtUTC: adobe.nowEpochMs, status: 'failed' }));
		adobe.put(run('__proto__', NOW, { startedAtUTC: adobe.nowEpochMs }));
		expect((await trigger.poll()).ids).toStrictEqual([
			'__proto__:succeeded',
			'__proto__:started',
			'long:failed',
		]);
		expect((await trigger.poll()).ids).toStrictEqual([]);
	});

	it('no longer looks at a run that is under way for longer than thirty days', async () => {
		const adobe = new Adobe();
		const trigger = new Trigger(adobe);
		adobe.runs = [run('stuck', NOW, { status: 'inProgress', completedAtUTC: undefined })];
		await trigger.poll();
		adobe.nowEpochMs = NOW + LOST_AFTER_MS + 1_000;
		await trigger.poll();
		expect(trigger.state.runs).toStrictEqual([]);
	});

	it('goes on with the next page where a poll was cut short, and then with the next list', async () => {
		const adobe = Object.assign(new Adobe(), { pageSize: 1 });
		adobe.nowEpochMs = NOW + 10 * MINUTE_MS;
		adobe.runs = ['a', 'b', 'c'].map((id, index) => run(id, NOW + index));
		const trigger = new Trigger(adobe);
		const first = await trigger.poll(1);
		expect([first.ids, first.cutShort]).toStrictEqual([['a:started', 'a:succeeded'], true]);
		const past = await trigger.poll(100, 0);
		expect([past.ids, past.cutShort]).toStrictEqual([['b:started', 'b:succeeded'], true]);
		const last = await trigger.poll();
		expect([last.ids, last.cutShort]).toStrictEqual([['c:started', 'c:succeeded'], false]);
		expect(adobe.requests).toStrictEqual(['list 1', 'list 1 1/1', 'list 1 2/2']);
	});

	it('begins a list anew when Adobe does not know the token of an earlier poll any more', async () => {
		const adobe = Object.assign(new Adobe(), { pageSize: 2 });
		adobe.nowEpochMs = NOW + 60 * MINUTE_MS;
		adobe.runs = Array.from({ length: 9 }, (_, index) =>
			run(String(index), NOW + index * 4 * MINUTE_MS),
		);
		const trigger = new Trigger(adobe);
		await trigger.poll(2);
		adobe.tokensEnd = true;
		const told: string[] = [];
		// Sorted lists get on even so: each one begins where the last page was.
		for (let poll = 0; poll < 20; poll++) told.push(...(await trigger.poll(1)).ids);
		told.push(...(await trigger.poll()).ids);
		expect(new Set(told).size).toBe(told.length);
		expect(told).toHaveLength(10);
	});

	it('keeps what came before a failure, and tells it once', async () => {
		const adobe = Object.assign(new Adobe(), { pageSize: 1 });
		adobe.nowEpochMs = NOW + MINUTE_MS;
		adobe.runs = [run('a', NOW), run('b', NOW)];
		adobe.fails = [undefined, new Error('The line was cut')];
		const trigger = new Trigger(adobe);
		const first = await trigger.poll();
		expect(first.ids).toStrictEqual(['a:started', 'a:succeeded']);
		expect(first.failure).toStrictEqual(new Error('The line was cut'));
		expect((await trigger.poll()).ids).toStrictEqual(['b:started', 'b:succeeded']);
	});

	it('gives a list up whose pages go round, and gets on in the next poll', async () => {
		const adobe = Object.assign(new Adobe(), { pageSize: 1 });
		adobe.nowEpochMs = NOW + MINUTE_MS;
		adobe.runs = [run('a', NOW), run('b', NOW), run('c', NOW)];
		const list = adobe.list.bind(adobe);
		adobe.list = async (...asked) => ({ ...(await list(...asked)), next: '1/1' });
		const trigger = new Trigger(adobe);
		const first = await trigger.poll();
		expect(first.failure).toBeInstanceOf(Problem);
		adobe.list = list;
		const second = await trigger.poll();
		expect([...first.ids, ...second.ids].sort()).toStrictEqual(
			['a', 'b', 'c'].flatMap((id) => [`${id}:started`, `${id}:succeeded`]),
		);
	});

	it('passes over what is no run of its dataflows, and runs without any time', async () => {
		const adobe = Object.assign(new Adobe(), { filters: false });
		adobe.runs = [
			run('foreign', NOW, { flowId: 'another' }),
			{ id: 'timeless', flowId: 'flow', status: 'success' } as Raw,
			run('mine', NOW),
		];
		expect((await new Trigger(adobe).poll()).ids).toStrictEqual(['mine:started', 'mine:succeeded']);
	});

	it('never takes a run back that shows an older state', async () => {
		const adobe = new Adobe();
		adobe.nowEpochMs = NOW + MINUTE_MS;
		adobe.runs = [run('a', NOW)];
		const trigger = new Trigger(adobe);
		await trigger.poll();
		adobe.put(run('a', NOW, { status: 'inProgress' }));
		expect((await trigger.poll()).ids).toStrictEqual([]);
		adobe.put(run('a', NOW, { status: 'failed' }));
		expect((await trigger.poll()).ids).toStrictEqual([]);
	});

	it('asks nothing while there is no dataflow, and finds the first one’s runs', async () => {
		const adobe = new Adobe();
		const flows: string[] = [];
		const trigger = new Trigger(adobe, flows);
		await trigger.poll();
		expect(adobe.requests).toStrictEqual([]);
		flows.push('flow');
		adobe.nowEpochMs = NOW + 60 * MINUTE_MS;
		adobe.runs = [run('first', NOW + MINUTE_MS)];
		expect((await trigger.poll()).ids).toHaveLength(2);
	});
});

describe('The state of the trigger', () => {
	const good = freshState('target', NOW);
	const list = { flowIds: ['a'], fromEpochMs: 1, newestEpochMs: 0, sorted: true };
	const round = { newestEpochMs: 0, doneThrough: '' };

	it.each<[string, unknown]>([
		['nothing', {}],
		['another version', { ...good, version: 2 }],
		['another target', { ...good, target: 'other' }],
		['no times', { ...good, cursorEpochMs: null }],
		['times as texts', { ...good, listFromEpochMs: '5' }],
		['runs that are no list', { ...good, runs: {} }],
		['a run without a time', { ...good, runs: [['a']] }],
		['a run in no stage', { ...good, runs: [['a', 1, 3]] }],
		['a run that is a text', { ...good, runs: ['a'] }],
		['a round that is none', { ...good, round: 5 }],
		[
			'a round with a damaged list',
			{ ...good, round: { ...round, list: { ...list, flowIds: 1 } } },
		],
		['a list of no dataflow', { ...good, round: { ...round, list: { ...list, flowIds: [] } } }],
		['a token that is no text', { ...good, round: { ...round, list: { ...list, token: 5 } } }],
	])('is not taken from %s', (_what, data) => {
		expect(readState(data as never, 'target')).toBeUndefined();
	});

	it('is read back as it was written, and leaves nothing of what was there', () => {
		const data: Record<string, unknown> = { foreign: 1, round: { old: true } };
		writeState(data as never, good);
		expect(data).toStrictEqual(good);
		const open = { ...good, round: { ...round, beganEpochMs: 5, list: { ...list, token: 'x' } } };
		writeState(data as never, open);
		expect(readState(data as never, 'target')).toStrictEqual(open);
		writeState(data as never, good);
		expect(readState(data as never, 'target')).toStrictEqual(good);
	});

	it('of two polls at once takes the first and not the second', () => {
		const data = {};
		writeState(data, good);
		const [first, second] = [readState(data, 'target'), readState(data, 'target')];
		if (first === undefined || second === undefined) throw new Error('No state');
		first.cursorEpochMs = 1;
		second.cursorEpochMs = 2;
		expect(commitState(data, first)).toBe(true);
		expect(commitState(data, second)).toBe(false);
		expect(readState(data, 'target')).toMatchObject({ cursorEpochMs: 1, revision: 1 });
		writeState(data, freshState('other', NOW));
		expect(commitState(data, first)).toBe(false);
	});
});
