import { arrayOf, asRecord, numberOf } from '../../../platform/json';
import { named } from '../columns';
import { formatMisfit } from './formats';

/** What of a schema a record does not keep. */
export type Rule =
	| 'required'
	| 'type'
	| 'format'
	| 'enum'
	| 'minimum'
	| 'maximum'
	| 'pattern'
	| 'minLength'
	| 'maxLength'
	| 'minItems'
	| 'maxItems';

/** Why Adobe would reject a record. */
export interface Misfit {
	/** Dotted path, e.g. `person.name.fullName`; `tags[0]` in a list. */
	field: string;
	rule: Rule;
	/** About the field, without its value: that is personal data. */
	message: string;
}

type Node = Record<string, unknown>;

/** No schema of Adobe's is nested deeper; one that refers to itself must come to an end. */
const MAX_DEPTH = 40;

/**
 * Checks a record as it would arrive against a schema with all references resolved (`xed-full`), by what makes
 * Adobe reject it: required fields, types, formats, lists of values, bounds, patterns, lengths. What is null
 * counts as absent.
 */
export function checkRecord(schema: Node, record: Node): Misfit[] {
	return misfitsOf(schema, record, '', MAX_DEPTH);
}

function misfitsOf(schema: Node, value: unknown, field: string, depth: number): Misfit[] {
	if (depth === 0) return [];
	const type = typeMisfit(schema.type, value);
	if (type !== undefined) return [{ field, rule: 'type', message: type }];
	const own = [...listMisfit(schema.enum, value), ...boundsMisfits(schema, value)].map(
		([rule, message]) => ({ field, rule, message }),
	);
	if (Array.isArray(value)) {
		const items = asRecord(schema.items);
		if (items === undefined) return own;
		return [
			...own,
			...value.flatMap((one, index) => misfitsOf(items, one, `${field}[${index}]`, depth - 1)),
		];
	}
	const members = asRecord(value);
	return members === undefined ? own : [...own, ...membersMisfits(schema, members, field, depth)];
}

function membersMisfits(schema: Node, members: Node, field: string, depth: number): Misfit[] {
	const pathOf = (name: string) => (field === '' ? name : `${field}.${name}`);
	const isThere = (name: string) =>
		Object.hasOwn(members, name) && members[name] !== null && members[name] !== undefined;
	const missing = arrayOf(schema.required)
		.map(String)
		.filter((name) => !isThere(name))
		.map((name): Misfit => {
			const message = 'is required, and nothing arrives in it';
			return { field: pathOf(name), rule: 'required', message };
		});
	const properties = asRecord(schema.properties) ?? {};
	// The values of a map.
	const others = asRecord(schema.additionalProperties);
	const below = Object.keys(members)
		.filter(isThere)
		.flatMap((name) => {
			const child = Object.hasOwn(properties, name) ? asRecord(properties[name]) : others;
			return child === undefined ? [] : misfitsOf(child, members[name], pathOf(name), depth - 1);
		});
	return [...missing, ...below];
}

/** One that JavaScript can't hold comes as a text of digits. */
const DIGITS = /^-?\d{16,}$/;

function typeMisfit(type: unknown, value: unknown): string | undefined {
	const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
	if (types.length === 0 || types.some((one) => isOf(one, value))) return undefined;
	return `must be of the type ${types.join(' or ')}; what arrives is of the type ${typeOf(value)}`;
}

function isOf(type: string, value: unknown): boolean {
	switch (type) {
		case 'integer':
			return Number.isInteger(value) || (typeof value === 'string' && DIGITS.test(value));
		case 'number':
			return typeof value === 'number' || (typeof value === 'string' && DIGITS.test(value));
		case 'string':
		case 'boolean':
		case 'array':
		case 'object':
		case 'null':
			return typeOf(value) === type;
		default:
			return true;
	}
}

function typeOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	return value === null ? 'null' : typeof value;
}

function listMisfit(list: unknown, value: unknown): Array<[Rule, string]> {
	if (!Array.isArray(list) || list.includes(value)) return [];
	return [['enum', `must be one of ${named(list.map(String))}`]];
}

function boundsMisfits(schema: Node, value: unknown): Array<[Rule, string]> {
	if (typeof value === 'string') {
		return isNumeric(schema.type) ? ofNumber(schema, Number(value)) : ofText(schema, value);
	}
	if (typeof value === 'number') return ofNumber(schema, value);
	return Array.isArray(value) ? ofList(schema, value) : [];
}

function isNumeric(type: unknown): boolean {
	return type === 'integer' || type === 'number';
}

function ofNumber(schema: Node, value: number): Array<[Rule, string]> {
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
	// A number in newer JSON Schema; in the older one, it says of the bound beside it that it is excluded.
	const above = exclusiveMinimum === true ? numberOf(minimum) : numberOf(exclusiveMinimum);
	const below = exclusiveMaximum === true ? numberOf(maximum) : numberOf(exclusiveMaximum);
	const [least, most] = [numberOf(minimum), numberOf(maximum)];
	return [
		...when(least !== undefined && value < least, 'minimum', `must be at least ${least}`),
		...when(above !== undefined && value <= above, 'minimum', `must be more than ${above}`),
		...when(most !== undefined && value > most, 'maximum', `must be at most ${most}`),
		...when(below !== undefined && value >= below, 'maximum', `must be less than ${below}`),
	];
}

function ofText(schema: Node, value: string): Array<[Rule, string]> {
	const format = formatMisfit(schema.format, value);
	const [least, most] = [numberOf(schema.minLength), numberOf(schema.maxLength)];
	// As JSON Schema counts: an emoji is one.
	const { length } = [...value];
	const pattern = patternOf(schema.pattern);
	return [
		...when(format !== undefined, 'format', format ?? ''),
		...when(
			least !== undefined && length < least,
			'minLength',
			`must have at least ${least} characters and has ${length}`,
		),
		...when(
			most !== undefined && length > most,
			'maxLength',
			`must have at most ${most} characters and has ${length}`,
		),
		...when(
			pattern !== undefined && !pattern.test(value),
			'pattern',
			`must match the pattern ${String(schema.pattern)}`,
		),
	];
}

function ofList(schema: Node, { length }: unknown[]): Array<[Rule, string]> {
	const [least, most] = [numberOf(schema.minItems), numberOf(schema.maxItems)];
	return [
		...when(
			least !== undefined && length < least,
			'minItems',
			`must have ${least} members at least`,
		),
		...when(most !== undefined && length > most, 'maxItems', `must have ${most} members at most`),
	];
}

function when(misfits: boolean, rule: Rule, message: string): Array<[Rule, string]> {
	return misfits ? [[rule, message]] : [];
}

/** Compiled once for all rows. */
const PATTERNS = new Map<string, RegExp | undefined>();

/** Undefined for none, and for one that JavaScript does not know: that is for Adobe to judge. */
function patternOf(pattern: unknown): RegExp | undefined {
	if (typeof pattern !== 'string') return undefined;
	if (!PATTERNS.has(pattern)) PATTERNS.set(pattern, compiled(pattern));
	return PATTERNS.get(pattern);
}

function compiled(pattern: string): RegExp | undefined {
	for (const flags of ['u', '']) {
		try {
			return new RegExp(pattern, flags);
		} catch {
			// The next way, or none.
		}
	}
	return undefined;
}
