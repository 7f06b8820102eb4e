import type { IDataObject, INodeType } from 'n8n-workflow';

import type { Emulator, Fault } from '../../emulator/emulator.mts';
import type { TestWeather } from './adobe.mts';
import { hidesOrigin, weatherOfTests } from './adobe.mts';
import type { NodeSetup } from './connectionNode.mts';
import { thrownBy } from './connectionNode.mts';
import { outputOf, runWorkflow } from './core.mts';
import type { Row } from './operations.mts';
import {
	expectClear,
	expectNoSecret,
	expectSent,
	isWrite,
	run,
	sentFor,
	strike,
	wireRow,
} from './operations.mts';

/** The operations of a node, and what they are tried on. */
export interface OperationTable {
	nodeType: INodeType;
	rows: Row[];
	/** What a conflict is said to be about, e.g. `connection`. */
	noun: string;
	/** An emulator of a test's own, with something to work on, and the item that all works with. */
	withScene(
		row: Row,
		test: (adobe: Emulator, item: IDataObject) => Promise<void>,
		weather?: TestWeather,
	): Promise<void>;
	/** Whether a write is done, and done once; an operation that only reads changes nothing. */
	expectDone(adobe: Emulator, row: Row, done: boolean): void;
}

/** A write whose outcome is read back before it is sent again. */
const isReadBack = ({ request }: Row) => ['POST', 'PATCH'].includes(request.method);
const ALWAYS = 99;
const LONG_WAIT_SECONDS = '600';

/** A busy machine takes its time. */
const TIMEOUT_MS = 120_000;

/** Something that Adobe does to the request, and what the user is then told. */
interface Trouble {
	what: string;
	fault: Fault;
	/** A part of the message, and of what to do about it. */
	says: (row: Row, noun: string) => [message: string, advice: string];
	/** How many times the request is sent: exactly, or at least and at most. */
	sent: (row: Row) => number | [least: number, most: number];
	status: number;
}

const refusedRequest = (): [string, string] => [
	'Adobe refused the request',
	'Check the parameters of this operation',
];

const TROUBLES: Trouble[] = [
	{
		what: 'refuses one token after another (401)',
		fault: { kind: 'status', status: 401, times: ALWAYS },
		says: () => ['Adobe rejected the access token', "'Client ID'"],
		// A refused token means that nothing was done; once more with a new one.
		sent: () => 2,
		status: 401,
	},
	{
		what: 'does not allow it (403)',
		fault: { kind: 'status', status: 403, times: ALWAYS },
		says: ({ permission }) => ['The credential is not allowed to do this', `'${permission}'`],
		sent: () => 1,
		status: 403,
	},
	{
		what: 'does not find it (404)',
		fault: { kind: 'status', status: 404, times: ALWAYS },
		says: () => ["was not found in the sandbox 'prod'", "'Sandbox' in the credential"],
		sent: () => 1,
		status: 404,
	},
	{
		what: 'says that something is in the way (409)',
		fault: { kind: 'status', status: 409, times: ALWAYS, body: { title: 'In the way' } },
		says: refusedRequest,
		sent: () => 1,
		status: 409,
	},
	{
		what: 'says that somebody else was faster (412)',
		fault: { kind: 'status', status: 412, times: ALWAYS },
		says: (row, noun) =>
			row.request.method === 'PATCH'
				? [`Somebody else has changed the ${noun}`, 'execute the node again']
				: refusedRequest(),
		// Once more with a fresh version, as the refused attempt was certainly not done.
		sent: (row) => (row.request.method === 'PATCH' ? 2 : 1),
		status: 412,
	},
	{
		what: 'asks to wait for longer than the item may take (429)',
		fault: {
			kind: 'status',
			status: 429,
			times: ALWAYS,
			headers: { 'retry-after': LONG_WAIT_SECONDS },
		},
		says: () => ['limits the rate of requests', `${LONG_WAIT_SECONDS} seconds`],
		sent: () => 1,
		status: 429,
	},
	{
		what: 'fails again and again (500)',
		fault: { kind: 'status', status: 500, times: ALWAYS },
		says: (row) =>
			isReadBack(row)
				? ['It is not clear whether Adobe has', 'Adobe could not answer the request']
				: ['Adobe could not answer the request', 'status.adobe.com'],
		sent: (row) => (isReadBack(row) ? [1, 4] : 4),
		status: 500,
	},
];

