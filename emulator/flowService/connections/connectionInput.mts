import { isPort } from '../../postgresql/connectionString.mts';
import { readSslMode } from '../../postgresql/encryption.mts';
import { FlowError } from '../flowErrors.mts';
import { invalid, members, missing, readName } from '../input.mts';
import type { ConnectionAuth, NewConnection } from './connection.mts';
import type { ConnectionSpec } from './postgreSqlSpec.mts';

/** What a client sends to create a connection: flow-service.md 4.2. */
export type ConnectionInput = Pick<
	NewConnection,
	'name' | 'description' | 'connectionSpec' | 'auth'
>;

/**
 * Checks the body of a create request: flow-service.md 4.2, 2.6.1 (FLOW) and 2.6.2 (CONNECTOR; that
 * prefix for API errors is ⚠UNV there).
 *
 * @param specs the connection specs of this cloud; on AWS they lack the connection string
 * @throws FlowError 1413, 1415, 1304 or 1312; a message names the parameter and never its value
 */
export function readConnectionInput(body: unknown, specs: ConnectionSpec[]): ConnectionInput {
	const { name, description, connectionSpec, auth } = members(body);
	const { id, version } = members(connectionSpec);
	const spec = specs.find((one) => one.id === id);
	// flow-service.md 4.2 ⚠CONFLICT: without a version the latest one is meant.
	if (spec === undefined || (version !== undefined && version !== spec.version)) {
		throw new FlowError('FLOW-1413-400', 'The connection spec id is invalid.');
	}
	return {
		name: readName(name),
		...(typeof description === 'string' ? { description } : {}),
		connectionSpec: { id: spec.id, version: spec.version },
		auth: readAuth(auth, spec),
	};
}

/**
 * Checks `auth` against what the connection spec says about the way to log in.
 *
 * @throws FlowError 1415, 1304 or 1312; a message names the parameter and never its value
 */
export function readAuth(auth: unknown, spec: ConnectionSpec): ConnectionAuth {
	const { specName, params } = members(auth);
	const authSpec = spec.authSpec.find((one) => one.name === specName);
	if (authSpec === undefined) {
		const known = spec.authSpec.map((one) => `"${one.name}"`).join(', ');
		throw new FlowError(
			'FLOW-1415-400',
			`The auth spec named by specName is not found for the connection spec ${spec.id}. Known: ${known}.`,
		);
	}
	const given = members(params);
	for (const required of authSpec.spec.required) {
		if ([undefined, null, ''].includes(given[required] as never)) throw missing(required);
	}
	for (const key of Object.keys(authSpec.spec.properties)) {
		const value = given[key];
		if (value === undefined) continue;
		// ⚠UNV flow-service.md 3.3: every sample sends strings, so a JSON number or boolean is rejected.
		if (typeof value !== 'string') throw invalid(key, 'it must be a string');
		if (key === 'port' && !isPort(value)) throw invalid(key, 'it must be 1 to 65535');
		// flow-service.md 3.4: either cloud accepts the union of the documented spellings.
		if (key === 'sslMode' && readSslMode(value) === undefined) {
			throw invalid(key, 'it is not one of the allowed values');
		}
	}
	return { specName: authSpec.name, params: { ...given } };
}
