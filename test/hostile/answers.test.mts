import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';

import type { Row } from '../support/operations.mts';
import { OPERATIONS, parametersOf } from '../support/operations.mts';
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
import { runs } from './runs.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const TIMEOUT_MS = 400;
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

const parametersFor = (row: Row): INodeParameters => ({
	...parametersOf(row),
	simplify: false,
	returnAll: true,
	replaceDatabaseDetails: true,
	options: { timeout: TIMEOUT_MS, verify: true },
});

async function runAgainst(row: Row, answers: Answer[]) {
	double.forget();
	let count = 0;
	double.answer = () => answers[Math.min(count++, answers.length - 1)] ?? { status: 500 };
	const startedMs = Date.now();
	const item = { id: ID, name: 'New', limit: 5 };
	const outcome = await outcomeOf(double, parametersFor(row), item);
	expect(Date.now() - startedMs).toBeLessThan(LONGEST_MS);
	return outcome;
}

describe.each(OPERATIONS)('$title', (row) => {
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
			runs(25),
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

/** Operations that are given the database's details. */
const SENDS_DETAILS = ['create', 'upsert', 'update'];

describe('A refusal that repeats secrets', () => {
	it.each(OPERATIONS)('is told without them: $title', async (row) => {
		const repeats = SENDS_DETAILS.includes(row.operation)
			? fc.oneof(repeated, repeatedUnseen)
			: repeatedUnseen;
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
			runs(25),
		);
	});
});

function latinOf(text: string): string {
	return text.replace(/[^\x20-\x7e]/g, '');
}
