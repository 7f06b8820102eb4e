import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { ConnectionStep, WantedConnection } from './scenario.mts';

const SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };

/** The node's parameters for a step, and its input. */
export function parametersOf({ kind, cloud, items, verify, timeoutMs }: ConnectionStep): {
	parameters: INodeParameters;
	items: INodeExecutionData[];
} {
	const rows: Array<Record<string, string>> = items.map((item) => ({ ...fieldsOf(item), cloud }));
	const [first = {}] = rows;
	// An expression takes n8n a millisecond, so what is the same for all items is written out.
	const parameters = Object.fromEntries(
		Object.keys(first).map((field) => [
			field,
			rows.every((row) => row[field] === first[field]) ? first[field] : `={{ $json.${field} }}`,
		]),
	);
	const { description, ...more } = parameters;
	return {
		parameters: {
			resource: 'connection',
			operation: kind,
			databaseDetails: 'parameters',
			...more,
			additionalFields: description === undefined ? {} : { description },
			// Where the parameter is, before and after it became one of the first level.
			verify,
			options: { timeout: timeoutMs, verify },
		} as INodeParameters,
		items: rows.map((json) => ({ json })),
	};
}

function fieldsOf(wanted: WantedConnection): Record<string, string> {
	const { name, description, authMode, database, password } = wanted;
	const { server, port, username } = database;
	return {
		name,
		description: description ?? '',
		authMode,
		connectionString: connectionString(wanted),
		server,
		port: String(port),
		database: database.database,
		username,
		password,
		sslMode: 'Require',
	};
}

function connectionString({ database, password }: WantedConnection): string {
	const { server, port, username } = database;
	return `Server=${server};Database=${database.database};Port=${port};UID=${username};Password=${password}`;
}

/** The same as somebody who uses the API alone would create it. */
export function createBody(wanted: WantedConnection) {
	const { name, description, authMode, database, password } = wanted;
	const { server, port, username } = database;
	const params =
		authMode === 'connectionString'
			? { connectionString: connectionString(wanted) }
			: {
					server,
					port: String(port),
					database: database.database,
					username,
					password,
					sslMode: 'Require',
				};
	const specName =
		authMode === 'connectionString'
			? 'Connection String Based Authentication'
			: 'Basic Authentication';
	return {
		name,
		...(description === undefined ? {} : { description }),
		auth: { specName, params },
		connectionSpec: SPEC,
	};
}
