import { asRecord, asRecords, numberOf, recordsOf, textOf, timeOf } from '../platform/json';
import { maskPasswords } from '../redaction/secrets';
import type { Resource, ResourceKind } from './collection';
import { RUN_ERRORS } from './errors/errorCatalogue';
import { vaguenessOf } from './errors/runErrorAdvice';

/** The counts of a run; absent where Adobe does not say, and where it says -1. */
export interface RunCounts {
	inputRecords?: number;
	outputRecords?: number;
	/** Records that were rejected. */
	failedRecords?: number;
	skippedRecords?: number;
	inputBytes?: number;
	outputBytes?: number;
	inputFiles?: number;
	outputFiles?: number;
}

/** A run of a dataflow as `GET /runs` returns it. */
export interface Run extends Resource {
	flowId?: string;
	/** Absent for a word that is not known. */
	status?: RunStatus;
	/** Adobe's own word. */
	statusWord?: string;
	/** Set where Adobe's word says that only a part of it succeeded. */
	partial: boolean;
	/** When Adobe recorded the run. Never changes, so it is safe to page by. */
	createdEpochMs?: number;
	updatedEpochMs?: number;
	startedEpochMs?: number;
	completedEpochMs?: number;
	/** It ingests the rows whose delta column is later than the start, up to the end. */
	windowStartEpochMs?: number;
	windowEndEpochMs?: number;
	counts: RunCounts;
	errors: RunError[];
}

/** Flow Service's collection of runs. */
export const RUN: ResourceKind<Run> = {
	path: 'runs',
	one: 'run',
	read: readRun,
	errors: RUN_ERRORS,
};

/**
 * How a run ended; undefined as long as it has not. One that is over by its times but in an unknown
 * state has not succeeded.
 */
export function endOf({ status, completedEpochMs }: Run): 'success' | 'failed' | undefined {
	if (status === 'success' || status === 'failed') return status;
	return status === undefined && completedEpochMs !== undefined ? 'failed' : undefined;
}

/** Whether a run that succeeded has rejected records. */
export function hasRejections({ partial, counts, errors }: Run): boolean {
	return partial || (counts.failedRecords ?? 0) > 0 || errors.length > 0;
}

function readRun(resource: Resource): Run {
	const { raw } = resource;
	const metrics = asRecord(raw.metrics) ?? {};
	const statusWord = textOf(asRecord(metrics.statusSummary)?.status) ?? textOf(raw.state);
	const durations = asRecord(metrics.durationSummary);
	const window = windowOf(raw);
	return {
		...resource,
		// Adobe's API description spells it with a capital.
		etag: resource.etag ?? textOf(raw.eTag),
		flowId: textOf(raw.flowId),
		status: statusWord === undefined ? undefined : runStatusOf(statusWord),
		statusWord,
		partial: statusWord !== undefined && saysPartial(statusWord),
		createdEpochMs: timeOf(raw.createdAt),
		updatedEpochMs: timeOf(raw.updatedAt),
		startedEpochMs: timeOf(durations?.startedAtUTC),
		completedEpochMs: timeOf(durations?.completedAtUTC),
		windowStartEpochMs: window?.start,
		windowEndEpochMs: window?.end,
		counts: countsOf(metrics),
		errors: readRunErrors(raw),
	};
}

/** The copy activity holds the window, in epoch milliseconds. */
function windowOf(raw: Record<string, unknown>): { start?: number; end?: number } | undefined {
	for (const activity of activitiesOf(raw)) {
		const { windowStart, windowEnd } =
			asRecord(asRecord(activity.durationSummary)?.extensions) ?? {};
		// A window may start at 0, which is before all rows.
		const [start, end] = [timeOf(windowStart) ?? countFrom(windowStart), timeOf(windowEnd)];
		if (start !== undefined || end !== undefined) return { start, end };
	}
	return undefined;
}

