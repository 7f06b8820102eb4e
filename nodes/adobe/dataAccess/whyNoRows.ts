import type { ItemClient } from '../../platform/client';
import { asIs, Problem } from '../../platform/errors/problem';
import { getResource } from '../collection';
import { DATAFLOW } from '../dataflows';
import type { Run } from '../runModel';
import { hadDiagnostics } from './batches';

/** How long Adobe keeps error diagnostics. */
const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Why the rows that a run has rejected can't be had: they were never kept, they are not kept any more, or nobody
 * knows.
 *
 * @param missing the 404 that was met
 */
export async function whyNoRows(
	client: ItemClient,
	run: Run,
	batchIds: readonly string[],
	missing: Problem | undefined,
): Promise<Problem> {
	const [batchId] = batchIds;
	const details = { ...missing?.details, operation: 'Get rejected rows', runId: run.id };
	const kept = await unlessRefused(async () =>
		batchId === undefined ? undefined : await hadDiagnostics(client, batchId),
	);
	if (kept === false) return diagnosticsOff(details);
	const ageDays = ageInDays(client, run);
	if (ageDays !== undefined && ageDays > KEPT_DAYS) {
		return new Problem(
			`Adobe keeps rejected rows for ${KEPT_DAYS} days, and the run ended ${Math.floor(ageDays)} days ago`,
			{
				kind: 'notFound',
				advice:
					'Run: Get still shows the counts and the reasons. To see which rows are rejected now, get those of a newer run.',
				details,
			},
		);
	}
	if (kept === undefined && (await hasDiagnostics(client, run)) === false) {
		return diagnosticsOff(details);
	}
	const isLate = 'Adobe may need some minutes after the end of a run before its rows are there.';
	if (missing !== undefined) return missing.noting(isLate).detailing(details);
	return new Problem('Adobe lists no rejected rows of the run', {
		kind: 'notFound',
		advice: 'Try again later. Run: Get shows the counts and the reasons.',
		notes: [isLate],
		details,
	});
}

function diagnosticsOff(details: Problem['details']): Problem {
	return new Problem(
		"Adobe has not kept the rows that the run has rejected: 'Error Diagnostics' was off for its dataflow",
		{
			kind: 'notFound',
			advice:
				"Switch on 'Error Diagnostics' (Dataflow: Update, under Options); then Adobe keeps those of the next runs. Run: Get shows the counts and the reasons.",
			details,
		},
	);
}

/** By Adobe's clock, where it is known. */
function ageInDays(client: ItemClient, run: Run): number | undefined {
	const endedEpochMs = run.completedEpochMs ?? run.updatedEpochMs ?? run.createdEpochMs;
	if (endedEpochMs === undefined) return undefined;
	return ((client.adobeEpochMs() ?? Date.now()) - endedEpochMs) / DAY_MS;
}

/** As the dataflow is now. */
async function hasDiagnostics(client: ItemClient, { flowId }: Run): Promise<boolean | undefined> {
	if (flowId === undefined) return undefined;
	const flow = await unlessRefused(async () => await getResource(client, DATAFLOW, flowId));
	if (flow === undefined) return undefined;
	// Off unless it was switched on.
	return flow.options.errorDiagnosticsEnabled ?? false;
}

/** What only helps to say why may fail, but a cancelled execution ends. */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | undefined> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof Problem && error.kind !== 'stopped') return undefined;
		throw asIs(error);
	}
}
