import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';

import { parametersOf } from '../support/operations.mts';
import type { Answer } from './adobeDouble.mts';
import { AdobeDouble, CLIENT_SECRET, TOKEN } from './adobeDouble.mts';
import { hostileJson, hostileText, withOnePlaceChanged } from './arbitraries.mts';
import {
	CONNECTION_STRING,
	DATABASE_PASSWORD,
	expectCleanPrototypes,
	expectGoodEnd,
	outcomeOf,
} from './outcome.mts';
import type { HostileRow } from './rows.mts';
import { ROWS, sendsDetails } from './rows.mts';
import { runs } from './runs.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const DATASET = '6019e0e7c5dcf718db5ebc71';
const TIMEOUT_MS = 250;
/** Far beyond the time of an item, far below what a loop without an end would take. */
const LONGEST_MS = 10_000;

let double: AdobeDouble;
beforeAll(async () => {
	double = await AdobeDouble.open();
});
afterAll(async () => {
	await double.close();
});

const CONNECTION = {
	id: ID,
	etag: '"1"',
	name: 'Sales',
	state: 'enabled',
	description: 'The shop',
	createdAt: 1_700_000_000_000,
	sandboxName: 'prod',
	connectionSpec: { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' },
	auth: {
		specName: 'Connection String Based Authentication',
		params: { connectionString: CONNECTION_STRING },
	},
};

/** One body that every operation can go on with. */
const OBLIGING = {
	...CONNECTION,
	items: [CONNECTION],
	_links: { next: { href: '/data/foundation/flowservice/connections?continuationToken=2' } },
	test: true,
	schema: { columns: [{ name: 'id', type: 'integer', xdm: { type: 'integer' } }] },
	data: [{ id: 1 }],
	flowId: ID,
	sourceConnectionIds: [ID],
	targetConnectionIds: [ID],
	scheduleParams: { startTime: '1700000000', frequency: 'once' },
	transformations: [{ name: 'Copy', params: { deltaColumn: { name: 'updated_at' } } }],
	inheritedAttributes: { sourceConnections: [{ id: ID, baseConnection: { id: ID } }] },
	metrics: {
		durationSummary: { startedAtUTC: 1_700_000_000_000, completedAtUTC: 1_700_000_001_000 },
		recordSummary: { inputRecordCount: 2, outputRecordCount: 1, failedRecordCount: 1 },
		sizeSummary: { inputBytes: 1, outputBytes: 1 },
		statusSummary: {
			status: 'failed',
			errors: [{ code: 'CONNECTOR-2001-500', message: 'Copy failed', recordCount: 1 }],
		},
	},
	activities: [
		{
			id: 'copyActivity',
			statusSummary: {
				status: 'failed',
				extensions: { errors: [{ code: 'MAPPER-3700-400', message: 'No number' }] },
			},
		},
	],
};

const TABLES = [{ type: 'table', name: 'orders', path: 'public.orders', canPreview: true }];

const REFUSAL = {
	type: 'http://ns.adobe.com/aep/errors/FLOW-1400-400',
	title: 'Bad request',
	status: 400,
	report: { 'request-id': 'r1', 'detailed-message': 'Not so', code: 'X' },
	errorMessage: 'Not so',
	'error-chain': [{ serviceId: 'x', errorCode: 'FLOW-1', unitSet: [] }],
	error_code: '403003',
	message: 'Api Key is invalid',
};

const latin = (text: fc.Arbitrary<string>) =>
	text.map((one) => one.replace(/[^\x20-\x7e]/g, '').slice(0, 1_000));

const hostileHeaders = fc.dictionary(
	fc.constantFrom('retry-after', 'date', 'etag', 'x-request-id', 'location', 'set-cookie', 'link'),
	fc.oneof(
		latin(hostileText),
		fc.constantFrom('0', '-1', '1', '1e99', 'Infinity', '99999999999', 'soon', '0.001'),
		fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
		fc.constant('').map(() => `${double.stranger.origin}/elsewhere`),
	),
	{ maxKeys: 3 },
);

const brokenBody = fc.oneof(
	hostileText,
	fc.constantFrom(
		'<html><title>Sign in to the proxy</title></html>',
		'{"items":[{"id":"',
		'null',
		'[]',
		'"text"',
		'{"__proto__":{"isAdmin":true},"items":[{"id":"a","__proto__":{"id":"b"}}]}',
		'{"constructor":{"prototype":{"isAdmin":true}}}',
		`${'['.repeat(20_000)}${']'.repeat(20_000)}`,
		`{"items":${'[{"id":"a","a":'.repeat(3_000)}1${'}]'.repeat(3_000)}}`,
		JSON.stringify({
			...CONNECTION,
			items: Array(2_000).fill({ ...CONNECTION, name: 'x'.repeat(500) }),
		}),
		JSON.stringify({ items: [{ ...CONNECTION, deep: nested(20_000) }] }),
		JSON.stringify({ items: [{ ...OBLIGING, metrics: { statusSummary: 'DEEP' } }] }).replace(
			'"DEEP"',
			`${'{"errors":['.repeat(10_000)}${']}'.repeat(10_000)}`,
		),
	),
	fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
);

function nested(depth: number): string {
	return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

const hostileAnswer: fc.Arbitrary<Answer> = fc.record({
	status: fc.oneof(
		{ weight: 3, arbitrary: fc.constant(200) },
		fc.constantFrom(201, 202, 204, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 412, 429),
		fc.integer({ min: 200, max: 999 }),
	),
	headers: hostileHeaders,
	body: fc.oneof(
		{ weight: 3, arbitrary: withOnePlaceChanged(OBLIGING) },
		withOnePlaceChanged(TABLES),
		withOnePlaceChanged(REFUSAL),
		hostileJson,
		brokenBody,
	),
});

const parametersFor = (row: HostileRow): INodeParameters => ({
	...parametersOf(row),
	simplify: false,
	returnAll: true,
	replaceDatabaseDetails: true,
	options: { timeout: TIMEOUT_MS, verify: true },
});

async function runAgainst(row: HostileRow, answers: Answer[]) {
	double.forget();
	let count = 0;
	double.answer = () => answers[Math.min(count++, answers.length - 1)] ?? { status: 500 };
	const startedMs = Date.now();
	const item = { id: ID, runId: ID, connectionId: ID, dataset: DATASET, name: 'New', limit: 5 };
	const outcome = await outcomeOf(double, parametersFor(row), item, row.nodeType);
	expect(Date.now() - startedMs).toBeLessThan(LONGEST_MS);
	return outcome;
}

describe.each(ROWS)('$title', (row) => {
	it('ends well whatever Adobe answers', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.oneof(hostileAnswer, fc.constant({ status: 200, body: OBLIGING })), {
					minLength: 1,
					maxLength: 4,
				}),
				async (answers) => {
					expectGoodEnd(await runAgainst(row, answers));
					expect(double.stranger.sent).toHaveLength(0);
					expectCleanPrototypes();
				},
			),
			runs(8),
		);
	});
});

