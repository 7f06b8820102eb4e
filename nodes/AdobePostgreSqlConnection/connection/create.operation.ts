import { StateReader } from '../../adobe/connectionBatches';
import type { MadeConnection } from '../../adobe/lostWrites/connectionCreations';
import { createConnectionOnce } from '../../adobe/lostWrites/connectionCreations';
import { CONNECTION } from '../../adobe/connections';
import { MadeLately } from '../../adobe/lostWrites/madeLately';
import { optionsCollection, readOptions } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { connectionOutput, possibleDuplicates } from '../../outputs/connection';
import { asIs } from '../../platform/errors/problem';
import { newConnectionParameters, readNewConnection } from './parameters';
import { fingerprintOf, rememberSent } from './upsert/detailsFingerprint';
import { isRemovedAgain, verifyNewConnection, verifyOption } from './verify';

/** A try after one that has created the connection and could not verify it goes on with that. */
const MADE = 'made connection';

/** Its state is what reads the states of all new connections together. */
export const create: Operation<StateReader> = {
	value: 'create',
	name: 'Create',
	action: 'Create a connection',
	description:
		'Create a PostgreSQL base connection in Adobe Experience Platform and pass its connectionId on; each call makes another one, also under the same name',
	parameters: [...newConnectionParameters, optionsCollection([verifyOption])],
	begin: () => new StateReader(),
	async prepare(call) {
		const { connection, cloud } = await readNewConnection(call);
		const { name, description, authMode } = connection;
		const verify = readOptions(call.parameters).boolean(verifyOption) ?? false;
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
			const json = {
				...connectionOutput({
					connectionId: created.id,
					etag: ready?.etag ?? created.etag,
					name,
					state: ready?.state,
					cloud,
					authMode,
					sandboxName: client.sandboxName,
				}),
				action: 'created',
				...(verify ? { verified: true } : {}),
				...possibleDuplicates(created),
			};
			if (ready === undefined) call.state.add(client, created.id, json);
			return json;
		};
	},
	async complete(outcomes, run) {
		await run.state.finish();
		// An item that had used up its time could not ask.
		for (const { itemIndex, json } of outcomes) {
			if (json.state === null) run.state.add(run.clientOf(itemIndex), String(json.id), json);
		}
		await run.state.finish();
	},
};
