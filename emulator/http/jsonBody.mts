import type { FastifyRequest } from 'fastify';
import { rawBody } from './call.mts';
import { contentTypeError } from './wireError.mts';

/**
 * Reads a JSON body; null where there is none.
 *
 * @throws WireError for a missing or foreign content type, and for invalid JSON: flow-service.md
 * 2.5
 */
export function jsonBody(request: FastifyRequest): unknown {
	const text = rawBody(request).toString('utf8');
	const type = request.headers['content-type'] ?? '';
	if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) throw contentTypeError();
	try {
		return text.trim() === '' ? null : (JSON.parse(text) as unknown);
	} catch {
		// The services' message for broken JSON is not known ⚠UNV.
		throw contentTypeError('The body is not valid JSON');
	}
}

/** A value as an object, or undefined for anything else. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
	const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isPlain ? (value as Record<string, unknown>) : undefined;
}
