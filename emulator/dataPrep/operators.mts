import { DateTime } from 'luxon';
import { readTime } from './convertValue.mts';
import type { ResultType } from './expression.mts';

interface Binary {
	type: (a: ResultType, b: ResultType) => ResultType;
	apply: (a: unknown, b: unknown) => unknown;
}

export const LOGICAL = ['&&', '||'];

const sum = (a: ResultType, b: ResultType): ResultType => {
	if (a === 'string' || b === 'string') return 'string';
	if (a === 'any' || b === 'any') return 'any';
	return a === 'integer' && b === 'integer' ? 'integer' : 'number';
};
const whole = (a: ResultType, b: ResultType): ResultType =>
	a === 'integer' && b === 'integer' ? 'integer' : 'number';

/** ⚠UNV in detail: the reference has no semantics of the operators, so they are the usual ones. */
export const BINARY: ReadonlyMap<string, Binary> = new Map<string, Binary>([
	['+', { type: sum, apply: add }],
	['-', { type: whole, apply: (a, b) => toNumber(a) - toNumber(b) }],
	['*', { type: whole, apply: (a, b) => toNumber(a) * toNumber(b) }],
	['/', { type: () => 'number', apply: divide }],
	['%', { type: whole, apply: (a, b) => toNumber(a) % nonZero(b) }],
	...(
		[
			['==', (a, b) => areEqual(a, b)],
			['!=', (a, b) => !areEqual(a, b)],
			['<', (a, b) => compare(a, b) < 0],
			['<=', (a, b) => compare(a, b) <= 0],
			['>', (a, b) => compare(a, b) > 0],
			['>=', (a, b) => compare(a, b) >= 0],
		] as Array<[string, (a: unknown, b: unknown) => boolean]>
	).map(([sign, apply]): [string, Binary] => [sign, { type: () => 'boolean', apply }]),
]);

export const UNARY: ReadonlyMap<string, { type: ResultType; apply: (a: unknown) => unknown }> =
	new Map<string, { type: ResultType; apply: (a: unknown) => unknown }>([
		['-', { type: 'number', apply: (a) => -toNumber(a) }],
		['+', { type: 'number', apply: toNumber }],
		['!', { type: 'boolean', apply: (a) => !isTrue(a) }],
	]);

/** @throws Error for what is no number and no text of one */
export function toNumber(value: unknown): number {
	const isText = typeof value === 'string' && value.trim() !== '';
	const number = typeof value === 'number' || isText ? Number(value) : Number.NaN;
	if (!Number.isFinite(number)) throw new Error('a number is needed');
	return number;
}

/** @throws Error for what is no boolean; null counts as false */
export function isTrue(value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false' || value === null || value === undefined) return false;
	throw new Error('true or false is needed');
}

export function areEqual(a: unknown, b: unknown): boolean {
	const [one, other] = [a ?? null, b ?? null];
	if (one === null || other === null) return one === other;
	if (typeof one === 'boolean' || typeof other === 'boolean') return String(one) === String(other);
	return compare(one, other) === 0;
}

/** @throws Error for null, and for what has no order */
export function compare(a: unknown, b: unknown): number {
	if (DateTime.isDateTime(a) || DateTime.isDateTime(b)) return toTime(a) - toTime(b);
	if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
	return toNumber(a) - toNumber(b);
}

function toTime(value: unknown): number {
	const time = typeof value === 'string' ? readTime(value) : value;
	if (!DateTime.isDateTime(time)) throw new Error('a date is needed');
	return time.toMillis();
}

function add(a: unknown, b: unknown): unknown {
	if (typeof a === 'string' || typeof b === 'string') {
		if (a === null || b === null) throw new Error('there is no value');
		return `${String(a)}${String(b)}`;
	}
	return toNumber(a) + toNumber(b);
}

function divide(a: unknown, b: unknown): number {
	return toNumber(a) / nonZero(b);
}

function nonZero(value: unknown): number {
	const number = toNumber(value);
	if (number === 0) throw new Error('it is divided by zero');
	return number;
}
