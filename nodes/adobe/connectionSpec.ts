import type { ItemClient } from '../platform/client';
import { asRecord, recordsOf, stringsOf } from '../platform/json';
import { FLOW_SERVICE } from './collection';

/** Adobe's connection spec for PostgreSQL, the same on Azure and on AWS (Adobe's PostgreSQL tutorial). */
export const POSTGRESQL_CONNECTION_SPEC = {
	id: '74a1c565-4e59-48d7-9d67-7c03b8a13137',
	version: '1.0',
} as const;

/** The names of its two auth specs, as `auth.specName` wants them. */
export const AUTH_SPEC_NAMES = {
	connectionString: 'Connection String Based Authentication',
	basic: 'Basic Authentication',
} as const;

export type AuthMode = keyof typeof AUTH_SPEC_NAMES;

/** The auth mode behind a spec name; undefined for names this package does not know. */
export function authModeOf(specName: unknown): AuthMode | undefined {
	return (Object.keys(AUTH_SPEC_NAMES) as AuthMode[]).find(
		(mode) => AUTH_SPEC_NAMES[mode] === specName,
	);
}

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
	const [spec] = recordsOf(asRecord(answer.body)?.items);
	const basic = recordsOf(spec?.authSpec).find(({ name }) => name === AUTH_SPEC_NAMES.basic);
	const properties = asRecord(asRecord(basic?.spec)?.properties);
	return stringsOf(asRecord(properties?.sslMode)?.enum);
}
