import type { IDataObject } from 'n8n-workflow';

import type { FlowAction } from '../../adobe/dataflows';
import { actOnFlow, getFlow } from '../../adobe/dataflows';
import { flowIdParameter, readFlowId } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import { dataflowOutput } from '../../outputs/dataflow';
import type { ItemClient } from '../../platform/client';
import { asIs, Problem } from '../../platform/errors/problem';

const MAX_ATTEMPTS = 4;
const WRONG_STATE = 'FLOW-1422-400';
const WANTED = { enable: 'enabled', disable: 'disabled' } as const;

/** Enable and Disable, which differ only in their texts. */
export function switchOperation(
	value: FlowAction,
	texts: Pick<Operation, 'name' | 'action' | 'description'>,
): Operation {
	return {
		value,
		...texts,
		parameters: [flowIdParameter, optionsCollection()],
		async prepare(call: OperationCall) {
			const id = readFlowId(call.parameters);
			return async () => await switchTo(call.openClient(), id, value);
		},
	};
}

/** Sends nothing if the dataflow is in that state already. */
async function switchTo(client: ItemClient, id: string, action: FlowAction): Promise<IDataObject> {
	const flow = await getFlow(client, id);
	if (flow.state === WANTED[action]) {
		return { ...dataflowOutput(flow, client.sandboxName), action: 'unchanged' };
	}
	const etag = await act(client, id, action);
	return {
		...dataflowOutput({ ...flow, etag, state: WANTED[action] }, client.sandboxName),
		action: WANTED[action],
	};
}

/**
 * Applying it twice is safe, so where the outcome is unknown, the dataflow is looked up and the request
 * retried. Adobe rejects it where somebody else was faster, which is just as good.
 */
async function act(
	client: ItemClient,
	id: string,
	action: FlowAction,
): Promise<string | undefined> {
	for (let count = 1; ; count++) {
		try {
			return await actOnFlow(client, id, action);
		} catch (error) {
			if (!(error instanceof Problem)) throw asIs(error);
			if (!error.outcomeUnknown && error.details.code !== WRONG_STATE) throw asIs(error);
			const now = await getFlow(client, id).catch(() => undefined);
			if (now?.state === WANTED[action]) return now.etag;
			if (!error.outcomeUnknown) throw asIs(error);
			if (count === MAX_ATTEMPTS) throw unclear(error, action);
		}
	}
}

function unclear(unknown: Problem, action: FlowAction): Problem {
	return unknown.with({
		message: `It is not clear whether Adobe has ${WANTED[action]} the dataflow`,
		description: `Execute the node once more: the same twice does no harm. ${unknown.message}. ${unknown.description}`,
	});
}

export const enable = switchOperation('enable', {
	name: 'Enable',
	action: 'Enable a dataflow',
	description: 'Let a dataflow run on its schedule again; one that is enabled is left as it is',
});

export const disable = switchOperation('disable', {
	name: 'Disable',
	action: 'Disable a dataflow',
	description: 'Stop the runs of a dataflow, which keeps its schedule; Enable lets it run again',
});
