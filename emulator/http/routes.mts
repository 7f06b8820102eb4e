import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EmulatorState } from '../state.mts';
import { faultAnswer } from './faultAnswers.mts';

/** A request to a route; its parameters are read with `pathId`. */
export type ApiRequest = FastifyRequest<{ Params: Record<string, string> }>;

/**
 * Answers one request without touching the server's reply: it returns the body of a 200, or a `Reply`
 * for anything else, and throws a `WireError` for an error.
 */
export type Handler = (state: EmulatorState, request: ApiRequest) => unknown;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Handlers by method and path, as `GET /flows/:id`. */
export type RouteTable = Record<`${Method} /${string}`, Handler>;

/** An answer that is not a 200. */
export class Reply {
	constructor(
		readonly status: number,
		readonly body?: unknown,
		readonly headers: Record<string, string> = {},
	) {}
}

/** @param location the path of what was created, where the service returns it */
export function created(body: unknown, location?: string): Reply {
	return new Reply(201, body, location === undefined ? {} : { Location: location });
}

export function noContent(): Reply {
	return new Reply(204);
}

/** A parameter of the route's path. */
export function pathId(request: ApiRequest, name = 'id'): string {
	const value = request.params[name];
	if (value === undefined) throw new Error(`the route has no parameter ${name}`);
	return value;
}

/** Adds the routes of a table to the server. */
export function addRoutes(app: FastifyInstance, state: EmulatorState, table: RouteTable): void {
	for (const [route, handler] of Object.entries(table)) {
		const [method, url] = route.split(' ') as [Method, string];
		app.route<{ Params: Record<string, string> }>({
			method,
			url,
			handler: async (request, reply) => {
				const { fault, requestId } = request.call;
				if (fault?.kind === 'late') {
					const work = async () => await handler(state, request);
					workLater(state, work, fault.delayMs);
					const { status, headers, body } = faultAnswer(fault, requestId, request.raw.url ?? '/');
					return await reply.code(status).headers(headers).send(body);
				}
				const answer = await handler(state, request);
				if (!(answer instanceof Reply)) return answer;
				return await reply.code(answer.status).headers(answer.headers).send(answer.body);
			},
		});
	}
}

/** Nobody hears any more how it ends. */
function workLater({ clock }: EmulatorState, work: () => Promise<unknown>, delayMs = 1000): void {
	clock.at(clock.now() + delayMs, async () => {
		await work().catch(() => undefined);
	});
}
