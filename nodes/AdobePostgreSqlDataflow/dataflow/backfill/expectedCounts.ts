import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { RunWindow } from '../../../adobe/runs';
import type { ItemParameters } from '../../../operation/parameters';
import { epochMsOf } from '../../../operation/time';
import { isNothing, labelOf, nothingGiven } from '../../../operation/values';
import { asRecord } from '../../../platform/json';

/** How many rows the table holds, for comparing with what was written. */
export interface ExpectedCounts {
	total: number;
	/** By the index of the window; absent where only the whole is known. */
	ofWindows?: number[];
}

const EXAMPLE = '[{ "windowStart": "2026-01-01T00:00:00Z", "count": 120 }]';

/**
 * A number for the whole span, or a list with a count for each window: a window that is not in it has no rows,
 * as in the answer of `group by`.
 *
 * @returns undefined where nothing is to be compared
 * @throws UserError for anything else, and for a time at which no window starts
 */
export function readExpectedCounts(
	parameters: ItemParameters,
	parameter: INodeProperties,
	windows: readonly RunWindow[],
	timeZone: string,
): ExpectedCounts | undefined {
	const label = labelOf(parameter);
	const given = parameters.raw(parameter);
	if (isNothing(given)) {
		if (parameters.isExpression(parameter)) throw nothingGiven(label);
		return undefined;
	}
	const value = typeof given === 'string' ? parse(given) : given;
	const total = countOf(value);
	if (total !== undefined) return { total };
	if (!Array.isArray(value)) throw unusable(label);
	const counts = new Map<number, number>();
	for (const entry of value) {
		const record = asRecord(entry);
		const count = countOf(record?.count);
		if (count === undefined || isNothing(record?.windowStart)) throw unusable(label);
		const at = epochMsOf(record?.windowStart, `${label}: windowStart`, timeZone) / 1000;
		if (counts.has(at)) throw twice(label, at);
		counts.set(at, count);
	}
	const ofWindows = windows.map(({ start }) => counts.get(start) ?? 0);
	for (const { start } of windows) counts.delete(start);
	const [stranger] = counts.keys();
	if (stranger !== undefined) throw noWindow(label, stranger);
	return { total: ofWindows.reduce((sum, count) => sum + count, 0), ofWindows };
}

/** Undefined for what is no count. PostgreSQL's counts are larger than JavaScript's numbers, so they come as text. */
function countOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
	const isCount = typeof number === 'number' && Number.isSafeInteger(number) && number >= 0;
	return isCount ? number : undefined;
}

/** Undefined for invalid JSON. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function unusable(label: string): UserError {
	return new UserError(`'${label}' is neither a number nor a list of windows`, {
		description: `Give one number for the whole span, or a list in which each entry has windowStart and count, e.g. ${EXAMPLE}.`,
	});
}

function twice(label: string, seconds: number): UserError {
	return new UserError(`'${label}' has two counts for the same window`, {
		description: `Both are for ${dateOf(seconds)}. Let the query group by the window alone.`,
	});
}

function noWindow(label: string, seconds: number): UserError {
	return new UserError(`'${label}' has a count for a time at which no window starts`, {
		description: `It is ${dateOf(seconds)}. The query has to cut the time as the windows are cut: from 'From' on, days at midnight of the same time zone.`,
	});
}

function dateOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}
