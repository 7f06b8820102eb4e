import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import { DATAFLOW, findFlows } from '../../adobe/dataflows';
import { startRunOnce } from '../../adobe/lostWrites/runStarts';
import type { RunStatus } from '../../adobe/runModel';
import { RUN } from '../../adobe/runModel';
import type { RunQuery } from '../../adobe/runs';
import { findRuns, retriggerRun } from '../../adobe/runs';
import type { Located } from '../../locators/locate';
import { locateFlow, locateRun } from '../../locators/locate';
import { flowIdParameter, runIdParameter } from '../../locators/locators';
import {
	filtersCollection,
	optionsCollection,
	simplifyParameter,
} from '../../operation/commonParameters';
import { getManyOperation } from '../../operation/getOperations';
import type { Operation, OperationCall } from '../../operation/operation';
import { choiceParameter } from '../../operation/parameters';
import { runDetails } from '../../outputs/run';
import type { ItemClient } from '../../platform/client';
import { isProblem } from '../../platform/errors/problem';
import { ReadOnce } from '../../platform/keyed';
import { readMaxWaitMs, startAndFollow, startedRun, waitParameters } from './startedRun';

const ofParameter = choiceParameter({
	displayName: 'Runs Of',
	name: 'of',
	type: 'options',
	options: [
		{ name: 'A Dataflow', value: 'one' },
		{ name: 'All PostgreSQL Dataflows', value: 'all' },
	],
	default: 'one',
	description: 'Whose runs to return',
});

const oneFlowParameter: INodeProperties = {
	...flowIdParameter,
	description: 'The dataflow whose runs to return',
	displayOptions: { show: { of: ['one'] } },
};

const startedAfterFilter: INodeProperties = {
	displayName: 'Started After',
	name: 'startedAfter',
	type: 'dateTime',
	default: '',
	description: 'Only runs that started at this time or later',
};

const startedBeforeFilter: INodeProperties = {
	displayName: 'Started Before',
	name: 'startedBefore',
	type: 'dateTime',
	default: '',
	description: 'Only runs that started at this time or earlier',
};

const statusFilter = choiceParameter<RunStatus | 'partialSuccess'>({
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: [
		{ name: 'Failed', value: 'failed' },
		{ name: 'In Progress', value: 'inProgress' },
		{ name: 'Partial Success', value: 'partialSuccess' },
		{ name: 'Scheduled', value: 'scheduled' },
		{ name: 'Success', value: 'success' },
	],
	default: 'failed',
	description:
		'The state of the runs to return. Partial Success are those that succeeded but rejected records.',
});

const filters = filtersCollection([startedAfterFilter, startedBeforeFilter, statusFilter]);

export const getAll = getManyOperation({
	action: 'Get many runs',
	description: 'Get many runs of a dataflow, or of all PostgreSQL dataflows, newest first',
	parameters: [ofParameter, oneFlowParameter],
	filters,
	readQuery: readRunQuery,
	find: async (client, { dataflow, ...query }, limit) => {
		const names = await namesOf(client, await dataflow?.id(client));
		const runs = await findRuns(client, { ...query, flowIds: [...names.keys()] }, limit);
		return runs.map((run) => ({ run, flowName: names.get(run.flowId ?? '') }));
	},
	details: ({ run, flowName }, client, simplify) => runDetails(client, run, { flowName }, simplify),
});

/** The names of dataflows by their IDs: of one, or of all. */
async function namesOf(
	client: ItemClient,
	flowId: string | undefined,
): Promise<Map<string, string | undefined>> {
	const flows =
		flowId === undefined
			? await findFlows(client, {})
			: [{ id: flowId, name: await nameOf(client, flowId) }];
	return new Map(flows.map(({ id, name }) => [id, name]));
}

/** Undefined where it can't be read: the run counts. */
async function nameOf(client: ItemClient, flowId: string): Promise<string | undefined> {
	return await getResource(client, DATAFLOW, flowId).then(
		({ name }) => name,
		(error: unknown) => {
			if (isProblem(error, 'stopped')) throw error;
			return undefined;
		},
	);
}

/**
 * Of all dataflows where it names none.
 *
 * @throws UserError for a value that can't be used, and for a span that ends before it starts
 */
function readRunQuery(call: OperationCall): Omit<RunQuery, 'flowIds'> & { dataflow?: Located } {
	const { context, parameters } = call;
	const one = parameters.choice(ofParameter) === 'one';
	const dataflow = one ? locateFlow(call) : undefined;
	const chosen = parameters.collection(filters);
	const timeZone = context.getTimezone();
	const from = chosen.time(startedAfterFilter, timeZone);
	const to = chosen.time(startedBeforeFilter, timeZone);
	const status = chosen.choice(statusFilter);
	const isPartial = status === 'partialSuccess';
	if (from !== undefined && to !== undefined && to < from) {
		throw new UserError("'Started Before' is before 'Started After'", {
			description: 'No run can be found like that. Swap the two times, or remove one of them.',
		});
	}
	return {
		dataflow,
		startedFromEpochMs: from,
		startedToEpochMs: to,
		status: isPartial ? 'success' : status,
		withRejections: isPartial,
	};
}

export const get: Operation<ReadOnce> = {
	value: 'get',
	name: 'Get',
	action: 'Get a run',
	description: 'Get a run with its record counts and every error in words',
	parameters: [runIdParameter, simplifyParameter, optionsCollection()],
	begin: () => new ReadOnce(),
	async prepare(call) {
		const wanted = locateRun(call);
		const simplify = call.parameters.boolean(simplifyParameter);
		return async () => {
			const client = call.openClient();
			const run = await getResource(client, RUN, await wanted.id(client));
			const { flowId } = run;
			const flowName =
				flowId === undefined
					? undefined
					: await call.state.read(`${client.scope} ${flowId}`, async () => nameOf(client, flowId));
			return runDetails(client, run, { flowName }, simplify);
		};
	},
};

export const retry: Operation = {
	value: 'retry',
	name: 'Retry',
	action: 'Retry a run',
	description: 'Run the same rows again, for a run that failed or ingested no record',
	parameters: [runIdParameter, ...waitParameters, optionsCollection()],
	async prepare(call) {
		const wanted = locateRun(call);
		const maxWaitMs = readMaxWaitMs(call.parameters);
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const before = await getResource(client, RUN, id);
			const { flowId, windowStartEpochMs: start, windowEndEpochMs: end } = before;
			const window =
				start === undefined || end === undefined
					? undefined
					: { start: start / 1000, end: end / 1000 };
			// Without its dataflow, a new run could not be told apart from one of another dataflow.
			const send = async () => await retriggerRun(client, id);
			const begin = async () =>
				flowId === undefined
					? { started: await send() }
					: await startRunOnce(client, flowId, async () => ({ window, send }), call.memory);
			const { started, run } = await startAndFollow(call, client, maxWaitMs, begin);
			const flowName = flowId === undefined ? undefined : await nameOf(client, flowId);
			return startedRun(
				client,
				run,
				{ ...started, flowId, window },
				{
					flowName,
					action: 'retried',
					ids: { retriedRunId: id },
				},
			);
		};
	},
};