function countsOf(metrics: Record<string, unknown>): RunCounts {
	const records = asRecord(metrics.recordSummary);
	const sizes = asRecord(metrics.sizeSummary);
	const files = asRecord(metrics.fileSummary);
	return {
		inputRecords: countFrom(records?.inputRecordCount),
		outputRecords: countFrom(records?.outputRecordCount),
		failedRecords: countFrom(records?.failedRecordCount),
		skippedRecords: countFrom(records?.skippedRecordCount),
		inputBytes: countFrom(sizes?.inputBytes),
		outputBytes: countFrom(sizes?.outputBytes),
		inputFiles: countFrom(files?.inputFileCount),
		outputFiles: countFrom(files?.outputFileCount),
	};
}

/** A count, also one that Adobe writes as a string; -1 says that there is none. */
function countFrom(value: unknown): number | undefined {
	const count = numberOf(value);
	return count !== undefined && count >= 0 ? count : undefined;
}

/** The states of a run, in the order that it goes through them; it ends in one of the last two. */
export type RunStatus = 'scheduled' | 'inProgress' | 'success' | 'failed';

/**
 * How Adobe writes each of them: in runs, in the samples of its documents, and as its providers
 * report them (StatusDTO in the API description).
 */
export const STATUS_SPELLINGS: Readonly<Record<RunStatus, readonly string[]>> = {
	scheduled: ['scheduled', 'Scheduled', 'SCHEDULED', 'QUEUED'],
	inProgress: ['inProgress', 'InProgress', 'IN_PROGRESS'],
	success: ['success', 'Success', 'SUCCESS', 'COMPLETED', 'partialSuccess', 'PARTIAL_SUCCESS'],
	failed: ['failed', 'Failed', 'FAILED', 'PARTIAL_FAILURE'],
};

const BY_WORD = new Map(
	Object.entries(STATUS_SPELLINGS).flatMap(([status, spellings]) =>
		spellings.map((spelling) => [plain(spelling), status as RunStatus] as const),
	),
);

/** The state that Adobe's word stands for; undefined for unknown words. */
export function runStatusOf(word: string): RunStatus | undefined {
	return BY_WORD.get(plain(word));
}

/** Whether the word says that a run succeeded although not all of it did. */
export function saysPartial(word: string): boolean {
	return plain(word).startsWith('partial');
}

function plain(word: string): string {
	return word.toLowerCase().replace(/[^a-z]/g, '');
}

/** One thing that went wrong in a run. */
export interface RunError {
	/** The activity that met it, as Adobe calls it; absent for the run as a whole. */
	activity?: string;
	/** Adobe's code, e.g. `MAPPER-3700-400`. */
	code?: string;
	/** Adobe's words; '' where it gave none. */
	message: string;
	/** How many records it struck, where Adobe counts them. */
	recordCount?: number;
	/** All of it in one sentence. */
	text: string;
}

/** What Adobe calls the two halves of a run, in the words of whoever has a table and a dataset. */
const ACTIVITIES = new Map([
	['copyActivity', 'Copying from the database'],
	['promotionActivity', 'Writing to the dataset'],
]);

/**
 * Every error of a run and of its activities, with those that Adobe nests in
 * `statusSummary.extensions.errors`: they hold the useful words. A run that succeeded may have some
 * too. What the run repeats of an activity is given once.
 */
export function readRunErrors(raw: Record<string, unknown>): RunError[] {
	const ofActivities = activitiesOf(raw).flatMap((activity) =>
		errorsIn(activity.statusSummary, nameOf(activity)),
	);
	const known = new Set(ofActivities.map(identity));
	const metrics = asRecord(raw.metrics);
	const records = asRecord(metrics?.recordSummary);
	const ofRun = [
		...errorsIn(metrics?.statusSummary, undefined),
		...recordsOf(records?.failedInfo).flatMap((error) => readError(error, undefined)),
		...recordsOf(records?.skippedInfo).flatMap((error) => readError(error, undefined)),
	].filter((error) => {
		const isNew = !known.has(identity(error));
		known.add(identity(error));
		return isNew;
	});
	// The cause first: an activity knows more than the run, and what only says that something failed comes last.
	return [...ofActivities, ...ofRun].sort((one, other) => vaguenessOf(one) - vaguenessOf(other));
}

