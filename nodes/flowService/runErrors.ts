import { asRecord, textOf } from '../platform/shape';
import { maskPasswords } from '../postgresql/secrets';

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
		errorsIn(activity.statusSummary, textOf(activity.id)),
	);
	const known = new Set(ofActivities.map(identity));
	const ofRun = errorsIn(asRecord(raw.metrics)?.statusSummary, undefined).filter(
		(error) => !known.has(identity(error)),
	);
	return [...ofRun, ...ofActivities];
}

/** The activities of a run; Adobe's API description spells the list `activites`. */
export function activitiesOf(raw: Record<string, unknown>): Array<Record<string, unknown>> {
	return recordsIn(Array.isArray(raw.activities) ? raw.activities : raw.activites);
}

// Adobe nests them two deep; a hostile answer would exhaust the stack.
const DEEPEST = 10;

function errorsIn(statusSummary: unknown, activity: string | undefined, depth = 0): RunError[] {
	const summary = depth > DEEPEST ? undefined : asRecord(statusSummary);
	return [summary?.errors, asRecord(summary?.extensions)?.errors].flatMap((list) =>
		recordsIn(list).flatMap((error) => [
			...readError(error, activity),
			...errorsIn(error, activity, depth + 1),
		]),
	);
}

function readError(error: Record<string, unknown>, activity: string | undefined): RunError[] {
	// A connector may repeat the connection string that it could not connect with.
	const code = clean(typeof error.code === 'number' ? String(error.code) : error.code);
	const message = clean(error.message) ?? '';
	if (code === undefined && message === '') return [];
	const { recordCount } = error;
	const counted = typeof recordCount === 'number' && recordCount >= 0 ? { recordCount } : undefined;
	const known = { activity, code, message, ...counted };
	return [{ ...known, text: inWords(known) }];
}

function clean(value: unknown): string | undefined {
	const text = textOf(value)?.trim();
	return text === undefined ? undefined : maskPasswords(text);
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

function recordsIn(list: unknown): Array<Record<string, unknown>> {
	const ones: unknown[] = Array.isArray(list) ? list : [];
	return ones.map(asRecord).filter((one) => one !== undefined);
}
