import type { IDataObject } from 'n8n-workflow';

import { dataflowUrl } from '../../../adobe/webLinks';
import { isoDate } from '../../../operation/time';
import type { ItemClient } from '../../../platform/client';
import type { Facts } from './facts';
import { adviceFor, perDay, summaryOfHealth, warningsOf } from './words';

/** What Get Health returns for a dataflow; what is not known, or does not apply, is left out. */
export function healthOutput(facts: Facts, client: ItemClient): IDataObject {
	const { flow, streak } = facts;
	const warnings = warningsOf(facts);
	return withValues({
		health: facts.health,
		summary: summaryOfHealth(facts),
		advice: adviceFor(facts),
		warnings: warnings.length === 0 ? undefined : warnings,
		name: flow.name,
		table: facts.table,
		state: flow.state,
		lastRun: lastRunOutput(facts),
		nextRunAt: isoDate(facts.nextRunEpochMs) ?? undefined,
		streak:
			streak === undefined
				? undefined
				: withValues({
						result: streak.result,
						runs: streak.runs,
						atLeast: streak.atLeast,
						since: isoDate(streak.sinceEpochMs) ?? undefined,
						sinceOrEarlier: isoDate(streak.sinceOrEarlierEpochMs) ?? undefined,
					}),
		adobeDisablesBy: isoDate(facts.adobeDisablesByEpochMs) ?? undefined,
		rejectedPercent: facts.rejectedPercent,
		runsPerDay: facts.runsPerDay === undefined ? undefined : Number(perDay(facts.runsPerDay)),
		startTogether: facts.startTogether,
		suspectCredential: facts.failTogether === undefined ? undefined : true,
		flowId: flow.id,
		connectionId: flow.connectionId,
		datasetId: facts.datasetId,
		url: dataflowUrl(client, flow.id),
		sandboxName: flow.sandboxName ?? client.sandboxName,
	});
}

function lastRunOutput({ lastRun, lastEnded, neverRan }: Facts): IDataObject | null | undefined {
	// null says that there is none; where that is not known, the member is left out.
	if (lastRun === undefined) return neverRan ? null : undefined;
	const counts = lastEnded?.id === lastRun.id ? lastEnded?.counts : undefined;
	return withValues({
		status: lastRun.status ?? lastRun.statusWord,
		startedAt: isoDate(lastRun.startedEpochMs) ?? undefined,
		completedAt: isoDate(lastRun.completedEpochMs) ?? undefined,
		recordsWritten: counts?.outputRecords,
		recordsRejected: counts?.failedRecords,
		runId: lastRun.id,
	});
}

function withValues(members: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
