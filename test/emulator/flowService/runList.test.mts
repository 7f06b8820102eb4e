import type { RunOutcome, StoredRun } from '../../../emulator/emulator.mts';
import { basicBody, closeWires, codeOf, openWire, read, type Wire } from '../wire.mts';

let wire: Wire;
let flowId: string;
let other: string;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(async () => {
	wire.emulator.reset();
	const made = wire.emulator.markInUse(await wire.create(basicBody()), ['Orders', 'Customers']);
	[flowId = '', other = ''] = made.map(({ id }) => id);
});
afterAll(closeWires);

const NOW = 1_800_000_000_000;
const seed = (outcome: Partial<RunOutcome> = {}, of = flowId): StoredRun =>
	wire.emulator.seedRun({ flowId: of, status: 'success', createdAt: NOW, ...outcome });
const list = async (search: string, sandbox = 'prod') =>
	await wire.flow('GET', `/runs?${search}`, { headers: { 'x-sandbox-name': sandbox } });
const filter = (...filters: string[]) =>
	filters.map((one) => `property=${encodeURIComponent(one)}`).join('&');
const ids = async (search: string): Promise<string[]> =>
	(await list(search)).json.items.map(({ id }: any) => id);
const control = async (method: string, path: string, body?: unknown) =>
	await read(
		await fetch(`${wire.emulator.platformUrl}/__emulator/${path}`, {
			method,
			...(body !== undefined && { body: JSON.stringify(body) }),
		}),
	);

describe('runs are found', () => {
	it.each<[string, (all: string[]) => string[], number[]]>([
		['of one flow', () => [`flowId==${other}`], [3]],
		['of one flow of two', () => [`flowId==${flowId},${other}`], [0, 1, 2, 3]],
		['by ID', ([first]) => [`id==${first}`], [0]],
		['in a state', () => ['state==inProgress'], [2]],
		['by status', () => ['metrics.statusSummary.status==failed'], [1]],
		['by status in capital letters', () => ['metrics.statusSummary.status==Failed'], [1]],
		['by two statuses', () => ['metrics.statusSummary.status==success,FAILED'], [0, 1, 3]],
		['by start', () => [`metrics.durationSummary.startedAtUTC>${NOW + 100}`], [1, 2]],
		[
			'by start or the same time',
			() => [`metrics.durationSummary.startedAtUTC>=${NOW + 100}`],
			[0, 1, 2],
		],
		['by end', () => [`metrics.durationSummary.completedAtUTC<${NOW + 200}`], [0]],
		['by creation', () => [`createdAt>=${NOW + 20}`], [2, 3]],
		[
			'by flow, status and time',
			() => [`flowId==${flowId}`, 'state==success', `createdAt<${NOW + 5}`],
			[0],
		],
		['by what none has', () => ['flowId==x'], []],
	])('%s', async (_case, filters, expected) => {
		const all = [
			seed({ startedAtUTC: NOW + 100, completedAtUTC: NOW + 150 }),
			seed({
				createdAt: NOW + 10,
				status: 'failed',
				startedAtUTC: NOW + 200,
				completedAtUTC: NOW + 300,
			}),
			seed({ createdAt: NOW + 20, status: 'inProgress', startedAtUTC: NOW + 300 }),
			seed({ createdAt: NOW + 30, startedAtUTC: NOW + 50, completedAtUTC: NOW + 400 }, other),
		].map(({ id }) => id);
		expect(await ids(filter(...filters(all)))).toEqual(expected.map((n) => all[n]));
	});

	it.each<[string, number[]]>([
		['createdAt', [2, 0, 1, 3]],
		['-createdAt', [1, 3, 0, 2]],
		['%2BupdatedAt', [1, 0, 3, 2]],
		['metrics.durationSummary.startedAtUTC', [3, 0, 2, 1]],
		['-metrics.durationSummary.startedAtUTC', [1, 2, 0, 3]],
	])('sorted by %s, and by the time of making where that is the same', async (by, expected) => {
		const all = [
			seed({ createdAt: NOW + 1, updatedAt: NOW + 2, startedAtUTC: NOW + 20 }),
			seed({ createdAt: NOW + 2, updatedAt: NOW + 1, startedAtUTC: NOW + 40 }),
			seed({ createdAt: NOW, updatedAt: NOW + 9, startedAtUTC: NOW + 30 }),
			seed({ createdAt: NOW + 2, updatedAt: NOW + 3, status: 'scheduled' }),
		].map(({ id }) => id);
		expect(await ids(`orderby=${by}`)).toEqual(expected.map((n) => all[n]));
	});

	it.each([
		['an unknown field', 'property=provider==x', 'FLOW-1449-400'],
		['an unknown order', 'orderby=state', 'FLOW-1433-400'],
		['a limit and a count', 'limit=1&count=true', 'FLOW-1401-400'],
	])('not with %s', async (_case, search, code) => {
		expect(codeOf(await list(search))).toBe(code);
	});

	it('in their sandbox only, and not without the permission to view', async () => {
		const { id } = seed();
		expect((await list('', 'dev')).json).toEqual({ items: [], _links: {} });
		const headers = { 'x-sandbox-name': 'dev' };
		expect(codeOf(await wire.flow('GET', `/runs/${id}`, { headers }))).toBe('FLOW-1439-404');
		const client = wire.emulator.addClient({ permissions: [] });
		expect(codeOf(await wire.flow('GET', '/runs', { client }))).toBe('FLOW-2120-403');
	});

	it('page by page, each once, while others come and change', async () => {
		const all = Array.from({ length: 2000 }, (_, n) =>
			seed({ createdAt: NOW + Math.floor(n / 40), status: n % 7 === 0 ? 'failed' : 'success' }),
		).map(({ id }) => id);
		const started = Date.now();
		const seen: string[] = [];
		let next: string | undefined = '/runs?';
		while (next !== undefined) {
			const page = await wire.flow('GET', `${next}&limit=100&orderby=createdAt`);
			seen.push(...page.json.items.map(({ id }: any) => id));
			next = page.json._links.next?.href;
			wire.emulator.updateRun(all[seen.length % 2000] ?? '', { status: 'failed' });
		}
		expect(seen).toEqual(all);
		expect((await list('count=true')).json).toEqual({ count: 2000 });
		expect(wire.emulator.stats().runs).toBe(2000);
		// Twenty pages; a trigger's tests ask for many more.
		expect(Date.now() - started).toBeLessThan(10_000);
	});
});

