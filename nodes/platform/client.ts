import { UserError } from 'n8n-workflow';

import { steadyEpochMs } from './clocks/steadyClock';
import { AdobeClock } from './clocks/adobeClock';
import type { ConsoleProject } from './auth/consoleProject';
import { keyedHash, organizationOf } from './auth/credential';
import { consoleProjectOf, eventOriginsIn } from './auth/eventAccess';
import { Cancellation, TIMED_OUT } from './cancellation';
import type { ItemTiming } from './deadline';
import { answerBy, isWrite, startBy, TOO_LATE, writeReserveMs } from './deadline';
import { explainAnswer, explainFault } from './errors/explain';
import { asIs, Problem } from './errors/problem';
import type { NodeContext } from './n8nHost';
import { cancelSignalOf, pause, yieldToEventLoop } from './n8nHost';
import { NO_ANSWER_IN_TIME, wasNeverSent } from './networkFaults';
import { NotBegun, RateLimiter } from './rateLimiter';
import type { Attempt, PlatformAnswer, PlatformRequest } from './request';
import { isSuccess } from './request';
import { isOutcomeUnknown, verdictOn, waitBeforeRetry } from './retry';
import type { Transport } from './send';
import { Transports } from './transports';

/** Cleaning up comes after the item's own time, or after the execution, so it has a limit of its own. */
export const MAX_CLEAN_UP_MS = 30_000;

export interface ItemOptions {
	/** Overrides the credential's sandbox. */
	sandboxName?: string;
	/** Milliseconds for everything this item does at Adobe, waiting included. */
	timeoutMs: number;
}

/** What an operation sees of the platform, for one item. */
export interface ItemClient {
	readonly sandboxName: string;
	/** Of the credential: the organization's name in addresses of Experience Platform's pages. */
	readonly tenantName?: string;
	/** Of the credential: what Adobe shows as the maker of what it makes. */
	readonly clientId: string;
	/** Identifies organization and sandbox: the same wherever the same things are seen. */
	readonly scope: string;
	/** Scheme, host and port of the platform. */
	readonly platformOrigin: string;
	/** Where Adobe I/O Events is, its API first; none where the credential does not say. */
	readonly eventOrigins: readonly string[];
	/**
	 * The project in the Adobe Developer Console.
	 *
	 * @param operation what it is needed for, in the words of the node
	 * @throws Problem where the credential does not name it
	 */
	consoleProject(operation: string): ConsoleProject;
	/** @throws Problem for every answer that is not a success, and without an answer; SignInError
	 *   without a token. */
	request(request: PlatformRequest): Promise<PlatformAnswer>;
	/** Waits; ends at once when the execution is cancelled. */
	pause(durationMs: number): Promise<void>;
	/** Milliseconds until the item's time is up, never negative. */
	remainingMs(): number;
	/** What Adobe's clock shows, epoch milliseconds; undefined before the first answer that says. */
	adobeEpochMs(): number | undefined;
	/** Keyed hash (HMAC under the client secret). */
	fingerprint(text: string): string;
}

/** What all requests of an item have in common. */
interface ItemCall extends ItemTiming {
	transport: Transport;
	sandboxName: string;
	cancellation: Cancellation;
	/** The last write of the item, in words, as long as it is not known what has come of it. */
	unsettled?: string;
}

/** The one door to Adobe: all requests of an execution pass through one of these. */
export class PlatformClient {
	private readonly cancellation: Cancellation;
	private readonly adobeClock = new AdobeClock();
	/** For what continues when the execution is cancelled. */
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
		return new PlatformClient(
			new Transports(context),
			new RateLimiter(maxConcurrency),
			cancelSignalOf(context),
		);
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
	 * Yields to the event loop during long synchronous work.
	 *
	 * @throws whatever reason the execution was cancelled with
	 */
	async yieldToEventLoop(): Promise<void> {
		await yieldToEventLoop(this.signal);
	}

	isCancelled(): boolean {
		return this.signal?.aborted ?? false;
	}

	/**
	 * @param transport of the item
	 * @param outlivesExecution set to continue when the execution is cancelled, to clean up
	 */
	forItem(transport: Transport, options: ItemOptions, outlivesExecution = false): ItemClient {
		const timeoutMs = outlivesExecution ? MAX_CLEAN_UP_MS : options.timeoutMs;
		const deadlineEpochMs = steadyEpochMs() + timeoutMs;
		const { settings } = transport;
		const sandboxName = options.sandboxName ?? settings.sandboxName;
		const cancellation = outlivesExecution ? this.uncancelled : this.cancellation;
		const call: ItemCall = {
			transport,
			sandboxName,
			deadlineEpochMs,
			writeReserveMs: writeReserveMs(timeoutMs),
			cancellation,
		};
		return {
			sandboxName,
			tenantName: settings.tenantName,
			clientId: settings.clientId,
			scope: `${organizationOf(settings)}\n${sandboxName}`,
			platformOrigin: settings.platformOrigin,
			eventOrigins: eventOriginsIn(settings),
			consoleProject: (operation) => consoleProjectOf(settings, operation),
			request: async (request) =>
				await unlessStopped(call, async () => await this.request(request, call)),
			pause: async (durationMs) =>
				await unlessStopped(call, async () => await pause(durationMs, cancellation.signal)),
			remainingMs: () => Math.max(0, deadlineEpochMs - steadyEpochMs()),
			adobeEpochMs: () => this.adobeClock.nowEpochMs(),
			fingerprint: (text) => keyedHash(settings, text),
		};
	}

