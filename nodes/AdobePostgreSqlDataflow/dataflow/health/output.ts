import type { IDataObject } from 'n8n-workflow';

import { dataflowUrl } from '../../../adobe/webLinks';
import { isoDate } from '../../../operation/time';
import type { Members } from '../../../outputs/common';
import { output } from '../../../outputs/common';
import type { Place } from '../../../adobe/webLinks';
import { scheduleInWords } from '../../../outputs/schedule';
import type { Facts } from './facts';
import { adviceFor, perDay, summaryOfHealth, warningsOf } from './words';

/** What Get Health returns for a dataflow; what is not known, or does not apply, is left out. */
export function healthOutput(facts: Facts, place: Place): IDataObject {
	const { flow, lastRun, lastEnded } = facts;
	const warnings = warningsOf(facts);
	const counts = lastEnded?.id === lastRun?.id ? lastEnded?.counts : undefined;
	const sandboxName = flow.sandboxName ?? place.sandboxName;
	return output({
		health: facts.health,
		summary: summaryOfHealth(facts),
		advice: adviceFor(facts),
		warnings: warnings.length === 0 ? undefined : warnings,
		name: flow.name,
		state: flow.state,
		table: facts.table,
		dataset: facts.datasetId,
		schedule: scheduleInWords(flow.schedule),
		lastRun: lastRun?.status ?? lastRun?.statusWord,
		lastRunStartedAt: timeOf(lastRun?.startedEpochMs),
		lastRunCompletedAt: timeOf(lastRun?.completedEpochMs),
		recordsWritten: counts?.outputRecords,
		recordsRejected: counts?.failedRecords,
		rejectedPercent: facts.rejectedPercent,
		nextRunAt: timeOf(facts.nextRunEpochMs),
		...streakMembers(facts),
		adobeDisablesBy: timeOf(facts.adobeDisablesByEpochMs),
		runsPerDay: facts.runsPerDay === undefined ? undefined : Number(perDay(facts.runsPerDay)),
		startTogether: facts.startTogether,
		suspectCredential: facts.failTogether === undefined ? undefined : true,
		flowId: flow.id,
		connectionId: flow.connectionId,
		datasetId: facts.datasetId,
		lastRunId: lastRun?.id,
		url: dataflowUrl({ ...place, sandboxName }, flow.id),
		sandboxName,
	});
}

function streakMembers({ streak }: Facts): Members {
	if (streak === undefined) return {};
	const { result, runs, atLeast, sinceEpochMs, sinceOrEarlierEpochMs } = streak;
	return {
		[result === 'failed' ? 'failuresInARow' : 'successesInARow']: runs,
		// Older runs were not read.
		atLeast: atLeast ? true : undefined,
		since: timeOf(sinceEpochMs),
		sinceOrEarlier: timeOf(sinceOrEarlierEpochMs),
	};
}

function timeOf(epochMs: number | undefined): string | undefined {
	return isoDate(epochMs) ?? undefined;
}