describe('a seeded run', () => {
	it('shows what it was given', async () => {
		const errors = [{ code: 'MAPPER-3700-400', message: 'Mapper Transform Error', recordCount: 2 }];
		const { id } = seed({
			startedAtUTC: NOW + 1,
			completedAtUTC: NOW + 9,
			updatedAt: NOW + 10,
			outputRecordCount: 8,
			failedRecordCount: 2,
			errors,
			windowStart: NOW - 60,
			windowEnd: NOW,
		});
		const [run] = (await wire.flow('GET', `/runs/${id}`)).json.items;
		expect(run).toMatchObject({
			createdAt: NOW,
			updatedAt: NOW + 10,
			metrics: {
				durationSummary: { startedAtUTC: NOW + 1, completedAtUTC: NOW + 9 },
				recordSummary: { inputRecordCount: 10, outputRecordCount: 8, failedRecordCount: 2 },
				statusSummary: { status: 'success', errors: [{ code: 'CONNECTOR-2001-500' }] },
			},
			activities: [
				{ durationSummary: { extensions: { windowStart: NOW - 60, windowEnd: NOW } } },
				{ statusSummary: { extensions: { errors } } },
			],
		});
	});

	it.each<[string, RunOutcome, object]>([
		['scheduled', { status: 'scheduled' }, {}],
		['in progress', { status: 'inProgress' }, { startedAtUTC: NOW }],
		['over', { status: 'failed' }, { startedAtUTC: NOW, completedAtUTC: NOW }],
	])('that is %s has the times that it should', async (_case, outcome, times) => {
		const { id } = seed(outcome);
		const [run] = (await wire.flow('GET', `/runs/${id}`)).json.items;
		expect(run.metrics.durationSummary).toEqual(times);
		expect(run.metrics.statusSummary.status).toBe(outcome.status);
	});

	it('can go on, with a new etag, and is the last run of its flow', async () => {
		const { id, etag } = seed({ status: 'inProgress', startedAtUTC: NOW });
		wire.emulator.updateRun(id, {
			status: 'success',
			completedAtUTC: NOW + 5,
			outputRecordCount: 3,
		});
		const [run] = (await wire.flow('GET', `/runs/${id}`)).json.items;
		expect(run.etag).not.toBe(etag);
		expect(run.metrics).toMatchObject({
			durationSummary: { startedAtUTC: NOW, completedAtUTC: NOW + 5 },
			recordSummary: { inputRecordCount: 3 },
			statusSummary: { status: 'success' },
		});
		seed({ startedAtUTC: NOW - 1 });
		const [flow] = (await wire.flow('GET', `/flows/${flowId}`)).json.items;
		const times = { startedAtUTC: NOW, completedAtUTC: NOW + 5 };
		expect(flow.lastRunDetails).toEqual({ id, state: 'success', ...times });
		const since = `property=lastRunDetails.startedAtUTC>=${NOW}`;
		expect((await wire.flow('GET', `/flows?${since}`)).json.items).toHaveLength(1);
	});

	it.each<[string, object, RegExp]>([
		['of no flow', { flowId: 'x', status: 'success' }, /no flow/],
		['of an unknown status', { status: 'done' }, /status must be one of/],
		['with an unknown member', { status: 'success', rows: 1 }, /no rows/],
		['with text for a number', { status: 'success', createdAt: 'now' }, /createdAt must be/],
		['with errors that are none', { status: 'failed', errors: ['x'] }, /errors must be/],
	])('%s is refused', (_case, given, message) => {
		expect(() => wire.emulator.seedRun({ flowId, ...given } as never)).toThrow(message);
		expect(wire.emulator.runs()).toEqual([]);
	});

	it('is forgotten with everything else by a reset', async () => {
		seed();
		await wire.emulator.advanceClock(86_400_000);
		wire.emulator.reset();
		expect(wire.emulator.stats()).toMatchObject({ runs: 0, flows: {}, sourceConnections: {} });
		expect(wire.emulator.now() - Date.now()).toBeLessThan(60_000);
	});
});

