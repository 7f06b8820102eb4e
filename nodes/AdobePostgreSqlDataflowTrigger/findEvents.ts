import type { FlowEvent } from './flowEvents';
import { pollJournal } from './journal/pollJournal';
import type { OpenPoll, RunsFound } from './openPoll';
import { runSource } from './openPoll';
import { pollDataflows } from './pollDataflows';
import type { WatchedFlows } from './watchDataflows';
import { watchRuns } from './watchRuns';
import type { WatchState } from './watchState';

/** What a poll has found out. */
export interface Found extends RunsFound {
	flowEvents: FlowEvent[];
}

/** What has happened since the last poll; the state is changed accordingly. */
export async function findEvents(poll: OpenPoll, state: WatchState): Promise<Found> {
	const ofFlows = await findFlowEvents(poll, state);
	const ofRuns = await findRunEvents(poll, state);
	return {
		...ofRuns,
		flowEvents: ofFlows.events,
		cutShort: ofFlows.cutShort || ofRuns.cutShort,
		failure: ofRuns.failure ?? ofFlows.failure,
	};
}

const NOTHING = { events: [], cutShort: false, failure: undefined };

/** By the list of dataflows: no event of Adobe I/O tells of them. */
async function findFlowEvents(
	{ client, settings, limits, scope }: OpenPoll,
	{ dataflows }: WatchState,
): Promise<WatchedFlows> {
	if (dataflows === undefined) return NOTHING;
	return await pollDataflows(client, dataflows, await scope(), settings, limits);
}

/** The runs are not asked for where none of their events was chosen. */
async function findRunEvents(poll: OpenPoll, state: WatchState): Promise<RunsFound> {
	if (poll.settings.runEvents.length === 0) {
		return { ...NOTHING, ...(await poll.scope()), warnings: [] };
	}
	const { journal } = state;
	if (poll.settings.journal === undefined || journal === undefined) {
		return await runsByLists(poll, state);
	}
	return await pollJournal(poll, Object.assign(state, { journal }));
}

async function runsByLists(
	{ client, limits, scope }: OpenPoll,
	state: WatchState,
): Promise<RunsFound> {
	const { names, gone } = await scope();
	const watched = await watchRuns(state, [...names.keys()], runSource(client), limits);
	return { ...watched, names, gone, warnings: [] };
}
