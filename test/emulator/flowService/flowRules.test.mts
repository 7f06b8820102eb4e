import { copyBy, flowBody, FLOW_SPEC, made, makeDataSet, makeMapping } from '../dataflow.mts';
import { makeParts, type Parts } from '../dataflow.mts';
import {
	addedByAdobe,
	basicBody,
	closeWires,
	codeOf,
	openWire,
	SPEC,
	type Wire,
} from '../wire.mts';

let wire: Wire;
let of: Parts;
beforeAll(async () => {
	wire = await openWire();
});
beforeEach(async () => {
	wire.emulator.reset();
	of = await makeParts(wire, {
		connection: basicBody(),
		tableName: 'public.orders',
		fields: { orderId: { type: 'string' } },
		mappings: [['id', 'orderId']],
	});
});
afterAll(closeWires);

const DAY = 86_400_000;
const post = async (body: object) => await wire.flow('POST', '/flows', { body });
const mapping = () => flowBody(of).transformations[0];
const soon = () => String(Math.floor(wire.emulator.now() / 1000) + 600);
const schedule = (given: object) => ({ scheduleParams: { startTime: soon(), ...given } });
const every = (frequency: string, interval: unknown, more: object = {}) =>
	schedule({ frequency, interval, ...more });
/** A flow that recurs. */
const recurring = (over: object = {}) =>
	flowBody(of, {
		transformations: [copyBy('updated_at'), mapping()],
		...every('minute', '15'),
		...over,
	});
const item = async (id: string): Promise<any> =>
	(await wire.flow('GET', `/flows/${id}`)).json.items[0];
const patch = async (
	id: string,
	...operations: Array<[op: string, path: string, value?: unknown]>
) =>
	await wire.flow('PATCH', `/flows/${id}`, {
		headers: { 'if-match': (await item(id)).etag },
		body: operations.map(([op, path, value]) => ({
			op,
			path,
			value: op === 'remove' ? (value ?? 'x') : value,
		})),
	});

describe('a flow is made', () => {
	it('and answered with its ID and etag', async () => {
		const answer = await post(flowBody(of));
		expect(answer.status).toBe(201);
		expect(answer.json).toEqual({
			id: expect.stringMatching(/^[0-9a-f-]{36}$/),
			etag: expect.stringMatching(/^".+"$/),
		});
		expect(answer.headers.get('location')).toBe(
			`/data/foundation/flowservice/flows/${answer.json.id}`,
		);
		expect(wire.emulator.stats().flows).toEqual({ Orders: 1 });
	});

	it('and shown as the samples show it, with texts for numbers', async () => {
		const options = { errorDiagnosticsEnabled: 'true', partialIngestionPercent: '10' };
		const scheduleParams = {
			startTime: Number(soon()),
			frequency: 'day',
			interval: 2,
			backfill: true,
		};
		const deltaColumn = { name: 'updated_at', dateFormat: 'YYYY-MM-DD', timezone: 'UTC' };
		const transformations = [{ name: 'Copy', params: { deltaColumn } }, mapping()];
		const over = {
			description: 'why',
			options,
			scheduleParams,
			transformations,
			labels: ['core/C12'],
		};
		const id = await made(wire, '/flows', flowBody(of, over));
		const connectionSpec = { id: SPEC, version: '1.0' };
		const shown = await item(id);
		expect(shown).toEqual({
			id,
			...addedByAdobe(wire),
			name: 'Orders',
			description: 'why',
			flowSpec: { id: FLOW_SPEC, version: '1.0' },
			sourceConnectionIds: [of.sourceId],
			targetConnectionIds: [of.targetId],
			transformations: [
				{ name: 'Copy', params: { deltaColumn } },
				{ name: 'Mapping', params: { mappingId: of.mappingId, mappingVersion: '0' } },
			],
			scheduleParams: {
				startTime: String(scheduleParams.startTime),
				frequency: 'day',
				interval: '2',
				backfill: 'true',
			},
			options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 10 },
			labels: ['core/C12'],
			state: 'enabled',
			version: shown.etag,
			etag: expect.stringMatching(/^".+"$/),
			inheritedAttributes: {
				properties: { isSourceFlow: true },
				sourceConnections: [
					{
						id: of.sourceId,
						connectionSpec,
						baseConnection: { id: of.connectionId, connectionSpec },
					},
				],
				targetConnections: [
					{
						id: of.targetId,
						connectionSpec: { id: 'c604ff05-7f1a-43c0-8e18-33bf874cb11c', version: '1.0' },
					},
				],
			},
			lastOperation: expect.objectContaining({ operation: 'create' }),
			runs: `/flows/${id}/runs`,
		});
	});

	it.each<[string, () => object]>([
		['once', () => flowBody(of)],
		[
			'once, without a version of the flow spec',
			() => flowBody(of, { flowSpec: { id: FLOW_SPEC } }),
		],
		[
			'once, starting this very second',
			() => {
				const startTime = Math.floor(wire.emulator.now() / 1000) + 1;
				return flowBody(of, { scheduleParams: { startTime, frequency: 'once' } });
			},
		],
		[
			'once, with a Copy that names no column',
			() => flowBody(of, { transformations: [{ name: 'Copy', params: {} }, mapping()] }),
		],
		['every 15 minutes', () => recurring()],
		['every hour', () => recurring(every('hour', '1'))],
		['every 3 days, without backfill', () => recurring(every('day', 3, { backfill: false }))],
		['every week', () => recurring(every('week', 1))],
		[
			'with the mapping before the copy',
			() => recurring({ transformations: [mapping(), copyBy('updated_at')] }),
		],
		[
			'with the mapping version as text',
			() =>
				flowBody(of, {
					transformations: [
						{ name: 'Mapping', params: { mappingId: of.mappingId, mappingVersion: '0' } },
					],
				}),
		],
		[
			'with a fraction for a percentage',
			() => flowBody(of, { options: { partialIngestionPercent: 0.5 } }),
		],
	])('%s', async (_case, body) => {
		const answer = await post(body());
		expect([answer.status, codeOf(answer)]).toEqual([201, undefined]);
	});
});

