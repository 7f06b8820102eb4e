import type { IDataObject } from 'n8n-workflow';

import type { Dataflow } from '../adobe/dataflows';
import type { MappingSetReference } from '../adobe/mappingSets';
import type { Place } from '../adobe/webLinks';
import { dataflowUrl } from '../adobe/webLinks';
import { isoDate } from '../operation/time';
import { asRecord, textOf } from '../platform/json';
import { withoutSecrets } from '../redaction/secrets';
import type { Members } from './common';
import { output } from './common';
import { scheduleInWords, scheduleMembers } from './schedule';

/** What is known of a dataflow beside itself; what is not known is left out. */
export interface AboutDataflow {
	/** What was done. */
	action?: string;
	/** As explore names it. */
	table?: string;
	/** The name of the dataset. */
	dataset?: string;
	datasetId?: string;
	deltaColumn?: string;
	/** The source for each field. */
	mapping?: Record<string, string>;
	/** The mapping set that it had before, which is kept. */
	previousMapping?: MappingSetReference;
	/** What an operation has of its own, e.g. how columns are mapped. */
	more?: Members;
	/** IDs beside its own. */
	ids?: Members;
}

/** What every operation on a dataflow returns: the answer first, then the IDs and the link. */
export function dataflowOutput(
	place: Place,
	flow: Dataflow,
	{
		action,
		table,
		dataset,
		datasetId,
		deltaColumn,
		mapping,
		previousMapping,
		more,
		ids,
	}: AboutDataflow = {},
): IDataObject {
	const sandboxName = flow.sandboxName ?? place.sandboxName;
	const { lastRunId, ...lastRun } = lastRunMembers(flow.raw.lastRunDetails);
	return output({
		name: flow.name,
		state: flow.state,
		action,
		table,
		dataset: dataset ?? datasetId,
		schedule: scheduleInWords(flow.schedule),
		deltaColumn: flow.deltaColumn ?? deltaColumn,
		mapping,
		...more,
		...lastRun,
		...ids,
		flowId: flow.id,
		connectionId: flow.connectionId,
		datasetId,
		sourceConnectionId: flow.sourceConnectionIds[0],
		targetConnectionId: flow.targetConnectionIds[0],
		mappingId: flow.mappingId,
		previousMappingId: previousMapping?.id,
		previousMappingVersion: previousMapping?.version,
		lastRunId,
		url: dataflowUrl({ ...place, sandboxName }, flow.id),
		sandboxName,
		etag: flow.etag,
	});
}

/**
 * A dataflow as Get and Get Many return it: with Simplify the few members that a workflow needs,
 * without it also everything that Adobe sent. Neither has secrets.
 */
export function dataflowDetails(
	place: Place,
	flow: Dataflow,
	about: AboutDataflow,
	simplify: boolean,
): IDataObject {
	if (!simplify) {
		return {
			...dataflowOutput(place, flow, about),
			...(withoutSecrets(flow.raw) as IDataObject),
		};
	}
	const { description, createdAt, updatedAt } = flow.raw;
	const more = {
		...scheduleMembers(flow.schedule),
		description: typeof description === 'string' ? withoutSecrets(description) : undefined,
		createdAt: isoDate(createdAt) ?? undefined,
		updatedAt: isoDate(updatedAt) ?? undefined,
	};
	return dataflowOutput(place, flow, { ...about, more });
}

/** Nothing for a dataflow that has not run yet. */
function lastRunMembers(details: unknown): Members {
	const run = asRecord(details);
	return {
		lastRun: textOf(run?.state),
		lastRunStartedAt: isoDate(run?.startedAtUTC) ?? undefined,
		lastRunCompletedAt: isoDate(run?.completedAtUTC) ?? undefined,
		lastRunId: textOf(run?.id),
	};
}