interface Passing {
	what: string;
	fault: Fault;
	sent: number;
	/** Milliseconds that lie between the two requests at least. */
	waitedMs?: number;
}

const PASSING: Passing[] = [
	{ what: 'nothing goes wrong', fault: { kind: 'delay', delayMs: 0 }, sent: 1 },
	{
		what: 'Adobe asks once to wait a second (429)',
		fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
		sent: 2,
		// A timer may end a little early by the clock of the other side.
		waitedMs: 990,
	},
	{ what: 'a token is refused once (401)', fault: { kind: 'status', status: 401 }, sent: 2 },
	{ what: 'Adobe fails once (500)', fault: { kind: 'status', status: 500 }, sent: 2 },
	{ what: 'the line is cut once', fault: { kind: 'reset' }, sent: 2 },
];

const UNREADABLE: Array<[what: string, fault: Fault]> = [
	['is no JSON', { kind: 'malformed', times: ALWAYS }],
	['is empty', { kind: 'status', status: 200, body: '', when: 'after', times: ALWAYS }],
	[
		'is an object of nothing',
		{ kind: 'status', status: 200, body: {}, when: 'after', times: ALWAYS },
	],
	['is null', { kind: 'status', status: 200, body: 'null', when: 'after', times: ALWAYS }],
];

