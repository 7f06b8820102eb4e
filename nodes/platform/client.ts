import { sleep } from 'n8n-workflow';

import { Cancellation, pause, TIMED_OUT } from './cancellation';
import type { Verdict } from './concurrencyWindow';
import { answerBy, startBy, TOO_LATE, writeReserveMs } from './deadline';
import { explainAnswer, explainFault } from './errors/explain';
import { Problem } from './errors/problem';
import type { NodeContext } from './n8nHost';
import { NO_ANSWER_IN_TIME, wasNeverSent } from './networkFaults';
import { RateLimiter } from './rateLimiter';
import type { Attempt, PlatformAnswer, PlatformRequest } from './request';
import { isSuccess } from './request';
import { isOutcomeUnknown, isThrottled, waitBeforeRepeat, wantedWaitMs } from './retry';
import type { SendOptions, Transport } from './send';
import { Transports } from './send';

/** Nobody waits for what is cleaned up after a cancelled execution, and nobody can end it. */
const LONGEST_AFTERMATH_MS = 30_000;

export interface ItemOptions {
	/** Overrides the credential's sandbox. */
	sandboxName?: string;
	/** Milliseconds for everything this item does at Adobe, waiting included. */
	timeoutMs: number;
}

/** What an operation sees of the platform, for one item. */
export interface ItemClient {
	readonly sandboxName: string;
	/** Stands for organization and sandbox: the same wherever the same things are seen. */
	readonly scope: string;
	/** Scheme, host and port of the platform. */
	readonly platformOrigin: string;
	/** @throws Problem for every answer that is not a success, and without an answer; SignInError
	 *   without a token. */
	request(request: PlatformRequest): Promise<PlatformAnswer>;
	/** Waits; ends at once when the execution is cancelled. */
	pause(durationMs: number): Promise<void>;
	/** Milliseconds until the item's time is up, never negative. */
	remainingMs(): number;
	/** The same for the same text, and of no use to whoever does not have the credential. */
	fingerprint(text: string): string;
}

interface Sending extends SendOptions {
	transport: Transport;
}

/** The one door to Adobe: all requests of an execution pass through one of these. */
export class PlatformClient {
	private readonly cancellation: Cancellation;
	/** For what goes on when the execution is cancelled. */
	private readonly uncancelled = new Cancellation(undefined);

	private constructor(
		private readonly transports: Transports,
		private readonly rateLimiter: RateLimiter,
		private readonly signal: AbortSignal | undefined,
	) {
		this.cancellation = new Cancellation(signal);
	}

	/**
	 * @param maxConcurrency how many requests may be in flight at a time
	 */
	static open(context: NodeContext, maxConcurrency: number): PlatformClient {
		// Poll contexts have no such method, n8n 1.x's editor contexts neither.
		const signal =
			'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
		return new PlatformClient(new Transports(context), new RateLimiter(maxConcurrency), signal);
	}

	/**
	 * What the items of the same client send their requests with.
	 *
	 * @throws UserError when the credential is incomplete for this item
	 */
	async transportFor(itemIndex = 0): Promise<Transport> {
		return await this.transports.forItem(itemIndex);
	}

	/** Values that must not appear in any text. */
	secrets(): string[] {
		return this.transports.secrets();
	}

	/**
	 * Lets whatever else n8n has to do come in between, in long work without any request.
	 *
	 * @throws whatever reason the execution was cancelled with
	 */
	async breathe(): Promise<void> {
		await sleep(0);
		this.signal?.throwIfAborted();
	}

	isCancelled(): boolean {
		return this.signal?.aborted ?? false;
	}

	/**
	 * @param transport of the item
	 * @param outlivesExecution set to go on when the execution is cancelled, to clean up
	 */
	forItem(transport: Transport, options: ItemOptions, outlivesExecution = false): ItemClient {
		const isLeftover = outlivesExecution && this.isCancelled();
		const timeoutMs = Math.min(options.timeoutMs, isLeftover ? LONGEST_AFTERMATH_MS : Infinity);
		const deadlineEpochMs = Date.now() + timeoutMs;
		const sandboxName = options.sandboxName ?? transport.sandboxName;
		const sending = {
			transport,
			sandboxName,
			deadlineEpochMs,
			writeReserveMs: writeReserveMs(timeoutMs),
			outlivesExecution,
		};
		return {
			sandboxName,
			scope: `${transport.organization}\n${sandboxName}`,
			platformOrigin: transport.platformOrigin,
			request: async (request) => await this.request(request, sending),
			pause: async (durationMs) => await pause(durationMs, this.signalFor(sending)),
			remainingMs: () => Math.max(0, deadlineEpochMs - Date.now()),
			fingerprint: (text) => transport.fingerprint(text),
		};
	}

