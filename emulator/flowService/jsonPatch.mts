import { contentTypeError } from '../http/wireError.mts';
import { FlowError } from './flowErrors.mts';

/** One operation of a JSON Patch. */
export interface Operation {
	op: 'add' | 'replace' | 'remove';
	/** As written, for messages. */
	pointer: string;
	/** The pointer's parts, unescaped. */
	path: string[];
	/** Needed for `remove`, and ignored. */
	value: unknown;
}

/**
 * Reads the body of a PATCH: flow-service.md 4.4.
 *
 * A single object is rejected, although the OAS types the body of a connection's PATCH so ⚠CONFLICT:
 * every sample is an array, and a client must send one.
 *
 * @throws FlowError 1455 for a missing member, 1434 for an unknown operation, 1365 for a path that
 * is not a pointer; WireError for a body that is not an array
 */
export function readPatch(body: unknown): Operation[] {
	// The service's message for it is not known ⚠UNV.
	if (!Array.isArray(body)) throw contentTypeError('The body must be an array of operations');
	return body.map(readOperation);
}

function readOperation(given: unknown): Operation {
	const members = (typeof given === 'object' && given !== null ? given : {}) as Partial<Operation>;
	const { op, path: pointer, value } = members as Record<string, unknown>;
	if (typeof op !== 'string' || op === '') throw missing('op');
	// flow-service.md 4.4: lower case in the documents, upper and mixed case elsewhere. ⚠UNV
	const name = (['add', 'replace', 'remove'] as const).find((one) => one === op.toLowerCase());
	if (name === undefined) {
		throw new FlowError('FLOW-1434-400', `The patch operation ${op} is not supported.`);
	}
	if (typeof pointer !== 'string') throw missing('path');
	// flow-service.md 12 (1): the API description requires a value of `remove`, too.
	if (value === undefined) throw missing('value');
	if (!pointer.startsWith('/')) throw badPath(pointer);
	const path = pointer
		.slice(1)
		.split('/')
		.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
	return { op: name, pointer, path, value };
}

/**
 * Applies operations in place, in order.
 *
 * @param patchable the paths that may be changed
 * @throws FlowError 1365 for any other path, and for one that does not lead anywhere
 */
export function applyPatch(target: object, operations: Operation[], patchable: RegExp): void {
	for (const operation of operations) {
		if (!patchable.test(operation.pointer)) throw badPath(operation.pointer);
		applyOperation(target, operation);
	}
}

function applyOperation(target: object, { op, pointer, path, value }: Operation): void {
	let parent: unknown = target;
	for (const part of path.slice(0, -1)) {
		if (!isContainer(parent) || !Object.hasOwn(parent, part)) throw badPath(pointer);
		parent = (parent as Record<string, unknown>)[part];
	}
	// An earlier operation may have put anything there.
	if (!isContainer(parent)) throw badPath(pointer);
	const key = path.at(-1) ?? '';
	// As RFC 6902 has it; whether the service insists is ⚠UNV. `add` does either way.
	const isThere = Object.hasOwn(parent, key) && !(Array.isArray(parent) && key === 'length');
	if (op !== 'add' && !isThere) throw badPath(pointer);
	if (Array.isArray(parent)) {
		const index = key === '-' ? parent.length : /^\d{1,4}$/.test(key) ? Number(key) : Infinity;
		if (index > parent.length) throw badPath(pointer);
		parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
		return;
	}
	if (op === 'remove') {
		Reflect.deleteProperty(parent, key);
		return;
	}
	// Defined rather than assigned, or a parameter called "__proto__" would be something else.
	const flags = { writable: true, enumerable: true, configurable: true };
	Object.defineProperty(parent, key, { value, ...flags });
}

function isContainer(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

/** flow-service.md 2.6.2, 1365 */
function badPath(pointer: string): FlowError {
	return new FlowError('CONNECTOR-1365-400', `The patch path ${pointer} is invalid.`);
}

function missing(name: string): FlowError {
	return new FlowError('FLOW-1455-400', `The patch is not valid: the field ${name} is missing.`);
}
