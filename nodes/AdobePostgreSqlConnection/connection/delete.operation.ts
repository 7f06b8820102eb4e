import { deleteConnection, getConnection } from '../../adobe/connections';
import { dataflowsOf } from '../../adobe/dataflows';
import { connectionIdParameter, readConnectionId } from '../../locators/locators';
import type { Operation } from '../../operation/operation';
import { optionsCollection } from '../../operation/commonParameters';
import type { ItemClient } from '../../platform/client';
import { Problem } from '../../platform/errors/problem';
import { outputOf } from '../../outputs/connection';

const IN_USE = 'FLOW-1418-400';

export const deleteOperation: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a connection',
	description:
		'Delete a base connection for good; Adobe refuses while a dataflow uses it, and the error names the dataflows',
	parameters: [connectionIdParameter, optionsCollection()],
	async prepare(call) {
		const id = readConnectionId(call.parameters);
		return async () => {
			const client = call.openClient();
			const connection = await getConnection(client, id);
			try {
				await deleteConnection(client, id);
			} catch (error) {
				throw await withDataflows(client, id, error);
			}
			return { ...outputOf(connection, client.sandboxName), action: 'deleted', deleted: true };
		};
	},
};

async function withDataflows(client: ItemClient, id: string, error: unknown): Promise<unknown> {
	if (!(error instanceof Problem) || error.details.code !== IN_USE) return error;
	return error.with({
		message: `The connection '${id}' is used by dataflows and was not deleted`,
		description: `Delete these dataflows first: ${await namesOfDataflows(client, id)}. ${error.description}`,
	});
}

/** Naming them only helps: where they can't be read, the user must still see Adobe's error. */
async function namesOfDataflows(client: ItemClient, id: string): Promise<string> {
	try {
		const names = (await dataflowsOf(client, id)).map(({ id: flowId, name }) =>
			name === undefined ? flowId : `'${name}' (${flowId})`,
		);
		if (names.length > 0) return names.join(', ');
	} catch {
		return 'they could not be listed; Experience Platform shows them under Sources > Accounts';
	}
	return 'Experience Platform shows them under Sources > Accounts';
}
