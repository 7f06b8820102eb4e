import type { ItemClient } from '../platform/client';
import { asRecord } from '../platform/json';
import type { ListOptions, Reference, Resource, ResourceKind, ResourcePage } from './collection';
import { createResource, findResources, listResources } from './collection';
import type { AuthMode } from './connectionSpec';
import { AUTH_SPEC_NAMES, authModeOf, POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { nameFilter } from './filters/nameFilter';

/** What a base connection is created from. */
export interface NewConnection {
	name: string;
	description?: string;
	authMode: AuthMode;
	/** `{ connectionString }`, or the six strings of basic authentication. */
	params: Record<string, string>;
}

/** A base connection as `GET /connections` returns it. */
export interface BaseConnection extends Resource {
	authMode?: AuthMode;
}

/** Flow Service's collection of base connections. */
export const CONNECTION: ResourceKind<BaseConnection> = {
	path: 'connections',
	one: 'connection',
	read: (resource) => ({
		...resource,
		authMode: authModeOf(asRecord(resource.raw.auth)?.specName),
	}),
};

/**
 * `POST /connections`: 201 `{ id, etag }`. It is not idempotent; `createConnectionOnce` sends it once,
 * whatever happens.
 *
 * @param onSend called when it has had its turn, and Adobe may get it from then on
 * @throws Problem
 */
export async function createConnection(
	client: ItemClient,
	{ name, description, authMode, params }: NewConnection,
	onSend?: () => void,
): Promise<Reference> {
	const body = {
		name,
		...(description === undefined ? {} : { description }),
		auth: { specName: AUTH_SPEC_NAMES[authMode], params },
		connectionSpec: { ...POSTGRESQL_CONNECTION_SPEC },
	};
	return await createResource(client, CONNECTION, body, onSend);
}

/**
 * `GET /connections`, the base connections of one connection spec, one page.
 *
 * @param connectionSpecId PostgreSQL's by default
 */
export async function listConnections(
	client: ItemClient,
	options: ListOptions,
	connectionSpecId?: string,
): Promise<ResourcePage<BaseConnection>> {
	return await listResources(client, CONNECTION, {
		...options,
		filters: [specFilter(connectionSpecId), ...(options.filters ?? [])],
	});
}

function specFilter(id: string = POSTGRESQL_CONNECTION_SPEC.id): string {
	return `connectionSpec.id==${id}`;
}

/** What Adobe shows of `auth.params`; whether secrets are among it is not documented. */
export function paramsOf(connection: BaseConnection): Record<string, unknown> {
	return asRecord(asRecord(connection.raw.auth)?.params) ?? {};
}

/** Which base connections to find; what is left out does not matter. */
export interface ConnectionQuery {
	/** Exact name, case-sensitive. */
	name?: string;
	/** Several such names; any of them fits. */
	names?: readonly string[];
	state?: string;
	/** PostgreSQL's by default. */
	connectionSpecId?: string;
	/** A field, descending with `-` in front. */
	orderBy?: string;
}

/**
 * All base connections that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at most; all by default
 * @param seen is shown each page as it came
 */
export async function findConnections(
	client: ItemClient,
	query: ConnectionQuery,
	limit = Infinity,
	seen?: (page: ResourcePage<BaseConnection>) => void,
): Promise<BaseConnection[]> {
	const names = namesOf(query);
	return await findResources(
		client,
		CONNECTION,
		{
			filters: [
				specFilter(query.connectionSpecId),
				...(names === undefined ? [] : nameFilter('name', names)),
				...(query.state === undefined ? [] : [`state==${query.state}`]),
			],
			orderBy: query.orderBy,
			fits: ({ name }) => names === undefined || (name !== undefined && names.includes(name)),
			seen,
		},
		limit,
	);
}

function namesOf({ name, names }: ConnectionQuery): readonly string[] | undefined {
	return name === undefined ? names : [name];
}
