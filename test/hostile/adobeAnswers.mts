import fc from 'fast-check';

import type { AdobeDouble, Answer, Listener } from './adobeDouble.mts';
import { CLIENT_SECRET, TOKEN } from './adobeDouble.mts';
import { hostileJson, hostileText, withOnePlaceChanged } from './arbitraries.mts';
import { CONNECTION_STRING, DATABASE_PASSWORD } from './outcome.mts';

/** Of everything that an obliging Adobe shows. */
export const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';

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
export const OBLIGING = {
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

export const REFUSAL = {
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

const hostileHeaders = (stranger: Listener) =>
	fc.dictionary(
		fc.constantFrom(
			'retry-after',
			'date',
			'etag',
			'x-request-id',
			'location',
			'set-cookie',
			'link',
		),
		fc.oneof(
			latin(hostileText),
			fc.constantFrom('0', '-1', '1', '1e99', 'Infinity', '99999999999', 'soon', '0.001'),
			fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
			fc.constant('').map(() => `${stranger.origin}/elsewhere`),
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

/** Any answer: sound but for one place, a refusal, no JSON, far too much, with whatever headers. */
export const hostileAnswerOf = ({ stranger }: AdobeDouble): fc.Arbitrary<Answer> =>
	fc.record({
		status: fc.oneof(
			{ weight: 3, arbitrary: fc.constant(200) },
			fc.constantFrom(
				201,
				202,
				204,
				206,
				301,
				302,
				304,
				307,
				308,
				400,
				401,
				403,
				404,
				409,
				412,
				429,
			),
			fc.integer({ min: 200, max: 999 }),
		),
		headers: hostileHeaders(stranger),
		body: fc.oneof(
			{ weight: 3, arbitrary: withOnePlaceChanged(OBLIGING) },
			withOnePlaceChanged(TABLES),
			withOnePlaceChanged(REFUSAL),
			hostileJson,
			brokenBody,
		),
	});

/** A secret in the words of a service, for a password that this execution has never seen: then its surroundings tell. */
export const repeatedUnseen = fc.constantFrom(
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

/** A password that this execution has never seen, where its surroundings tell. */
export const unseenPassword = fc.constantFrom(
	CONNECTION_STRING,
	`could not connect with ${CONNECTION_STRING}`,
	`postgres://aep:${DATABASE_PASSWORD}@db.example.com/sales`,
	JSON.stringify({ auth: { params: { password: DATABASE_PASSWORD } } }),
);
