import { maskPasswords } from './passwordSpans';
import { isSecretKey } from './secretKeys';

export { maskPasswords } from './passwordSpans';
export { outputWithoutSecrets, outputWithRows, rowWithoutSecretNames } from './outputs';
export type { Author } from './redaction';
export { redact, Redactor } from './redaction';
export { isSecretKey } from './secretKeys';

/** No answer of Adobe's nests nearly as deep; a hostile one would exhaust the stack. */
const MAX_DEPTH = 100;

const TOO_DEEP = '[Too deep]';

const CIRCULAR = '[Circular]';

/** What names the other half of `{ name: 'password', value: … }` and of a JSON Patch operation. */
const NAMING_KEYS = ['name', 'key', 'path', 'field', 'property'] as const;

/** The copies made so far; a copy that is still being made is marked by nothing. */
type Copies = Map<object, unknown>;

/** Whether the object says by its other members that its `value` is a secret. */
function namesSecret(source: Record<string, unknown>): boolean {
	return NAMING_KEYS.some((key) => {
		const name = Object.hasOwn(source, key) ? source[key] : undefined;
		return typeof name === 'string' && isSecretKey(name);
	});
}

function copiedMembers(source: object, copies: Copies, depth: number): Record<string, unknown> {
	const copy: Record<string, unknown> = {};
	const members = source as Record<string, unknown>;
	const valueIsSecret = Object.hasOwn(members, 'value') && namesSecret(members);
	for (const [key, member] of Object.entries(members)) {
		// Assigning to __proto__ would give the copy another prototype instead of a member.
		if (key === '__proto__' || isSecretKey(key)) continue;
		if (key === 'value' && valueIsSecret) continue;
		if (typeof member === 'function' || typeof member === 'symbol') continue;
		copy[key] = copied(member, copies, depth + 1);
	}
	return copy;
}

function copiedObject(source: object, copies: Copies, depth: number): unknown {
	if (source instanceof Date) return new Date(source);
	if (copies.has(source)) return copies.get(source) ?? CIRCULAR;
	if (depth > MAX_DEPTH) return TOO_DEEP;
	copies.set(source, undefined);
	const copy: unknown = Array.isArray(source)
		? source.map((element) => copied(element, copies, depth + 1))
		: copiedMembers(source, copies, depth);
	copies.set(source, copy);
	return copy;
}

function copied(value: unknown, copies: Copies, depth: number): unknown {
	if (typeof value === 'string') return maskPasswords(value);
	if (typeof value !== 'object' || value === null) return value;
	return copiedObject(value, copies, depth);
}

/**
 * A deep copy of JSON-like data without what must not be shown: members with a secret name (see
 * {@link isSecretKey}) are left out whatever they hold, so is the `value` of a pair or patch operation
 * that names a secret, and passwords inside texts (connection strings, URLs, form bodies) become
 * `***`. The original is not changed.
 *
 * A member called `__proto__` is left out, dates stay dates, other objects become plain ones, and
 * functions are dropped. A reference back to an object around it becomes `[Circular]`, what lies more
 * than 100 levels deep `[Too deep]`.
 */
export function withoutSecrets<T>(value: T): T {
	return copied(value, new Map(), 0) as T;
}
