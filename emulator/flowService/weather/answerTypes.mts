import type { preSerializationAsyncHookHandler } from 'fastify';

/** Texts in the tutorials, numbers in the API description: flow-service.md 12 (14). */
const NUMBERS = new Set(['startTime', 'interval', 'mappingVersion']);

/**
 * Numbers in the tutorials. That they may come as texts is the same table; which of them do is ⚠UNV, so
 * all that a client counts or compares with.
 */
const TEXTS = new Set([
	'windowStart',
	'windowEnd',
	'startedAtUTC',
	'completedAtUTC',
	'updatedAtUTC',
	'inputRecordCount',
	'outputRecordCount',
	'failedRecordCount',
	'skippedRecordCount',
	'inputBytes',
	'outputBytes',
	'inputFileCount',
	'outputFileCount',
	'recordCount',
	'partialIngestionPercent',
	'errorDiagnosticsEnabled',
	'version',
	'created',
	'updated',
	'createdDate',
	'modifiedDate',
]);

/** `etag` and `activities` as the API description spells them. */
const NAMES: Record<string, string> = { etag: 'eTag', activities: 'activites' };

/** Rows of a table have whatever members they have, and so do schemas; specs are data as well. */
const NOT_REWRITTEN = /\/(explore|connectionSpecs|flowSpecs|schemaregistry|languages)\b/;

/** Answers in the types and spellings of Adobe's API descriptions where the tutorials have others. */
export function typedAsInOpenApi(): preSerializationAsyncHookHandler<unknown> {
	return async ({ raw }, _reply, answer) =>
		NOT_REWRITTEN.test(raw.url?.split('?')[0] ?? '') ? answer : rewrite(answer);
}

function rewrite(answer: unknown): unknown {
	if (Array.isArray(answer)) return answer.map(rewrite);
	if (typeof answer !== 'object' || answer === null) return answer;
	return Object.fromEntries(
		Object.entries(answer).map(([name, value]) => [
			Object.hasOwn(NAMES, name) ? NAMES[name] : name,
			typed(name, value),
		]),
	);
}

function typed(name: string, value: unknown): unknown {
	if (name === 'backfill' && typeof value === 'string') return value === 'true';
	if (NUMBERS.has(name) && typeof value === 'string' && value !== '') return Number(value);
	const isScalar = typeof value === 'number' || typeof value === 'boolean';
	return TEXTS.has(name) && isScalar ? String(value) : rewrite(value);
}
