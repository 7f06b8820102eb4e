import { readAdobeError } from './adobeError';
import { wasNeverSent } from './networkFaults';
import type { Attempt, Method, PlatformAnswer } from './request';

export interface RepeatOptions {
	method: Method;
	/** 1 for the first attempt. */
	attempt: number;
	/** When everything for this item must be over. */
	deadlineEpochMs: number;
	nowEpochMs: number;
	/** A number from 0 to below 1; spreads the waiting of many. */
	random: number;
}

const LONGEST_BACKOFF_MS = 30_000;
const FIRST_BACKOFF_MS = 500;
const MOST_ATTEMPTS = 4;

/** The gateway could not check the key or the token, so it has passed nothing on. */
const GATEWAY_DID_NOT_PASS_ON = new Set(['503000', '503010']);

/**
 * Milliseconds to wait before the same request is sent again, undefined when it must not be.
 *
 * No write is sent twice by accident: only what was certainly not processed (429, the gateway's
 * own 503, a connection that was never made) is repeated for every method; other failures for
 * GET and DELETE alone.
 */
export function waitBeforeRepeat(attempt: Attempt, options: RepeatOptions): number | undefined {
	const { method, nowEpochMs, deadlineEpochMs } = options;
	const throttled = 'answer' in attempt && isThrottled(attempt.answer);
	if (!throttled) {
		if (options.attempt >= MOST_ATTEMPTS) return undefined;
		if (!isRepeatable(attempt, method)) return undefined;
	}
	const waitMs = wantedWaitMs(attempt, options);
	return nowEpochMs + waitMs < deadlineEpochMs ? waitMs : undefined;
}

/**
 * Milliseconds that Adobe asks to wait (`Retry-After`), or else a random time that doubles with each
 * attempt up to thirty seconds.
 */
export function wantedWaitMs(
	attempt: Attempt,
	options: Pick<RepeatOptions, 'attempt' | 'nowEpochMs' | 'random'>,
): number {
	const asked =
		'answer' in attempt
			? retryAfterMs(attempt.answer.headers['retry-after'], options.nowEpochMs)
			: undefined;
	// A date that has passed by our clock, or 0, must not make a loop without a wait.
	return asked || backoffMs(options.attempt, options.random);
}

function isRepeatable(attempt: Attempt, method: Method): boolean {
	if ('signIn' in attempt) return !attempt.signIn.permanent;
	const harmless = method === 'GET' || method === 'DELETE';
	if ('fault' in attempt) return harmless || wasNeverSent(attempt.fault);
	return harmless && attempt.answer.status >= 500;
}

/** True for answers that say "not now": the request was refused before it was processed. */
export function isThrottled(answer: PlatformAnswer): boolean {
	if (answer.status === 429) return true;
	if (answer.status !== 503) return false;
	return GATEWAY_DID_NOT_PASS_ON.has(readAdobeError(answer.body).code ?? '');
}

/** True where Adobe may have done what was asked, although no answer says so. */
export function isOutcomeUnknown(attempt: Attempt): boolean {
	if ('signIn' in attempt) return false;
	if ('fault' in attempt) return !wasNeverSent(attempt.fault);
	return attempt.answer.status >= 500 && !isThrottled(attempt.answer);
}

function backoffMs(attempt: number, random: number): number {
	const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
	return ceiling / 2 + (ceiling / 2) * random;
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
