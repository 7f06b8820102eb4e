import { getRun } from '../../flowService/runs';
import { readRunId, runIdParameter } from '../../locators/runId';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { simplifyParameter } from '../../operations/simplify';
import { runDetails } from '../../outputs/run';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a run',
	description: 'Get a run of a dataflow by its ID, with its counts and every error in words',
	parameters: [runIdParameter, simplifyParameter, optionsCollection()],
	async prepare(call) {
		const id = readRunId(call.parameters);
		const simplify = call.parameters.boolean('simplify', 'Simplify');
		return async () => {
			const client = call.openClient();
			return runDetails(await getRun(client, id), client.sandboxName, simplify);
		};
	},
};
