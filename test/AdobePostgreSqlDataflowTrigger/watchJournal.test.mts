import type { RunSignal } from '../../nodes/adobe/ioEvents/eventPayload';
import type { JournalPage, JournalStart } from '../../nodes/adobe/ioEvents/journal';
import { GONE } from '../../nodes/adobe/ioEvents/journal';
import type { Run } from '../../nodes/adobe/runModel';
import { RUN } from '../../nodes/adobe/runModel';
import type {
	JournalSource,
	NamedFlow,
} from '../../nodes/AdobePostgreSqlDataflowTrigger/journal/watchJournal';
import {
	MAX_WAITING,
	WAIT_FOR_RUN_MS,
	watchJournal,
} from '../../nodes/AdobePostgreSqlDataflowTrigger/journal/watchJournal';
import { watchRuns } from '../../nodes/AdobePostgreSqlDataflowTrigger/watchRuns';
import {
	freshState,
	readState,
	writeState,
} from '../../nodes/AdobePostgreSqlDataflowTrigger/watchState';

const MINUTE_MS = 60_000;
const LIMITS = { deadlineEpochMs: Infinity, maxRequests: 100 };
const ADDRESS = { organizationId: '1', credentialId: '2', registrationId: '3' };

/** What Flow Service and the journal show. */
class Adobe implements JournalSource {
	sandboxName = 'prod';
	pages: Array<Partial<JournalPage> | typeof GONE | Error> = [];
	shown = new Map<string, Run>();
	known = new Map<string, NamedFlow>([['flow', { isWatched: true, name: 'Orders' }]]);
	asked: string[] = [];
	failing: 'runs' | 'flows' | undefined;

	async read(start: JournalStart): Promise<JournalPage | typeof GONE> {
		this.asked.push(`journal ${'backMs' in start ? 'back' : Object.values(start).join()}`);
		const page = this.pages.shift() ?? { signals: [], count: 0 };
		if (page === GONE) return page;
		if (page instanceof Error) throw page;
		const { signals = [] } = page;
		const here = 'since' in start ? start.since : 'end';
		return { signals, count: signals.length, position: here, ...page };
	}

	async runs(ids: readonly string[]): Promise<Run[]> {
		this.asked.push(`runs ${ids.join()}`);
		if (this.failing === 'runs') throw new Error('no runs');
		return ids.flatMap((id) => this.shown.get(id) ?? []);
	}

	async flows(ids: readonly string[]): Promise<ReadonlyMap<string, NamedFlow>> {
		this.asked.push(`flows ${ids.join()}`);
		if (this.failing === 'flows') throw new Error('no flows');
		return new Map([...this.known].filter(([id]) => ids.includes(id)));
	}

	show(id: string, status: string, createdAt = Date.now(), flowId = 'flow'): void {
		const times = { startedAtUTC: createdAt, completedAtUTC: createdAt };
		const metrics = { statusSummary: { status }, durationSummary: times };
		this.shown.set(id, RUN.read({ id, raw: { id, flowId, createdAt, metrics } }));
	}
}

const told = (runId: string, kind: RunSignal['kind'] = 'succeeded', more = {}): RunSignal => ({
	runId,
	flowId: 'flow',
	sandboxName: 'prod',
	kind,
	...more,
});

/** A trigger from poll to poll: its state is written and read in between. */
class Trigger {
	data = {};

	constructor(readonly adobe: Adobe) {
		const now = Date.now();
		const journal = { address: ADDRESS, position: 'a', readEpochMs: now, sweptEpochMs: now };
		writeState(this.data, {
			...freshState('target', now - MINUTE_MS),
			clockChecked: true,
			journal: { ...journal, waiting: [] },
		});
	}

	get state() {
		const state = readState(this.data, 'target');
		if (state?.journal === undefined) throw new Error('No state');
		return { ...state, journal: state.journal };
	}

	async poll(...pages: Adobe['pages']) {
		this.adobe.pages = pages;
		this.adobe.asked = [];
		const { state } = this;
		const read = await watchJournal(state, this.adobe, LIMITS);
		writeState(this.data, state);
		return { ...read, ids: read.events.map(({ eventId }) => eventId) };
	}
}