/** A secret as a careless service repeats it: as it is, encoded, in the middle of something. */
const repeated = fc
	.tuple(
		fc.constantFrom(TOKEN, CLIENT_SECRET, DATABASE_PASSWORD, CONNECTION_STRING),
		fc.constantFrom<(secret: string) => string>(
			(secret) => secret,
			(secret) => `Bearer ${secret}`,
			(secret) => `login failed for "${secret}"; try again`,
			(secret) => encodeURIComponent(secret),
		),
	)
	.map(([secret, say]) => say(secret));

/** The same for a password that this execution has never seen: then its surroundings tell. */
const repeatedUnseen = fc.constantFrom(
	CONNECTION_STRING,
	`could not connect with ${CONNECTION_STRING}`,
	`{"connectionString":"${CONNECTION_STRING}"}`,
	`Password=${DATABASE_PASSWORD};Port=5432`,
	`postgres://aep:${DATABASE_PASSWORD}@db.example.com/sales`,
	JSON.stringify({ auth: { params: { password: DATABASE_PASSWORD } } }),
	`Bearer ${TOKEN}`,
	CLIENT_SECRET,
	`${'x'.repeat(90)} ${CLIENT_SECRET}`,
);

describe('A refusal that repeats secrets', () => {
	it.each(ROWS)('is told without them: $title', async (row) => {
		const repeats = sendsDetails(row) ? fc.oneof(repeated, repeatedUnseen) : repeatedUnseen;
		const refusal = repeats.chain((text) =>
			fc.record({
				status: fc.constantFrom(400, 401, 403, 404, 409, 412, 422, 429, 500, 503),
				headers: fc.constantFrom<Record<string, string>>({}, { 'x-request-id': latinOf(text) }),
				body: fc.constantFrom<unknown>(
					text,
					{ ...REFUSAL, errorMessage: text },
					{ ...REFUSAL, report: { ...REFUSAL.report, 'detailed-message': text } },
					{ ...REFUSAL, report: { ...REFUSAL.report, 'request-id': text } },
					{ ...REFUSAL, type: `http://ns.adobe.com/aep/errors/${text}` },
					{ title: text },
					{ error_code: text, message: text },
					{ error: text, error_description: text },
					{ [text]: text },
				),
			}),
		);
		await fc.assert(
			fc.asyncProperty(refusal, fc.boolean(), async (answer, isFirst) => {
				const answers = isFirst ? [answer] : [{ status: 200, body: OBLIGING }, answer];
				expectGoodEnd(await runAgainst(row, answers));
			}),
			runs(8),
		);
	});
});

describe('A success that repeats a password which this execution has never seen', () => {
	const unseen = fc.constantFrom(
		CONNECTION_STRING,
		`could not connect with ${CONNECTION_STRING}`,
		`postgres://aep:${DATABASE_PASSWORD}@db.example.com/sales`,
		JSON.stringify({ auth: { params: { password: DATABASE_PASSWORD } } }),
	);

	it.each(ROWS)('is put out without it: $title', async (row) => {
		await fc.assert(
			fc.asyncProperty(unseen, async (text) => {
				const errors = [{ code: text, message: text, errors: [{ code: '1', message: text }] }];
				const item = {
					...OBLIGING,
					description: text,
					metrics: { ...OBLIGING.metrics, statusSummary: { status: 'failed', errors } },
					activities: [{ id: 'copyActivity', statusSummary: { extensions: { errors } } }],
					lastRunDetails: { id: ID, state: 'failed', errors },
				};
				for (const simplify of [true, false]) {
					double.forget();
					double.answer = () => ({ status: 200, body: { ...item, items: [item], _links: {} } });
					expectGoodEnd(
						await outcomeOf(
							double,
							{ ...parametersFor(row), simplify },
							{ id: ID, runId: ID, connectionId: ID, dataset: DATASET, name: 'New', limit: 5 },
							row.nodeType,
						),
					);
				}
			}),
			runs(2),
		);
	});
});

function latinOf(text: string): string {
	return text.replace(/[^\x20-\x7e]/g, '');
}
