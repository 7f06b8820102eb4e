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
	updateFieldsCollection,
} from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import type { Cloud } from '../../outputs/connection';
import { asRead, connectionOutput } from '../../outputs/connection';
import { databaseDetailsParameters, readAuthParams, tlsOptions } from './databaseDetails';
import { cloudParameters, readCloudAndAuthMode } from './parameters';
import { fingerprintOf, rememberSent } from './upsert/detailsFingerprint';
import { verifyChangedConnection, verifyParameter } from './verify';

const replaceDetailsParameter: INodeProperties = {
	displayName: 'Replace Database Details',
	name: 'replaceDatabaseDetails',
	type: 'boolean',
	default: false,
	description:
		'Whether to send all database details again, e.g. with a new password. Dataflows that use the connection continue with them.',
};

const descriptionField = descriptionFieldOf(
	'What the connection is for. Leave empty to remove the description.',
);
const nameField = nameFieldOf('New name of the connection');
const updateFields = updateFieldsCollection([descriptionField, nameField]);

const detailsParameters = [...cloudParameters, ...databaseDetailsParameters].map((parameter) =>
	shownWith(replaceDetailsParameter.name, parameter),
);
const detailsOptions = tlsOptions.map((option) =>
	shownWith(`/${replaceDetailsParameter.name}`, option),
);

function shownWith(switchName: string, parameter: INodeProperties): INodeProperties {
	const show = { ...parameter.displayOptions?.show, [switchName]: [true] };
	return { ...parameter, displayOptions: { show } };
}

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a connection',
	description: 'Change the name, description or database details. The ID stays the same.',
	parameters: [
		connectionIdParameter,
		replaceDetailsParameter,
		...detailsParameters,
		verifyParameter,
		updateFields,
		optionsCollection(detailsOptions),
	],
	async prepare(call) {
		const wanted = locateConnection(call);
		const { changes, cloud } = await readChanges(call);
		const verify = call.parameters.boolean(verifyParameter);
		return async () => {
			const client = call.openClient();
			const id = await wanted.id(client);
			const { before, etag, action } = await updateConnection(client, id, changes);
			if (changes.auth !== undefined) rememberSent(id, fingerprintOf(client, changes.auth));
			const connection = verify
				? await verifyChangedConnection(client, id, {
						action,
						sentDetails: changes.auth !== undefined,
					})
				: { ...before, etag, name: changes.name ?? before.name };
			const read = asRead(connection);
			return connectionOutput(client, {
				...read,
				action,
				verified: verify ? true : undefined,
				cloud: cloud ?? read.cloud,
				authMode: changes.auth?.authMode ?? read.authMode,
			});
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