describe('Reading the journal', () => {
	let adobe: Adobe;
	let trigger: Trigger;

	beforeEach(() => {
		adobe = new Adobe();
		trigger = new Trigger(adobe);
	});

	it('asks for nothing but the journal where that is at its end', async () => {
		expect((await trigger.poll()).ids).toEqual([]);
		expect(adobe.asked).toEqual(['journal a']);
	});

	it('asks for each run once, however often it is told of', async () => {
		adobe.show('x', 'success');
		adobe.show('y', 'failed');
		const { ids, names } = await trigger.poll(
			{ signals: [told('x', 'started'), told('x'), told('y', 'failed')], position: 'b' },
			{ signals: [told('x')], position: 'c' },
		);
		expect(ids).toEqual(['x:started', 'x:succeeded', 'y:started', 'y:failed']);
		expect([...names]).toEqual([['flow', 'Orders']]);
		expect(adobe.asked).toEqual([
			'journal a',
			'flows flow',
			'runs x,y',
			'journal b',
			'runs x',
			'journal c',
		]);
		expect((await trigger.poll({ signals: [told('x')] })).ids).toEqual([]);
		expect(trigger.state.journal.waiting).toEqual([]);
	});

	it('waits for a run that Flow Service does not show yet, or not yet as far', async () => {
		expect((await trigger.poll({ signals: [told('x')], position: 'b' })).ids).toEqual([]);
		adobe.show('x', 'inProgress');
		expect((await trigger.poll()).ids).toEqual(['x:started']);
		expect((await trigger.poll()).ids).toEqual([]);
		adobe.show('x', 'success');
		expect((await trigger.poll()).ids).toEqual(['x:succeeded']);
		await trigger.poll();
		expect(adobe.asked).toEqual(['journal b']);
	});

	it('does not wait for more than an event has told', async () => {
		adobe.show('x', 'inProgress');
		adobe.show('y', 'inProgress');
		await trigger.poll({ signals: [told('x', 'started'), told('y', 'other')], position: 'b' });
		await trigger.poll();
		expect(adobe.asked).toEqual(['journal b']);
	});

	it('gives a run up that is never shown, and says so', async () => {
		await trigger.poll({ signals: [told('x')] });
		const later = Date.now() + WAIT_FOR_RUN_MS + 1;
		const now = jest.spyOn(Date, 'now').mockReturnValue(later);
		const { givenUp } = await trigger.poll();
		now.mockRestore();
		expect(givenUp).toBe(1);
		expect(trigger.state.journal.waiting).toEqual([]);
	});

	it('waits for five thousand runs at most', async () => {
		const signals = Array.from({ length: MAX_WAITING + 10 }, (_, run) => told(`r${run}`));
		expect((await trigger.poll({ signals })).givenUp).toBe(10);
		expect(trigger.state.journal.waiting).toHaveLength(MAX_WAITING);
		expect(trigger.state.journal.waiting.at(-1)?.id).toBe(`r${MAX_WAITING + 9}`);
	});

	it('tells nothing again of a run that the lists have told of meanwhile', async () => {
		await trigger.poll({ signals: [told('x')], position: 'b' });
		const createdAt = Date.now();
		adobe.show('x', 'success', createdAt);
		adobe.show('later', 'success', createdAt + 60 * MINUTE_MS);
		const { state } = trigger;
		const now = createdAt + 61 * MINUTE_MS;
		const lists = {
			list: async () => ({ items: [...adobe.shown.values()], receivedAtEpochMs: now }),
			byId: async () => [],
		};
		const { events } = await watchRuns(state, ['flow'], lists, LIMITS);
		writeState(trigger.data, state);
		expect(events.map(({ eventId }) => eventId)).toContain('x:succeeded');
		expect(trigger.state.listFromEpochMs).toBeGreaterThan(createdAt);
		expect((await trigger.poll()).ids).toEqual([]);
		expect(trigger.state.journal.waiting).toEqual([]);
	});

	it('tells nothing of a run that was told of so long ago that it was forgotten', async () => {
		adobe.show('x', 'success', trigger.state.listFromEpochMs - 1);
		expect((await trigger.poll({ signals: [told('x')] })).ids).toEqual([]);
		expect(trigger.state.journal.waiting).toEqual([]);
	});

	it('passes over other sandboxes, and dataflows that are not watched', async () => {
		adobe.known.set('foreign', { isWatched: false });
		adobe.show('x', 'success', Date.now(), 'foreign');
		adobe.show('y', 'success', Date.now(), 'foreign');
		const { ids } = await trigger.poll({
			signals: [
				told('other', 'failed', { sandboxName: 'dev' }),
				told('x', 'failed', { flowId: 'foreign' }),
				// An event that does not name the dataflow, nor the sandbox.
				{ runId: 'y', kind: 'failed' },
			],
			position: 'b',
		});
		expect(ids).toEqual([]);
		expect(adobe.asked).toEqual(['journal a', 'flows foreign', 'runs y', 'journal b']);
		expect(trigger.state.journal.waiting).toEqual([]);
	});

	it('waits for a dataflow that is not shown yet', async () => {
		adobe.known.clear();
		adobe.show('x', 'success');
		expect((await trigger.poll({ signals: [told('x')] })).ids).toEqual([]);
		adobe.known.set('flow', { isWatched: true });
		expect((await trigger.poll()).ids).toEqual(['x:started', 'x:succeeded']);
	});

	it.each(['runs', 'flows'] as const)('keeps what it was told of where %s fail', async (which) => {
		adobe.show('x', 'success');
		adobe.failing = which;
		const { failure } = await trigger.poll({ signals: [told('x')], position: 'b' });
		expect(failure).toEqual(new Error(`no ${which}`));
		adobe.failing = undefined;
		expect((await trigger.poll()).ids).toEqual(['x:started', 'x:succeeded']);
		expect(adobe.asked[0]).toBe('journal b');
	});

	it('keeps what came before a failure of the journal', async () => {
		adobe.show('x', 'success');
		const read = await trigger.poll({ signals: [told('x')], position: 'b' }, new Error('cut'));
		expect(read.ids).toEqual(['x:started', 'x:succeeded']);
		expect(read.failure).toEqual(new Error('cut'));
		expect(trigger.state.journal.position).toBe('b');
	});

	it('goes on at the end where its position is gone, and remembers the gap', async () => {
		await trigger.poll(GONE, { position: 'new' });
		expect(adobe.asked).toEqual(['journal a', 'journal true']);
		expect(trigger.state.journal).toMatchObject({ position: 'new', hasGap: true });
	});

	it('reads back by time where Adobe has not said where it goes on', async () => {
		await trigger.poll({ position: undefined });
		await trigger.poll({ position: 'b' });
		expect(adobe.asked).toEqual(['journal back']);
		expect(trigger.state.journal).not.toHaveProperty('hasGap');
	});

	it.each([undefined, 'a'])('reads a page once that goes on at %s', async (position) => {
		adobe.show('x', 'success');
		const page = { signals: [told('x')], position };
		const { ids } = await trigger.poll(page, page, page);
		expect(ids).toEqual(['x:started', 'x:succeeded']);
		expect(adobe.asked).toEqual(['journal a', 'flows flow', 'runs x']);
	});

	it('stops where it may ask no more, and goes on there', async () => {
		for (let run = 0; run < 250; run++) adobe.show(`r${run}`, 'success');
		const signals = [...adobe.shown.keys()].map((id) => told(id));
		adobe.pages = [{ signals, position: 'b' }];
		const { state } = trigger;
		const read = await watchJournal(state, adobe, { ...LIMITS, maxRequests: 4 });
		writeState(trigger.data, state);
		expect(read).toMatchObject({ cutShort: true, requests: 4 });
		expect(read.events).toHaveLength(400);
		expect((await trigger.poll()).events).toHaveLength(100);
	});
});
