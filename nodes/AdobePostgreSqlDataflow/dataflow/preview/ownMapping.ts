import type { MappedRow, MappingFault } from '../../../adobe/dataPrep/previewMapping';
import type { Mapping } from '../../../adobe/mappingSets';
import { asIs } from '../../../platform/errors/problem';
import { asRecord } from '../../../platform/json';
import { columnOf } from '../create/columnReferences';
import { isDate } from './formats';

/** What a value can't become. */
class NotConvertible extends Error {}

/**
 * What becomes of a row in a dataset that is still to be made from its table, whose schema Adobe does not know
 * yet: each column in its field, converted as Data Prep converts (its page on data formats).
 *
 * @param schema of the dataset, as it would be
 */
export function mapByOurselves(
	mappings: readonly Mapping[],
	schema: Record<string, unknown>,
	row: Record<string, unknown>,
): MappedRow {
	const record: Record<string, unknown> = {};
	const faults: MappingFault[] = [];
	for (const { source, destination } of mappings) {
		const column = columnOf(source);
		try {
			if (!Object.hasOwn(row, column)) {
				throw new NotConvertible(`The row has no column ${column}`);
			}
			const value = converted(row[column], fieldAt(schema, destination));
			if (value !== undefined) place(record, destination, value);
		} catch (error) {
			if (!(error instanceof NotConvertible)) throw asIs(error);
			faults.push({ destination, source, reason: error.message });
		}
	}
	return { record, faults };
}

function fieldAt(schema: Record<string, unknown>, path: string): Record<string, unknown> {
	let field: Record<string, unknown> | undefined = schema;
	for (const part of path.split('.')) field = asRecord(asRecord(field?.properties)?.[part]);
	return field ?? {};
}

function place(record: Record<string, unknown>, path: string, value: unknown): void {
	const parts = path.split('.');
	const last = parts.pop() ?? path;
	let target = record;
	for (const part of parts) {
		const next = (Object.hasOwn(target, part) ? asRecord(target[part]) : undefined) ?? {};
		target[part] = next;
		target = next;
	}
	target[last] = value;
}

/**
 * @returns undefined for what stays empty
 * @throws NotConvertible
 */
function converted(value: unknown, { type, format }: Record<string, unknown>): unknown {
	if (value === null || value === undefined) return undefined;
	if (typeof value === 'object') throw misfit(value, String(type));
	const text = String(value);
	if (type === 'integer' || type === 'number') return toNumber(value, text, type);
	if (type === 'boolean') return toBoolean(value, text);
	if (format === 'date' || format === 'date-time') return toTime(value, text, format);
	return text;
}

function toNumber(value: unknown, text: string, type: 'integer' | 'number'): number | string {
	const number = typeof value === 'boolean' || text.trim() === '' ? Number.NaN : Number(text);
	const fits = type === 'integer' ? Number.isInteger(number) : Number.isFinite(number);
	if (!fits) throw misfit(value, type);
	// With all its digits, where JavaScript can't hold them.
	return type === 'integer' && !Number.isSafeInteger(number) ? text.trim() : number;
}

const WORDS: Readonly<Record<string, boolean>> = {
	...{ true: true, yes: true, y: true, on: true },
	...{ false: false, no: false, n: false, off: false },
};

function toBoolean(value: unknown, text: string): boolean {
	const word = text.trim().toLowerCase();
	const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
	if (known === undefined) throw misfit(value, 'boolean');
	return known;
}

const TIME =
	/^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Without a zone it is UTC. */
function toTime(value: unknown, text: string, format: 'date' | 'date-time'): string {
	const [, day = '', time = '00:00', zone = 'Z'] = TIME.exec(text.trim()) ?? [];
	const offset = /^[+-]\d{2}$/.test(zone)
		? `${zone}:00`
		: zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
	const date = new Date(`${day}T${time}${offset.toUpperCase()}`);
	if (typeof value !== 'string' || !isDate(day) || Number.isNaN(date.getTime())) {
		throw misfit(value, format);
	}
	const iso = date.toISOString();
	return format === 'date' ? iso.slice(0, 10) : iso.replace('.000Z', 'Z');
}

function misfit(value: unknown, type: string): NotConvertible {
	const kind = Array.isArray(value) ? 'array' : typeof value;
	return new NotConvertible(`a value of type ${kind} is no ${type}`);
}
