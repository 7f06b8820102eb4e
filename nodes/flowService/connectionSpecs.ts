import type { ItemClient } from '../platform/client';
import { asRecord, textOf } from '../platform/shape';
import { AUTH_SPEC_NAMES, POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { FLOW_SERVICE } from './path';

/**
 * The values of `sslMode` that the live connection spec lists for basic authentication; empty when
 * the spec lists none. `GET /connectionSpecs/{id}` answers `{ items: [spec] }`.
 */
export async function listSslModes(client: ItemClient): Promise<string[]> {
	const answer = await client.request({
		method: 'GET',
		path: [...FLOW_SERVICE, 'connectionSpecs', POSTGRESQL_CONNECTION_SPEC.id],
		operation: "Read PostgreSQL's connection spec",
		permission: 'View Sources',
		subject: "PostgreSQL's connection spec",
	});
	const items = asRecord(answer.body)?.items;
	const spec = asRecord(Array.isArray(items) ? items[0] : undefined);
	const authSpecs = Array.isArray(spec?.authSpec) ? spec.authSpec.map(asRecord) : [];
	const basic = authSpecs.find((authSpec) => authSpec?.name === AUTH_SPEC_NAMES.basic);
	const properties = asRecord(asRecord(basic?.spec)?.properties);
	const values = asRecord(properties?.sslMode)?.enum;
	return Array.isArray(values)
		? values.filter((value) => textOf(value) !== undefined).map(String)
		: [];
}