describe('a flow is refused', () => {
	it.each<[string, () => object, string]>([
		['with a state', () => flowBody(of, { state: 'enabled' }), 'FLOW-1410-400'],
		['without a name', () => flowBody(of, { name: undefined }), 'CONNECTOR-1304-400'],
		[
			'with a description that is no text',
			() => flowBody(of, { description: 1 }),
			'CONNECTOR-1312-400',
		],
		['without a flow spec', () => flowBody(of, { flowSpec: undefined }), 'FLOW-1413-400'],
		['with another flow spec', () => flowBody(of, { flowSpec: { id: SPEC } }), 'FLOW-1413-400'],
		[
			'without a source',
			() => flowBody(of, { sourceConnectionIds: undefined }),
			'CONNECTOR-1320-400',
		],
		['with no source', () => flowBody(of, { sourceConnectionIds: [] }), 'CONNECTOR-1320-400'],
		[
			'with two sources',
			() => flowBody(of, { sourceConnectionIds: [of.sourceId, of.sourceId] }),
			'CONNECTOR-1321-400',
		],
		[
			'with two targets',
			() => flowBody(of, { targetConnectionIds: ['a', 'b'] }),
			'CONNECTOR-1321-400',
		],
		['with an unknown source', () => flowBody(of, { sourceConnectionIds: ['x'] }), 'FLOW-1439-404'],
		['with an unknown target', () => flowBody(of, { targetConnectionIds: ['x'] }), 'FLOW-1439-404'],
		['without a schedule', () => flowBody(of, { scheduleParams: undefined }), 'CONNECTOR-1317-400'],
		['with an empty schedule', () => flowBody(of, { scheduleParams: {} }), 'CONNECTOR-1317-400'],
		[
			'without a start time',
			() => flowBody(of, { scheduleParams: { frequency: 'once' } }),
			'CONNECTOR-1304-400',
		],
		[
			'without a frequency',
			() => flowBody(of, { scheduleParams: { startTime: soon() } }),
			'CONNECTOR-1304-400',
		],
		['every month', () => recurring(every('month', 1)), 'CONNECTOR-1397-400'],
		[
			'with a frequency that is a member of every object',
			() => recurring(every('toString', 1)),
			'CONNECTOR-1397-400',
		],
		[
			'with a start time in the past',
			() =>
				flowBody(of, {
					scheduleParams: {
						startTime: Math.floor(wire.emulator.now() / 1000) - 1,
						frequency: 'once',
					},
				}),
			'CONNECTOR-1360-400',
		],
		[
			'with a start time in milliseconds',
			() =>
				flowBody(of, {
					scheduleParams: { startTime: wire.emulator.now() + DAY, frequency: 'once' },
				}),
			'CONNECTOR-1312-400',
		],
		[
			'with a date as start time',
			() => flowBody(of, { scheduleParams: { startTime: '2040-01-01', frequency: 'once' } }),
			'CONNECTOR-1312-400',
		],
		['once with an interval', () => flowBody(of, every('once', '15')), 'CONNECTOR-1361-400'],
		[
			'once with backfill',
			() => flowBody(of, schedule({ frequency: 'once', backfill: 'true' })),
			'CONNECTOR-1364-400',
		],
		[
			'every minute without an interval',
			() => recurring(schedule({ frequency: 'minute' })),
			'CONNECTOR-1304-400',
		],
		['every zero hours', () => recurring(every('hour', 0)), 'CONNECTOR-1362-400'],
		['every 14 minutes', () => recurring(every('minute', '14')), 'CONNECTOR-1363-400'],
		['every half hour as a fraction', () => recurring(every('hour', 0.5)), 'CONNECTOR-1312-400'],
		[
			'with an unreadable backfill',
			() => recurring(every('hour', 1, { backfill: 'yes' })),
			'CONNECTOR-1312-400',
		],
		[
			'without transformations',
			() => flowBody(of, { transformations: undefined }),
			'CONNECTOR-1370-400',
		],
		[
			'with transformations that are no list',
			() => flowBody(of, { transformations: {} }),
			'CONNECTOR-1312-400',
		],
		[
			'with an unknown transformation',
			() => flowBody(of, { transformations: [mapping(), { name: 'X' }] }),
			'CONNECTOR-1312-400',
		],
		[
			'with two mappings',
			() => flowBody(of, { transformations: [mapping(), mapping()] }),
			'CONNECTOR-1312-400',
		],
		[
			'recurring without a mapping',
			() => recurring({ transformations: [copyBy('updated_at')] }),
			'CONNECTOR-1370-400',
		],
		[
			'recurring without a copy',
			() => recurring({ transformations: [mapping()] }),
			'CONNECTOR-1367-400',
		],
		[
			'recurring with a copy of no column',
			() => recurring({ transformations: [copyBy(''), mapping()] }),
			'CONNECTOR-1367-400',
		],
		[
			'once with a delta column',
			() => flowBody(of, { transformations: [copyBy('updated_at'), mapping()] }),
			'CONNECTOR-1369-400',
		],
		[
			'with a mode in its copy',
			() =>
				recurring({ transformations: [{ name: 'Copy', params: { mode: 'append' } }, mapping()] }),
			'CONNECTOR-1368-400',
		],
		[
			'with another time zone',
			() =>
				recurring({
					transformations: [
						{ name: 'Copy', params: { deltaColumn: { name: 'a', timezone: 'CET' } } },
						mapping(),
					],
				}),
			'CONNECTOR-1312-400',
		],
		[
			'without a mapping ID',
			() => flowBody(of, { transformations: [{ name: 'Mapping', params: { mappingVersion: 0 } }] }),
			'CONNECTOR-1328-400',
		],
		[
			'without a mapping version',
			() =>
				flowBody(of, {
					transformations: [{ name: 'Mapping', params: { mappingId: of.mappingId } }],
				}),
			'CONNECTOR-1329-400',
		],
		[
			'with a mapping version that is not there',
			() =>
				flowBody(of, {
					transformations: [
						{ name: 'Mapping', params: { mappingId: of.mappingId, mappingVersion: 7 } },
					],
				}),
			'FLOW-1412-400',
		],
		[
			'with a mapping version that is none',
			() =>
				flowBody(of, {
					transformations: [
						{ name: 'Mapping', params: { mappingId: of.mappingId, mappingVersion: 'x' } },
					],
				}),
			'FLOW-1412-400',
		],
		[
			'with an unknown mapping set',
			() =>
				flowBody(of, {
					transformations: [{ name: 'Mapping', params: { mappingId: 'x', mappingVersion: 0 } }],
				}),
			'FLOW-1419-400',
		],
		[
			'with zero per cent',
			() => flowBody(of, { options: { partialIngestionPercent: 0 } }),
			'CONNECTOR-1312-400',
		],
		[
			'with 101 per cent',
			() => flowBody(of, { options: { partialIngestionPercent: 101 } }),
			'CONNECTOR-1312-400',
		],
		[
			'with an unreadable percentage',
			() => flowBody(of, { options: { partialIngestionPercent: 'few' } }),
			'CONNECTOR-1312-400',
		],
		[
			'with unreadable diagnostics',
			() => flowBody(of, { options: { errorDiagnosticsEnabled: 'maybe' } }),
			'CONNECTOR-1312-400',
		],
		['with labels that are no texts', () => flowBody(of, { labels: [1] }), 'CONNECTOR-1312-400'],
	])('%s', async (_case, body, code) => {
		const answer = await post(body());
		expect([answer.status, codeOf(answer)]).toEqual([Number(code.slice(-3)), code]);
		expect(wire.emulator.flows()).toEqual([]);
	});

	it('when the mapping set is of another schema than the dataset', async () => {
		const other = await makeDataSet(wire, { orderId: { type: 'string' } });
		const mappingId = await makeMapping(wire, other, [['id', 'orderId']]);
		expect(codeOf(await post(flowBody({ ...of, mappingId })))).toBe('FLOW-1425-400');
	});

	it('when its base connection is gone', async () => {
		await wire.flow('DELETE', `/connections/${of.connectionId}`);
		const answer = await post(flowBody(of));
		expect(codeOf(answer)).toBe('FLOW-1439-404');
		expect(answer.json.report.type).toBe('connections');
	});

	it('when its dataset is gone', async () => {
		await wire.call('DELETE', `/data/foundation/catalog/dataSets/${of.dataSet.id}`);
		expect(codeOf(await post(flowBody(of)))).toBe('CONNECTOR-1312-400');
	});

	it('as a draft, without permission, and with an empty body', async () => {
		const body = flowBody(of);
		expect(codeOf(await wire.flow('POST', '/flows?mode=draft', { body }))).toBe('FLOW-1452-400');
		const client = wire.emulator.addClient({ permissions: ['read'] });
		expect(codeOf(await wire.flow('POST', '/flows', { body, client }))).toBe('FLOW-2118-403');
		expect(codeOf(await post({}))).toBe('FLOW-1405-400');
	});
});

