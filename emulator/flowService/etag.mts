import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { header } from '../http/call.mts';
import { FlowError } from './flowErrors.mts';

/** flow-service.md 2.8: the quotes are part of the value; AWS shows plain UUIDs. */
export function etagMaker(cloud: 'azure' | 'aws'): () => string {
	const hex = () => randomBytes(4).toString('hex');
	return cloud === 'aws'
		? () => `"${randomUUID()}"`
		: () => `"${hex()}-0000-0200-0000-${hex()}0000"`;
}

/**
 * Compares `If-Match` with an entity's version, with and without quotes: flow-service.md 2.8, 10.
 * A weak etag, a list and `*` name no version here ⚠UNV.
 *
 * @throws FlowError 1403 without the header, 1404 for another version
 */
export function checkIfMatch(request: FastifyRequest, etag: string): void {
	const given = header(request, 'if-match');
	if (given === undefined) {
		throw new FlowError('FLOW-1403-400', 'The header If-Match is missing.');
	}
	if (given !== etag && given !== etag.replaceAll('"', '')) {
		throw new FlowError(
			'FLOW-1404-412',
			'The version in If-Match differs from the current version of the entity.',
		);
	}
}
