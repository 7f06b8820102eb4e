import { faultCode, wasNeverSent } from '../../nodes/platform/networkFaults.ts';
import type { Attempt, Method } from '../../nodes/platform/request.ts';
import {
	isThrottled,
	retryAfterMs,
	verdictOn,
	waitBeforeRetry,
} from '../../nodes/platform/retry.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('What an answer says about how many requests there may be', () => {
	const judge = (attempt: Attempt) =>
		verdictOn(attempt, { attempt: 1, nowEpochMs: NOW, random: 0 });
	const answered = (status: number, headers = {}): Attempt => ({
		answer: { status, headers, body: '' },
	});

	it.each([
		['a success was taken', 200, 'ok'],
		['what is not there was asked for all the same', 404, 'ok'],
		['a refusal of what was sent was taken', 400, 'ok'],
		['a refusal for want of a permission was taken', 403, 'ok'],
		['a conflict was taken', 412, 'ok'],
		['a failure of the server says nothing', 500, 'failed'],
		['a time-out of the gateway says nothing', 504, 'failed'],
		['another time-out of the gateway says nothing', 408, 'failed'],
		['a redirect says nothing', 302, 'failed'],
	])('%s (%i)', (_what, status, outcome) => {
		expect(judge(answered(status))).toStrictEqual({ outcome });
	});

	it('a 429 says how long Adobe is to be left alone', () => {
		const attempt = answered(429, { 'retry-after': '2' });
		expect(judge(attempt)).toStrictEqual({ outcome: 'throttled', waitMs: 2_000 });
	});

	it('no answer says nothing', () => {
		expect(judge({ fault: 'ECONNRESET' } as unknown as Attempt)).toStrictEqual({
			outcome: 'failed',
		});
	});
});

