import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { steadyEpochMs } from '../platform/clocks/steadyClock';
import { SignInError } from '../platform/auth/signIn';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { toNodeError } from '../platform/errors/nodeError';
import { asIs, Problem } from '../platform/errors/problem';
import { pollBudgetMs } from '../platform/n8nHost';
import { outputWithoutSecrets, Redactor } from '../redaction/secrets';
import type { RunEvent } from '../outputs/runEvents';
import { eventItem } from '../outputs/runEvents';
import type { Found } from './findEvents';
import { findEvents } from './findEvents';
import { startJournal } from './journal/pollJournal';
import type { OpenPoll } from './openPoll';
import { openPoll } from './openPoll';
import type { TriggerSettings } from './parameters';
import { readSettings } from './parameters';
import type { EventItem } from './pollDataflows';
import {
	beginningWith,
	dataflowsAsTheyAre,
	flowEventItems,
	watchesDataflows,
} from './pollDataflows';
import { sampleEvent } from './sample';
import type { Scope } from './scope';
import type { WatchState } from './watchState';
import { commitState, freshState, readState, writeState } from './watchState';

/** Of the budget; the rest is for the request in flight, and for returning what was found. */
const REQUESTS_SHARE = 0.75;
const LAST_REQUEST_SHARE = 0.9;

const MAX_REQUESTS = 100;
const MAX_CONCURRENCY = 1;

/**
 * One poll: the events since the last one, or null where there are none. The first poll for a target
 * only records the time, so that old runs emit nothing.
 *
 * @throws NodeApiError with the `failure` that n8n's poll back-off reads, or NodeOperationError
 */
export async function pollRuns(context: IPollFunctions): Promise<INodeExecutionData[] | null> {
	let platform: PlatformClient | undefined;
	try {
		const settings = readSettings(context);
		const manual = context.getMode() === 'manual';
		const data = context.getWorkflowStaticData('node');
		const state = manual ? undefined : stateOf(data, settings);
		const isFirst = !manual && state === undefined;
		if (isFirst && !asksAtFirst(settings)) {
			writeState(data, freshState(settings.target, Date.now()));
			return null;
		}
		const budgetMs = pollBudgetMs(context);
		const deadlineEpochMs = steadyEpochMs() + budgetMs * REQUESTS_SHARE;
		platform = PlatformClient.open(context, MAX_CONCURRENCY);
		const client = platform.forItem(await platform.transportFor(), {
			sandboxName: settings.sandboxName,
			timeoutMs: budgetMs * LAST_REQUEST_SHARE,
		});
		const poll = openPoll(client, settings, { deadlineEpochMs, maxRequests: MAX_REQUESTS });
		if (isFirst) {
			writeState(data, await firstState(poll));
			return null;
		}
		if (state === undefined) {
			return withoutSecretsIn([await sample(poll)], platform.secrets());
		}
		const found = await findEvents(poll, state);
		const flowItems = await flowEventItems(client, found.flowEvents, settings);
		// A poll at the same time was faster and has returned these; what it has not seen comes with the next.
		if (!commitState(data, state)) return null;
		const items = toItems(context, poll, found, flowItems);
		return items === null ? null : withoutSecretsIn(items, platform.secrets());
	} catch (error) {
		throw toNodeError(context.getNode(), withFailure(error), {
			secrets: platform?.secrets() ?? [],
		});
	}
}

/** Undefined where there is none that this way of delivery can go on with. */
function stateOf(data: IDataObject, { target, journal }: TriggerSettings): WatchState | undefined {
	const state = readState(data, target);
	return journal !== undefined && state?.journal === undefined ? undefined : state;
}

/**
 * Only a name has to be looked up before it is known whether there is such a dataflow, only which dataflows are
 * disabled already has to be known for noticing that one is disabled, and only a journal has an end to begin at.
 */
function asksAtFirst(settings: TriggerSettings): boolean {
	const { dataflow, journal } = settings;
	return dataflow?.isName === true || journal !== undefined || watchesDataflows(settings);
}

/** Nothing old is reported. */
async function firstState({ client, settings, scope }: OpenPoll): Promise<WatchState> {
	const { dataflow, journal, target } = settings;
	await dataflow?.id(client);
	const runs =
		journal === undefined
			? freshState(target, Date.now())
			: await startJournal(client, target, journal);
	if (!watchesDataflows(settings)) return runs;
	return { ...runs, dataflows: beginningWith(client, await scope()) };
}

function withoutSecretsIn(items: INodeExecutionData[], secrets: string[]): INodeExecutionData[] {
	return outputWithoutSecrets(items, new Redactor(secrets));
}

async function sample({ client, settings, limits, scope }: OpenPoll): Promise<INodeExecutionData> {
	const { names, gone } = await scope();
	if (gone !== undefined) throw asIs(gone);
	const flowEvents = watchesDataflows(settings)
		? await dataflowsAsTheyAre(client, await scope(), settings, limits)
		: [];
	const flowEvent = flowEvents.sort((one, other) => one.atEpochMs - other.atEpochMs).at(-1);
	const event = await sampleEvent(client, [...names.keys()], settings.runEvents, flowEvent);
	if (!('flow' in event)) return toItem(event, client, names, settings);
	const [{ item } = { item: { json: {} } }] = await flowEventItems(client, [event], settings);
	return item;
}

function toItems(
	context: IPollFunctions,
	{ client, settings }: OpenPoll,
	{ events, names, gone, cutShort, failure, warnings }: Found,
	flowItems: EventItem[],
): INodeExecutionData[] | null {
	const node = context.getNode().name;
	const runItems = events
		.filter(({ event }) => settings.runEvents.includes(event))
		.map((event) => ({
			atEpochMs: event.atEpochMs,
			item: toItem(event, client, names, settings),
		}));
	const items = [...flowItems, ...runItems]
		.sort((one, other) => one.atEpochMs - other.atEpochMs)
		.map(({ item }) => item);
	for (const warning of warnings) context.logger.warn(warning, { node });
	const stopped = failure ?? gone;
	// What was found must not be lost; the same failure stops the next poll too.
	if (stopped !== undefined && items.length === 0) throw asIs(stopped);
	if (cutShort) {
		context.logger.warn('More runs of dataflows than one poll can read; the next one continues', {
			node,
			events: items.length,
		});
	}
	return items.length === 0 ? null : items;
}

function toItem(
	event: RunEvent,
	client: ItemClient,
	names: Scope['names'],
	{ simplify }: TriggerSettings,
): INodeExecutionData {
	const flowName = names.get(event.run.flowId ?? '');
	return eventItem(client, event, flowName, simplify);
}

/** Adobe's errors carry the `failure` already; a failed sign-in gets it here. */
function withFailure(error: unknown): unknown {
	if (!(error instanceof SignInError)) return error;
	return new Problem(error.message, {
		advice: error.description ?? '',
		details: { code: 'SIGN_IN' },
		failure: { cause: error.permanent ? 'credential-invalid' : 'temporarily-unavailable' },
	});
}
