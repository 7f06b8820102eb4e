import { readFileSync } from 'node:fs';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator, Fault } from '../../emulator/emulator.mts';
import { AdobePostgreSqlDataflowTrigger } from '../../nodes/AdobePostgreSqlDataflowTrigger/AdobePostgreSqlDataflowTrigger.node';
import { imsCredential, startAdobe, withAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { editorContext, wire } from '../support/core.mts';
import type { OutputSchema } from '../support/outputSchema.mts';
import { expectOutput } from '../support/outputSchema.mts';
import type { PollOptions } from '../support/poll.mts';
import { Poller } from '../support/poll.mts';
import { randomFrom } from '../support/randomFrom.mts';
import { livesOf, STEP_MS } from './lives.mts';

const RUNS = '/data/foundation/flowservice/runs';
const FLOW = '/data/foundation/flowservice/flows/{id}';
const EVERYTHING = ['failed', 'started', 'succeeded', 'rejectedRecords'];
const MINUTE_MS = 60_000;

/** Dataflows that are there to be watched; they have no runs of their own. */
async function makeFlows(adobe: Emulator, ...names: string[]): Promise<string[]> {
	const [made] = await runConnectionNode(adobe, { operation: 'create', name: `Of ${names[0]}` });
	return adobe.markInUse(String(made?.json.connectionId), names).map(({ id }) => id);
}

const byId = (flowId: string | undefined): INodeParameters => ({
	watch: 'one',
	flowId: { __rl: true, mode: 'id', value: flowId ?? '' },
});

/** A trigger that was activated some time ago, and what has happened since then. */
async function activated(
	adobe: Emulator,
	parameters: INodeParameters,
	agoMs = 60 * MINUTE_MS,
): Promise<Poller> {
	const poller = new Poller(adobe, { triggerOn: EVERYTHING, ...parameters });
	const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - agoMs);
	try {
		expect(await poller.poll()).toBeNull();
	} finally {
		now.mockRestore();
	}
	return poller;
}

const idsOf = (items: IDataObject[] | null) => (items ?? []).map(({ eventId }) => eventId);

