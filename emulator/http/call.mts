import type { FastifyRequest } from 'fastify';
import type { Client } from '../identity/clients.mts';
import type { Fault } from './faults.mts';
import type { RecordedRequest } from './journal.mts';

/** What the emulator knows of one request while it is being answered. */
export interface Call {
	requestId: string;
	/** The fault that hits it, taken when its body has been read. */
	fault?: Fault | undefined;
	/** Absent for control requests, which are not recorded. */
	record?: RecordedRequest;
	/** Whether more are in flight than are taken at a time; the gateway refuses it. */
	isOneTooMany?: boolean;
	/** Ends its time in flight; see `Counters`. */
	finish?: () => void;
	/** Set by the gateway. */
	client?: Client;
	/** Set by the gateway: the header `x-gw-ims-org-id`. */
	orgId?: string;
}

declare module 'fastify' {
	interface FastifyRequest {
		call: Call;
	}
}

/** A header that came once and is not empty, or undefined. */
export function header(request: FastifyRequest, name: string): string | undefined {
	const value = request.headers[name];
	const text = Array.isArray(value) ? value[0] : value;
	return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/**
 * The query as written, which matters here: filters are full of `=`, and `+` means a space.
 */
export function query(request: FastifyRequest): URLSearchParams {
	const { url } = request.raw;
	const mark = url?.indexOf('?') ?? -1;
	return new URLSearchParams(mark === -1 ? '' : url?.slice(mark + 1));
}

/** The body as received; every content type is read as bytes, see `traffic.mts`. */
export function rawBody(request: FastifyRequest): Buffer {
	return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
