import type { FastifyRequest } from 'fastify';
import { jsonBody } from '../http/jsonBody.mts';
import { FlowError } from './flowErrors.mts';

/**
 * Reads a JSON body.
 *
 * @throws WireError as `jsonBody`, FlowError 1405 for an empty body
 */
export function readJson(request: FastifyRequest): unknown {
	const value = jsonBody(request);
	const isEmpty = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
	if (isEmpty) throw new FlowError('FLOW-1405-400', 'The request body is null or empty.');
	return value;
}

/** A value as an object; an empty one for anything else. */
export function members(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** flow-service.md 2.6.2, 1304: a mandatory member is missing. */
export function missing(name: string): FlowError {
	return new FlowError('CONNECTOR-1304-400', `The mandatory field ${name} is missing.`);
}

/** flow-service.md 2.6.2, 1312: a value that a property does not accept. */
export function invalid(name: string, why: string): FlowError {
	return new FlowError(
		'CONNECTOR-1312-400',
		`The parameter value is not valid for the property ${name}: ${why}.`,
	);
}

/**
 * flow-service.md 4.2 ⚠CONFLICT: the prose requires a name, the schema does not.
 *
 * @throws FlowError 1304
 */
export function readName(name: unknown): string {
	if (typeof name !== 'string' || name.trim() === '') throw missing('name');
	return name;
}

/** @throws FlowError 1312 for a description that is not a string */
export function readDescription(description: unknown): { description?: string } {
	if (description === undefined) return {};
	if (typeof description !== 'string') throw invalid('description', 'it must be a string');
	return { description };
}

/** A whole number that is not negative, sent as a number or as a string: flow-service.md 5.4, 5.5. */
export function wholeNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
	return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}
