import type { StoredConnection } from './connection.mts';
import { SECRET_PARAMS } from './postgreSqlSpec.mts';

/** A connection as the API shows it: flow-service.md 4.3. */
export type ConnectionView = Omit<StoredConnection, 'sequence' | 'pollsLeft' | 'etag'> & {
	version?: string;
	etag?: string;
};

/**
 * Shows a connection.
 *
 * @param secrets flow-service.md 4.3 ⚠UNV: samples show a placeholder for the value of a secret key;
 * what the live service shows is not known
 */
export function viewConnection(
	connection: StoredConnection,
	secrets: 'absent' | 'placeholder' | 'clear',
): ConnectionView {
	const { sequence: _, pollsLeft: __, etag, lastOperation, ...shown } = connection;
	const params = Object.entries(connection.auth.params).flatMap(([key, value]) => {
		if (secrets === 'clear' || !SECRET_PARAMS.includes(key)) return [[key, value]];
		return secrets === 'placeholder' ? [[key, '********']] : [];
	});
	return {
		...shown,
		auth: {
			specName: connection.auth.specName,
			params: Object.fromEntries(params) as Record<string, unknown>,
		},
		// flow-service.md 2.4: while initializing the sample has neither; 2.8: else they are the same.
		...(connection.state === 'initializing' ? {} : { version: etag, etag }),
		lastOperation,
	};
}
