import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { readState } from '../../nodes/AdobePostgreSqlDataflowTrigger/watchState';
import type { Emulator } from '../../emulator/emulator.mts';
import { Poller } from '../support/poll.mts';
import { hostileAnswerOf, ID, OBLIGING, repeatedUnseen, unseenPassword } from './adobeAnswers.mts';
import type { Answer } from './adobeDouble.mts';
import { AdobeDouble } from './adobeDouble.mts';
import { hostileJson, hostileText } from './arbitraries.mts';
import { expectCleanPrototypes, expectGoodEnd } from './outcome.mts';
import { runs } from './runs.mts';

const RUNS = '/data/foundation/flowservice/runs';
const EVERYTHING = ['failed', 'started', 'succeeded', 'rejectedRecords'];
const BUDGET_MS = 400;
const HOUR_MS = 60 * 60_000;
const MAX_MS = 10_000;

let double: AdobeDouble;
beforeAll(async () => {
	double = await AdobeDouble.open();
});
afterAll(async () => {
	await double.close();
});
beforeEach(() => double.forget());

const ONE: INodeParameters = {
	triggerOn: EVERYTHING,
	watch: 'one',
	flowId: { __rl: true, mode: 'id', value: ID },
	simplify: false,
};
const ALL: INodeParameters = { ...ONE, watch: 'all' };

/** The double holds all that a poller takes from the emulator. */
function pollerOf(parameters: INodeParameters): Poller {
	return new Poller({} as Emulator, parameters, double.credential());
}

/** A trigger that has been active for an hour. */
async function activated(parameters: INodeParameters): Promise<Poller> {
	const poller = pollerOf(parameters);
	const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - HOUR_MS);
	try {
		expect(await poller.poll()).toBeNull();
	} finally {
		now.mockRestore();
	}
	return poller;
}

/** What a poll returned; none where it failed, which it must do well. */
async function eventsOf(poller: Poller): Promise<IDataObject[]> {
	const startedMs = Date.now();
	try {
		const items = (await poller.poll({ budgetMs: BUDGET_MS })) ?? [];
		expectGoodEnd({ items: items.map((json) => ({ json })) });
		return items;
	} catch (error) {
		expectGoodEnd({ error });
		return [];
	} finally {
		expect(Date.now() - startedMs).toBeLessThan(MAX_MS);
		expect(double.stranger.sent).toHaveLength(0);
		expectCleanPrototypes();
	}
}

/** Answers of the list of runs one after another; to all else Adobe is obliging. */
function answerRuns(answers: readonly Answer[]): void {
	let count = 0;
	double.answer = ({ target }) =>
		target.startsWith(RUNS)
			? (answers[Math.min(count++, answers.length - 1)] ?? { status: 500 })
			: { status: 200, body: { ...OBLIGING, _links: {} } };
}

const REAL = 'a-run-of-ours';

const realRun = () => ({
	...OBLIGING,
	id: REAL,
	flowId: ID,
	createdAt: Date.now() - HOUR_MS / 2,
	updatedAt: Date.now() - HOUR_MS / 2,
	metrics: {
		...OBLIGING.metrics,
		durationSummary: {
			startedAtUTC: Date.now() - HOUR_MS / 2,
			completedAtUTC: Date.now() - HOUR_MS / 2,
		},
	},
	items: undefined,
	_links: undefined,
});

const anyAnswer = fc.constant(null).chain(() => hostileAnswerOf(double));

/** What Adobe's clock says is believed, so that a wrong one makes the present history. */
const withTheRightTime = anyAnswer.map((answer) => ({
	...answer,
	headers: Object.fromEntries(
		Object.entries(answer.headers ?? {}).filter(([name]) => name !== 'date'),
	),
}));