/** Tries every operation of a node on what Adobe, the line and the user may do. */
export function describeOperations({
	nodeType,
	rows,
	noun,
	withScene,
	expectDone,
}: OperationTable): void {
	it('of the node is in this list', () => {
		const offered = nodeType.description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options = [], displayOptions }) =>
				options.map(
					(option) =>
						`${String(displayOptions?.show?.resource?.[0])}.${'value' in option ? String(option.value) : ''}`,
				),
			);
		expect(rows.map((row) => `${row.resource}.${row.operation}`).sort()).toStrictEqual(
			offered.sort(),
		);
	});

	describe.each(rows.map((row) => [row.title, row] as const))('%s', (_title, row) => {
		it.concurrent.each(PASSING.map((passing) => [passing.what, passing] as const))(
			'gives its result when %s',
			async (_what, { fault, sent, waitedMs = 0 }) =>
				await withScene(row, async (adobe, item) => {
					strike(adobe, row, fault);
					const items = await run(adobe, row, [item]);
					expect(items[0]?.json).toMatchObject(row.result);
					for (const { pairedItem } of items) expect(pairedItem).toStrictEqual({ item: 0 });
					expectSent(adobe, row, sent + (row.requests ?? 1) - 1);
					expectDone(adobe, row, true);
					expectNoSecret(JSON.stringify(items), adobe);
					const [first, second] = sentFor(adobe, row);
					if (first && second) expect(second.at - first.at).toBeGreaterThanOrEqual(waitedMs);
				}),
			TIMEOUT_MS,
		);

		it.concurrent.each(TROUBLES.map((trouble) => [trouble.what, trouble] as const))(
			'says what to do when Adobe %s, and has done nothing',
			async (_what, { fault, says, sent, status }) =>
				await withScene(row, async (adobe, item) => {
					strike(adobe, row, fault);
					const thrown = await thrownBy(async () => await run(adobe, row, [item]));
					expectClear(thrown, 0, says(row, noun));
					expect(thrown.context.data).toMatchObject({ status });
					expect(thrown.httpCode).toBe(String(status));
					expectSent(adobe, row, sent(row));
					if (row.expectUndone === undefined) expectDone(adobe, row, false);
					else row.expectUndone(adobe, thrown);
					expectNoSecret(thrown.whole, adobe);
				}),
			TIMEOUT_MS,
		);

		it.concurrent.each(UNREADABLE)(
			`${isWrite(row) ? 'is done once' : 'says that it does not know the form'} when the answer %s`,
			async (_what, fault) =>
				await withScene(row, async (adobe, item) => {
					strike(adobe, row, fault);
					if (row.isUnmarked === true && hidesOrigin(weatherOfTests())) {
						const thrown = await thrownBy(async () => await run(adobe, row, [item]));
						expect(thrown.message).toContain('It is not clear');
						expectDone(adobe, row, true);
					} else if (isWrite(row)) {
						const [first] = await run(adobe, row, [item]);
						expect(first?.json).toMatchObject(row.result);
						expectDone(adobe, row, true);
					} else {
						const thrown = await thrownBy(async () => await run(adobe, row, [item]));
						expectClear(thrown, 0, ['in a form this node does not know', 'Is a proxy in between?']);
						expectNoSecret(thrown.whole, adobe);
					}
					expectSent(adobe, row, 1);
				}),
			TIMEOUT_MS,
		);

		it.concurrent(
			'refuses bad input of any item before anything is sent',
			async () => {
				await withScene(row, async (adobe, item) => {
					const [bad, message] = row.refused;
					const thrown = await thrownBy(
						async () => await run(adobe, row, [item, { ...item, ...bad }]),
					);
					expectClear(thrown, 1, [message, '']);
					expect(thrown.description).not.toBe('');
					expect(adobe.journal).toHaveLength(0);
					expectDone(adobe, row, false);
				});
			},
			TIMEOUT_MS,
		);

		it.concurrent(
			'names the item that went wrong',
			async () => {
				await withScene(row, async (adobe, item) => {
					const thrown = await thrownBy(
						async () => await run(adobe, row, [item, { ...item, sandbox: 'nowhere' }]),
					);
					expectClear(thrown, 1, ["The sandbox 'nowhere' does not exist", 'under Options']);
					expectNoSecret(thrown.whole, adobe);
				});
			},
			TIMEOUT_MS,
		);

		it.concurrent(
			'on Continue gives an error item and goes on with the others',
			async () => {
				await withScene(row, async (adobe, item) => {
					const items = await run(adobe, row, [{ ...item, sandbox: 'nowhere' }, item], {
						onError: 'continueRegularOutput',
					});
					expect(items[0]).toStrictEqual({
						json: {
							error: expect.stringContaining("The sandbox 'nowhere' does not exist"),
							message: expect.stringContaining('under Options'),
							details: expect.objectContaining({ status: 404, sandboxName: 'nowhere' }),
						},
						pairedItem: { item: 0 },
					});
					expect(items[1]?.json).toMatchObject(row.result);
					expect(items.slice(1).map(({ pairedItem }) => pairedItem)).toStrictEqual(
						items.slice(1).map(() => ({ item: 1 })),
					);
					expectDone(adobe, row, true);
					expectNoSecret(JSON.stringify(items), adobe);
				});
			},
			TIMEOUT_MS,
		);

		it.concurrent(
			'on the error output the failed item comes with its source',
			async () => {
				await withScene(row, async (adobe, item) => {
					const setup: NodeSetup = { onError: 'continueErrorOutput' };
					const wired = wireRow(adobe, row, setup);
					const finished = await runWorkflow(wired, [
						{ json: { ...item, sandbox: 'nowhere' } },
						{ json: item },
					]);
					const failed = outputOf(finished, wired.node.name, 1);
					expect(failed.map(({ json }) => json)).toStrictEqual([
						{
							...item,
							sandbox: 'nowhere',
							error: expect.stringContaining("The sandbox 'nowhere' does not exist"),
							message: expect.stringContaining('under Options'),
							details: expect.objectContaining({ status: 404 }),
						},
					]);
					expect(outputOf(finished, wired.node.name, 0)[0]?.json).toMatchObject(row.result);
					expectDone(adobe, row, true);
					expectNoSecret(JSON.stringify(finished.data.resultData), adobe);
				});
			},
			TIMEOUT_MS,
		);

		if (row.nothing !== undefined) {
			it.concurrent(
				'gives no item where there is nothing',
				async () => {
					await withScene(row, async (adobe, item) => {
						strike(adobe, row, { kind: 'status', status: 200, body: row.nothing });
						expect(await run(adobe, row, [item])).toStrictEqual([]);
					});
				},
				TIMEOUT_MS,
			);
		}
	});
}