	private signalFor({ outlivesExecution }: SendOptions): AbortSignal | undefined {
		return outlivesExecution ? undefined : this.signal;
	}

	private async request(request: PlatformRequest, sending: Sending): Promise<PlatformAnswer> {
		const { sandboxName, deadlineEpochMs } = sending;
		let mayBeDone = false;
		let last: Attempt | undefined;
		for (let attempt = 1; ; attempt++) {
			const ended = await this.rateLimiter.schedule(
				async () => await this.attempt(request, sending),
				{
					startByEpochMs: startBy(request, sending),
					signal: this.signalFor(sending),
					judge: (result) => judge(result, attempt),
				},
			);
			if (ended === TOO_LATE) {
				throw last === undefined
					? tooLate(request, this.rateLimiter.closedForMs())
					: toError(request, last, sandboxName);
			}
			last = ended;
			if ('answer' in ended && isSuccess(ended.answer)) return ended.answer;
			// What a repeated delete does not find any more was deleted by the attempt before.
			if (mayBeDone && isGone(request, ended)) return { status: 204, headers: {}, body: '' };
			mayBeDone ||= isOutcomeUnknown(ended);
			const waitMs = waitBeforeRepeat(ended, {
				method: request.method,
				attempt,
				deadlineEpochMs,
				nowEpochMs: Date.now(),
				random: Math.random(),
			});
			if (waitMs === undefined) throw toError(request, ended, sandboxName);
			await pause(waitMs, this.signalFor(sending));
		}
	}

	private async attempt(
		request: PlatformRequest,
		{ transport, ...options }: Sending,
	): Promise<Attempt | typeof TOO_LATE> {
		const { outlivesExecution } = options;
		const watch = outlivesExecution ? this.uncancelled : this.cancellation;
		let isSent = false;
		const onSend = () => (isSent = true);
		const sent = await watch.unlessCancelled(
			async (signal) =>
				await transport.send(
					request,
					{ ...options, onSend },
					outlivesExecution ? undefined : signal,
				),
			answerBy(request, options) - Date.now(),
		);
		// One that only waited for the token of another request will not be sent any more.
		if (sent === TIMED_OUT) return isSent ? { fault: NO_ANSWER_IN_TIME } : TOO_LATE;
		return sent;
	}
}

function judge(attempt: Attempt | typeof TOO_LATE, count: number): Verdict {
	if (attempt === TOO_LATE || !('answer' in attempt)) return { outcome: 'failed' };
	if (!isThrottled(attempt.answer)) {
		return { outcome: isSuccess(attempt.answer) ? 'ok' : 'failed' };
	}
	const now = { attempt: count, nowEpochMs: Date.now(), random: Math.random() };
	return { outcome: 'throttled', waitMs: wantedWaitMs(attempt, now) };
}

function isGone(request: PlatformRequest, ended: Attempt): boolean {
	return request.method === 'DELETE' && 'answer' in ended && ended.answer.status === 404;
}

function toError(request: PlatformRequest, ended: Attempt, sandboxName: string): Error {
	if ('signIn' in ended) return ended.signIn;
	return 'answer' in ended
		? explainAnswer(request, ended.answer, sandboxName)
		: explainFault(request, ended.fault, wasNeverSent(ended.fault));
}

function tooLate(request: PlatformRequest, closedForMs: number): Problem {
	const throttled = closedForMs > 0;
	return new Problem(`The time for "${request.operation}" is up`, {
		kind: 'tooLate',
		advice: "Raise 'Timeout' under Options.",
		notes: [
			'This request was not sent.',
			...(throttled ? ['Adobe had asked for fewer requests.'] : []),
		],
		details: { operation: request.operation },
		failure: throttled
			? { cause: 'rate-limited', retryAfterMs: closedForMs }
			: { cause: 'temporarily-unavailable' },
	});
}
