import type { PlatformRequest } from './request';

/** The item's time as its requests see it. */
export interface ItemTiming {
	deadlineEpochMs: number;
	/**
	 * Milliseconds that a write needs to get its answer; as many again are kept after it, to look up what
	 * became of one that got none.
	 */
	writeReserveMs: number;
}

/** In the place of an answer: there was not enough time left, so nothing was sent. */
export const TOO_LATE = Symbol('too late');

/** More than most of Adobe's answers take. */
const MAX_WRITE_RESERVE_MS = 10_000;

/** Of the item's whole time, so that a short one still leaves room for the write itself. */
const WRITE_RESERVE_SHARE = 1 / 8;

/** @param timeoutMs the item's whole time */
export function writeReserveMs(timeoutMs: number): number {
	return Math.min(MAX_WRITE_RESERVE_MS, timeoutMs * WRITE_RESERVE_SHARE);
}

/** When a request has to begin at the latest, epoch milliseconds; later, it is not sent at all. */
export function startBy(request: PlatformRequest, timing: ItemTiming): number {
	const { deadlineEpochMs, writeReserveMs: reserveMs } = timing;
	return isWrite(request) ? deadlineEpochMs - 2 * reserveMs : deadlineEpochMs;
}

/** Until when its answer is waited for, epoch milliseconds. */
export function answerBy(request: PlatformRequest, timing: ItemTiming): number {
	const { deadlineEpochMs, writeReserveMs: reserveMs } = timing;
	return isWrite(request) ? deadlineEpochMs - reserveMs : deadlineEpochMs;
}

/** Whether it may change something at Adobe. */
export function isWrite({ method, onlyAsks }: PlatformRequest): boolean {
	return method !== 'GET' && onlyAsks !== true;
}
