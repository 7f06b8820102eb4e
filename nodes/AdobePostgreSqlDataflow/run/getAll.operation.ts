import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { postgreSqlFlows } from '../../flowService/postgreSqlFlows';
import type { RunQuery } from '../../flowService/runs';
import { findRuns } from '../../flowService/runs';
import type { RunStatus } from '../../flowService/runStatus';
import { STATUS_SPELLINGS } from '../../flowService/runStatus';
import { flowIdParameter, readFlowId } from '../../locators/flowId';
import { limitParameters, readLimit } from '../../operations/limit';
import type { Operation, OperationCall } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { oneOf } from '../../operations/parameters';
import { simplifyParameter } from '../../operations/simplify';
import { epochMsOf } from '../../operations/time';
import { runDetails } from '../../outputs/run';
import { asRecord } from '../../platform/shape';

const of: INodeProperties = {
	displayName: 'Of',
	name: 'of',
	type: 'options',
	options: [
		{ name: 'Every PostgreSQL Dataflow', value: 'all' },
		{ name: 'One Dataflow', value: 'one' },
	],
	default: 'one',
	description: 'Whose runs to return',
};

const oneFlow: INodeProperties = {
	...flowIdParameter,
	description: 'The dataflow whose runs to return',
	displayOptions: { show: { of: ['one'] } },
};

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: [
		{
			displayName: 'Started After',
			name: 'startedAfter',
			type: 'dateTime',
			default: '',
			description: 'Only runs that started at this time or later',
		},
		{
			displayName: 'Started Before',
			name: 'startedBefore',
			type: 'dateTime',
			default: '',
			description: 'Only runs that started at this time or earlier',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Failed', value: 'failed' },
				{ name: 'In Progress', value: 'inProgress' },
				{ name: 'Scheduled', value: 'scheduled' },
				{ name: 'Success', value: 'success' },
			],
			default: 'failed',
			description: 'The state of the runs to return',
		},
	],
};

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many runs',
	description: 'Get many runs of one dataflow, or of all PostgreSQL dataflows, the newest first',
	parameters: [of, oneFlow, ...limitParameters, simplifyParameter, filters, optionsCollection()],
	async prepare(call) {
		const { parameters } = call;
		const one = parameters.choice('of', 'Of', ['one', 'all']) === 'one';
		const flowIds = one ? [readFlowId(parameters)] : undefined;
		const limit = readLimit(parameters);
		const simplify = parameters.boolean('simplify', 'Simplify');
		const query = readFilters(call);
		return async () => {
			const client = call.openClient();
			const runs = await findRuns(
				client,
				{ ...query, flowIds: flowIds ?? (await postgreSqlFlows(client)).map(({ id }) => id) },
				limit,
			);
			return runs.map((run) => runDetails(run, client.sandboxName, simplify));
		};
	},
};

/** @throws UserError for a value that can't be used, and for a span that ends before it starts */
function readFilters({ context, parameters }: OperationCall): RunQuery {
	const { startedAfter, startedBefore, status } = asRecord(parameters.raw('filters')) ?? {};
	const timeZone = context.getTimezone();
	const from = epochMsOf(startedAfter, 'Started After', timeZone);
	const to = epochMsOf(startedBefore, 'Started Before', timeZone);
	if (from !== undefined && to !== undefined && to < from) {
		throw new UserError("'Started Before' lies before 'Started After'", {
			description: 'No run can be found like that. Swap the two times, or remove one of them.',
		});
	}
	return {
		startedFromEpochMs: from,
		startedToEpochMs: to,
		status:
			status === undefined || status === ''
				? undefined
				: oneOf(status, 'Status', Object.keys(STATUS_SPELLINGS) as RunStatus[]),
	};
}
