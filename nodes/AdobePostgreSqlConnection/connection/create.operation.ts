import type { IDataObject } from 'n8n-workflow';

import { StateReader } from '../../adobe/connectionBatches';
import type { MadeConnection } from '../../adobe/lostWrites/connectionCreations';
import { createConnectionOnce } from '../../adobe/lostWrites/connectionCreations';
import { CONNECTION } from '../../adobe/connections';
import { MadeLately } from '../../adobe/lostWrites/madeLately';
import { optionsCollection } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { completeOutput, connectionOutput, possibleDuplicates } from '../../outputs/connection';
import type { ItemClient } from '../../platform/client';
import { asIs } from '../../platform/errors/problem';
import { newConnectionParameters, newNameParameter, readNewConnection } from './parameters';
import { tlsOptions } from './databaseDetails';
import { fingerprintOf, rememberSent } from './upsert/detailsFingerprint';
import { isRemovedAgain, verifyNewConnection, verifyParameter } from './verify';

/** A try after one that has created the connection and could not verify it goes on with that. */
const MADE = 'made connection';

/** Its state is what reads the states of all new connections together. */
export const create: Operation<StateReader> = {
	value: 'create',
	name: 'Create',
	action: 'Create a connection',
	description: 'Always create a new connection. Use Create or Update to avoid duplicates.',
	subject: newNameParameter,
	parameters: [...newConnectionParameters, optionsCollection(tlsOptions)],
	begin: () => new StateReader(),
	async prepare(call) {
		const { connection, cloud } = await readNewConnection(call);
		const { name, description, authMode } = connection;
		const verify = call.parameters.boolean(verifyParameter);
		return async () => {
			const client = call.openClient();
			// Before the request: until the first answer is here, there is time for it.
			const fingerprint = fingerprintOf(client, connection);
			const wanted = { ...connection, description: description === '' ? undefined : description };
			const created =
				call.memory.recall<MadeConnection>(MADE) ??
				(await createConnectionOnce(client, wanted, { memory: call.memory }));
			call.memory.keep(MADE, created);
			// Of an adopted one it is not known what was sent last.
			if (!created.adopted) rememberSent(created.id, fingerprint);
			new MadeLately(CONNECTION.path).note(client, name, created.id);
			const ready = verify
				? await verifyNewConnection(client, created).catch((error: unknown) => {
						if (isRemovedAgain(error)) call.memory.keep(MADE, undefined);
						throw asIs(error);
					})
				: undefined;
			const json = connectionOutput(client, {
				connectionId: created.id,
				etag: ready?.etag ?? created.etag,
				name,
				state: ready?.state,
				action: 'created',
				verified: verify ? true : undefined,
				cloud,
				authMode,
				more: possibleDuplicates(created),
			});
			if (ready === undefined) readState(call.state, client, json);
			return json;
		};
	},
	async complete(outcomes, run) {
		await run.state.finish();
		// An item that had used up its time could not ask.
		for (const { itemIndex, json } of outcomes) {
			if (json.state === undefined) readState(run.state, run.clientOf(itemIndex), json);
		}
		await run.state.finish();
	},
};

function readState(reader: StateReader, client: ItemClient, json: IDataObject): void {
	reader.add(client, String(json.connectionId), (connection) => completeOutput(json, connection));
}
