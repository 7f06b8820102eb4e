import type { PlatformAnswer, PlatformRequest } from '../platform/answer';
import type { ItemClient } from '../platform/client';
import { unexpectedBody } from '../platform/explain';
import type { Page } from '../platform/pages';
import { Problem } from '../platform/problem';
import { asRecord, textOf } from '../platform/shape';
import type { AuthMode } from './connectionSpec';
import { AUTH_SPEC_NAMES, authModeOf, POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { nextToken } from './nextToken';
import { FLOW_SERVICE } from './path';

/** What a base connection is made from. */
export interface NewConnection {
	name: string;
	description?: string;
	authMode: AuthMode;
	/** `{ connectionString }`, or the six texts of basic authentication. */
	params: Record<string, string>;
}

/** ID and version of a base connection, as Adobe answers a write. */
export interface ConnectionReference {
	id: string;
	/** With its own quotes, as `If-Match` wants it; absent while AWS initializes. */
	etag?: string;
}

/** A base connection as `GET /connections` gives it, with what this package reads of it. */
export interface BaseConnection extends ConnectionReference {
	name?: string;
	/** enabled, disabled, initializing, draft or one of Adobe's transitional states. */
	state?: string;
	sandboxName?: string;
	authMode?: AuthMode;
	/** The whole item as Adobe sent it; it may hold secrets. */
	raw: Record<string, unknown>;
}

const CONNECTIONS = [...FLOW_SERVICE, 'connections'] as const;

/**
 * `POST /connections`: 201 `{ id, etag }`. It is not idempotent and names are not unique.
 *
 * @throws Problem; with an unknown outcome its description tells what to look for
 */
export async function createConnection(
	client: ItemClient,
	connection: NewConnection,
): Promise<ConnectionReference> {
	const request: PlatformRequest = {
		method: 'POST',
		path: CONNECTIONS,
		body: {
			name: connection.name,
			...(connection.description === undefined ? {} : { description: connection.description }),
			auth: { specName: AUTH_SPEC_NAMES[connection.authMode], params: connection.params },
			connectionSpec: { ...POSTGRESQL_CONNECTION_SPEC },
		},
		operation: 'Create a connection',
		permission: 'Manage Sources',
	};
	try {
		const answer = await client.request(request);
		return readReference(request, answer);
	} catch (error) {
		throw withLookUpAdvice(error, connection.name, client.sandboxName);
	}
}

function withLookUpAdvice(error: unknown, name: string, sandboxName: string): unknown {
	if (!(error instanceof Problem) || !error.outcomeUnknown) return error;
	return error.with({
		message: 'It is not clear whether Adobe has made the connection',
		description: `Look for '${name}' among the connections of the sandbox '${sandboxName}' before you try again, or there may be two. ${error.message}. ${error.description}`,
	});
}

/** `GET /connections/{id}`: 200 `{ items: [connection] }`. */
export async function getConnection(client: ItemClient, id: string): Promise<BaseConnection> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...CONNECTIONS, id],
		operation: 'Get a connection',
		permission: 'View Sources',
		subject: `The connection '${id}'`,
	};
	const answer = await client.request(request);
	const connection = readConnections(answer)?.[0];
	if (connection === undefined) throw unexpectedBody(request, answer, 'one connection in "items"');
	return connection;
}

/** `DELETE /connections/{id}`: 204. Refused while a dataflow uses the connection. */
export async function deleteConnection(client: ItemClient, id: string): Promise<void> {
	await client.request({
		method: 'DELETE',
		path: [...CONNECTIONS, id],
		operation: 'Delete a connection',
		permission: 'Manage Sources',
		subject: `The connection '${id}'`,
	});
}

export interface ListOptions {
	/** Connection spec whose base connections are listed; PostgreSQL's by default. */
	connectionSpecId?: string;
	/** Further `property` filters, e.g. `id==a,b`; all must hold. */
	filters?: string[];
	/** Connections a page. */
	limit: number;
	continuationToken?: string;
	/** A field, descending with `-` in front. */
	orderBy?: string;
}

/** A page, and when it was answered: what is new at Adobe can be told by Adobe's clock alone. */
export interface ConnectionPage extends Page<BaseConnection> {
	/** By Adobe's clock, in whole seconds; absent where the answer has no `Date`. */
	answeredAtEpochMs?: number;
	/** By the clock of this machine. */
	receivedAtEpochMs: number;
}

/** `GET /connections`, the base connections of one connection spec, one page. */
export async function listConnections(
	client: ItemClient,
	options: ListOptions,
): Promise<ConnectionPage> {
	const { connectionSpecId = POSTGRESQL_CONNECTION_SPEC.id } = options;
	const filters = [`connectionSpec.id==${connectionSpecId}`, ...(options.filters ?? [])];
	const request: PlatformRequest = {
		method: 'GET',
		path: CONNECTIONS,
		query: [
			...filters.map((filter) => ['property', filter] as const),
			['limit', String(options.limit)],
			...(options.orderBy === undefined ? [] : [['orderby', options.orderBy] as const]),
			...(options.continuationToken === undefined
				? []
				: [['continuationToken', options.continuationToken] as const]),
		],
		operation: 'Get many connections',
		permission: 'View Sources',
	};
	const answer = await client.request(request);
	const connections = readConnections(answer);
	if (connections === undefined)
		throw unexpectedBody(request, answer, 'a list of connections in "items"');
	return {
		items: connections,
		next: nextToken(request, answer, client.platformOrigin),
		answeredAtEpochMs: epochMsOf(answer.headers.date),
		receivedAtEpochMs: Date.now(),
	};
}

/** A connection's description, '' where it has none. */
export function descriptionOf(connection: BaseConnection): string {
	return textOf(connection.raw.description) ?? '';
}

/** What Adobe shows of `auth.params`; whether secrets are among it is not documented. */
export function paramsOf(connection: BaseConnection): Record<string, unknown> {
	return asRecord(asRecord(connection.raw.auth)?.params) ?? {};
}

function epochMsOf(date: unknown): number | undefined {
	const epochMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
	return Number.isNaN(epochMs) ? undefined : epochMs;
}

function readReference(request: PlatformRequest, answer: PlatformAnswer): ConnectionReference {
	const body = asRecord(answer.body);
	const id = textOf(body?.id);
	if (id === undefined) throw unexpectedBody(request, answer, 'the ID of the connection');
	return { id, etag: textOf(body?.etag) };
}

function readConnections(answer: PlatformAnswer): BaseConnection[] | undefined {
	const items = asRecord(answer.body)?.items;
	if (!Array.isArray(items)) return undefined;
	return items.flatMap((item) => {
		const raw = asRecord(item);
		const id = textOf(raw?.id);
		if (raw === undefined || id === undefined) return [];
		return [
			{
				id,
				etag: textOf(raw.etag) ?? textOf(raw.version),
				name: textOf(raw.name),
				state: textOf(raw.state),
				sandboxName: textOf(raw.sandboxName),
				authMode: authModeOf(asRecord(raw.auth)?.specName),
				raw,
			},
		];
	});
}