describe('the control plane', () => {
	it('makes one run or many, and changes one', async () => {
		const one = await control('POST', 'runs', { flowId, status: 'inProgress', createdAt: NOW });
		expect([one.status, one.json.runs.length]).toEqual([201, 1]);
		const many = [
			{ flowId, status: 'failed' },
			{ flowId: other, status: 'success' },
		];
		const more = await control('POST', 'runs', many);
		expect(more.json.runs.map((run: any) => run.flowId)).toEqual([flowId, other]);
		const [{ id }] = one.json.runs;
		const changed = await control('PATCH', `runs/${id}`, { status: 'failed' });
		expect([changed.status, changed.json]).toEqual([
			200,
			(await wire.flow('GET', `/runs/${id}`)).json.items[0],
		]);
	});

	it('turns the clock', async () => {
		const before = wire.emulator.now();
		const { status, json } = await control('POST', 'clock', { advanceMs: 3_600_000 });
		expect(status).toBe(200);
		expect(json.now - before).toBeGreaterThanOrEqual(3_600_000);
		expect(json.now - before).toBeLessThan(3_660_000);
	});

	it('looks into the lake, also where there is nothing', async () => {
		const { status, json } = await control('GET', 'lake/nothing');
		expect([status, json]).toEqual([200, { rows: [], batches: [] }]);
	});

	it.each<[string, string, string, unknown]>([
		['a clock that goes back', 'POST', 'clock', { advanceMs: -1 }],
		['a clock without a number', 'POST', 'clock', {}],
		['a run of no flow', 'POST', 'runs', { flowId: 'x', status: 'success' }],
		['a change of no run', 'PATCH', 'runs/x', { status: 'success' }],
		['a run of no status', 'POST', 'runs', [{ flowId: 'x' }]],
		['no object', 'POST', 'runs', 5],
	])('refuses %s', async (_case, method, path, body) => {
		const answer = await control(method, path, body);
		expect([answer.status, Object.keys(answer.json)]).toEqual([400, ['error']]);
	});
});
