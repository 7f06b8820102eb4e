import { readAdobeError } from './adobeError';
import type { Verdict } from './concurrencyLimit';
import { isLasting, isTooLarge, wasNeverSent } from './networkFaults';
import type { Attempt, Method, PlatformAnswer } from './request';

export interface RetryOptions {
	method: Method;
	/** 1 for the first attempt. */
	attempt: number;
	/** Milliseconds until everything for this item must be over. */
	remainingMs: number;
	nowEpochMs: number;
	/** A number from 0 to below 1; spreads the waiting of many. */
	random: number;
}

const INITIAL_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
const MAX_ATTEMPTS = 4;

/** Twice the same does no harm. */
const IDEMPOTENT: readonly Method[] = ['GET', 'DELETE'];
/** Also POST, which makes another thing each time. */
const ALL: readonly Method[] = [...IDEMPOTENT, 'POST', 'PATCH', 'PUT'];

interface RetryRule {
	after(attempt: Attempt): boolean;
	methods: readonly Method[];
	maxAttempts: number;
}

/**
 * What is sent again: the first rule that fits decides, and without one nothing is. No write is sent
 * twice by accident: every method is retried only where the request was certainly not processed.
 */
const RETRY_RULES: readonly RetryRule[] = [
	{
		// It would be as large again.
		after: (attempt) => 'fault' in attempt && isTooLarge(attempt.fault),
		methods: [],
		maxAttempts: 1,
	},
	{
		// n8n would refuse it again, and a certificate does not change by itself.
		after: (attempt) => 'fault' in attempt && isLasting(attempt.fault),
		methods: [],
		maxAttempts: 1,
	},
	{
		// For as long as the item's time allows.
		after: (attempt) => 'answer' in attempt && isThrottled(attempt.answer),
		methods: ALL,
		maxAttempts: Infinity,
	},
	{
		after: (attempt) => 'signIn' in attempt && !attempt.signIn.permanent,
		methods: ALL,
		maxAttempts: MAX_ATTEMPTS,
	},
	{
		after: (attempt) => 'fault' in attempt && wasNeverSent(attempt.fault),
		methods: ALL,
		maxAttempts: MAX_ATTEMPTS,
	},
	{
		after: (attempt) => 'fault' in attempt,
		methods: IDEMPOTENT,
		maxAttempts: MAX_ATTEMPTS,
	},
	{
		after: (attempt) => 'answer' in attempt && isUnanswered(attempt.answer.status),
		methods: IDEMPOTENT,
		maxAttempts: MAX_ATTEMPTS,
	},
];

/** Milliseconds to wait before the same request is sent again, undefined when it must not be. */
export function waitBeforeRetry(attempt: Attempt, options: RetryOptions): number | undefined {
	const { method, remainingMs } = options;
	const rule = RETRY_RULES.find(({ after }) => after(attempt));
	if (rule === undefined || !rule.methods.includes(method)) return undefined;
	if (options.attempt >= rule.maxAttempts) return undefined;
	const waitMs = retryDelayMs(attempt, options);
	return waitMs < remainingMs ? waitMs : undefined;
}

/**
 * Milliseconds that Adobe asks to wait (`Retry-After`), or else exponential backoff with jitter: a random
 * time that doubles with each attempt, up to thirty seconds.
 */
export function retryDelayMs(
	attempt: Attempt,
	options: Pick<RetryOptions, 'attempt' | 'nowEpochMs' | 'random'>,
): number {
	const asked =
		'answer' in attempt
			? retryAfterMs(attempt.answer.headers['retry-after'], options.nowEpochMs)
			: undefined;
	// A date that has passed by our clock, or 0, must not make a loop without a wait.
	return asked || backoffMs(options.attempt, options.random);
}

/** The gateway could not check the key or the token, so it has passed nothing on. */
const GATEWAY_DID_NOT_PASS_ON = new Set(['503000', '503010']);

/** True for answers that say "not now": the request was refused before it was processed. */
export function isThrottled(answer: PlatformAnswer): boolean {
	if (answer.status === 429) return true;
	if (answer.status !== 503) return false;
	return GATEWAY_DID_NOT_PASS_ON.has(readAdobeError(answer.body).code ?? '');
}

/** Of a gateway that has waited in vain, while the service behind it may still be working. */
const GATEWAY_TIME_OUTS: readonly number[] = [408, 499, 504, 524];

export function isGatewayTimeOut(status: number): boolean {
	return GATEWAY_TIME_OUTS.includes(status);
}

/** Whether a status says nothing about what was asked. */
export function isUnanswered(status: number): boolean {
	return status >= 500 || isGatewayTimeOut(status);
}

/** Flow Service itself never redirects: whoever does has passed something on, or not. */
export function isRedirect(status: number): boolean {
	return status >= 300 && status < 400;
}

/** True where Adobe may have done what was asked, although no answer says so. */
export function isOutcomeUnknown(attempt: Attempt): boolean {
	if ('signIn' in attempt) return false;
	if ('fault' in attempt) return !wasNeverSent(attempt.fault);
	const { status } = attempt.answer;
	return (isUnanswered(status) || isRedirect(status)) && !isThrottled(attempt.answer);
}

/**
 * What an attempt says about how many requests there may be. An error that Adobe answers with is a request that
 * it has taken, e.g. 404: of a thousand, each has used up a part of its limit.
 */
export function verdictOn(
	attempt: Attempt,
	options: Pick<RetryOptions, 'attempt' | 'nowEpochMs' | 'random'>,
): Verdict {
	if (!('answer' in attempt)) return { outcome: 'failed' };
	const { answer } = attempt;
	if (isThrottled(answer)) return { outcome: 'throttled', waitMs: retryDelayMs(attempt, options) };
	const isTaken = !isUnanswered(answer.status) && !isRedirect(answer.status);
	return { outcome: isTaken ? 'ok' : 'failed' };
}

function backoffMs(attempt: number, random: number): number {
	const maxMs = Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (attempt - 1));
	return maxMs / 2 + (maxMs / 2) * random;
}

/**
 * Milliseconds to wait as a `Retry-After` header says it: whole seconds, or an HTTP date.
 * Undefined when the header is absent or unreadable; never negative.
 */
export function retryAfterMs(header: unknown, nowEpochMs: number): number | undefined {
	const text = typeof header === 'number' ? String(header) : header;
	if (typeof text !== 'string' || text.trim() === '') return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
	const dateEpochMs = Date.parse(text);
	return Number.isNaN(dateEpochMs) ? undefined : Math.max(0, dateEpochMs - nowEpochMs);
}
