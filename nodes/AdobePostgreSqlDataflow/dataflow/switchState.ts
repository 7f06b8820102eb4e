import type { IDataObject } from 'n8n-workflow';

import type { FlowAction } from '../../flowService/flows';
import { actOnFlow, getFlow } from '../../flowService/flows';
import { flowIdParameter, readFlowId } from '../../locators/flowId';
import type { Operation, OperationCall } from '../../operations/operation';
import { optionsCollection } from '../../operations/options';
import type { ItemClient } from '../../platform/client';
import { asIs, Problem } from '../../platform/problem';
import { dataflowOutput } from './output';

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

/** The same twice does no harm, so what is unclear is looked at, and told only if it is not done. */
async function act(
	client: ItemClient,
	id: string,
	action: FlowAction,
): Promise<string | undefined> {
	try {
		return await actOnFlow(client, id, action);
	} catch (error) {
		if (!(error instanceof Problem) || !error.outcomeUnknown) throw asIs(error);
		const now = await getFlow(client, id).catch(() => undefined);
		if (now?.state === WANTED[action]) return now.etag;
		throw error.with({
			message: `It is not clear whether Adobe has ${WANTED[action]} the dataflow`,
			description: `Execute the node once more: the same twice does no harm. ${error.message}. ${error.description}`,
		});
	}
}
