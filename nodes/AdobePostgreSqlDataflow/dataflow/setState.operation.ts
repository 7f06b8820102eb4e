import type { IDataObject } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import type { FlowAction } from '../../adobe/dataflows';
import { actOnFlow, DATAFLOW } from '../../adobe/dataflows';
import { sendOnce } from '../../adobe/lostWrites/sendOnce';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import { dataflowOutput } from '../../outputs/dataflow';
import type { ItemClient } from '../../platform/client';

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
			const wanted = locateFlow(call);
			return async () => {
				const client = call.openClient();
				return await switchTo(client, await wanted.id(client), value);
			};
		},
	};
}

/** Sends nothing if the dataflow is in that state already. */
async function switchTo(client: ItemClient, id: string, action: FlowAction): Promise<IDataObject> {
	const flow = await getResource(client, DATAFLOW, id);
	if (flow.state === WANTED[action]) {
		return dataflowOutput(client, flow, { action: 'unchanged' });
	}
	const etag = await act(client, id, action);
	const now = { ...flow, etag, state: WANTED[action] };
	return dataflowOutput(client, now, { action: WANTED[action] });
}

/** Adobe refuses it where somebody else was faster, which is as good. */
export async function act(
	client: ItemClient,
	id: string,
	action: FlowAction,
): Promise<string | undefined> {
	return await sendOnce<string | undefined>(client, {
		repeatable: true,
		isConflict: ({ kind }) => kind === 'wrongState',
		send: async () => await actOnFlow(client, id, action),
		async find(error) {
			const now = await getResource(client, DATAFLOW, id).catch(() => undefined);
			if (now?.state === WANTED[action]) return { done: now.etag };
			return error.outcomeUnknown ? undefined : { failed: error };
		},
		unclear: (unknown) =>
			unknown
				.leadingTo(`It is not clear whether Adobe has ${WANTED[action]} the dataflow`)
				.advising('Execute the node again; doing it twice is safe.'),
	});
}

export const enable = switchOperation('enable', {
	name: 'Enable',
	action: 'Enable a dataflow',
	description: 'Resume a dataflow',
});

export const disable = switchOperation('disable', {
	name: 'Disable',
	action: 'Disable a dataflow',
	description: 'Pause a dataflow. Its schedule is kept.',
});