describe('a flow is changed', () => {
	it('in its name, description, schedule, transformations and options', async () => {
		const id = await made(wire, '/flows', recurring());
		const answer = await patch(
			id,
			['replace', '/name', 'New'],
			['add', '/description', 'text'],
			['replace', '/scheduleParams/frequency', 'day'],
			['replace', '/scheduleParams/interval', '2'],
			['replace', '/transformations/0', copyBy('created_at')],
			['add', '/options', { partialIngestionPercent: '10' }],
			['add', '/options/errorDiagnosticsEnabled', true],
		);
		expect([answer.status, codeOf(answer)]).toEqual([200, undefined]);
		expect(await item(id)).toMatchObject({
			etag: answer.json.etag,
			version: answer.json.etag,
			name: 'New',
			description: 'text',
			scheduleParams: { frequency: 'day', interval: '2' },
			transformations: [copyBy('created_at'), { name: 'Mapping' }],
			options: { partialIngestionPercent: 10, errorDiagnosticsEnabled: true },
			lastOperation: {
				operation: 'update',
				percentCompleted: 100,
				status: { value: 'completed', errors: [] },
				ops: expect.arrayContaining([{ op: 'replace', path: '/name', value: 'New' }]),
			},
		});
	});

	it('by adding and removing a transformation', async () => {
		const id = await made(wire, '/flows', flowBody(of));
		const answer = await patch(
			id,
			['add', '/transformations/0', copyBy('updated_at')],
			['replace', '/scheduleParams', { startTime: soon(), frequency: 'hour', interval: 1 }],
		);
		expect(answer.status).toBe(200);
		const back = await patch(
			id,
			['remove', '/transformations/0'],
			['replace', '/scheduleParams', { startTime: soon(), frequency: 'once' }],
		);
		expect(back.status).toBe(200);
		expect((await item(id)).transformations).toHaveLength(1);
	});

	it('with its version only', async () => {
		const { id, etag } = (await post(flowBody(of))).json;
		const body = [{ op: 'replace', path: '/name', value: 'New' }];
		const send = async (headers: Record<string, string>) =>
			await wire.flow('PATCH', `/flows/${id}`, { headers, body });
		expect(codeOf(await send({}))).toBe('FLOW-1403-400');
		expect((await send({ 'if-match': etag.replaceAll('"', '') })).status).toBe(200);
		const late = await send({ 'if-match': etag });
		expect([late.status, codeOf(late)]).toEqual([412, 'FLOW-1404-412']);
	});

	it.each<[string, [op: string, path: string, value?: unknown], string]>([
		['in its state', ['replace', '/state', 'disabled'], 'CONNECTOR-1365-400'],
		['in its source', ['replace', '/sourceConnectionIds/0', 'x'], 'CONNECTOR-1365-400'],
		['in its flow spec', ['replace', '/flowSpec/id', 'x'], 'CONNECTOR-1365-400'],
		[
			'in a transformation that is not there',
			['replace', '/transformations/5', copyBy('a')],
			'CONNECTOR-1365-400',
		],
		['in a member of every list', ['replace', '/transformations/length', 0], 'CONNECTOR-1365-400'],
		['behind a part that is not there', ['add', '/options/a/b', 1], 'CONNECTOR-1365-400'],
		['to move', ['move', '/name', 'x'], 'FLOW-1434-400'],
		['to have no name', ['remove', '/name'], 'CONNECTOR-1304-400'],
		['to have no mapping', ['remove', '/transformations/1'], 'CONNECTOR-1370-400'],
		['to have no copy', ['remove', '/transformations/0'], 'CONNECTOR-1367-400'],
		['to a short interval', ['replace', '/scheduleParams/interval', 5], 'CONNECTOR-1363-400'],
		[
			'to start in the past',
			['replace', '/scheduleParams/startTime', 1_700_000_000],
			'CONNECTOR-1360-400',
		],
		[
			'to an unreadable percentage',
			['add', '/options', { partialIngestionPercent: 'x' }],
			'CONNECTOR-1312-400',
		],
	])('not %s', async (_case, operation, code) => {
		const id = await made(wire, '/flows', recurring());
		const before = await item(id);
		// One wrong operation spoils the good one as well.
		const answer = await patch(id, ['add', '/description', 'x'], operation);
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
		expect(await item(id)).toEqual(before);
	});

	it.each<[string, Array<[op: string, path: string, value?: unknown]>, string | undefined]>([
		['its start time', [['replace', '/scheduleParams/startTime', '2000000000']], '1366'],
		[
			'its frequency to once',
			[
				['replace', '/scheduleParams/frequency', 'once'],
				['remove', '/scheduleParams/interval'],
				['remove', '/transformations/0'],
			],
			'1403',
		],
		['its backfill', [['add', '/scheduleParams/backfill', 'false']], '1404'],
		[
			'its backfill to what it was by default',
			[['add', '/scheduleParams/backfill', 'true']],
			undefined,
		],
		['its frequency', [['replace', '/scheduleParams/frequency', 'hour']], undefined],
		['its interval', [['replace', '/scheduleParams/interval', '30']], undefined],
		['its name', [['replace', '/name', 'New']], undefined],
	])('once its start time has passed: %s', async (_case, operations, code) => {
		const id = await made(wire, '/flows', recurring());
		await wire.flow('POST', `/flows/${id}/action?op=disable`);
		await wire.emulator.advanceClock(DAY);
		const answer = await patch(id, ...operations);
		expect(codeOf(answer)).toBe(code && `CONNECTOR-${code}-400`);
		expect(answer.status).toBe(code === undefined ? 200 : 400);
	});

	it('after a run on demand, with the delta column that it has from there', async () => {
		const id = await made(wire, '/flows', flowBody(of));
		const params = {
			...{ startTime: soon(), windowStartTime: '0', windowEndTime: '1' },
			deltaColumn: { name: 'updated_at' },
		};
		await wire.flow('POST', '/runs', { body: { flowId: id, params } });
		expect((await item(id)).transformations).toHaveLength(2);
		expect((await patch(id, ['replace', '/name', 'New'])).status).toBe(200);
	});
});

