import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { Namespace } from '../../adobe/profile/namespaces';
import { listNamespaces } from '../../adobe/profile/namespaces';
import { withClient } from '../../locators/editorClient';
import { identityColumnsOf } from '../dataflow/create/profile/checkIdentity';
import { columnsOfTable } from './getDeltaColumns';

/** The columns that can say whom a row is about; the empty value stands for none. */
export async function getIdentityColumns(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const columns = await withClient(this, async (client) => await columnsOfTable(this, client));
	return [
		{ name: 'None', value: '', description: 'A dataset without identity' },
		...identityColumnsOf(columns).map(({ name }) => ({ name, value: name })),
	];
}

/** The namespaces in use, by their names. */
export async function getIdentityNamespaces(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const namespaces = await withClient(this, listNamespaces);
	return namespaces
		.map(toOption)
		.sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
}

function toOption({ code, name, idType }: Namespace): INodePropertyOptions {
	return {
		name: name === undefined || name === code ? code : `${name} (${code})`,
		value: code,
		...(idType === undefined ? {} : { description: `Type: ${idType}` }),
	};
}
