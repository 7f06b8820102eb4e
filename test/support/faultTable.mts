import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Emulator, Fault, RecordedRequest } from '../../emulator/emulator.mts';
import { MAX_CLEAN_UP_MS } from '../../nodes/platform/client';
import type { TestWeather } from './adobe.mts';
import { hidesOrigin, unkindWeather, weatherOfTests } from './adobe.mts';
import type { NodeSetup, Thrown } from './connectionNode.mts';
import { thrownBy, wireConnectionNode } from './connectionNode.mts';
import { executeNode } from './core.mts';
import type { OperationTable } from './everyOperation.mts';
import type { Row } from './operations.mts';
import {
	expectNoSecret,
	isWrite,
	parametersOf,
	run,
	sentFor,
	strike,
	wireRow,
} from './operations.mts';

const TOKEN = '/ims/token/v3';
const PLATFORM = '/data/*';

/** Each strikes once. */
const FAULTS: Array<[what: string, fault: Fault]> = [
	['500 before the work', { kind: 'status', status: 500, when: 'before' }],
	['500 after the work', { kind: 'status', status: 500, when: 'after' }],
	['502 before the work', { kind: 'status', status: 502, when: 'before', body: '<html>' }],
	['503 before the work', { kind: 'status', status: 503, when: 'before', body: '<html>' }],
	['504 after the work', { kind: 'status', status: 504, when: 'after', body: '<html>' }],
	[
		'503 of the gateway, which has passed nothing on',
		{ kind: 'status', status: 503, body: { error_code: '503000', message: 'not validated' } },
	],
	['429 without a time', { kind: 'status', status: 429 }],
	['429 with no time to wait', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
	['429 with a second to wait', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
	[
		'429 until a date in the past',
		{ kind: 'status', status: 429, headers: { 'retry-after': 'Sun, 01 Mar 2020 11:00:00 GMT' } },
	],
	['an answer that is slow', { kind: 'delay', delayMs: 300 }],
	['an answer that is slow after the work', { kind: 'delay', delayMs: 300, when: 'after' }],
	['a line cut before the work', { kind: 'reset', when: 'before' }],
	['a line cut after the work', { kind: 'reset', when: 'after' }],
	['an answer that is no JSON', { kind: 'malformed' }],
	['an answer that breaks off', { kind: 'truncated' }],
];

/** Reads that are answered so are not asked again: a proxy would say the same once more. */
const UNREADABLE_ONCE = ['an answer that is no JSON'];

/** Those whose end depends on how Adobe shows what is there. */
const UNKIND_FAULTS = FAULTS.filter(([what]) => !what.startsWith('429'));

/** The operations of a node, and what they are tried on. */
type FaultTable = Pick<OperationTable, 'rows' | 'withScene' | 'expectDone'>;

const isForPlatform = ({ path }: RecordedRequest) => path.startsWith('/data/');

type End = { items: INodeExecutionData[] } | { thrown: Thrown };

async function endOf(work: () => Promise<INodeExecutionData[]>): Promise<End> {
	let items: INodeExecutionData[] = [];
	const thrown = await thrownBy(async () => {
		items = await work();
		throw new Error('done');
	});
	return thrown.message === 'done' ? { items } : { thrown };
}

/** The right result, or one clear error; and done once and whole, or not at all. */
function expectRight({ expectDone }: FaultTable, adobe: Emulator, row: Row, end: End): void {
	if ('items' in end) {
		expect(end.items[0]?.json).toMatchObject(row.result);
		expectDone(adobe, row, true);
		expectNoSecret(JSON.stringify(end.items), adobe);
		return;
	}
	expect(end.thrown.message).toMatch(/ \[item 0\]$/);
	expect(end.thrown.description).not.toBe('');
	expectNoSecret(end.thrown.whole, adobe);
	try {
		expectDone(adobe, row, isWrite(row));
	} catch {
		if (row.expectUndone === undefined) expectDone(adobe, row, false);
		else row.expectUndone(adobe, end.thrown);
	}
}

/** Whether it says rightly that it is not clear what has come of a write whose answer was lost. */
function isNotClear({ isUnmarked }: Row, end: End, weather: TestWeather): boolean {
	if (!hidesOrigin(weather) || isUnmarked !== true || 'items' in end) return false;
	return /not clear/i.test(end.thrown.whole);
}

/** A client that has no token yet. */
function coldClient(adobe: Emulator): NodeSetup {
	const { clientId, clientSecret } = adobe.addClient({});
	return { ims: { clientId, clientSecret } };
}

/** The same, once it has made what only it can make; its token is not valid any more. */
async function coldClientFor(adobe: Emulator, row: Row, item: IDataObject): Promise<NodeSetup> {
	const setup = coldClient(adobe);
	if (row.withCredential === undefined) return setup;
	await row.withCredential(adobe, item, setup.ims ?? {});
	adobe.revokeTokens();
	return setup;
}

/** Tries every operation of a node on every fault of the emulator, and on being cancelled. */
export function describeFaults(table: FaultTable): void {
	describe.each(table.rows.map((row, index) => [row.title, row, index] as const))(
		'%s',
		(_title, row, index) => {
			describeRow(table, row, index);
		},
	);
}

/** The number of requests, as soon as there has been no further one for a while. */
async function settledTotal(adobe: Emulator): Promise<number> {
	for (;;) {
		const { total } = adobe.stats();
		await sleep(500);
		if (adobe.stats().total === total) return total;
	}
}

/** @param number of the row: each meets its faults in another weather */
function describeRow(table: FaultTable, row: Row, number: number): void {
	it.concurrent.each(FAULTS)('ends well when its own request meets %s', async (what, fault) => {
		await table.withScene(row, async (adobe, item) => {
			strike(adobe, row, fault);
			const end = await endOf(async () => await run(adobe, row, [item]));
			expectRight(table, adobe, row, end);
			const mayFail = !isWrite(row) && UNREADABLE_ONCE.includes(what);
			expect('items' in end || mayFail || isNotClear(row, end, weatherOfTests())).toBe(true);
		});
	});

	it.concurrent.each(
		UNKIND_FAULTS.map(([what, fault], index) => {
			const weather = unkindWeather(number + index);
			return [what, JSON.stringify(weather), fault, weather] as const;
		}),
	)(
		'ends well when its own request meets %s, where Adobe is unkind: %s',
		async (what, _name, fault, unkind) => {
			const weather = { ...weatherOfTests(), ...unkind };
			const scene = async (adobe: Emulator, item: IDataObject) => {
				strike(adobe, row, fault);
				const end = await endOf(async () => await run(adobe, row, [item]));
				expectRight(table, adobe, row, end);
				const mayFail = !isWrite(row) && UNREADABLE_ONCE.includes(what);
				expect('items' in end || mayFail || isNotClear(row, end, weather)).toBe(true);
			};
			await table.withScene(row, scene, weather);
		},
	);

	it.concurrent.each(FAULTS)('ends well when its first request meets %s', async (what, fault) => {
		await table.withScene(row, async (adobe, item) => {
			adobe.addFault({ path: PLATFORM, ...fault });
			const end = await endOf(async () => await run(adobe, row, [item]));
			expectRight(table, adobe, row, end);
			// The first request of Create is the one that creates.
			const isOwn = sentFor(adobe, row)[0] === adobe.journal.find(isForPlatform);
			const isRightlyNotClear = isOwn && isNotClear(row, end, weatherOfTests());
			const isUnreadable = UNREADABLE_ONCE.includes(what);
			expect('items' in end || isUnreadable || isRightlyNotClear).toBe(true);
		});
	});

	it.concurrent.each(FAULTS.filter(([what]) => !what.startsWith('503 of')))(
		'ends well when IMS gives %s',
		async (_what, fault) => {
			await table.withScene(row, async (adobe, item) => {
				const setup = await coldClientFor(adobe, row, item);
				const before = adobe.stats().imsCalls;
				adobe.addFault({ method: 'POST', path: TOKEN, ...fault });
				const end = await endOf(async () => await run(adobe, row, [item], setup));
				expectRight(table, adobe, row, end);
				expect(adobe.stats().imsCalls - before).toBeLessThanOrEqual(2);
			});
		},
	);

	it.concurrent.each<[string, Fault]>([
		['before the work', { kind: 'delay', delayMs: 3_000, when: 'before' }],
		['after the work', { kind: 'delay', delayMs: 3_000, when: 'after' }],
	])(
		'gives one clear error when Adobe takes too long %s, or finds what it has done',
		async (_what, fault) => {
			await table.withScene(row, async (adobe, item) => {
				strike(adobe, row, { ...fault, times: 99 });
				const parameters = { ...parametersOf(row), options: { timeout: 0.7 } };
				const wired = (row.wire ?? wireConnectionNode)(adobe, parameters, {});
				const end = await endOf(async () => await executeNode(wired, [{ json: item }]));
				// There is time left to look up what became of a write.
				const isFound = isWrite(row) && fault.when === 'after';
				expect('thrown' in end || isFound).toBe(true);
				expectRight(table, adobe, row, end);
			});
		},
	);

	describe('when it is cancelled', () => {
		const WAITS: Array<[what: string, begin: (adobe: Emulator) => NodeSetup, path: RegExp]> = [
			[
				'while Adobe takes its time',
				(adobe) => {
					strike(adobe, row, { kind: 'delay', delayMs: 60_000, times: 99 });
					return {};
				},
				/^\/data\//,
			],
			[
				'while it waits as Adobe has asked',
				(adobe) => {
					const headers = { 'retry-after': '60' };
					strike(adobe, row, { kind: 'status', status: 429, headers, times: 99 });
					return {};
				},
				/^\/data\//,
			],
			[
				'while it waits before it asks again',
				(adobe) => {
					strike(adobe, row, { kind: 'status', status: 503, times: 99 });
					return {};
				},
				/^\/data\//,
			],
			[
				'while IMS takes its time',
				(adobe) => {
					const setup = coldClient(adobe);
					adobe.addFault({ path: TOKEN, kind: 'delay', delayMs: 60_000, times: 99 });
					return setup;
				},
				/^\/ims\//,
			],
		];

		it.concurrent.each(WAITS)('%s, it ends within a second', async (_what, begin, path) => {
			await table.withScene(row, async (adobe, item) => {
				const setup = begin(adobe);
				const wired = wireRow(adobe, row, setup);
				const controller = new AbortController();
				// Most of them wait for their turn behind the others.
				const items = Array.from({ length: 60 }, (): { json: IDataObject } => ({ json: item }));
				const ended = endOf(async () => await executeNode(wired, items, controller.signal));
				while (!adobe.journal.some((request) => path.test(request.path))) await sleep(5);
				await sleep(150);
				controller.abort(new Error('cancelled by the user'));
				const cancelledAt = Date.now();
				await ended;
				expect(Date.now() - cancelledAt).toBeLessThan(1_000);
				// What is on its way when it is cancelled may still arrive; it is looked for, with pauses
				// of some seconds, to be rolled back.
				if (row.takesDown === true) await sleep(MAX_CLEAN_UP_MS);
				const total = await settledTotal(adobe);
				await sleep(1_000);
				expect(adobe.stats().total).toBe(total);
			});
		});
	});
}