describe('The trigger', () => {
	let adobe: Emulator;
	let flowId: string;
	let other: string;

	beforeEach(async () => {
		adobe = await startAdobe();
		[flowId = '', other = ''] = await makeFlows(adobe, 'Orders', 'Customers');
		adobe.journal.length = 0;
	});

	afterEach(async () => await adobe.close());

	it('tells every event of 2,000 runs exactly once, whatever happens between and in the polls', async () => {
		const stepCount = 40;
		const begin = Date.now() - (stepCount + 3) * STEP_MS;
		const poller = await activated(adobe, { watch: 'all' }, Date.now() - begin);
		const lives = livesOf(2_000, stepCount, 7, begin);
		const random = randomFrom(8);
		const ids = new Map<number, string>();
		const numbers = new Map<string, number>();
		const told: string[] = [];
		let failed = 0;
		const pollOnce = async (options: PollOptions) => {
			try {
				for (const item of (await poller.poll(options)) ?? []) {
					told.push(`${numbers.get(String(item.runId))}:${String(item.event)}`);
					expect(item.eventId).toBe(`${String(item.runId)}:${String(item.event)}`);
				}
			} catch {
				failed++;
			}
		};
		const faults: Array<Fault | undefined> = [
			{ path: RUNS, kind: 'status', status: 403 },
			{ path: RUNS, kind: 'status', status: 403, skip: 1 },
			{ path: RUNS, kind: 'malformed', skip: 1 },
			{ path: RUNS, kind: 'status', status: 429, headers: { 'retry-after': '900' } },
			{ path: RUNS, kind: 'reset', skip: 1 },
			{ path: '/data/foundation/flowservice/flows', kind: 'status', status: 404 },
			// So that the budget ends in the middle of the list.
			{ path: RUNS, kind: 'delay', delayMs: 60, skip: 1, times: 2 },
			undefined,
			undefined,
			undefined,
		];
		for (const step of lives.steps) {
			for (const { run, ...look } of step) {
				const known = ids.get(run);
				if (known !== undefined) {
					adobe.updateRun(known, look);
					continue;
				}
				const { id } = adobe.seedRun({ ...look, flowId: run % 2 === 0 ? flowId : other });
				ids.set(run, id);
				numbers.set(id, run);
			}
			const fault = faults[Math.floor(random() * faults.length)];
			if (fault !== undefined) adobe.addFault(fault);
			await pollOnce({ budgetMs: fault?.kind === 'delay' ? 100 : random() < 0.5 ? 3_000 : 'none' });
		}
		const failedOnTheWay = failed;
		for (let quiet = 0; quiet < 2; quiet++) {
			const before = told.length;
			await pollOnce({});
			if (told.length > before) quiet = -1;
		}
		expect(told.toSorted()).toStrictEqual(lives.expected);
		expect(failedOnTheWay).toBeGreaterThan(0);
		expect(failed - failedOnTheWay).toBeLessThan(5);
		expect(poller.stored.length).toBeLessThan(40_000);
	}, 240_000);

	it('when it is activated tells nothing and asks Adobe for nothing', async () => {
		adobe.seedRun({ flowId, status: 'failed' });
		const poller = new Poller(adobe, { triggerOn: EVERYTHING, ...byId(flowId) });
		expect(await poller.poll()).toBeNull();
		expect(poller.changed).toBe(true);
		expect(adobe.journal).toHaveLength(0);
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(await poller.poll()).toBeNull();
		adobe.seedRun({ flowId, status: 'failed' });
		expect(await poller.poll()).toHaveLength(2);
		expect(await poller.poll()).toBeNull();
	});

	it.each<[string, INodeParameters]>([
		['the dataflow', { flowId: { __rl: true, mode: 'id', value: 'another-flow' } }],
		['the scope', { watch: 'all' }],
		['the events', { triggerOn: ['failed', 'started'] }],
		['the sandbox', { options: { sandboxName: 'dev' } }],
	])('begins anew, without any history, when %s is changed', async (_what, changes) => {
		const poller = await activated(adobe, byId(flowId));
		adobe.seedRun({ flowId, status: 'failed' });
		expect(await poller.poll()).toHaveLength(2);
		const { target, revision } = poller.state;
		expect(revision).toBe(1);
		poller.parameters = { ...poller.parameters, ...changes };
		adobe.journal.length = 0;
		expect(await poller.poll()).toBeNull();
		expect(poller.state).toMatchObject({ revision: 0, runs: [] });
		expect(poller.state.target).not.toBe(target);
		expect(adobe.journal).toHaveLength(0);
	});

	it('goes on where it was when only the form of the output is changed', async () => {
		const poller = await activated(adobe, byId(flowId));
		adobe.seedRun({ flowId, status: 'failed' });
		poller.parameters = { ...poller.parameters, simplify: false };
		expect(await poller.poll()).toHaveLength(2);
	});

	it('begins anew when what n8n has stored is damaged', async () => {
		const poller = await activated(adobe, byId(flowId));
		poller.state = { ...poller.state, runs: 'damaged' };
		expect(await poller.poll()).toBeNull();
		expect(poller.state.runs).toStrictEqual([]);
	});

	it.each([
		[['failed'], ['bad:failed']],
		[['succeeded'], ['good:succeeded']],
		[['rejectedRecords'], ['partly:rejectedRecords']],
		[['started'], ['bad:started', 'good:started', 'partly:started', 'going:started']],
		[
			['failed', 'rejectedRecords'],
			['bad:failed', 'partly:rejectedRecords'],
		],
	])('starts on %j and on nothing else', async (triggerOn, expected) => {
		const poller = await activated(adobe, { ...byId(flowId), triggerOn });
		const at = Date.now() - 10 * MINUTE_MS;
		const names = new Map(
			[
				['bad', { status: 'failed' as const }],
				['good', { status: 'success' as const, outputRecordCount: 5 }],
				['partly', { status: 'success' as const, outputRecordCount: 5, failedRecordCount: 1 }],
				['going', { status: 'inProgress' as const }],
				['waiting', { status: 'scheduled' as const }],
			].map(([name, outcome], index) => {
				const run = { flowId, createdAt: at + index, ...(outcome as { status: 'failed' }) };
				return [adobe.seedRun(run).id, name as string];
			}),
		);
		const items = (await poller.poll()) ?? [];
		expect(items.map(({ runId, event }) => `${names.get(String(runId))}:${String(event)}`)).toEqual(
			expected,
		);
	});

	it('gives one item an event, simplified, with counts and every reason in words', async () => {
		const poller = await activated(adobe, { ...byId(flowId), triggerOn: ['rejectedRecords'] });
		const at = Date.now() - 10 * MINUTE_MS;
		const { id } = adobe.seedRun({
			flowId,
			status: 'success',
			createdAt: at,
			startedAtUTC: at,
			completedAtUTC: at + 65_000,
			inputRecordCount: 100,
			outputRecordCount: 97,
			failedRecordCount: 3,
			errors: [{ code: 'MAPPER-3700-400', message: 'Mapper Transform Error', recordCount: 3 }],
		});
		expect(await poller.poll()).toStrictEqual([
			{
				summary: expect.stringMatching(/^97 records written, 3 records rejected\. .*Mapper/),
				event: 'rejectedRecords',
				status: 'success',
				flowName: 'Orders',
				recordsRead: 100,
				recordsWritten: 97,
				recordsRejected: 3,
				succeeded: true,
				hasRejectedRecords: true,
				advice: expect.stringContaining('mapping'),
				startedAt: iso(at),
				completedAt: iso(at + 65_000),
				durationSeconds: 65,
				windowStart: iso(0),
				windowEnd: iso(at),
				bytesRead: 0,
				bytesWritten: 0,
				filesRead: 1,
				filesWritten: 1,
				createdAt: iso(at),
				updatedAt: expect.any(String),
				eventId: `${id}:rejectedRecords`,
				runId: id,
				flowId,
				sandboxName: 'prod',
				errors: expect.arrayContaining([
					{
						activity: 'promotionActivity',
						code: 'MAPPER-3700-400',
						message: 'Mapper Transform Error',
						recordCount: 3,
						text: 'Writing to the dataset: Mapper Transform Error (MAPPER-3700-400, 3 records)',
					},
				]),
			},
		]);
		expect(poller.changed).toBe(true);
	});

	it('without Simplify gives all that Adobe has sent', async () => {
		const poller = await activated(adobe, { ...byId(flowId), simplify: false });
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		const [started, failed] = (await poller.poll()) ?? [];
		expect(started).toMatchObject({ eventId: `${id}:started`, runId: id });
		expect(failed).toMatchObject({
			eventId: `${id}:failed`,
			event: 'failed',
			flowName: 'Orders',
			runId: id,
			metrics: { statusSummary: { status: 'failed' } },
			activities: expect.any(Array),
		});
	});

	it('of one dataflow tells nothing of another, and of every dataflow also those that are new', async () => {
		const one = await activated(adobe, byId(flowId));
		const all = await activated(adobe, { watch: 'all' });
		const mine = adobe.seedRun({ flowId, status: 'success' });
		adobe.seedRun({ flowId: other, status: 'success' });
		expect(idsOf(await one.poll())).toStrictEqual([`${mine.id}:started`, `${mine.id}:succeeded`]);
		expect(idsOf(await all.poll())).toHaveLength(4);
		const [added = ''] = await makeFlows(adobe, 'Added');
		const { id } = adobe.seedRun({ flowId: added, status: 'failed' });
		expect(idsOf(await all.poll())).toStrictEqual([`${id}:started`, `${id}:failed`]);
		expect(idsOf(await one.poll())).toStrictEqual([]);
	});

	it('tells nothing twice and misses nothing when n8n ends without storing its state', async () => {
		const poller = await activated(adobe, { watch: 'all', triggerOn: ['failed'] });
		const long = adobe.seedRun({ flowId, status: 'inProgress' });
		const bad = adobe.seedRun({ flowId, status: 'failed' });
		expect(idsOf(await poller.poll())).toStrictEqual([`${bad.id}:failed`]);
		// What n8n stores: the state behind items that it has passed on.
		const saved = poller.stored;
		adobe.seedRun({ flowId, status: 'success' });
		expect(await poller.poll()).toBeNull();
		poller.stored = saved;
		adobe.updateRun(long.id, { status: 'failed' });
		const worse = adobe.seedRun({ flowId: other, status: 'failed' });
		expect(idsOf(await poller.poll()).sort()).toStrictEqual(
			[`${long.id}:failed`, `${worse.id}:failed`].sort(),
		);
	});

	it('says in the log when there is more than one poll can read, and goes on in the next', async () => {
		const poller = await activated(adobe, { ...byId(flowId), triggerOn: ['failed'] });
		expect(await poller.poll()).toBeNull();
		adobe.journal.length = 0;
		const at = Date.now() - 30 * MINUTE_MS;
		for (let run = 0; run < 450; run++) {
			adobe.seedRun({ flowId, status: 'failed', createdAt: at + Math.floor(run / 7) });
		}
		const realNow = performance.now.bind(performance);
		// Four of the five minutes that a host grants which does not say pass with the first page.
		const clock = jest.spyOn(performance, 'now').mockImplementation(() => {
			const asked = adobe.journal.some(({ path }) => path.startsWith(RUNS));
			return realNow() + (asked ? 4 * MINUTE_MS : 0);
		});
		let told: unknown[] = [];
		try {
			told = idsOf(await poller.poll({ budgetMs: 'none' }));
		} finally {
			clock.mockRestore();
		}
		expect(told).toHaveLength(100);
		expect(poller.warnings).toHaveLength(1);
		expect(poller.state.round).toMatchObject({ list: { token: expect.any(String) } });
		told.push(...idsOf(await poller.poll()));
		expect(new Set(told).size).toBe(450);
		expect(told).toHaveLength(450);
		expect(poller.state.round).toBeUndefined();
	});

	it('tells what has happened once when two polls go on at once', async () => {
		const poller = await activated(adobe, byId(flowId));
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		const [one, two] = await poller.pollTwiceAtOnce();
		expect([one, two].filter((items) => items === null)).toHaveLength(1);
		expect(idsOf(one ?? two ?? null)).toStrictEqual([`${id}:started`, `${id}:failed`]);
		expect(await poller.poll()).toBeNull();
	});

	it.each<[string, Fault, string, object]>([
		[
			'429 with a time to wait',
			{ kind: 'status', status: 429, headers: { 'retry-after': '900' } },
			'limits the rate of requests',
			{ cause: 'rate-limited', retryAfterMs: 900_000 },
		],
		[
			'503 with a time to wait',
			{ kind: 'status', status: 503, headers: { 'retry-after': '900' } },
			'could not answer',
			{ cause: 'temporarily-unavailable', retryAfterMs: 900_000 },
		],
		[
			'403',
			{ kind: 'status', status: 403 },
			'is not allowed to do this',
			{ cause: 'credential-invalid' },
		],
		['401', { kind: 'status', status: 401 }, 'access token', { cause: 'credential-invalid' }],
		[
			'a page of a proxy',
			{ kind: 'malformed' },
			'in a form this node does not know',
			{ cause: 'temporarily-unavailable' },
		],
	])(
		'throws one error that says why to n8n’s back-off: %s',
		async (_what, fault, says, failure) => {
			const poller = await activated(adobe, byId(flowId));
			const before = poller.state;
			adobe.addFault({ path: RUNS, times: 99, ...fault });
			const { error, thrown } = await caught(async () => await poller.poll({ budgetMs: 4_000 }));
			expect(thrown.message).toContain(says);
			expect(thrown.description).not.toBe('');
			expect(error).toMatchObject({ failure });
			expect(thrown.whole).not.toContain(adobe.clientSecret);
			expect({ ...poller.state, revision: 0, round: 0 }).toStrictEqual({
				...before,
				revision: 0,
				round: 0,
			});
		},
		30_000,
	);

	it('says that the sign-in was refused, and why to n8n’s back-off', async () => {
		const poller = await activated(adobe, byId(flowId));
		Object.assign(poller, { ims: { clientSecret: 'wrong' } });
		const { error, thrown } = await caught(async () => await poller.poll());
		expect(thrown.message).toContain("'Client Secret'");
		expect(error).toMatchObject({ failure: { cause: 'credential-invalid' } });
	});

	it('says when the dataflow is gone, but first tells what has happened to its runs', async () => {
		const poller = await activated(adobe, byId(flowId));
		adobe.addFault({ path: FLOW, kind: 'status', status: 404, times: 2 });
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		expect(idsOf(await poller.poll())).toStrictEqual([`${id}:started`, `${id}:failed`]);
		const { error, thrown } = await caught(async () => await poller.poll());
		expect(thrown.message).toBe(`The dataflow '${flowId}' was not found in the sandbox 'prod'`);
		expect(error).toMatchObject({ failure: { cause: 'configuration-invalid' } });
	});

	it.each<[string, INodeParameters, string]>([
		['no event', { triggerOn: [] }, "'Trigger On' is empty"],
		['no list of events', { triggerOn: '={{ null }}' }, "'Trigger On' is empty"],
		[
			'several events in one text',
			{ triggerOn: 'failed,succeeded' },
			"'Trigger On' has a value that does not exist",
		],
		['an empty URL', { flowId: { __rl: true, mode: 'url', value: '' } }, "'Dataflow' is empty"],
		[
			'a dataflow by an expression that gives nothing',
			{ flowId: { __rl: true, mode: 'url', value: '={{ null }}' } },
			"'Dataflow' is empty",
		],
		[
			'a sandbox by an expression that gives nothing',
			{ watch: 'all', options: { sandboxName: '={{ "" }}' } },
			"'Sandbox Name or ID' has no value",
		],
		['an unknown event', { triggerOn: ['ended'] }, "'Trigger On' has a value that does not exist"],
		['no dataflow', { watch: 'one', flowId: '' }, "'Dataflow' is empty"],
		['a name', { watch: 'one', flowId: 'My flow' }, "'Dataflow' needs an ID, not a name"],
		['an odd scope', { watch: 'two' }, "'Watch' has a value that does not exist"],
		['an odd sandbox', { watch: 'all', options: { sandboxName: 'a b' } }, "'Sandbox Name or ID'"],
	])('refuses to be activated with %s', async (_what, parameters, says) => {
		const poller = new Poller(adobe, { triggerOn: ['failed'], ...parameters });
		const thrown = await thrownBy(async () => await poller.poll());
		expect(thrown.message).toContain(says);
		expect(adobe.journal).toHaveLength(0);
	});

	describe('with a dataflow by its name', () => {
		const byName = (value: string): INodeParameters => ({
			watch: 'one',
			flowId: { __rl: true, mode: 'name', value },
		});
		const rename = (name: string) => {
			const flow = adobe.flows().find(({ id }) => id === flowId);
			Object.assign(flow ?? {}, { name });
		};

		it('reports the runs of that one alone', async () => {
			const poller = await activated(adobe, byName('Orders'));
			const { id } = adobe.seedRun({ flowId, status: 'failed' });
			adobe.seedRun({ flowId: other, status: 'failed' });
			expect(idsOf(await poller.poll())).toStrictEqual([`${id}:started`, `${id}:failed`]);
			expect(await poller.poll()).toBeNull();
		});

		it('is an error once it is renamed, and goes on where it was when the name is back', async () => {
			const poller = await activated(adobe, byName('Orders'));
			rename('Orders v2');
			const { id } = adobe.seedRun({ flowId, status: 'failed' });
			const { error, thrown } = await caught(async () => await poller.poll());
			expect(thrown.message).toBe(
				"'Dataflow': no dataflow in the sandbox 'prod' is named 'Orders'",
			);
			expect(error).toMatchObject({ failure: { cause: 'configuration-invalid' } });
			rename('Orders');
			expect(idsOf(await poller.poll())).toStrictEqual([`${id}:started`, `${id}:failed`]);
		});

		it('can not be activated where there is none, or more than one', async () => {
			const [second = ''] = await makeFlows(adobe, 'Orders');
			for (const [name, says] of [
				['Order', "no dataflow in the sandbox 'prod' is named 'Order'"],
				['Orders', "2 dataflows in the sandbox 'prod' are named 'Orders'"],
			] as const) {
				const poller = new Poller(adobe, { triggerOn: ['failed'], ...byName(name) });
				const thrown = await thrownBy(async () => await poller.poll());
				expect(thrown.message).toContain(says);
				expect(thrown.description.includes(second)).toBe(name === 'Orders');
				expect(poller.state).toStrictEqual({});
			}
		});

		it('gives a sample when it is tried by hand', async () => {
			const poller = new Poller(adobe, { triggerOn: ['failed'], ...byName('Customers') });
			const { id } = adobe.seedRun({ flowId: other, status: 'failed', createdAt: 1_000 });
			expect(idsOf(await poller.poll({ mode: 'manual' }))).toStrictEqual([`${id}:failed`]);
		});
	});

	describe('when it is tried by hand', () => {
		const manual: PollOptions = { mode: 'manual' };

		it('gives the newest event that fits, of one page, and remembers nothing', async () => {
			const poller = new Poller(adobe, { triggerOn: ['failed'], ...byId(flowId) });
			adobe.seedRun({ flowId, status: 'failed', createdAt: 1_000 });
			const { id } = adobe.seedRun({ flowId, status: 'failed', createdAt: 2_000 });
			adobe.seedRun({ flowId, status: 'success', createdAt: 3_000 });
			adobe.seedRun({ flowId: other, status: 'failed', createdAt: 4_000 });
			expect(idsOf(await poller.poll(manual))).toStrictEqual([`${id}:failed`]);
			expect(poller.state).toStrictEqual({});
			expect(adobe.journal.filter(({ path }) => path.startsWith(RUNS))).toHaveLength(1);
		});

		it('finds the newest event of more dataflows than fit in one filter', async () => {
			const id = adobe.connections()[0]?.id ?? '';
			const names = Array.from({ length: 60 }, (_, index) => `Flow ${index}`);
			const flows = adobe.markInUse(id, names);
			const run = adobe.seedRun({ flowId: flows.at(-1)?.id ?? '', status: 'failed' });
			const poller = new Poller(adobe, { triggerOn: ['failed'], watch: 'all' });
			expect(idsOf(await poller.poll(manual))).toStrictEqual([`${run.id}:failed`]);
			adobe.addFault({
				path: RUNS,
				kind: 'status',
				status: 200,
				body: { items: [{ id: 'a-run', state: 'failed' }] },
			});
			const thrown = await thrownBy(async () => await poller.poll(manual));
			expect(thrown.message).toBe('No matching run yet');
		});

		it('does not disturb the trigger that is active', async () => {
			const poller = await activated(adobe, { watch: 'all' });
			adobe.seedRun({ flowId, status: 'failed' });
			const before = poller.stored;
			expect(await poller.poll(manual)).toHaveLength(1);
			expect(poller.stored).toBe(before);
			expect(await poller.poll()).toHaveLength(2);
		});

		it('says that there is no run yet that fits', async () => {
			adobe.seedRun({ flowId, status: 'success' });
			const poller = new Poller(adobe, { triggerOn: ['failed'], watch: 'all' });
			const thrown = await thrownBy(async () => await poller.poll(manual));
			expect(thrown.message).toBe('No matching run yet');
			expect(thrown.description).toContain('can publish the workflow anyway');
		});

		it('says that there is no dataflow, or not this one', async () => {
			await withAdobe({}, async (empty) => {
				const poller = new Poller(empty, { triggerOn: ['failed'], watch: 'all' });
				const none = await thrownBy(async () => await poller.poll(manual));
				expect(none.message).toBe("The sandbox 'prod' has no PostgreSQL dataflow");
				poller.parameters = {
					triggerOn: ['failed'],
					...byId('2edc08ac-4df5-4fe6-936f-81a19ce92f5c'),
				};
				const gone = await thrownBy(async () => await poller.poll(manual));
				expect(gone.message).toContain('was not found in the sandbox');
			});
		});
	});

	it('lists the dataflows to choose from', async () => {
		const nodeType = new AdobePostgreSqlDataflowTrigger();
		const credentials = { ims: imsCredential(adobe) };
		const wired = wire({ nodeType, parameters: {}, credentials });
		const found = await nodeType.methods.listSearch.searchDataflows.call(editorContext(wired));
		expect(found.results.map(({ name }) => name)).toStrictEqual(['Customers', 'Orders']);
	});

	it('gives what its output schema says, member by member', async () => {
		const poller = await activated(adobe, { ...byId(flowId), triggerOn: ['rejectedRecords'] });
		adobe.seedRun({ flowId, status: 'success', outputRecordCount: 1, failedRecordCount: 1 });
		const [item] = (await poller.poll()) ?? [];
		const file = 'nodes/AdobePostgreSqlDataflowTrigger/__schema__/v1.0.0.json';
		expectOutput(item ?? {}, JSON.parse(readFileSync(file, 'utf8')) as OutputSchema);
	});
});

