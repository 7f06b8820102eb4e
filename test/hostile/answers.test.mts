import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';

import { parametersOf } from '../support/operations.mts';
import {
	hostileAnswerOf,
	ID,
	OBLIGING,
	REFUSAL,
	repeatedUnseen,
	unseenPassword,
} from './adobeAnswers.mts';
import type { Answer } from './adobeDouble.mts';
import { AdobeDouble, CLIENT_SECRET, TOKEN } from './adobeDouble.mts';
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

const DATASET = '6019e0e7c5dcf718db5ebc71';
const TIMEOUT_MS = 250;
/** Far beyond the time of an item, far below what a loop without an end would take. */
const MAX_MS = 10_000;

let double: AdobeDouble;
beforeAll(async () => {
	double = await AdobeDouble.open();
});
afterAll(async () => {
	await double.close();
});

const parametersFor = (row: HostileRow): INodeParameters => ({
	...parametersOf(row),
	simplify: false,
	returnAll: true,
	replaceDatabaseDetails: true,
	verify: true,
	options: { timeout: TIMEOUT_MS / 1000 },
});

async function runAgainst(row: HostileRow, answers: Answer[]) {
	double.forget();
	let count = 0;
	double.answer = () => answers[Math.min(count++, answers.length - 1)] ?? { status: 500 };
	const startedMs = Date.now();
	const item = { id: ID, runId: ID, connectionId: ID, dataset: DATASET, name: 'New', limit: 5 };
	const outcome = await outcomeOf(double, parametersFor(row), item, row.nodeType);
	expect(Date.now() - startedMs).toBeLessThan(MAX_MS);
	return outcome;
}

describe.each(ROWS)('$title', (row) => {
	it('ends well whatever Adobe answers', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(
					fc.oneof(
						fc.constant(null).chain(() => hostileAnswerOf(double)),
						fc.constant({ status: 200, body: OBLIGING }),
					),
					{
						minLength: 1,
						maxLength: 4,
					},
				),
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
	it.each(ROWS)('is put out without it: $title', async (row) => {
		await fc.assert(
			fc.asyncProperty(unseenPassword, async (text) => {
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
