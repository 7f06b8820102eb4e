import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { steadyEpochMs } from '../platform/clocks/steadyClock';
import { findResources, listResources, PAGE_SIZE } from '../adobe/collection';
import { RUN } from '../adobe/runModel';
import { OLDEST_FIRST } from '../adobe/runs';
import { SignInError } from '../platform/auth/signIn';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { toNodeError } from '../platform/errors/nodeError';
import { asIs, Problem } from '../platform/errors/problem';
import { pollBudgetMs } from '../platform/n8nHost';
import { outputWithoutSecrets, Redactor } from '../redaction/secrets';
import type { RunEvent } from '../outputs/runEvents';
import { eventItem } from '../outputs/runEvents';
import type { TriggerSettings } from './parameters';
import { readSettings } from './parameters';
import { sampleEvent } from './sample';
import type { Scope } from './scope';
import { readScope } from './scope';
import type { RunSource, Watched } from './watchRuns';
import { watchRuns } from './watchRuns';
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
		const state = manual ? undefined : readState(data, settings.target);
		const isFirst = !manual && state === undefined;
		// Only a name has to be looked up before it is known whether there is such a dataflow.
		if (isFirst && settings.dataflow?.isName !== true) return startWatching(data, settings);
		const budgetMs = pollBudgetMs(context);
		const deadlineEpochMs = steadyEpochMs() + budgetMs * REQUESTS_SHARE;
		platform = PlatformClient.open(context, MAX_CONCURRENCY);
		const client = platform.forItem(await platform.transportFor(), {
			sandboxName: settings.sandboxName,
			timeoutMs: budgetMs * LAST_REQUEST_SHARE,
		});
		const flowId = await settings.dataflow?.id(client);
		if (isFirst) return startWatching(data, settings);
		const scope = await readScope(client, flowId);
		if (state === undefined) {
			const items = [await sample(client, scope, settings)];
			return withoutSecretsIn(items, platform.secrets());
		}
		const limits = { deadlineEpochMs, maxRequests: MAX_REQUESTS };
		const watched = await watchRuns(state, [...scope.names.keys()], runSource(client), limits);
		// A poll at the same time was faster and has returned these; what it has not seen comes with the next.
		if (!commitState(data, state)) return null;
		const items = toItems(context, client, scope, settings, watched);
		return items === null ? null : withoutSecretsIn(items, platform.secrets());
	} catch (error) {
		throw toNodeError(context.getNode(), withFailure(error), {
			secrets: platform?.secrets() ?? [],
		});
	}
}

/** Remembers the time alone, so that old runs emit nothing. */
function startWatching(data: IDataObject, { target }: TriggerSettings): null {
	writeState(data, freshState(target, Date.now()));
	return null;
}

function withoutSecretsIn(items: INodeExecutionData[], secrets: string[]): INodeExecutionData[] {
	return outputWithoutSecrets(items, new Redactor(secrets));
}

async function sample(
	client: ItemClient,
	{ names, gone }: Scope,
	settings: TriggerSettings,
): Promise<INodeExecutionData> {
	if (gone !== undefined) throw asIs(gone);
	const event = await sampleEvent(client, [...names.keys()], settings.triggerOn);
	return toItem(event, client, names, settings);
}

function toItems(
	context: IPollFunctions,
	client: ItemClient,
	{ names, gone }: Scope,
	settings: TriggerSettings,
	{ events, cutShort, failure }: Watched,
): INodeExecutionData[] | null {
	const items = events
		.filter(({ event }) => settings.triggerOn.includes(event))
		.map((event) => toItem(event, client, names, settings));
	const stopped = failure ?? gone;
	// What was found must not be lost; the same failure stops the next poll too.
	if (stopped !== undefined && items.length === 0) throw asIs(stopped);
	if (cutShort) {
		context.logger.warn('More runs of dataflows than one poll can read; the next one continues', {
			node: context.getNode().name,
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

/** Adobe's runs, as the trigger asks for them. */
export function runSource(client: ItemClient): RunSource {
	return {
		list: async (flowIds, fromEpochMs, continuationToken) =>
			await listResources(client, RUN, {
				// "From" written as "after": Adobe's documents show `>` and `<` only.
				filters: [`flowId==${flowIds.join(',')}`, `createdAt>${fromEpochMs - 1}`],
				orderBy: OLDEST_FIRST,
				limit: PAGE_SIZE,
				continuationToken,
			}),
		byId: async (runIds) =>
			await findResources(client, RUN, { filters: [`id==${runIds.join(',')}`] }),
	};
}
