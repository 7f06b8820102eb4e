import type { ItemClient } from '../platform/client';
import { hasUnknownOutcome } from '../platform/errors/problem';
import { asRecord } from '../platform/json';
import { collectPages } from '../platform/pages';
import type { ListOptions, Reference, Resource, ResourceKind, ResourcePage } from './collection';
import {
	createResource,
	deleteResource,
	getResource,
	listResources,
	nameFilter,
	PAGE_SIZE,
} from './collection';
import type { AuthMode } from './connectionSpec';
import { AUTH_SPEC_NAMES, authModeOf, POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';

/** What a base connection is made from. */
export interface NewConnection {
	name: string;
	description?: string;
	authMode: AuthMode;
	/** `{ connectionString }`, or the six texts of basic authentication. */
	params: Record<string, string>;
}

/** ID and version of a base connection, as Adobe answers a write. */
export type ConnectionReference = Reference;

/** A base connection as `GET /connections` gives it, with what this package reads of it. */
export interface BaseConnection extends Resource {
	authMode?: AuthMode;
}

export type ConnectionPage = ResourcePage<BaseConnection>;

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
 * `POST /connections`: 201 `{ id, etag }`. It is not idempotent and names are not unique.
 *
 * @throws Problem; with an unknown outcome its description tells what to look for
 */
export async function createConnection(
	client: ItemClient,
	connection: NewConnection,
): Promise<ConnectionReference> {
	const body = {
		name: connection.name,
		...(connection.description === undefined ? {} : { description: connection.description }),
		auth: { specName: AUTH_SPEC_NAMES[connection.authMode], params: connection.params },
		connectionSpec: { ...POSTGRESQL_CONNECTION_SPEC },
	};
	try {
		return await createResource(client, CONNECTION, body);
	} catch (error) {
		throw withLookUpAdvice(error, connection.name, client.sandboxName);
	}
}

function withLookUpAdvice(error: unknown, name: string, sandboxName: string): unknown {
	if (!hasUnknownOutcome(error)) return error;
	return error
		.leadingTo('It is not clear whether Adobe has made the connection')
		.advising(
			`Look for '${name}' among the connections of the sandbox '${sandboxName}' before you try again, or there may be two.`,
		);
}

/** `GET /connections/{id}`: 200 `{ items: [connection] }`. */
export async function getConnection(client: ItemClient, id: string): Promise<BaseConnection> {
	return await getResource(client, CONNECTION, id);
}

/** `DELETE /connections/{id}`: 204. Refused while a dataflow uses the connection. */
export async function deleteConnection(client: ItemClient, id: string): Promise<void> {
	await deleteResource(client, CONNECTION, id);
}

/** `GET /connections`, the base connections of one connection spec, one page. */
export async function listConnections(
	client: ItemClient,
	options: ListOptions & {
		/** Connection spec whose base connections are listed; PostgreSQL's by default. */
		connectionSpecId?: string;
	},
): Promise<ConnectionPage> {
	const { connectionSpecId = POSTGRESQL_CONNECTION_SPEC.id, filters = [] } = options;
	return await listResources(client, CONNECTION, {
		...options,
		filters: [`connectionSpec.id==${connectionSpecId}`, ...filters],
	});
}

/** What Adobe shows of `auth.params`; whether secrets are among it is not documented. */
export function paramsOf(connection: BaseConnection): Record<string, unknown> {
	return asRecord(asRecord(connection.raw.auth)?.params) ?? {};
}

/** What base connections are looked for; what is left out does not matter. */
export interface ConnectionQuery {
	/** The whole name, as Adobe tells upper from lower case. */
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
 * @param limit how many to find at the most; all by default
 * @param seen is shown each page as it came
 */
export async function findConnections(
	client: ItemClient,
	query: ConnectionQuery,
	limit = Infinity,
	seen?: (page: ConnectionPage) => void,
): Promise<BaseConnection[]> {
	const names = namesOf(query);
	const filters = [
		...(names === undefined ? [] : nameFilter('name', names)),
		...(query.state === undefined ? [] : [`state==${query.state}`]),
	];
	const fits = ({ name }: BaseConnection) =>
		names === undefined || (name !== undefined && names.includes(name));
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listConnections(client, {
			connectionSpecId: query.connectionSpecId,
			filters,
			orderBy: query.orderBy,
			limit: Math.min(PAGE_SIZE, wanted),
			continuationToken,
		});
		seen?.(page);
		return { ...page, items: page.items.filter(fits) };
	}, limit);
}

function namesOf({ name, names }: ConnectionQuery): readonly string[] | undefined {
	return name === undefined ? names : [name];
}
