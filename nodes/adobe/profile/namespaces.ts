import type { ItemClient } from '../../platform/client';
import { asRecords, textOf } from '../../platform/json';
import type { PlatformRequest } from '../../platform/request';
import { requestValue } from '../answers';

/** A kind of identity, such as e-mail addresses. */
export interface Namespace {
	/** What descriptors name it by, e.g. `Email`. */
	code: string;
	name?: string;
	/** Adobe's word, e.g. `CROSS_DEVICE`, `EMAIL`. */
	idType?: string;
}

/** `GET /data/core/idnamespace/identities`: 200, an array; those that are in use. */
export async function listNamespaces(client: ItemClient): Promise<Namespace[]> {
	const request: PlatformRequest = {
		method: 'GET',
		path: ['data', 'core', 'idnamespace', 'identities'],
		operation: 'Get many identity namespaces',
		permission: 'View Identity Namespaces',
	};
	const namespaces = await requestValue(client, request, 'an array of namespaces', asRecords);
	return namespaces.flatMap((one) => {
		const code = textOf(one.code);
		// One without a state is in use, as far as anybody knows.
		if (code === undefined || (textOf(one.status) ?? 'ACTIVE').toUpperCase() !== 'ACTIVE')
			return [];
		return [{ code, name: textOf(one.name), idType: textOf(one.idType) }];
	});
}
