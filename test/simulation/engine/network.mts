import type { FastifyInstance } from 'fastify';

import { faultAnswer } from '../../../emulator/http/faultAnswers.mts';
import type { Fault } from '../../../emulator/http/faults.mts';
import type { Fate, Weather } from '../weather.mts';
import { drawFate } from '../weather.mts';
import { currentLife, outlive } from './life.mts';
import type { Random } from './randomness.mts';
import type { VirtualTime } from './virtualTime.mts';

export const PLATFORM = 'https://platform.adobe.example';
export const IMS = 'https://ims.adobe.example';

/** Marks a request with the execution that sends it; Adobe never sees it. */
export const EXECUTION_HEADER = 'x-simulated-execution';

/** A request as it reached Adobe, and what Adobe did about it. */
export interface Processed {
	/** When it was sent, and when Adobe did it. */
	sentEpochMs: number;
	epochMs: number;
	execution: string;
	authorization: string;
	method: string;
	path: string;
	body: string;
	status: number;
	answer: string;
}

export interface SentRequest {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: Buffer | string | undefined;
	timeoutMs: number;
	signal: AbortSignal | undefined;
	/** Whether the body is handed over while it arrives. */
	isStreamed: boolean;
}

export interface Received {
	status: number;
	statusText: string;
	headers: Record<string, string>;
	text: string;
	/** How a streamed body arrives, where that is not at once. */
	arrives?: { everyMs: number } | 'cut off';
}

/** How a request ended without a complete answer. */
export class Broken extends Error {
	constructor(
		readonly how: 'timeOut' | 'aborted' | 'cutOff' | 'network',
		readonly code: string,
		message: string,
		readonly received?: Received,
	) {
		super(message);
	}
}

/** Carries requests to the emulator under a weather, and remembers what was processed. */
export class Network {
	readonly processed: Processed[] = [];
	private inFlight = 0;
	private isReversed = 0;
	/** Requests so far. */
	count = 0;
	/** What a request takes Adobe, during which others have to wait where their number is limited. */
	serviceMs = 20;

	constructor(
		private readonly time: VirtualTime,
		private readonly server: FastifyInstance,
		public weather: Weather,
		private readonly random: Random,
		private readonly say: (line: string) => void,
	) {}

	/** @throws Broken */
	async send(request: SentRequest): Promise<Received> {
		const number = ++this.count;
		const sentEpochMs = this.time.now;
		const { pathname, search } = new URL(request.url);
		const path = pathname + search;
		const { method } = request;
		const execution = request.headers[EXECUTION_HEADER] ?? 'sign-in';
		const about = path.startsWith('/ims/') ? 'signIn' : method === 'GET' ? 'read' : 'write';
		// Drawn here and in this order, whatever becomes of it, so that a seed stays what it is.
		const fate = drawFate(this.weather, this.random, about);
		const [least, most] = this.weather.latencyMs;
		const there = this.random.between(least, most);
		const back = this.random.between(least, most);
		const told = fate.kind === 'fine' ? '' : ` ✗ ${tell(fate)}`;
		this.say(`${execution} → #${number} ${method} ${decode(path)}${bodyOf(request)}${told}`);
		try {
			const meet = async (hear: () => void) => {
				await this.time.wait(there);
				const sent = { ...request, path, execution, number, sentEpochMs };
				return await this.meet(fate, sent, back, hear);
			};
			const received = await this.exchange(request, async (hear) => {
				return await outlive(async () => await meet(hear));
			});
			await unlessGone();
			this.say(`${execution} ← #${number} ${received.status} ${short(received.text)}`);
			return received;
		} catch (error) {
			await unlessGone();
			this.say(`${execution} ← #${number} ${error instanceof Error ? error.message : ''}`);
			throw error;
		}
	}

	/** The client's side: what is not heard of for too long has timed out, and a signal ends it. */
	private async exchange(
		{ timeoutMs, signal }: SentRequest,
		work: (hear: () => void) => Promise<Received>,
	): Promise<Received> {
		return await new Promise<Received>((resolve, reject) => {
			const { time } = this;
			let stop = () => {};
			const onTimeOut = () => {
				stop();
				reject(new Broken('timeOut', 'ECONNABORTED', `timeout of ${timeoutMs}ms exceeded`));
			};
			const timer = timeoutMs > 0 ? time.after(timeoutMs, onTimeOut) : undefined;
			const onAbort = () => {
				stop();
				reject(new Broken('aborted', 'ERR_CANCELED', 'canceled'));
			};
			stop = () => {
				if (timer !== undefined) time.cancel(timer);
				signal?.removeEventListener('abort', onAbort);
			};
			signal?.addEventListener('abort', onAbort);
			const hear = () => {
				if (timer !== undefined && timer.at >= 0) time.restart(timer, timeoutMs);
			};
			work(hear).then(
				(received) => {
					stop();
					resolve(received);
				},
				(error: unknown) => {
					stop();
					reject(error instanceof Error ? error : new Error(String(error)));
				},
			);
		});
	}