describe('Retry-After', () => {
	it.each([
		['whole seconds', '7', 7_000],
		['seconds with a fraction', '1.5', 1_500],
		['seconds with blanks around', '  3 ', 3_000],
		['no seconds at all', '0', 0],
		['a number instead of a text', 7, 7_000],
		['a date ahead', 'Sun, 01 Mar 2026 12:00:09 GMT', 9_000],
		['a date that has passed', 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
		['a date in ISO form', '2026-03-01T12:00:02Z', 2_000],
	])('says %s', (_case, header, expected) => {
		expect(retryAfterMs(header, NOW)).toBe(expected);
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['an empty text', ''],
		['blanks', ' \t'],
		['a word', 'soon'],
		['a sentence', 'in 5 minutes'],
		['something like a number', '1e3'],
		['a list', ['5']],
		['an object', { seconds: 5 }],
		['not a number', Number.NaN],
		['an endless number', Number.POSITIVE_INFINITY],
		['true', true],
		['a megabyte of letters', 'x'.repeat(1_000_000)],
	])('says nothing as %s', (_case, header) => {
		expect(retryAfterMs(header, NOW)).toBeUndefined();
	});

	it('takes no time over a megabyte of digits', () => {
		const startedAt = Date.now();
		retryAfterMs(`${'1'.repeat(1_000_000)}x`, NOW);
		expect(Date.now() - startedAt).toBeLessThan(1_000);
	});
});

describe('the code of a fault', () => {
	it.each([
		["n8n's own error", { httpCode: 'ECONNRESET' }, 'ECONNRESET'],
		["a client's error", { code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
		['an error with a cause', { cause: { code: 'ENOTFOUND' } }, 'ENOTFOUND'],
		['httpCode before code', { httpCode: 'ECONNRESET', code: 'ERR_BAD' }, 'ECONNRESET'],
		['code where httpCode is null', { httpCode: null, code: 'EPIPE' }, 'EPIPE'],
		['code where httpCode is empty', { httpCode: '', code: 'EPIPE' }, 'EPIPE'],
		['an answer cut off in its body', { httpCode: '200' }, 'BODY_CUT_OFF'],
		['an answer cut off after it was made', { httpCode: '201' }, 'BODY_CUT_OFF'],
		['a cause in place of numbers', { code: 5, cause: { code: 'EPIPE' } }, 'EPIPE'],
		['an error of its own class', Object.assign(new Error('x'), { code: 'EPIPE' }), 'EPIPE'],
		['nothing', undefined, 'NO_ANSWER'],
		['null', null, 'NO_ANSWER'],
		['a text', 'ECONNRESET', 'NO_ANSWER'],
		['a list', ['ECONNRESET'], 'NO_ANSWER'],
		['an empty object', {}, 'NO_ANSWER'],
		['a cause of null', { cause: null }, 'NO_ANSWER'],
	])('is read from %s', (_case, error, expected) => {
		expect(faultCode(error)).toBe(expected);
	});

	it.each([
		['while connecting', { code: 'EHOSTUNREACH', syscall: 'connect' }, true],
		['while reading the answer', { code: 'EHOSTUNREACH', syscall: 'read' }, false],
		['while writing, as its cause', { code: 'ENETUNREACH', cause: { syscall: 'write' } }, false],
		['while reading, in words', { httpCode: 'EHOSTUNREACH', message: 'read EHOSTUNREACH' }, false],
		[
			"while reading, in n8n's list of words",
			{ httpCode: 'ENETUNREACH', message: 'Lost', messages: ['read ENETUNREACH'] },
			false,
		],
		['while connecting, in words', { code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH' }, true],
		['for a reason that is not told', { code: 'EHOSTUNREACH' }, true],
	])('of a host that can’t be reached %s tells whether it was sent', (_case, error, neverSent) => {
		expect(wasNeverSent(faultCode(error))).toBe(neverSent);
	});

	it.each([
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		'EHOSTUNREACH',
		'ENETUNREACH',
		'CERT_HAS_EXPIRED',
		'SELF_SIGNED_CERT_IN_CHAIN',
	])('%s means that nothing was sent', (code) => {
		expect(wasNeverSent(code)).toBe(true);
	});

	it.each([
		'ECONNRESET',
		'ECONNABORTED',
		'ETIMEDOUT',
		'EPIPE',
		'BODY_CUT_OFF',
		'NO_ANSWER',
		'econnrefused',
		'',
		'constructor',
		'__proto__',
	])('%j does not mean that nothing was sent', (code) => {
		expect(wasNeverSent(code)).toBe(false);
	});
});

const METHODS: Method[] = ['GET', 'DELETE', 'POST', 'PATCH', 'PUT'];
const answer = (status: number, body: unknown = {}, headers = {}): Attempt => ({
	answer: { status, headers, body },
});

/** For each outcome: which methods are sent again. */
const MATRIX: Array<[outcome: string, ended: Attempt, repeated: 'all' | 'harmless' | 'none']> = [
	['429', answer(429, { error_code: '429050' }), 'all'],
	['429 with a page of a proxy', answer(429, '<html>'), 'all'],
	['503 of the gateway about the key', answer(503, { error_code: '503000' }), 'all'],
	['503 of the gateway about the token', answer(503, { error_code: '503010' }), 'all'],
	['503 with the code as a number', answer(503, { error_code: 503010 }), 'all'],
	[
		'503 of Flow Service',
		answer(503, { type: 'https://ns.adobe.com/aep/errors/FLOW-1103-503' }),
		'harmless',
	],
	['503 with a page of a proxy', answer(503, '<html>503000</html>'), 'harmless'],
	['503 without a body', answer(503, null), 'harmless'],
	['500 that quotes the code of a 503', answer(500, { error_code: '503000' }), 'harmless'],
	['500', answer(500), 'harmless'],
	['502', answer(502, '<html>'), 'harmless'],
	['504', answer(504), 'harmless'],
	['408 of a gateway', answer(408), 'harmless'],
	['499 of a gateway', answer(499), 'harmless'],
	['524 of a gateway', answer(524), 'harmless'],
	['a connection refused', { fault: 'ECONNREFUSED' }, 'all'],
	['a host not found', { fault: 'ENOTFOUND' }, 'all'],
	['a connection reset', { fault: 'ECONNRESET' }, 'harmless'],
	['a time-out', { fault: 'ECONNABORTED' }, 'harmless'],
	['an answer cut off', { fault: 'BODY_CUT_OFF' }, 'harmless'],
	['no answer for an unknown reason', { fault: 'NO_ANSWER' }, 'harmless'],
	['301', answer(301), 'none'],
	['400', answer(400), 'none'],
	['401', answer(401), 'none'],
	['403', answer(403), 'none'],
	['404', answer(404), 'none'],
	['409', answer(409), 'none'],
	['412', answer(412), 'none'],
	['a status that is not a number', answer(Number.NaN), 'none'],
];

describe('a request is sent again', () => {
	const options = {
		attempt: 1,
		nowEpochMs: NOW,
		remainingMs: 300_000,
		random: 0.5,
	};

	const cases = MATRIX.flatMap(([outcome, ended, repeated]) =>
		METHODS.map((method) => {
			const harmless = method === 'GET' || method === 'DELETE';
			const again = repeated === 'all' || (repeated === 'harmless' && harmless);
			return { method, outcome, ended, again, says: again ? 'yes' : 'no' };
		}),
	);
	it.each(cases)('$method after $outcome: $says', ({ method, ended, again }) => {
		const waitMs = waitBeforeRetry(ended, { ...options, method });
		if (again) expect(waitMs).toBeGreaterThan(0);
		else expect(waitMs).toBeUndefined();
	});

	it.each([
		['a 5xx', answer(500), 3],
		['a fault', { fault: 'ECONNRESET' }, 3],
		['a connection never made', { fault: 'ECONNREFUSED' }, 3],
		['a request to slow down', answer(429), 50],
	])('after %s as often as it should be', (_case, ended, times) => {
		let repeats = 0;
		for (let attempt = 1; attempt <= 50; attempt++) {
			const again = waitBeforeRetry(ended, { ...options, attempt, method: 'GET' });
			if (again === undefined) break;
			repeats++;
		}
		expect(repeats).toBe(times);
	});

	it.each([
		['the first time', 1, 0, 250],
		['the first time, for the last of many', 1, 1, 500],
		['the second time', 2, 0, 500],
		['the third time', 3, 0.5, 1_500],
		['the seventh time', 7, 0, 15_000],
		['the hundredth time', 100, 1, 30_000],
		['the ten thousandth time', 10_000, 0, 15_000],
	])('after a wait that grows to half a minute: %s', (_case, attempt, random, expected) => {
		expect(waitBeforeRetry(answer(429), { ...options, attempt, random, method: 'POST' })).toBe(
			expected,
		);
	});

	it.each([
		['seconds', '7', 7_000],
		['a date', 'Sun, 01 Mar 2026 12:00:09 GMT', 9_000],
	])('after the wait that Adobe asks for in %s', (_case, header, expected) => {
		for (const status of [429, 503]) {
			const ended = answer(status, {}, { 'retry-after': header });
			expect(waitBeforeRetry(ended, { ...options, method: 'GET' })).toBe(expected);
		}
	});

	it.each([
		['ends a moment before the deadline', 6_999, 7_001, true],
		['ends at the deadline', 7_000, 7_000, false],
		['ends after the deadline', 8_000, 7_000, false],
	])('only if the wait %s', (_case, waitMs, leftMs, again) => {
		const ended = answer(429, {}, { 'retry-after': String(waitMs / 1000) });
		const wait = waitBeforeRetry(ended, {
			...options,
			method: 'GET',
			remainingMs: leftMs,
		});
		expect(wait !== undefined).toBe(again);
	});

	it('never for a wait that nobody lives to see', () => {
		const ended = answer(429, {}, { 'retry-after': '9'.repeat(400) });
		expect(waitBeforeRetry(ended, { ...options, method: 'GET' })).toBeUndefined();
	});

	it.each(['soon', '', '0', '0.0', '-5', 'Sun, 01 Mar 2026 11:00:00 GMT'])(
		'after a wait of its own where Retry-After is %j',
		(header) => {
			const ended = answer(429, {}, { 'retry-after': header });
			expect(waitBeforeRetry(ended, { ...options, method: 'GET' })).toBe(375);
		},
	);
});

describe('"not now"', () => {
	it.each(MATRIX)('%s', (_outcome, ended, repeated) => {
		if ('answer' in ended) expect(isThrottled(ended.answer)).toBe(repeated === 'all');
	});
});
