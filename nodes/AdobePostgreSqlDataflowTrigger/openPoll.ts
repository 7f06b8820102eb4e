import { findResources, listResources, PAGE_SIZE } from '../adobe/collection';
import { RUN } from '../adobe/runModel';
import { OLDEST_FIRST } from '../adobe/runs';
import type { ItemClient } from '../platform/client';
import type { Problem } from '../platform/errors/problem';
import type { TriggerSettings } from './parameters';
import type { Scope } from './scope';
import { readScope } from './scope';
import type { PollLimits, RunSource, Watched } from './watchRuns';

/** All that one poll works with. */
export interface OpenPoll {
	client: ItemClient;
	settings: TriggerSettings;
	limits: PollLimits;
	/** The dataflows that are watched, read when they are needed, and once a poll. */
	scope(): Promise<Scope>;
}

/** What a poll has found out about runs. */
export interface RunsFound extends Watched {
	/** Of the dataflows that runs were found of, and of others. */
	names: Scope['names'];
	/** Set when the one dataflow no longer exists. */
	gone?: Problem;
	/** For the log: whatever is not as usual. */
	warnings: string[];
}

export function openPoll(
	client: ItemClient,
	settings: TriggerSettings,
	limits: PollLimits,
): OpenPoll {
	let reading: Promise<Scope> | undefined;
	const read = async () => await readScope(client, await settings.dataflow?.id(client));
	return { client, settings, limits, scope: async () => await (reading ??= read()) };
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
