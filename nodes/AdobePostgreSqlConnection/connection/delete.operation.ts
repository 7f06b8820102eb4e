import { deleteResource, getResource } from '../../adobe/collection';
import { CONNECTION } from '../../adobe/connections';
import { findFlows } from '../../adobe/dataflows';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import type { Operation } from '../../operation/operation';
import { optionsCollection } from '../../operation/commonParameters';
import type { ItemClient } from '../../platform/client';
import { isProblem } from '../../platform/errors/problem';
import { asRead, connectionOutput } from '../../outputs/connection';

const MAX_DATAFLOWS_NAMED = 20;

export const deleteOperation: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a connection',
	description:
		'Delete a connection permanently. Adobe refuses while a dataflow uses it; the error lists those dataflows.',
	parameters: [connectionIdParameter, optionsCollection()],
	async prepare(call) {
		const wanted = locateConnection(call);
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const connection = await getResource(client, CONNECTION, id);
			try {
				await deleteResource(client, CONNECTION, id);
			} catch (error) {
				throw await withDataflows(client, id, error);
			}
			return connectionOutput(client, {
				...asRead(connection),
				action: 'deleted',
				more: { deleted: true },
			});
		};
	},
};

async function withDataflows(client: ItemClient, id: string, error: unknown): Promise<unknown> {
	if (!isProblem(error, 'inUse')) return error;
	return error
		.retitled(`The connection '${id}' is used by dataflows and was not deleted`)
		.advising(`Delete these dataflows first: ${await namesOfDataflows(client, id)}.`);
}

/** Naming them only helps: where they can't be read, the user must still see Adobe's error. */
async function namesOfDataflows(client: ItemClient, id: string): Promise<string> {
	try {
		const flows = await findFlows(client, { connectionId: id }, MAX_DATAFLOWS_NAMED);
		const names = flows.map(({ id: flowId, name }) =>
			name === undefined ? flowId : `'${name}' (${flowId})`,
		);
		if (names.length > 0) return names.join(', ');
	} catch {
		return 'they could not be listed; Experience Platform shows them under Sources > Accounts';
	}
	return 'Experience Platform shows them under Sources > Accounts';
}
