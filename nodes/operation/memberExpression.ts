import type { IDataObject } from 'n8n-workflow';
import { isSafeObjectProperty } from 'n8n-workflow';

/** Gives the value of a parameter for an item, or {@link UNCLEAR}. */
export type MemberReading = (item: IDataObject) => unknown;

/** The item does not have it, or in a form that n8n might change. */
export const UNCLEAR = Symbol('unclear');

// `{{ $json.name }}` and `{{ $json['first name'].short }}`, as n8n writes them for a dragged field.
const EXPRESSION = /^=\{\{\s*\$json((?:\.[A-Za-z_]\w*|\["[^"\\]*"\]|\['[^'\\]*'\])+)\s*\}\}$/;
const MEMBER = /\.(\w+)|\["([^"]*)"\]|\['([^']*)'\]/g;

/**
 * How to read a parameter that has expressions, when all of them name a member of the item and nothing
 * else; undefined for any other.
 *
 * @param given the parameter as the workflow has it: a text, or a collection of texts
 */
export function readingOf(given: unknown): MemberReading | undefined {
	if (typeof given === 'string' && given.startsWith('=')) return readingOfMember(given);
	if (typeof given !== 'object' || given === null) return () => given;
	if (Array.isArray(given)) return undefined;
	const readings: Array<[name: string, reading: MemberReading]> = [];
	for (const [name, value] of Object.entries(given)) {
		const reading = readingOf(value);
		if (reading === undefined) return undefined;
		readings.push([name, reading]);
	}
	return (item) => {
		const values = readings.map(([name, reading]): [string, unknown] => [name, reading(item)]);
		return values.some(([, value]) => value === UNCLEAR) ? UNCLEAR : Object.fromEntries(values);
	};
}

function readingOfMember(expression: string): MemberReading | undefined {
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
