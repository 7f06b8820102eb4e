import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { isSafeObjectProperty } from 'n8n-workflow';

/*
 * A shortcut around n8n's expressions, and all of it. n8n takes a millisecond of processor time for an
 * expression, also for one that only names a member of the item, such as `{{ $json.server }}`, and those
 * are what a sheet of databases is provisioned with. `npm run bench -- --case sheet-1000`, n8n 2.40.7,
 * two busy cores, medians of 3 runs each, twice in turns:
 *
 *                                       | with        | without
 *   seven expressions, 100 requests/s   | 10.2–11.5 s | 12.7–14.3 s
 *   processor time of n8n               | 3.2–3.6 s   | 8.4–10.7 s
 *   the same without a limit            | 4.6–8.6 s   | 7.7–17.7 s
 *
 * Without it, ParameterReader would ask n8n for whatever has an expression.
 */

/**
 * Gives the value of a parameter for an item: a string straight from the item, as n8n passes strings
 * on as they are; anything else as soon as n8n has given the same for one of the items. Before that,
 * and for all that is less plain, n8n is asked.
 */
export type MemberReading = (
	item: INodeExecutionData | undefined,
	askN8n: () => unknown,
) => unknown;

/**
 * How to read a parameter all of whose expressions only name a member of the item; undefined for any
 * other.
 *
 * @param given the parameter as the workflow has it
 */
export function memberReading(given: unknown): MemberReading | undefined {
	let lookUp = lookUpOf(given);
	if (lookUp === undefined) return undefined;
	let isProven = false;
	return (item, askN8n) => {
		const own = item === undefined || lookUp === undefined ? UNCLEAR : lookUp(item.json);
		if (own === UNCLEAR) return askN8n();
		if (isProven || typeof own === 'string') return own;
		const value = askN8n();
		isProven = JSON.stringify(own) === JSON.stringify(value);
		if (!isProven) lookUp = undefined;
		return value;
	};
}

/** Looks a value up in an item; {@link UNCLEAR} where it is missing, or n8n might change its form. */
type LookUp = (item: IDataObject) => unknown;

const UNCLEAR = Symbol('unclear');

// `{{ $json.name }}` and `{{ $json['first name'].short }}`, as n8n writes them for a dragged field.
const EXPRESSION = /^=\{\{\s*\$json((?:\.[A-Za-z_]\w*|\["[^"\\]*"\]|\['[^'\\]*'\])+)\s*\}\}$/;
const MEMBER = /\.(\w+)|\["([^"]*)"\]|\['([^']*)'\]/g;

function lookUpOf(given: unknown): LookUp | undefined {
	if (typeof given === 'string' && given.startsWith('=')) return lookUpOfMember(given);
	if (typeof given !== 'object' || given === null) return () => given;
	if (Array.isArray(given)) return undefined;
	const lookUps: Array<[name: string, lookUp: LookUp]> = [];
	for (const [name, value] of Object.entries(given)) {
		const lookUp = lookUpOf(value);
		if (lookUp === undefined) return undefined;
		lookUps.push([name, lookUp]);
	}
	return (item) => {
		const values = lookUps.map(([name, lookUp]): [string, unknown] => [name, lookUp(item)]);
		return values.some(([, value]) => value === UNCLEAR) ? UNCLEAR : Object.fromEntries(values);
	};
}

function lookUpOfMember(expression: string): LookUp | undefined {
	const path = EXPRESSION.exec(expression)?.[1];
	if (path === undefined) return undefined;
	const names = [...path.matchAll(MEMBER)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
	// n8n refuses `constructor` and the like.
	if (!names.every(isSafeObjectProperty)) return undefined;
	return (item) => {
		let value: unknown = item;
		for (const name of names) {
			if (typeof value !== 'object' || value === null) return UNCLEAR;
			if (!Object.hasOwn(value, name)) return UNCLEAR;
			value = (value as IDataObject)[name];
		}
		return isPlain(value) ? value : UNCLEAR;
	};
}

function isPlain(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