/** A known activity by its ID; newer runs have UUIDs, with a name beside. */
function nameOf(activity: Record<string, unknown>): string | undefined {
	const id = textOf(activity.id);
	if (id !== undefined && ACTIVITIES.has(id)) return id;
	return textOf(activity.name) ?? id;
}

/**
 * The backend's own words about copying, which are nowhere else: the text after `Message=` where it has that
 * form. It names one exception within another, so the last one is the cause and comes first.
 */
function readErrorDetail(detail: unknown, activity: string | undefined): RunError[] {
	const text = textOf(detail);
	if (text === undefined) return [];
	const code = /^ErrorCode=(\w+)/.exec(text)?.[1];
	const said = [...text.matchAll(/Message=(.*?)(?:,Source=|$)/gs)]
		.slice(0, MAX_DEPTH)
		.flatMap(([, message = '']) => textOf(message.trim()) ?? []);
	const messages = said.length === 0 ? [text] : said.reverse();
	return messages
		.filter((message, index) => !isSaidByAnother(message, index, messages))
		.flatMap((message) => readError({ code, message }, activity));
}

/** Whether another one says the same and more, or, further in, the same. */
function isSaidByAnother(message: string, index: number, messages: readonly string[]): boolean {
	return messages.some(
		(other, at) => at !== index && other.includes(message) && (other !== message || at < index),
	);
}

/** The activities of a run; Adobe's API description spells the list `activites`. */
export function activitiesOf(raw: Record<string, unknown>): Array<Record<string, unknown>> {
	return asRecords(raw.activities) ?? recordsOf(raw.activites);
}

// Adobe nests them two deep; a hostile answer would exhaust the stack.
const MAX_DEPTH = 10;

function errorsIn(statusSummary: unknown, activity: string | undefined, depth = 0): RunError[] {
	const summary = depth > MAX_DEPTH ? undefined : asRecord(statusSummary);
	const extensions = asRecord(summary?.extensions);
	const listed = [summary?.errors, extensions?.errors].flatMap((list) =>
		recordsOf(list).flatMap((error) => [
			...readError(error, activity),
			...errorsIn(error, activity, depth + 1),
		]),
	);
	return [...readErrorDetail(extensions?.errorDetail, activity), ...listed];
}

function readError(error: Record<string, unknown>, activity: string | undefined): RunError[] {
	// A connector may repeat the connection string that it could not connect with.
	const code = cleanMessage(typeof error.code === 'number' ? String(error.code) : error.code);
	const message = cleanMessage(error.message) ?? '';
	if (code === undefined && message === '') return [];
	const recordCount = countFrom(error.recordCount);
	const counted = recordCount === undefined ? undefined : { recordCount };
	const known = { activity, code, message, ...counted };
	return [{ ...known, text: inWords(known) }];
}

/** Of one message: a driver may add a stack trace, or the whole statement. */
const MAX_MESSAGE_LENGTH = 1_000;

/** Masked, and then cut between words, so that no piece of a secret is left that is masked as a whole later. */
export function cleanMessage(value: unknown): string | undefined {
	const text = textOf(value)?.trim();
	if (text === undefined) return undefined;
	const masked = maskPasswords(text);
	if (masked.length <= MAX_MESSAGE_LENGTH) return masked;
	const whole = masked
		.slice(0, MAX_MESSAGE_LENGTH)
		.replace(/(?<!\S)\S*$/, '')
		.trimEnd();
	return whole === '' ? masked : `${whole} …`;
}

function inWords({ activity, code, message, recordCount }: Omit<RunError, 'text'>): string {
	const where = activity === undefined ? '' : `${ACTIVITIES.get(activity) ?? activity}: `;
	const what = message === '' ? 'Adobe gives no reason' : message.replace(/\.$/, '');
	const facts = [code, recordCount === undefined ? undefined : countOf(recordCount, 'record')];
	const known = facts.filter((fact) => fact !== undefined).join(', ');
	return `${where}${what}${known === '' ? '' : ` (${known})`}`;
}

/** A number and what it counts, e.g. `1 record`, `1,200 records`. */
export function countOf(count: number, one: string): string {
	return `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
}

function identity({ code, message }: RunError): string {
	return JSON.stringify([code, message]);
}