	private async meet(
		fate: Fate,
		request: SentRequest & { path: string; execution: string; number: number; sentEpochMs: number },
		back: number,
		hear: () => void,
	): Promise<Received> {
		const { time } = this;
		const work = async () => await this.process(request);
		switch (fate.kind) {
			case 'refused':
				throw new Broken('network', 'ECONNREFUSED', 'connect ECONNREFUSED 203.0.113.1:443');
			case 'broken':
				if (fate.when === 'after') await work();
				await time.wait(back);
				throw new Broken('network', fate.code, messageOf(fate.code));
			case 'status':
				if (fate.when === 'after') await work();
				await time.wait(back);
				return this.faultAnswer(fate.status, request, fate.echoes);
			case 'refusal':
				await time.wait(back);
				return this.faultAnswer(400, request, true);
			case 'late':
				void time.wait(fate.afterMs).then(work);
				await time.wait(back);
				return this.faultAnswer(fate.status, request);
			case 'hang':
				if (fate.afterMs !== undefined) void time.wait(fate.afterMs).then(work);
				return await new Promise<never>(() => {});
			case 'slow':
				await time.wait(fate.ms);
				break;
			default:
		}
		const received = await work();
		await time.wait(back);
		if (fate.kind === 'malformed') {
			const half = received.text.slice(0, received.text.length / 2);
			return { ...received, text: `<html>${half}` };
		}
		if (request.isStreamed && fate.kind === 'truncated') return { ...received, arrives: 'cut off' };
		if (request.isStreamed && fate.kind === 'trickle') {
			return { ...received, arrives: { everyMs: fate.everyMs } };
		}
		if (fate.kind === 'truncated') {
			throw new Broken('cutOff', 'ERR_BAD_RESPONSE', 'stream has been aborted', received);
		}
		if (fate.kind === 'trickle') {
			hear();
			// A byte at a time takes for ever, and a hundred are told from one as little.
			for (let bytes = 0; bytes < received.text.length; bytes += 100) {
				await time.wait(fate.everyMs);
				hear();
			}
		}
		return received;
	}

	/** Adobe's side. */
	private async process(
		request: SentRequest & { path: string; execution: string; number: number; sentEpochMs: number },
	): Promise<Received> {
		const { method, path, execution, number } = request;
		const { [EXECUTION_HEADER]: _, ...headers } = request.headers;
		const { concurrency } = this.weather;
		const isLimited = concurrency !== undefined && path.startsWith('/data/');
		if (isLimited && this.inFlight >= concurrency) {
			return this.faultAnswer(429, request);
		}
		this.inFlight++;
		try {
			if (isLimited) await this.time.wait(this.serviceMs);
			const answer = await this.server.inject({
				method: method as 'GET',
				url: path,
				headers,
				...(request.body === undefined ? {} : { payload: request.body }),
			});
			const received = {
				status: answer.statusCode,
				statusText: answer.statusMessage,
				headers: this.dated(answer.headers as Record<string, string>),
				text: this.ordered(method, path, answer.payload),
			};
			if (method !== 'GET' && path.startsWith('/data/')) {
				this.processed.push({
					sentEpochMs: request.sentEpochMs,
					epochMs: this.time.now,
					execution,
					authorization: headers.Authorization ?? headers.authorization ?? '',
					method,
					path,
					body: String(request.body ?? ''),
					status: received.status,
					answer: received.text,
				});
				this.say(`  Adobe did #${number} ${method}: ${received.status} ${short(received.text)}`);
			}
			return received;
		} finally {
			this.inFlight--;
		}
	}

	/** Every other list without `orderby` in reverse, where lists have no order. */
	private ordered(method: string, path: string, text: string): string {
		if (!this.weather.unorderedLists || method !== 'GET' || /orderby=/i.test(path)) return text;
		if (!text.startsWith('{"items":[') || this.isReversed++ % 2 === 0) return text;
		const page = JSON.parse(text) as { items: unknown[] };
		return JSON.stringify({ ...page, items: page.items.reverse() });
	}

	private faultAnswer(
		status: number,
		request: SentRequest & { path: string },
		echoes = false,
	): Received {
		const { path, method, body: sent = '', headers: given } = request;
		const fault: Fault = { kind: 'status', status };
		if (echoes) {
			const { Authorization = '', authorization = Authorization } = given;
			const detail = `${method} ${String(sent)} was not possible with ${authorization}`;
			fault.body = { title: 'Not possible', detail, 'detailed-message': detail, message: detail };
		}
		const { headers, body } = faultAnswer(fault, 'fault', path);
		return {
			status,
			statusText: '',
			headers: this.dated({ ...headers, ...(status === 302 ? { location: '/elsewhere' } : {}) }),
			text: body,
		};
	}

	/** With the clock of the gateway. */
	private dated({ date: _, ...headers }: Record<string, string>): Record<string, string> {
		const { dateHeader, dateAheadMs, adobeAheadMs } = this.weather;
		if (!dateHeader) return headers;
		const date = new Date(this.time.now + adobeAheadMs + dateAheadMs).toUTCString();
		return { ...headers, date };
	}
}

/** Nothing reaches a process that was ended. */
async function unlessGone(): Promise<void> {
	if (currentLife()?.isOver === true) await new Promise<never>(() => {});
}

function messageOf(code: string): string {
	return code === 'ECONNRESET' ? 'socket hang up' : `read ${code}`;
}

function tell({ kind, ...more }: Fate): string {
	const words = Object.entries(more).map(([name, value]) => `${name} ${String(value)}`);
	return [kind, ...words].join(' ');
}

function decode(path: string): string {
	return decodeURIComponent(path).replace('/data/foundation/flowservice', '');
}

function bodyOf({ method, body }: SentRequest): string {
	return method === 'GET' || body === undefined ? '' : ` ${short(String(body))}`;
}

function short(text: string): string {
	const line = text.replace(/\s+/g, ' ');
	return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
