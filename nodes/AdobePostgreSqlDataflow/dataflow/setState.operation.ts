import type { IDataObject } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import type { FlowAction } from '../../adobe/dataflows';
import { actOnFlow, DATAFLOW } from '../../adobe/dataflows';
import { flowIdParameter, readFlowId } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import { dataflowOutput } from '../../outputs/dataflow';
import type { ItemClient } from '../../platform/client';
import type { Problem } from '../../platform/errors/problem';
import { asIs, hasUnknownOutcome, isProblem } from '../../platform/errors/problem';

const MOST_ATTEMPTS = 4;
const WANTED = { enable: 'enabled', disable: 'disabled' } as const;

/** Enable and Disable, which differ in their texts alone. */
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

/** Nothing is sent where the dataflow is in that state already. */
async function switchTo(client: ItemClient, id: string, action: FlowAction): Promise<IDataObject> {
	const flow = await getResource(client, DATAFLOW, id);
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
 * The same twice does no harm, so where it is unclear whether it was done, the dataflow is looked at
 * and asked again. Adobe refuses it where somebody else was faster, which is as good.
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
			const isUnknown = hasUnknownOutcome(error);
			if (!isUnknown && !isProblem(error, 'wrongState')) throw asIs(error);
			const now = await getResource(client, DATAFLOW, id).catch(() => undefined);
			if (now?.state === WANTED[action]) return now.etag;
			if (!isUnknown) throw asIs(error);
			if (count === MOST_ATTEMPTS) throw unclear(error, action);
		}
	}
}

function unclear(unknown: Problem, action: FlowAction): Problem {
	return unknown
		.leadingTo(`It is not clear whether Adobe has ${WANTED[action]} the dataflow`)
		.advising('Execute the node once more: the same twice does no harm.');
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