describe('a flow', () => {
	it('is disabled and enabled, with a new etag each time', async () => {
		const id = await made(wire, '/flows', recurring());
		const etags = [(await item(id)).etag];
		for (const [op, state] of [
			['disable', 'disabled'],
			['ENABLE', 'enabled'],
			['DISABLE', 'disabled'],
		]) {
			const answer = await wire.flow('POST', `/flows/${id}/action?op=${op}`);
			expect([answer.status, answer.json.id]).toEqual([200, id]);
			expect(await item(id)).toMatchObject({ state, etag: answer.json.etag });
			etags.push(answer.json.etag);
		}
		expect(new Set(etags).size).toBe(4);
	});

	it.each<[string, string, string]>([
		['enable', 'enabled', 'FLOW-1422-400'],
		['disable', 'disabled', 'FLOW-1422-400'],
		['publish', 'enabled', 'FLOW-1422-400'],
		['finalize', 'enabled', 'FLOW-1402-400'],
		['FINALIZE_UPDATE', 'enabled', 'FLOW-1402-400'],
		['start', 'enabled', 'CONNECTOR-1398-400'],
		['', 'enabled', 'CONNECTOR-1359-400'],
	])('refuses the action "%s" when it is %s', async (op, state, code) => {
		const id = await made(wire, '/flows', recurring());
		if (state === 'disabled') await wire.flow('POST', `/flows/${id}/action?op=disable`);
		const answer = await wire.flow('POST', `/flows/${id}/action?op=${op}`);
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
		expect((await item(id)).state).toBe(state);
	});

	it('looks at If-Match of an action when there is one', async () => {
		const id = await made(wire, '/flows', recurring());
		const act = async (etag: string) =>
			await wire.flow('POST', `/flows/${id}/action?op=disable`, { headers: { 'if-match': etag } });
		expect(codeOf(await act('"x"'))).toBe('FLOW-1404-412');
		expect((await act((await item(id)).etag)).status).toBe(200);
	});

	it('is deleted, and leaves its source and target connection behind', async () => {
		const id = await made(wire, '/flows', recurring());
		expect((await wire.flow('DELETE', `/connections/${of.connectionId}`)).status).toBe(400);
		expect((await wire.flow('DELETE', `/flows/${id}`)).status).toBe(204);
		expect((await wire.flow('GET', `/flows/${id}`)).status).toBe(404);
		expect((await wire.flow('GET', `/sourceConnections/${of.sourceId}`)).status).toBe(200);
		expect((await wire.flow('GET', `/targetConnections/${of.targetId}`)).status).toBe(200);
		expect((await wire.flow('DELETE', `/connections/${of.connectionId}`)).status).toBe(204);
	});

	it('wants the permission to manage sources for every change', async () => {
		const id = await made(wire, '/flows', recurring());
		const client = wire.emulator.addClient({ permissions: ['read'] });
		const headers = { 'if-match': (await item(id)).etag };
		for (const [method, path] of [
			['PATCH', `/flows/${id}`],
			['DELETE', `/flows/${id}`],
			['POST', `/flows/${id}/action?op=disable`],
		] as const) {
			const answer = await wire.flow(method, path, { client, headers, body: [] });
			expect(codeOf(answer)).toBe('FLOW-2121-403');
		}
		const none = wire.emulator.addClient({ permissions: [] });
		const denied = await wire.flow('GET', `/flows/${id}`, { client: none });
		expect(codeOf(denied)).toBe('FLOW-2120-403');
	});

	it('stays in its sandbox', async () => {
		const id = await made(wire, '/flows', recurring());
		const headers = { 'x-sandbox-name': 'dev' };
		expect((await wire.flow('GET', `/flows/${id}`, { headers })).status).toBe(404);
		const body = flowBody(of);
		const there = await wire.flow('POST', '/flows', { headers, body });
		expect([codeOf(there), there.json.report.type]).toEqual(['FLOW-1439-404', 'sourceConnections']);
	});

	it('is updating for a while after a patch when it is told so, and takes no other change', async () => {
		const before = wire;
		wire = await openWire({ updatingMs: 60_000 });
		of = await makeParts(wire, {
			connection: basicBody(),
			tableName: 'public.orders',
			fields: { orderId: { type: 'string' } },
			mappings: [['id', 'orderId']],
		});
		const id = await made(wire, '/flows', recurring());
		expect((await item(id)).state).toBe('enabled');
		expect((await patch(id, ['replace', '/name', 'New'])).status).toBe(200);
		const states = [(await item(id)).state];
		const codes = [
			codeOf(await patch(id, ['replace', '/name', 'Other'])),
			codeOf(await wire.flow('POST', `/flows/${id}/action?op=disable`)),
			codeOf(await wire.flow('DELETE', `/flows/${id}`)),
		];
		await wire.emulator.advanceClock(61_000);
		states.push((await item(id)).state);
		const last = await wire.flow('POST', `/flows/${id}/action?op=disable`);
		wire = before;
		expect(states).toEqual(['updating', 'enabled']);
		expect(codes).toEqual(['FLOW-1420-400', 'FLOW-1421-400', 'FLOW-1420-400']);
		expect(last.status).toBe(200);
	});
});