describe('The trigger', () => {
	it.each([
		['one dataflow', ONE],
		['all dataflows', ALL],
	])('that watches %s ends every poll well, whatever Adobe answers', async (_what, parameters) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.oneof(anyAnswer, fc.constant({ status: 200, body: OBLIGING })), {
					minLength: 1,
					maxLength: 5,
				}),
				fc.boolean(),
				async (answers, isRunsOnly) => {
					const poller = await activated(parameters);
					let count = 0;
					if (isRunsOnly) answerRuns(answers);
					else double.answer = () => answers[count++ % answers.length] ?? { status: 500 };
					for (let poll = 0; poll < 3; poll++) {
						await eventsOf(poller);
						// Damaged, it would start from scratch, and what happened meanwhile would be lost.
						expect(readState(poller.state, String(poller.state.target))).toBeDefined();
					}
				},
			),
			runs(40),
		);
	});

	it('tells of a run once, whatever was answered before and after', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(withTheRightTime, { maxLength: 3 }),
				fc.array(withTheRightTime, { maxLength: 3 }),
				async (before, after) => {
					const poller = await activated(ONE);
					const told: unknown[] = [];
					const poll = async (answer: Answer) => {
						answerRuns([answer]);
						told.push(...(await eventsOf(poller)).map(({ eventId }) => eventId));
					};
					const sound = { status: 200, body: { items: [realRun()] } };
					for (const answer of before) await poll(answer);
					await poll(sound);
					for (const answer of after) await poll(answer);
					await poll(sound);
					expect(told.filter((id) => id === `${REAL}:failed`)).toHaveLength(1);
					expect(told.filter((id) => id === `${REAL}:started`)).toHaveLength(1);
				},
			),
			runs(40),
		);
	});

	it('goes on from whatever stands in its memory', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(
					fc.oneof(
						hostileText,
						fc.constantFrom(
							...['version', 'target', 'revision', 'sinceEpochMs', 'clockChecked'],
							...['cursorEpochMs', 'listFromEpochMs', 'round', 'runs', '__proto__'],
						),
					),
					fc.oneof(hostileJson, fc.constantFrom(1, true, 0, [])),
				),
				fc.boolean(),
				async (memory, isMixed) => {
					const poller = await activated(ONE);
					const good = poller.state;
					// As n8n reads it from its database.
					const text = JSON.stringify(isMixed ? { ...good, ...memory } : memory);
					poller.state = JSON.parse(text) as IDataObject;
					answerRuns([{ status: 200, body: { items: [realRun()] } }]);
					await eventsOf(poller);
					await eventsOf(poller);
					expect(readState(poller.state, String(good.target))).toBeDefined();
				},
			),
			runs(100),
		);
	});

	it('says what is wrong with its parameters, and asks nobody else', async () => {
		const value = fc.oneof(hostileText, hostileJson);
		await fc.assert(
			fc.asyncProperty(value, value, value, async (triggerOn, flowId, sandboxName) => {
				const changes = [
					{ triggerOn },
					{ triggerOn: [triggerOn] },
					{ watch: triggerOn },
					{ flowId: { __rl: true, mode: 'id', value: flowId } },
					{ flowId: { __rl: true, mode: 'url', value: flowId } },
					{ flowId },
					{ options: { sandboxName } },
				];
				answerRuns([{ status: 200, body: { items: [] } }]);
				for (const change of changes) {
					await eventsOf(pollerOf({ ...ONE, ...change } as INodeParameters));
				}
				for (const { headers } of double.platformRequests) {
					expect(headers.host).toStrictEqual([double.adobe.host]);
				}
			}),
			runs(40),
		);
	});

	it('repeats no secret that Adobe repeats', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.tuple(unseenPassword, fc.constant(200)),
					fc.tuple(repeatedUnseen, fc.constantFrom(400, 401, 403, 404, 429, 500)),
				),
				async ([text, status]) => {
					const poller = await activated(ONE);
					const errors = [{ code: text, message: text, errors: [{ code: '1', message: text }] }];
					const run = {
						...realRun(),
						metrics: {
							...realRun().metrics,
							statusSummary: { status: 'failed', errors },
						},
					};
					answerRuns([
						status === 200
							? { status, body: { items: [run] } }
							: { status, body: { title: text, errorMessage: text, message: text } },
					]);
					await eventsOf(poller);
				},
			),
			runs(30),
		);
	});
});
