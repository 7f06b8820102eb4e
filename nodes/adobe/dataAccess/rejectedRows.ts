import type { ItemClient } from '../../platform/client';
import { MAX_ANSWER_BYTES, MAX_ANSWER_SIZE } from '../../platform/answerBody';
import { asIs, isProblem, Problem } from '../../platform/errors/problem';
import type { Run } from '../runModel';
import { countOf, endOf, hasRejections } from '../runModel';
import type { BatchFile, BatchReference } from './batchFiles';
import { readBatchFile, rowErrorFiles } from './batchFiles';
import { batchIdsOf } from './batches';
import type { RejectedRow } from './rowErrors';
import { readRows } from './rowErrors';
import { whyNoRows } from './whyNoRows';

/** A rejected row, and where it was found. */
export interface FoundRow extends RejectedRow {
	batchId: string;
	/** The file of the batch, e.g. `row_errors/conversion_errors_0.json`. */
	file: string;
}

export interface RejectedRows {
	rows: FoundRow[];
	/** Why there are none, or fewer than Adobe has counted; absent where nothing is to be said. */
	remark?: string;
}

/** Adobe's documents spell it in both ways. */
const SAMPLES = ['row_errors_sample.json', 'row_error_samples.json'];

/** Rows read before other work gets its turn, and a cancelled execution ends. */
const ROWS_PER_YIELD = 2_000;

/**
 * The rows that a run has rejected, as Adobe keeps them with error diagnostics: one file after the other, until
 * there are as many as are wanted.
 *
 * @param limit how many at most
 * @param sample set to read the small file that Adobe keeps for a look
 * @throws Problem where the run has rejected rows that can't be had, and says why
 */
export async function findRejectedRows(
	client: ItemClient,
	run: Run,
	{ limit = Infinity, sample }: { limit?: number; sample: boolean },
): Promise<RejectedRows> {
	const end = endOf(run);
	if (end === undefined) throw notEnded(run);
	const batchIds = batchIdsOf(run);
	if (batchIds.length === 0 && end === 'failed') return none(run, 'it failed before it wrote any');
	if (end === 'success' && !hasRejections(run)) return none(run);
	const rows: FoundRow[] = [];
	let missing: Problem | undefined;
	for (const batchId of batchIds) {
		const batch = { batchId, subject: `The file with the rejected rows of the run '${run.id}'` };
		const left = limit - rows.length;
		try {
			const found = sample ? readSample(client, batch) : readFiles(client, batch);
			await take(client, found, left, rows);
		} catch (error) {
			if (!isProblem(error, 'notFound')) throw asIs(error);
			missing ??= error;
		}
		if (rows.length >= limit) break;
	}
	const { failedRecords: counted } = run.counts;
	if (rows.length === 0) {
		if (counted === 0 && !run.partial) return none(run);
		throw await whyNoRows(client, run, batchIds, missing);
	}
	const isCutShort = sample || rows.length >= limit;
	if (isCutShort || rows.length >= (counted ?? 0)) return { rows };
	const kept = `Adobe keeps ${rows.length.toLocaleString('en-US')} of the ${countOf(counted ?? 0, 'row')}`;
	return { rows, remark: `${kept} that the run '${run.id}' has rejected.` };
}

function none({ id }: Run, because?: string): RejectedRows {
	const remark = `The run '${id}' has rejected no rows`;
	return { rows: [], remark: `${remark}${because === undefined ? '' : `: ${because}`}.` };
}

/** Moves rows from one to the other, as many as are wanted. */
async function take(
	client: ItemClient,
	found: AsyncIterable<FoundRow>,
	wanted: number,
	rows: FoundRow[],
): Promise<void> {
	let taken = 0;
	if (wanted <= 0) return;
	for await (const row of found) {
		rows.push(row);
		taken++;
		if (taken >= wanted) return;
		if (taken % ROWS_PER_YIELD === 0) await client.pause(0);
	}
}

async function* readFiles(
	client: ItemClient,
	batch: BatchReference,
): AsyncGenerator<FoundRow, void, undefined> {
	for await (const file of rowErrorFiles(client, batch)) {
		if (file.bytes === 0) continue;
		if ((file.bytes ?? 0) > MAX_ANSWER_BYTES) throw tooLarge(file);
		for (const row of await readBatchFile(client, batch, file.path, readRows)) {
			yield { ...row, batchId: batch.batchId, file: file.path };
		}
	}
}

/** @throws Problem of kind `notFound` where there is none under either name */
async function* readSample(
	client: ItemClient,
	batch: BatchReference,
): AsyncGenerator<FoundRow, void, undefined> {
	for (const [index, file] of SAMPLES.entries()) {
		try {
			for (const row of await readBatchFile(client, batch, file, readRows)) {
				yield { ...row, batchId: batch.batchId, file };
			}
			return;
		} catch (error) {
			if (!isProblem(error, 'notFound') || index === SAMPLES.length - 1) throw asIs(error);
		}
	}
}

function notEnded({ id, status, statusWord }: Run): Problem {
	return new Problem(
		`The rejected rows of the run are not known yet: it is '${status ?? statusWord ?? 'unknown'}'`,
		{
			kind: 'wrongState',
			advice: 'Try again when it has ended; the trigger tells when that is.',
			details: { operation: 'Get rejected rows', runId: id },
		},
	);
}

function tooLarge({ path }: BatchFile): Problem {
	return new Problem(`The file '${path}' with rejected rows is larger than ${MAX_ANSWER_SIZE}`, {
		advice: "Switch on 'Sample Only' to read the small file that Adobe keeps beside it.",
		notes: ['It was not read.'],
		details: { operation: 'Get rejected rows' },
	});
}
