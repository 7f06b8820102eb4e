/** flow-service.md 0.1, 3.1 */
export const POSTGRESQL_SPEC_ID = '74a1c565-4e59-48d7-9d67-7c03b8a13137';
export const CONNECTION_STRING_AUTH = 'Connection String Based Authentication';
export const BASIC_AUTH = 'Basic Authentication';

const SCHEMA = 'http://json-schema.org/draft-07/schema#';
const TEXT = { type: 'string' };
const SECRET = { type: 'string', format: 'password' };

/** The parameters of each way to log in whose values are secrets. */
export const SECRET_PARAMS = ['password', 'connectionString'];

/** One entry of a connection spec's `authSpec`. */
export interface AuthSpec {
	name: string;
	type: string;
	spec: {
		$schema: string;
		type: 'object';
		properties: Record<string, { type: string; format?: string; enum?: string[] }>;
		required: string[];
	};
}

/** A connection spec, as far as the emulator reads it itself. */
export interface ConnectionSpec {
	id: string;
	name: string;
	providerId: string;
	version: string;
	authSpec: AuthSpec[];
	attributes: Record<string, unknown>;
	[other: string]: unknown;
}

/**
 * The PostgreSQL source as `GET /connectionSpecs/{id}` presents it: flow-service.md 3.5, where its
 * `authSpec` is a reconstruction ⚠UNV.
 *
 * On AWS only basic authentication is offered (3.2), and of `sslMode` the two values of the newer
 * tutorial (3.4, its ⚠CONFLICT): offering those that the node must be able to send is the point;
 * what is accepted on either cloud is the union, see `postgresql/encryption.mts`.
 */
export function postgreSqlSpec(cloud: 'azure' | 'aws'): ConnectionSpec {
	const connectionString: AuthSpec = {
		name: CONNECTION_STRING_AUTH,
		type: 'connectionStringAuth',
		spec: {
			$schema: SCHEMA,
			type: 'object',
			properties: { connectionString: SECRET },
			required: ['connectionString'],
		},
	};
	const sslModes =
		cloud === 'aws'
			? ['true', 'false']
			: ['Disable', 'Allow', 'Prefer', 'Require', 'Verify Ca', 'Verify Full'];
	const basic: AuthSpec = {
		name: BASIC_AUTH,
		type: 'basicAuthentication',
		spec: {
			$schema: SCHEMA,
			type: 'object',
			properties: {
				server: TEXT,
				port: TEXT,
				database: TEXT,
				username: TEXT,
				password: SECRET,
				sslMode: { type: 'string', enum: sslModes },
			},
			required: ['server', 'database', 'username', 'password'],
		},
	};
	const column = { type: 'object', properties: { name: TEXT, type: TEXT } };
	return {
		id: POSTGRESQL_SPEC_ID,
		name: 'postgre-sql',
		providerId: '0ed90a81-07f4-4586-8190-b40eccef1c5a',
		version: '1.0',
		authSpec: cloud === 'aws' ? [basic] : [connectionString, basic],
		sourceSpec: {
			spec: {
				type: 'object',
				properties: { tableName: TEXT, columns: { type: 'array', items: column } },
				required: ['tableName'],
			},
			attributes: { uiAttributes: { isSource: true, category: { key: 'database' } } },
		},
		exploreSpec: { name: 'Tabular', type: 'Tabular', requestSpec: {}, responseSpec: {} },
		attributes: {
			category: 'Databases',
			connectorName: 'PostgreSQL',
			isSource: true,
			uiAttributes: { apiFeatures: { explorePaginationSupported: false } },
		},
		permissionsInfo: {
			manage: [{ '@type': 'lowLevel', name: 'EnterpriseSource', permissions: ['write'] }],
			view: [{ '@type': 'lowLevel', name: 'EnterpriseSource', permissions: ['read'] }],
		},
	};
}