describe('The trigger’s description', () => {
	const { description } = new AdobePostgreSqlDataflowTrigger();

	it('is that of a polling trigger, which no agent can use', () => {
		expect(description.name).toMatch(/Trigger$/);
		expect(description.displayName).toMatch(/Trigger$/);
		expect(description).toMatchObject({ polling: true, group: ['trigger'], inputs: [] });
		expect(description).not.toHaveProperty('usableAsTool');
		expect(description.eventTriggerDescription).toBeTruthy();
		expect(description.activationMessage).toBeTruthy();
	});

	it('offers its events under Trigger On', () => {
		const on = description.properties.find(({ name }) => name === 'triggerOn');
		expect(on).toMatchObject({ displayName: 'Trigger On', type: 'multiOptions' });
		const values = on?.options?.map((option) => ('value' in option ? option.value : ''));
		const ofDataflows = ['dataflowDisabled', 'noRunSince'];
		expect(values?.toSorted()).toStrictEqual([...EVERYTHING, ...ofDataflows].toSorted());
	});
});

const iso = (epochMs: number) => new Date(epochMs).toISOString();

/** The error itself too: its `failure` is for n8n alone. */
async function caught(work: () => Promise<unknown>) {
	let error: unknown;
	const thrown = await thrownBy(async () => {
		try {
			await work();
		} catch (caughtError) {
			error = caughtError;
			throw caughtError;
		}
	});
	return { error, thrown };
}
