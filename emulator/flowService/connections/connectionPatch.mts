import { FlowError } from '../flowErrors.mts';
import { readDescription, readName } from '../input.mts';
import { applyPatch, type Operation } from '../jsonPatch.mts';
import type { Changeable, StoredConnection } from './connection.mts';
import { readAuth } from './connectionInput.mts';
import type { ConnectionSpec } from './postgreSqlSpec.mts';

/**
 * What may be changed: flow-service.md 4.4. The two ways to switch the way to log in and the single
 * parameter are ⚠UNV there.
 */
const PATCHABLE = /^\/(name|description|auth|auth\/specName|auth\/params|auth\/params\/[^/]+)$/;

/**
 * Works out what a connection is to become. Nothing is written to it, and the result is checked as a
 * whole, like a new connection: two operations together may do what neither could alone, and one that
 * is wrong fails all.
 *
 * @throws FlowError 1414, 1365, 1304, 1312 or 1415
 */
export function applyConnectionPatch(
	connection: StoredConnection,
	operations: Operation[],
	specs: ConnectionSpec[],
): Changeable {
	const spec = specs.find(({ id }) => id === connection.connectionSpec.id);
	if (spec === undefined) throw new Error('a connection without a connection spec');
	const { name, description, auth } = connection;
	const members = description === undefined ? { name, auth } : { name, description, auth };
	const target = structuredClone<Record<string, unknown>>(members);
	for (const operation of operations) {
		if (operation.path[0] === 'connectionSpec') {
			throw new FlowError('FLOW-1414-400', 'The connectionSpec of a connection is immutable.');
		}
		applyPatch(target, [operation], PATCHABLE);
	}

	return {
		name: readName(target['name']),
		...readDescription(target['description']),
		auth: readAuth(target['auth'], spec),
	};
}
