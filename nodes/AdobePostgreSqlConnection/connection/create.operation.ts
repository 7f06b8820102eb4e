import { StateReader } from '../../adobe/connectionBatches';
import { ConnectionCreations } from '../../adobe/lostWrites/connectionCreations';
import { optionsCollection, readOptions } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { connectionOutput } from '../../outputs/connection';
import { newConnectionParameters, readNewConnection } from './parameters';
import { fingerprintOf, rememberSent } from './upsert/detailsFingerprint';
import { verifyNewConnection, verifyOption } from './verify';

/** What the items of one execution of Create have in common. */
interface CreateRun {
	creations: ConnectionCreations;
	stateReader: StateReader;
}

export const create: Operation<CreateRun> = {
	value: 'create',
	name: 'Create',
	action: 'Create a connection',
	description:
		'Create a PostgreSQL base connection in Adobe Experience Platform and pass its connectionId on; each call makes another one, also under the same name',
	parameters: [...newConnectionParameters, optionsCollection([verifyOption])],
	begin: () => ({ creations: new ConnectionCreations(), stateReader: new StateReader() }),
	async prepare(call) {
		const { creations, stateReader } = call.state;
		const { connection, cloud } = await readNewConnection(call);
		const { name, description, authMode } = connection;
		const verify = readOptions(call.parameters).boolean(verifyOption) ?? false;
		return async () => {
			const client = call.openClient();
			// Before the request: until the first answer is here, there is time for it.
			const fingerprint = fingerprintOf(client, connection);
			const created = await creations.create(client, {
				...connection,
				description: description === '' ? undefined : description,
			});
			// Of an adopted one it is not known what was sent last.
			if (!created.adopted) rememberSent(created.id, fingerprint);
			const ready = verify ? await verifyNewConnection(client, created) : undefined;
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
			};
			if (ready === undefined) stateReader.add(client, created.id, json);
			return json;
		};
	},
	async complete(_outcomes, run) {
		await run.state.stateReader.finish();
	},
};
