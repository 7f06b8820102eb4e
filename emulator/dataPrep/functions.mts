import { DateTime } from 'luxon';
import { outsideValue, readTime } from './convertValue.mts';
import { datePattern } from './datePattern.mts';
import type { ResultType } from './expression.mts';
import { areEqual, compare, isTrue, toNumber } from './operators.mts';

/** A value that is calculated when it is asked for, since `iif` must not calculate both. */
export type Argument = () => unknown;

/** A function of Data Prep. */
export interface MappingFunction {
	/** Minimum and maximum number of values. */
	arity: [number, number];
	type: ResultType | ((types: ResultType[]) => ResultType);
	/** @throws Error for values that it cannot take */
	apply: (given: Argument[]) => unknown;
}

const MANY = Number.POSITIVE_INFINITY;

/** Reads an argument's value; null for an argument that was not given. */
const take = (given: Argument[], at: number): unknown => given[at]?.() ?? null;

/** A function of one string; null stays null. */
const ofText = (
	apply: (text: string) => unknown,
	type: ResultType = 'string',
): MappingFunction => ({
	arity: [1, 1],
	type,
	apply: (given) => {
		const value = take(given, 0);
		return value === null ? null : apply(toText(value));
	},
});

const sameType = (types: ResultType[]): ResultType => {
	const known = new Set(types.filter((type) => type !== 'any'));
	return known.size === 1 && !types.includes('any') ? (types[0] ?? 'any') : 'any';
};

const toInteger = ofText((text) => Math.trunc(toNumber(text)), 'integer');
const toDecimal = ofText(toNumber, 'number');
const lower = ofText((text) => text.toLowerCase());
const upper = ofText((text) => text.toUpperCase());

/**
 * The part of Data Prep's functions that a table of a database is likely to need. Names, order of
 * values and results are those of Adobe's guide to mapping functions, but `to_string`, `to_number`
 * and `to_boolean`, which it does not list ⚠UNV. What they return for null is ⚠UNV: null where the
 * input is null, and nothing for it where strings are joined.
 */
export const FUNCTIONS: ReadonlyMap<string, MappingFunction> = new Map<string, MappingFunction>([
	[
		'concat',
		{
			arity: [1, MANY],
			type: 'string',
			apply: (given) => given.map((one) => toText(one() ?? '')).join(''),
		},
	],
	['lower', lower],
	['lcase', lower],
	['upper', upper],
	['ucase', upper],
	['trim', ofText((text) => text.trim())],
	['ltrim', ofText((text) => text.trimStart())],
	['rtrim', ofText((text) => text.trimEnd())],
	['left', { arity: [2, 2], type: 'string', apply: (given) => cut(given, (_, n) => [0, n]) }],
	['right', { arity: [2, 2], type: 'string', apply: (given) => cut(given, (l, n) => [l - n, l]) }],
	[
		'substr',
		{
			arity: [3, 3],
			type: 'string',
			apply: (given) => cut(given, (_, from) => [from, from + count(take(given, 2))]),
		},
	],
	[
		'replacestr',
		{
			arity: [3, 3],
			type: 'string',
			apply: (given) => {
				const [text, from, to] = [take(given, 0), take(given, 1), take(given, 2)];
				return text === null ? null : toText(text).replaceAll(toText(from), () => toText(to));
			},
		},
	],
	[
		'equals',
		{ arity: [2, 2], type: 'boolean', apply: (given) => areEqual(take(given, 0), take(given, 1)) },
	],
	[
		'equalsIgnoreCase',
		{
			arity: [2, 2],
			type: 'boolean',
			apply: (given) => {
				const [a, b] = [take(given, 0), take(given, 1)];
				if (a === null || b === null) return a === b;
				return toText(a).toLowerCase() === toText(b).toLowerCase();
			},
		},
	],
	[
		'iif',
		{
			arity: [3, 3],
			type: ([, yes = 'any', no = 'any']) => sameType([yes, no]),
			apply: (given) => take(given, isTrue(take(given, 0)) ? 1 : 2),
		},
	],
	[
		'coalesce',
		{
			arity: [1, MANY],
			type: sameType,
			apply: (given) => {
				for (const one of given) {
					const value = one() ?? null;
					if (value !== null) return value;
				}
				return null;
			},
		},
	],
	['is_empty', { arity: [1, 1], type: 'boolean', apply: (given) => isEmpty(take(given, 0)) }],
	['nullify', { arity: [0, 0], type: 'any', apply: () => null }],
	['min', { arity: [1, MANY], type: sameType, apply: (given) => extreme(given, -1) }],
	['max', { arity: [1, MANY], type: sameType, apply: (given) => extreme(given, 1) }],
	['to_string', ofText((text) => text)],
	['to_integer', toInteger],
	['to_bigint', toInteger],
	['to_decimal', toDecimal],
	['to_float', toDecimal],
	['to_number', toDecimal],
	['to_boolean', ofText((text) => isTrue(text.trim().toLowerCase()), 'boolean')],
	['now', { arity: [0, 0], type: 'date-time', apply: () => DateTime.utc() }],
	['timestamp', { arity: [0, 0], type: 'integer', apply: () => Date.now() }],
	[
		'date',
		{
			arity: [1, 3],
			type: 'date-time',
			apply: (given) => {
				const value = take(given, 0);
				if (value === null) return take(given, 2);
				if (DateTime.isDateTime(value)) return value;
				const format = take(given, 1);
				const time =
					format === null
						? readTime(toText(value))
						: datePattern(toText(format)).read(toText(value));
				if (time === undefined) throw new Error('a date of that format is needed');
				return time;
			},
		},
	],
	[
		'format',
		{
			arity: [2, 2],
			type: 'string',
			apply: (given) => {
				const value = take(given, 0);
				if (value === null) return null;
				const time = DateTime.isDateTime(value) ? value : readTime(toText(value));
				if (time === undefined) throw new Error('a date is needed');
				return datePattern(toText(take(given, 1))).write(time);
			},
		},
	],
	[
		'dformat',
		{
			arity: [2, 2],
			type: 'string',
			apply: (given) => {
				const value = take(given, 0);
				if (value === null) return null;
				const time = DateTime.fromMillis(toNumber(value), { zone: 'utc' });
				return datePattern(toText(take(given, 1))).write(time);
			},
		},
	],
]);

/** @throws Error for null, an array and an object */
function toText(value: unknown): string {
	const text = outsideValue(value);
	if (text === null || typeof text === 'object') throw new Error('a text is needed');
	return String(text);
}

function isEmpty(value: unknown): boolean {
	if (value === null || value === '') return true;
	if (Array.isArray(value)) return value.length === 0;
	const isPlain = typeof value === 'object' && !DateTime.isDateTime(value);
	return isPlain && Object.keys(value).length === 0;
}

function count(value: unknown): number {
	const number = toNumber(value);
	if (!Number.isInteger(number) || number < 0) throw new Error('a whole number is needed');
	return number;
}

function cut(given: Argument[], range: (length: number, n: number) => [number, number]): unknown {
	const value = take(given, 0);
	if (value === null) return null;
	const text = toText(value);
	const [from, to] = range(text.length, count(take(given, 1)));
	return text.slice(Math.max(0, from), to);
}

function extreme(given: Argument[], sign: 1 | -1): unknown {
	const values = given.map((one) => one() ?? null).filter((value) => value !== null);
	return (
		values.reduce((best, value) => (sign * compare(value, best) > 0 ? value : best), values[0]) ??
		null
	);
}
