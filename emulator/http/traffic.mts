import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FlowError } from '../flowService/flowErrors.mts';
import type { EmulatorState } from '../state.mts';
import { rawBody } from './call.mts';
import { checkControlAccess } from './controlAccess.mts';
import { faultAnswer } from './faultAnswers.mts';
import { contentTypeError, WireError } from './wireError.mts';

/** The control plane, and the page for people. */
const isControl = (path: string) => path === '/' || path.startsWith('/__emulator/');

/**
 * What happens to every request, whichever service answers it: it is counted and recorded, hit by a
 * pending fault, delayed, and given an `X-Request-Id`. Control requests only get the last.
 */
export function installTraffic(app: FastifyInstance, state: EmulatorState): void {
	const { counters, faults, journal, settings } = state;
	const { signal } = state.closing;
	// Bytes for every type: the journal records a body as received, and each service reads its own.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	app.decorateRequest('call');

	app.addHook('onRequest', async (request, reply) => {
		const requestId = randomUUID();
		request.call = { requestId };
		// flow-service.md 2.2, 2.5: for support, on every answer.
		reply.header('X-Request-Id', requestId);
		const { raw } = request;
		const path = raw.url ?? '/';
		// By the route as well: a path may be written in more than one way.
		if (isControl(path) || isControl(request.routeOptions.url ?? '')) {
			checkControlAccess(request);
			return;
		}
		const leave = state.inFlight.enter();
		request.call.isOneTooMany = leave === undefined;
		if (leave !== undefined) reply.raw.once('close', leave);

		const method = request.method;
		const pattern = `${method} ${routePattern(request)}`;
		request.call.finish = counters.begin(pattern, raw.socket);
		reply.raw.once('close', request.call.finish);
		const headers = { ...raw.headers };
		const record = { at: Date.now(), method, path, headers, body: '', status: 0 };
		request.call.record = journal.add(record);
	});

	app.addHook('preHandler', async (request, reply) => {
		const { call } = request;
		if (call.record === undefined) return;
		call.record.body = rawBody(request).toString('utf8');
		const [path = '/'] = call.record.path.split('?');
		call.fault = faults.take(request.method, [path, routePattern(request)]);
		await hitBefore(request, reply, signal);
		if (!reply.sent && settings.latencyMs > 0) await pause(settings.latencyMs, signal);
	});

	app.addHook('onSend', async (request, reply, payload: unknown) => {
		const { call } = request;
		if (call?.record === undefined) return payload;
		const sent = await hitAfter(request, reply, payload, signal);
		showDate(reply, state);
		call.record.status = request.raw.socket.destroyed ? 0 : reply.statusCode;
		counters.answered(call.record.status);
		call.finish?.();
		return sent;
	});

	app.setErrorHandler((error, request, reply) => {
		const known = error instanceof WireError ? error : toWireError(error);
		const body = known.toBody(request.call.requestId);
		return reply.code(known.status).headers(known.headers).send(body);
	});
}

/** The route's path with `{id}` for its parameters, or the path itself where there is no route. */
function routePattern(request: FastifyRequest): string {
	const route = request.routeOptions.url;
	if (route === undefined || route.includes('*')) {
		return (request.raw.url ?? '/').split('?')[0]?.replace(/(?<=.)\/$/, '') ?? '/';
	}
	return route.replace(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, '');
}

async function hitBefore(request: FastifyRequest, reply: FastifyReply, signal: AbortSignal) {
	const { fault, requestId } = request.call;
	if (fault === undefined || fault.when === 'after') return;
	if (fault.kind === 'delay') await pause(fault.delayMs ?? 1000, signal);
	if (fault.kind === 'reset') {
		reply.hijack();
		request.raw.socket.resetAndDestroy();
	}
	if (fault.kind === 'status') {
		const { status, headers, body } = faultAnswer(fault, requestId, request.raw.url ?? '/');
		await reply.code(status).headers(headers).send(body);
	}
}

async function hitAfter(
	request: FastifyRequest,
	reply: FastifyReply,
	payload: unknown,
	signal: AbortSignal,
): Promise<unknown> {
	const { fault, requestId } = request.call;
	if (fault === undefined) return payload;
	const text = typeof payload === 'string' ? payload : '';
	if (fault.kind === 'malformed') return `<html>${text.slice(0, text.length / 2)}`;
	if (fault.kind === 'trickle') {
		reply.removeHeader('content-length');
		return Readable.from(trickle(text, fault.delayMs ?? 200, signal));
	}
	if (fault.kind === 'truncated') {
		// A client sees a connection that is cut midway as fewer bytes than promised.
		reply.header('content-length', String(Buffer.byteLength(text) + 1));
		return Readable.from(cutOff(text.slice(0, text.length / 2)));
	}
	if (fault.when !== 'after') return payload;
	if (fault.kind === 'delay') await pause(fault.delayMs ?? 1000, signal);
	if (fault.kind === 'reset') request.raw.socket.resetAndDestroy();
	if (fault.kind === 'status') {
		const { status, headers, body } = faultAnswer(fault, requestId, request.raw.url ?? '/');
		reply.code(status).headers(headers);
		return body;
	}
	return payload;
}

/** What Node writes by itself is the time of this machine, which the emulator's clock may be ahead of. */
function showDate(
	{ raw }: FastifyReply,
	{ clock, settings: { dateHeader, dateSkewMs } }: EmulatorState,
): void {
	const nowEpochMs = clock.now();
	if (!dateHeader) raw.sendDate = false;
	else if (dateSkewMs !== 0 || nowEpochMs - Date.now() > 1) {
		raw.setHeader('date', new Date(nowEpochMs + dateSkewMs).toUTCString());
	}
}

async function* cutOff(text: string) {
	yield Buffer.from(text);
	// The first half has to leave before the connection is destroyed.
	await sleep(20);
	throw new Error('cut off on purpose');
}

async function* trickle(text: string, delayMs: number, signal: AbortSignal) {
	for (const byte of Buffer.from(text)) {
		await pause(delayMs, signal);
		yield Buffer.of(byte);
	}
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
	await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function toWireError(error: unknown): WireError {
	const code = (error as { code?: unknown }).code;
	const status = (error as { statusCode?: unknown }).statusCode;
	// Fastify's own rejection of a content type that it cannot even parse: flow-service.md 2.5.
	if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return contentTypeError();
	if (typeof status === 'number' && status < 500)
		return contentTypeError('The request is malformed');
	return new FlowError('FLOW-1400-500', 'An internal error occurred. Try again later.');
}
