import type { INodeExecutionData } from 'n8n-workflow';

import { listResources, PAGE_SIZE } from '../adobe/collection';
import { endsOf } from '../adobe/dataflowEnds';
import { RUN } from '../adobe/runModel';
import { NEWEST_FIRST } from '../adobe/runs';
import type { ItemClient } from '../platform/client';
import type { FlowEvent } from './flowEvents';
import { flowEventItem } from './flowEvents';
import type { FlowMemory } from './flowMemory';
import type { TriggerSettings } from './parameters';
import type { Scope } from './scope';
import type { NewestRuns, WatchedFlows } from './watchDataflows';
import { freshMemory, watchDataflows } from './watchDataflows';
import type { PollLimits } from './watchRuns';

/** Something that happened, as it is output. */
export interface EventItem {
	atEpochMs: number;
	item: INodeExecutionData;
}

/** Whether events of dataflows themselves were chosen. */
export function watchesDataflows({ onDisabled, quietAfterMs }: TriggerSettings): boolean {
	return onDisabled || quietAfterMs !== undefined;
}

/** What is remembered of dataflows by a trigger that begins now. */
export function beginningWith(client: ItemClient, { flows }: Scope): FlowMemory {
	return freshMemory(flows, nowOf(client));
}

/** The events of dataflows themselves since the last poll; the memory is changed accordingly. */
export async function pollDataflows(
	client: ItemClient,
	memory: FlowMemory,
	{ flows, gone }: Scope,
	settings: TriggerSettings,
	limits: PollLimits,
): Promise<WatchedFlows> {
	if (gone !== undefined) return { events: [], cutShort: false };
	const { dataflow, onDisabled, quietAfterMs } = settings;
	const toWatch = {
		flows,
		isOnlyOne: dataflow !== undefined,
		quietAfterMs,
		nowEpochMs: nowOf(client),
	};
	const watched = await watchDataflows(memory, toWatch, newestRuns(client), limits);
	const events = watched.events.filter(({ event }) => onDisabled || event !== 'dataflowDisabled');
	return { ...watched, events };
}

/** The events of dataflows as they are now, whenever they happened. */
export async function dataflowsAsTheyAre(
	client: ItemClient,
	scope: Scope,
	settings: TriggerSettings,
	limits: PollLimits,
): Promise<FlowEvent[]> {
	const noMemory: FlowMemory = { sinceEpochMs: 0, states: [], quiet: [] };
	return (await pollDataflows(client, noMemory, scope, settings, limits)).events;
}

/** With the table and the dataset of each, where Adobe shows them. */
export async function flowEventItems(
	client: ItemClient,
	events: readonly FlowEvent[],
	{ simplify }: TriggerSettings,
): Promise<EventItem[]> {
	if (events.length === 0) return [];
	const ends = await endsOf(
		client,
		events.map(({ flow }) => flow),
	);
	return events.map((event, index) => ({
		atEpochMs: event.atEpochMs,
		item: flowEventItem(client, event, ends[index] ?? {}, simplify),
	}));
}

function nowOf(client: ItemClient): number {
	return client.adobeEpochMs() ?? Date.now();
}

function newestRuns(client: ItemClient): NewestRuns {
	return {
		newest: async (flowIds, afterEpochMs) =>
			await listResources(client, RUN, {
				filters: [
					`flowId==${flowIds.join(',')}`,
					...(afterEpochMs === undefined ? [] : [`createdAt>${Math.floor(afterEpochMs)}`]),
				],
				orderBy: NEWEST_FIRST,
				limit: PAGE_SIZE,
			}),
	};
}
