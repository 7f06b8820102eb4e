import type { Verdict } from '../../nodes/platform/concurrencyLimit.ts';
import { RateLimiter } from '../../nodes/platform/rateLimiter.ts';
import { VirtualClock } from './virtualClock.mts';

/** What Adobe takes; whatever is left out has no limit. */
export interface Limits {
	/** Requests at a time, others of ours and of other executions included; by the milliseconds since the start. */
	concurrency?: number | ((sinceMs: number) => number);
	perSecond?: number;
	/** How many it takes at once where it was idle; a second's worth if left out. */
	burst?: number;
	/** Of each answer; by the number of the request. */
	latencyMs: number | ((index: number) => number);
	/** Of a refusal, as others if left out. */
	refusalMs?: number;
	/** Milliseconds to wait after a 429, 1000 if left out. */
	retryAfterMs?: number;
}

export interface Outcome {
	seconds: number;
	refused: number;
	made: number;
	/** Requests that were begun each second. */
	begun: number[];
}

/** Lets so many items, each one request, pass a limiter to an Adobe with such limits, as `runItems` does. */
export async function pass(
	items: number,
	limits: Limits,
	maxConcurrency = 100,
	maxSeconds = 600,
): Promise<Outcome> {
	const { perSecond = Infinity, burst = perSecond, retryAfterMs = 1_000 } = limits;
	const clock = new VirtualClock();
	const limiter = new RateLimiter(maxConcurrency, clock);
	const startEpochMs = clock.now();
	const sinceMs = () => clock.now() - startEpochMs;
	const outcome: Outcome = { seconds: Infinity, refused: 0, made: 0, begun: [] };
	let [inFlight, requests, tokens, filledMs] = [0, 0, burst, 0];

	const request = async (): Promise<Verdict> => {
		const latencyMs =
			typeof limits.latencyMs === 'number' ? limits.latencyMs : limits.latencyMs(requests);
		const second = Math.floor(sinceMs() / 1_000);
		outcome.begun[second] = (outcome.begun[second] ?? 0) + 1;
		requests++;
		if (perSecond !== Infinity) {
			tokens = Math.min(burst, tokens + ((sinceMs() - filledMs) * perSecond) / 1_000);
			filledMs = sinceMs();
		}
		const { concurrency = Infinity } = limits;
		const most = typeof concurrency === 'number' ? concurrency : concurrency(sinceMs());
		if (inFlight >= most || tokens < 1) {
			outcome.refused++;
			await clock.sleep(limits.refusalMs ?? latencyMs);
			return { outcome: 'throttled', waitMs: retryAfterMs };
		}
		tokens--;
		inFlight++;
		await clock.sleep(latencyMs);
		inFlight--;
		return { outcome: 'ok' };
	};

	let next = 0;
	const worker = async () => {
		while (next++ < items) {
			const options = { startByEpochMs: Infinity, judge: (verdict: Verdict) => verdict };
			for (;;) {
				const verdict = (await limiter.schedule(request, options)) as Verdict;
				if (verdict.outcome === 'ok') break;
				await clock.sleep(retryAfterMs);
			}
			outcome.made++;
		}
	};
	const all = Promise.all(Array.from({ length: 2 * maxConcurrency }, worker)).then(() => {
		outcome.seconds = sinceMs() / 1_000;
	});
	for (let second = 0; second < maxSeconds && outcome.made < items; second++) {
		await clock.advance(1_000);
	}
	if (outcome.made === items) await all;
	return outcome;
}
