import { getRun, retriggerRun } from '../../flowService/runs';
import { RunStarts } from '../../flowService/runStarts';
import { readRunId, runIdParameter } from '../../locators/runId';
import type { Operation } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import { startedRun } from './startedRun';
import { followRun, readWait, waitParameter } from './waitForCompletion';

const makeStarts = () => new RunStarts();

export const retry: Operation = {
	value: 'retry',
	name: 'Retry',
	action: 'Retry a run',
	description:
		'Start a new run over the rows of one that failed, or that succeeded without taking in a record',
	parameters: [runIdParameter, waitParameter, optionsCollection()],
	async prepare(call) {
		const id = readRunId(call.parameters);
		const wait = readWait(call.parameters);
		return async () => {
			const client = call.openClient();
			const before = await getRun(client, id);
			const { flowId, windowStartEpochMs: start, windowEndEpochMs: end } = before;
			const window =
				start === undefined || end === undefined
					? undefined
					: { start: start / 1000, end: end / 1000 };
			// Without its dataflow, a new run could not be told from one of another.
			const send = async () => await retriggerRun(client, id);
			const started =
				flowId === undefined
					? await send()
					: (await call.shared(makeStarts).start(client, flowId, async () => ({ window, send })))
							.started;
			const run = await followRun(client, started.id, wait);
			return {
				...startedRun(run, { id: started.id, flowId, window }, client.sandboxName),
				retriedRunId: id,
				action: 'retried',
			};
		};
	},
};
