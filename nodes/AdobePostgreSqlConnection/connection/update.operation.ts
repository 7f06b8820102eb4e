import type { INodeProperties } from 'n8n-workflow';

import type { ConnectionChanges } from '../../adobe/connectionUpdate';
import { updateConnection } from '../../adobe/connectionUpdate';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter } from '../../locators/locators';
import {
	descriptionFieldOf,
	nameFieldOf,
	optionsCollection,
	readNewName,
	readOptions,
	updateFieldsCollection,
} from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import type { Cloud } from '../../outputs/connection';
import { outputOf } from '../../outputs/connection';
import { databaseDetailsParameters, readAuthParams, tlsParameters } from './databaseDetails';
import { cloudParameters, readCloudAndAuthMode } from './parameters';
import { fingerprintOf, rememberSent } from './upsert/detailsFingerprint';
import { verifyChangedConnection, verifyOption } from './verify';

const replaceDetailsParameter: INodeProperties = {
	displayName: 'Replace Database Details',
	name: 'replaceDatabaseDetails',
	type: 'boolean',
	default: false,
	description:
		'Whether to give Adobe all database details anew, e.g. a new password. Dataflows that use the connection go on with them.',
};

const descriptionField = descriptionFieldOf(
	'What the connection is for; empty takes the description away',
);
const nameField = nameFieldOf('The new name of the connection');
const updateFields = updateFieldsCollection([descriptionField, nameField]);

const detailsParameters = [...cloudParameters, ...databaseDetailsParameters, ...tlsParameters].map(
	(parameter): INodeProperties => ({
		...parameter,
		displayOptions: {
			show: { ...parameter.displayOptions?.show, [replaceDetailsParameter.name]: [true] },
		},
	}),
);

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a connection',
	description:
		'Change the name, the description or all database details of a base connection; it keeps its ID, and nothing is sent where nothing differs',
	parameters: [
		connectionIdParameter,
		replaceDetailsParameter,
		...detailsParameters,
		updateFields,
		optionsCollection([verifyOption]),
	],
	async prepare(call) {
		const wanted = locateConnection(call);
		const { changes, cloud } = await readChanges(call);
		const verify = readOptions(call.parameters).boolean(verifyOption) ?? false;
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const { before, etag, action } = await updateConnection(client, id, changes);
			if (changes.auth !== undefined) rememberSent(id, fingerprintOf(client, changes.auth));
			const connection = verify ? await verifyChangedConnection(client, id) : before;
			return {
				...outputOf(connection, client.sandboxName),
				...(verify ? {} : { etag: etag ?? null, name: changes.name ?? before.name ?? null }),
				...(cloud === undefined ? {} : { cloud }),
				...(changes.auth === undefined ? {} : { authMode: changes.auth.authMode }),
				action,
				...(verify ? { verified: true } : {}),
			};
		};
	},
};

async function readChanges(
	call: OperationCall,
): Promise<{ changes: ConnectionChanges; cloud?: Cloud }> {
	const fields = call.parameters.collection(updateFields);
	const changes: ConnectionChanges = {
		name: readNewName(fields, nameField),
		description: fields.text(descriptionField)?.trim(),
	};
	if (!call.parameters.boolean(replaceDetailsParameter)) return { changes };
	const { cloud, authMode } = readCloudAndAuthMode(call.parameters);
	const params = await readAuthParams(call, authMode);
	return { changes: { ...changes, auth: { authMode, params } }, cloud };
}
