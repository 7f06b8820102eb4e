import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import { DATAFLOW } from '../../adobe/dataflows';
import type { WantedRun } from '../../adobe/lostWrites/runStarts';
import { latestRunOf, startRunOnce } from '../../adobe/lostWrites/runStarts';
import { lastWindowEnd } from '../../adobe/runWindow';
import type { RunWindow } from '../../adobe/runs';
import { createRun } from '../../adobe/runs';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { optionsCollection, readOptions } from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import type { NumberParameter } from '../../operation/parameters';
import type { ItemClient } from '../../platform/client';
import { readMaxWaitMs, startAndFollow, startedRun, waitParameters } from '../run/startedRun';
import { loadBackfill } from './backfill/backfill';
import { differencesIn } from './backfill/output';
import {
	backfillOptions,
	backfillParameters,
	loadParameter,
	readBackfill,
} from './backfill/parameters';
import { deltaColumnFor } from './runDeltaColumn';
import { runDeltaColumnParameter } from './scheduleParameters';

const ONE_WINDOW = { load: ['window'] };

const windowStartParameter: INodeProperties = {
	displayName: 'Window Start',
	name: 'windowStart',
	type: 'dateTime',
	default: '',
	displayOptions: { show: ONE_WINDOW },
	description:
		'Load rows changed after this time. Leave empty to continue after the last successful run (the first run loads everything). Running the same window twice ingests its rows twice.',
};

const windowEndParameter: INodeProperties = {
	displayName: 'Window End',
	name: 'windowEnd',
	type: 'dateTime',
	default: '',
	displayOptions: { show: ONE_WINDOW },
	description: 'Load rows changed up to this time. Leave empty for now.',
};

const MAX_OVERLAP_MINUTES = 366 * 24 * 60;

const overlapOption: NumberParameter = {
	displayName: 'Overlap',
	name: 'overlap',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MAX_OVERLAP_MINUTES },
	default: 0,
	displayOptions: { show: { '/load': ['window'] } },
	description:
		"The number of minutes to go back before the end of the last successful run, for rows that were committed late or stamped by a slow clock. Rows of that time are ingested twice. Only where 'Window Start' is empty.",
};

/** The window as the user gives it, in epoch seconds; what is empty depends on what Adobe knows. */
interface GivenWindow extends Partial<RunWindow> {
	/** Seconds that it reaches back behind the last one. */
	overlap: number;
}

const EVERYTHING_FROM = 0;

export const runNow: Operation = {
	value: 'run',
	name: 'Run Now',
	action: 'Run a dataflow now',
	description: 'Start a run now. Needs a dataflow scheduled On Demand or Once.',
	parameters: [
		flowIdParameter,
		loadParameter,
		windowStartParameter,
		windowEndParameter,
		...backfillParameters,
		runDeltaColumnParameter,
		...waitParameters.map(onlyForOneWindow),
		optionsCollection([overlapOption, ...backfillOptions]),
	],
	async prepare(call) {
		const dataflow = locateFlow(call);
		const isBackfill = call.parameters.choice(loadParameter) === 'backfill';
		const givenColumn = call.parameters.optionalText(runDeltaColumnParameter);
		if (isBackfill) {
			const backfill = readBackfill(call);
			return async () => await loadBackfill(call, dataflow, backfill, givenColumn);
		}
		const given = readWindow(call);
		const maxWaitMs = readMaxWaitMs(call.parameters);
		return async () => {
			const client = call.openClient();
			const flowId = await dataflow.id(client);
			const start = async () =>
				await startRunOnce(
					client,
					flowId,
					async (window) => await plan(client, flowId, { ...given, ...window }, givenColumn),
					call.memory,
				);
			const { started, window, column, flowName, run } = await startAndFollow(
				call,
				client,
				maxWaitMs,
				start,
			);
			return startedRun(
				client,
				run,
				{ ...started, flowId, window },
				{
					flowName,
					action: 'started',
					deltaColumn: column,
				},
			);
		};
	},
	async complete(outcomes, { hint }) {
		for (const text of differencesIn(outcomes)) hint(text);
	},
};

function onlyForOneWindow(parameter: INodeProperties): INodeProperties {
	return {
		...parameter,
		displayOptions: { show: { ...ONE_WINDOW, ...parameter.displayOptions?.show } },
	};
}

async function plan(
	client: ItemClient,
	flowId: string,
	given: GivenWindow,
	givenColumn: string | undefined,
): Promise<WantedRun & { window: RunWindow; column: string; flowName: string | undefined }> {
	const flow = await getResource(client, DATAFLOW, flowId);
	const column = await deltaColumnFor(client, flow, givenColumn);
	const window = await windowFor(client, flowId, given);
	const send = async () => await createRun(client, { flowId, window, deltaColumn: column });
	return { window, column, flowName: flow.name, send };
}

/** @throws UserError for what is no time, and for a window that ends before it starts */
function readWindow({ context, parameters }: OperationCall): GivenWindow {
	const timeZone = context.getTimezone();
	const seconds = (parameter: INodeProperties) => {
		const epochMs = parameters.time(parameter, timeZone);
		return epochMs === undefined ? undefined : Math.floor(epochMs / 1000);
	};
	const start = seconds(windowStartParameter);
	const end = seconds(windowEndParameter);
	if (start !== undefined && end !== undefined) checkOrder({ start, end });
	const overlap = (readOptions(parameters).wholeNumber(overlapOption) ?? 0) * 60;
	if (start !== undefined && overlap > 0) {
		throw new UserError("'Overlap' is for a window that begins where the last one ended", {
			description:
				"Leave 'Window Start' empty, or remove 'Overlap' and set an earlier 'Window Start'.",
		});
	}
	return { start, end, overlap };
}

async function windowFor(
	client: ItemClient,
	flowId: string,
	given: GivenWindow,
): Promise<RunWindow> {
	// Adobe takes no rows of its own future, and the next window would begin behind them.
	const nowEpochMs = Math.min(Date.now(), client.adobeEpochMs() ?? Infinity);
	const end = given.end ?? Math.floor(nowEpochMs / 1000);
	const start = given.start ?? (await nextStart(client, flowId, given.overlap));
	const window = { start, end };
	checkOrder(window);
	return window;
}

async function nextStart(client: ItemClient, flowId: string, overlap: number): Promise<number> {
	const last = await lastWindowEnd(client, flowId, latestRunOf(client, flowId));
	return last === undefined ? EVERYTHING_FROM : Math.max(EVERYTHING_FROM, last - overlap);
}

/** @throws UserError */
function checkOrder({ start, end }: RunWindow): void {
	if (start <= end) return;
	const at = (seconds: number) => new Date(seconds * 1000).toISOString();
	throw new UserError("'Window End' is before 'Window Start'", {
		description: `The window would go from ${at(start)} to ${at(end)}. Where 'Window Start' is empty, it is the end of the last successful run. Set a later 'Window End', or leave it empty for now.`,
	});
}
