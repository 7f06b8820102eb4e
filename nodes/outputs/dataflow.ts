import type { IDataObject } from 'n8n-workflow';

import type { Dataflow, FlowSchedule } from '../adobe/dataflows';
import { isoDate } from '../operation/time';
import { asRecord, textOf } from '../platform/json';
import { withoutSecrets } from '../redaction/secrets';

/** What every operation on a dataflow returns; `flowId` and `id` are the same. */
export function dataflowOutput(flow: Dataflow, sandboxName: string): IDataObject {
	return {
		flowId: flow.id,
		id: flow.id,
		etag: flow.etag ?? null,
		name: flow.name ?? null,
		state: flow.state ?? null,
		connectionId: flow.connectionId ?? null,
		sourceConnectionId: flow.sourceConnectionIds[0] ?? null,
		targetConnectionId: flow.targetConnectionIds[0] ?? null,
		mappingId: flow.mappingId ?? null,
		schedule: scheduleOutput(flow.schedule),
		sandboxName: flow.sandboxName ?? sandboxName,
	};
}

/**
 * A dataflow as Get and Get Many return it: with Simplify the few members that a workflow needs,
 * without it also everything that Adobe sent. Neither has secrets.
 */
export function dataflowDetails(
	flow: Dataflow,
	sandboxName: string,
	simplify: boolean,
): IDataObject {
	const output = dataflowOutput(flow, sandboxName);
	if (!simplify) return { ...output, ...(withoutSecrets(flow.raw) as IDataObject) };
	const { description, createdAt, updatedAt } = flow.raw;
	return {
		...output,
		deltaColumn: flow.deltaColumn ?? null,
		description: typeof description === 'string' ? withoutSecrets(description) : null,
		lastRun: lastRunOutput(flow.raw.lastRunDetails),
		createdAt: isoDate(createdAt),
		updatedAt: isoDate(updatedAt),
	};
}

/** null for a dataflow without a schedule, e.g. a draft. */
export function scheduleOutput(schedule: FlowSchedule | undefined): IDataObject | null {
	if (schedule === undefined) return null;
	const { frequency, interval, startTime, backfill } = schedule;
	return {
		frequency: frequency ?? null,
		interval: interval ?? null,
		startTime: startTime ?? null,
		backfill: backfill ?? null,
	};
}

function lastRunOutput(details: unknown): IDataObject | null {
	const run = asRecord(details);
	if (run === undefined) return null;
	return {
		runId: textOf(run.id) ?? null,
		state: textOf(run.state) ?? null,
		startedAt: isoDate(run.startedAtUTC),
		completedAt: isoDate(run.completedAtUTC),
	};
}
