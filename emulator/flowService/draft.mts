import type { FastifyRequest } from 'fastify';
import { query } from '../http/call.mts';
import { FlowError } from './flowErrors.mts';

/**
 * flow-service.md 3.5, 4.7: drafts need `isDraftModeSupported` in the flow spec, which this one does
 * not have.
 *
 * @throws FlowError 1452
 */
export function refuseDraft(request: FastifyRequest): void {
	const mode = query(request).get('mode');
	if (mode === null) return;
	throw new FlowError('FLOW-1452-400', `Invalid value of the query parameter mode: ${mode}`);
}