	/**
	 * The way of every request: it waits for its turn as long as the item's time allows, is sent and judged,
	 * and then gives its answer, is retried where that is safe, or ends in one error.
	 */
	private async request(request: PlatformRequest, call: ItemCall): Promise<PlatformAnswer> {
		const { sandboxName, deadlineEpochMs, cancellation } = call;
		const { signal } = cancellation;
		let mayBeDone = false;
		let last: Attempt | undefined;
		for (let count = 1; ; count++) {
			const attempt = await this.rateLimiter.schedule(async () => await send(request, call), {
				startByEpochMs: startBy(request, call),
				signal,
				judge: (result) =>
					verdictOn(result, {
						attempt: count,
						nowEpochMs: Date.now(),
						random: Math.random(),
					}),
			});
			if (attempt instanceof NotBegun) {
				if (last !== undefined) throw toError(request, last, sandboxName, mayBeDone);
				throw tooLate(request.operation, attempt.closedForMs);
			}
			if ('answer' in attempt) this.adobeClock.learn(attempt.answer.headers.date);
			if ('answer' in attempt && isSuccess(attempt.answer)) return attempt.answer;
			// What a retried delete does not find any more was deleted by the attempt before.
			if (mayBeDone && isGone(request, attempt)) return { status: 204, headers: {}, body: '' };
			mayBeDone ||= isOutcomeUnknown(attempt);
			const waitMs = waitBeforeRetry(attempt, {
				method: isWrite(request) ? request.method : 'GET',
				attempt: count,
				remainingMs: deadlineEpochMs - steadyEpochMs(),
				nowEpochMs: Date.now(),
				random: Math.random(),
			});
			if (waitMs === undefined) throw toError(request, attempt, sandboxName, mayBeDone);
			await pause(waitMs, signal);
			last = attempt;
		}
	}
}

/** Sends once, for as long as the item's time and the execution last. */
async function send(request: PlatformRequest, call: ItemCall): Promise<Attempt | typeof TOO_LATE> {
	const attempt = await sendInTime(request, call);
	if (attempt === TOO_LATE || !isWrite(request)) return attempt;
	call.unsettled = isOutcomeUnknown(attempt) ? request.operation : undefined;
	return attempt;
}

async function sendInTime(
	request: PlatformRequest,
	call: ItemCall,
): Promise<Attempt | typeof TOO_LATE> {
	const { transport, cancellation, sandboxName, deadlineEpochMs, writeReserveMs } = call;
	const options = { sandboxName, deadlineEpochMs, writeReserveMs };
	let isSent = false;
	const onSend = () => {
		isSent = true;
		request.onSend?.();
		if (isWrite(request)) call.unsettled = request.operation;
	};
	const attempt = await cancellation.unlessCancelled(
		async (signal) => await transport.send(request, { ...options, onSend }, signal),
		answerBy(request, options) - steadyEpochMs(),
	);
	if (attempt !== TIMED_OUT) return attempt;
	// One that only waited for the token of another request will not be sent any more.
	return isSent ? { fault: NO_ANSWER_IN_TIME } : TOO_LATE;
}

/** n8n's own words for a stopped execution, "This operation was aborted", don't say what that has left. */
async function unlessStopped<T>(call: ItemCall, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const isStop = call.cancellation.signal?.aborted === true && !(error instanceof UserError);
		if (!isStop || error instanceof Problem) throw asIs(error);
		throw stopped(call.unsettled);
	}
}

function stopped(unsettled: string | undefined): Problem {
	return new Problem('The execution was stopped before this item was done', {
		advice:
			unsettled === undefined
				? 'No request was in flight without an answer. Execute the node again.'
				: `Adobe may have done "${unsettled}" all the same: look in Experience Platform before you execute the node again, and raise the workflow's timeout if it was that.`,
		kind: 'stopped',
	});
}

function isGone(request: PlatformRequest, attempt: Attempt): boolean {
	return request.method === 'DELETE' && 'answer' in attempt && attempt.answer.status === 404;
}

/** @param mayBeDone whether this attempt or one before may have been done */
function toError(
	request: PlatformRequest,
	attempt: Attempt,
	sandboxName: string,
	mayBeDone: boolean,
): Error {
	if ('signIn' in attempt) return attempt.signIn;
	const problem =
		'answer' in attempt
			? explainAnswer(request, attempt.answer, sandboxName)
			: explainFault(request, attempt.fault, wasNeverSent(attempt.fault), attempt.reason);
	// Of other writes, those that send them say what came of it.
	const mayBeGone = request.method === 'DELETE' && mayBeDone;
	return mayBeGone ? problem.leavingOpen('Adobe may have deleted it all the same.') : problem;
}

/**
 * @param operation in the words of the node
 * @param closedForMs for how long Adobe has asked for fewer requests
 * @param note what became of it
 */
export function tooLate(
	operation: string,
	closedForMs = 0,
	note = 'This request was not sent.',
): Problem {
	const throttled = closedForMs > 0;
	return new Problem(`The time for "${operation}" is up`, {
		kind: 'tooLate',
		advice: "Raise 'Timeout' under Options.",
		notes: [note, ...(throttled ? ['Adobe had asked for fewer requests.'] : [])],
		details: { operation },
		failure: throttled
			? { cause: 'rate-limited', retryAfterMs: closedForMs }
			: { cause: 'temporarily-unavailable' },
	});
}
