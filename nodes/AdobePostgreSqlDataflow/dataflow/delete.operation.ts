import type { INodeProperties } from 'n8n-workflow';

import { deleteResource, getResource } from '../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../adobe/dataflowEnds';
import type { Dataflow } from '../../adobe/dataflows';
import { DATAFLOW } from '../../adobe/dataflows';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import { dataflowOutput } from '../../outputs/dataflow';
import type { ItemClient } from '../../platform/client';
import {
	asIs,
	hasUnknownOutcome,
	ignoringNotFound,
	isProblem,
	toProblem,
} from '../../platform/errors/problem';

const deleteConnectionsParameter: INodeProperties = {
	displayName: 'Delete Source and Target Connection',
	name: 'deleteConnections',
	type: 'boolean',
	default: true,
	description:
		'Whether to also delete the source and target connection. The base connection and the dataset stay.',
};

export const deleteOperation: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a dataflow',
	description:
		'Delete a dataflow with its source and target connection. Loaded rows stay in the dataset.',
	parameters: [flowIdParameter, deleteConnectionsParameter, optionsCollection()],
	async prepare(call) {
		const wanted = locateFlow(call);
		const withConnections = call.parameters.boolean(deleteConnectionsParameter);
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const wasTried = call.memory.recall(DATAFLOW.path) !== undefined;
			const flow = await toBeDeleted(call, client, id);
			await deleteResource(client, DATAFLOW, id).catch((error: unknown) => {
				// An earlier try has deleted it.
				if (wasTried && isProblem(error, 'notFound')) return;
				throw withConnections ? namingEnds(error, flow) : asIs(error);
			});
			if (withConnections) await deleteEnds(client, flow);
			return dataflowOutput(client, flow, {
				action: 'deleted',
				more: { deleted: true, connectionsDeleted: withConnections },
			});
		};
	},
};

/**
 * Where an earlier try has deleted the dataflow without an answer, only that try still knows its
 * connections.
 */
async function toBeDeleted(
	{ memory }: OperationCall,
	client: ItemClient,
	id: string,
): Promise<Dataflow> {
	const before = memory.recall<Dataflow>(DATAFLOW.path);
	const flow = await getResource(client, DATAFLOW, id).catch((error: unknown) => {
		if (before === undefined || !isProblem(error, 'notFound')) throw asIs(error);
		return before;
	});
	memory.keep(DATAFLOW.path, flow);
	return flow;
}

/** Once the dataflow is gone, nothing but this error knows its connections. */
function namingEnds(
	error: unknown,
	{ sourceConnectionIds, targetConnectionIds }: Dataflow,
): unknown {
	if (!hasUnknownOutcome(error)) return error;
	const left = [
		...sourceConnectionIds.map((id) => `the source connection ${id}`),
		...targetConnectionIds.map((id) => `the target connection ${id}`),
	];
	if (left.length === 0) return error;
	return error
		.noting(
			`Execute the node again; if the dataflow is not found any more, it was deleted, but not ${left.join(' and ')}.`,
		)
		.detailing({ leftBehind: left.join('; ') });
}

/** @throws Problem that says what is left; the dataflow is gone by then */
async function deleteEnds(client: ItemClient, flow: Dataflow): Promise<void> {
	const ends = [
		...flow.sourceConnectionIds.map((id) => ({ kind: SOURCE_CONNECTION, id })),
		...flow.targetConnectionIds.map((id) => ({ kind: TARGET_CONNECTION, id })),
	];
	const left: string[] = [];
	let first: unknown;
	for (const { kind, id } of ends) {
		try {
			await ignoringNotFound(deleteResource(client, kind, id));
		} catch (error) {
			first ??= error;
			left.push(`the ${kind.one} ${id}`);
		}
	}
	if (left.length === 0) return;
	throw toProblem(first)
		.leadingTo(`The dataflow was deleted, but not ${left.join(' and ')}`)
		.noting('Another dataflow may use what is left.')
		.detailing({ leftBehind: left.join('; ') });
}
