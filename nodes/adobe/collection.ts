import type { ItemClient } from '../platform/client';
import { asIs, isProblem, Problem } from '../platform/errors/problem';
import { asRecord, asRecords, textOf, timeOf } from '../platform/json';
import type { Page } from '../platform/pages';
import { collectPages } from '../platform/pages';
import type { PlatformRequest } from '../platform/request';
import { nextToken, requestValue } from './answers';
import type { ErrorCatalogue } from './errors/errorCatalogue';
import { explainByCode } from './errors/errorCatalogue';
import { nameFilter } from './filters/nameFilter';

/** Where Flow Service lives on the platform's origin. */
export const FLOW_SERVICE = ['data', 'foundation', 'flowservice'] as const;

/** Adobe documents no maximum; a hundred are known to work. */
export const PAGE_SIZE = 100;

/** ID and version of a resource, as Flow Service answers a write. */
export interface Reference {
	id: string;
	/** With its own quotes, as `If-Match` wants it; absent while AWS initializes. */
	etag?: string;
}

/** A resource of Flow Service, with what all kinds have in common. */
export interface Resource extends Reference {
	name?: string;
	/** enabled, disabled, initializing, draft or one of Adobe's transitional states. */
	state?: string;
	sandboxName?: string;
	/** The whole item as Adobe sent it; it may hold secrets. */
	raw: Record<string, unknown>;
}

/** One of Flow Service's collections; all of them are created, read, listed, changed and deleted alike. */
export interface ResourceKind<T extends Resource> {
	/** In the address, e.g. `sourceConnections`. */
	path: string;
	/** In messages, e.g. `source connection`. */
	one: string;
	/** Reads what is special about this kind. */
	read(resource: Resource): T;
	/** What Adobe's errors after a write mean here. */
	errors?: ErrorCatalogue;
}

interface Order {
	/** `property` filters, e.g. `id==a,b`; all must hold. */
	filters?: readonly string[];
	/** A field, descending with `-` in front. */
	orderBy?: string;
}

export interface ListOptions extends Order {
	/** Resources per page. */
	limit: number;
	continuationToken?: string;
}

export interface FindOptions<T> extends Order {
	/** What Adobe can't filter by; every resource fits by default. */
	fits?(resource: T): boolean;
	/** Is shown each page as it came. */
	seen?(page: ResourcePage<T>): void;
	/** Set where few of those that Adobe lists fit: all pages are as large as can be. */
	fewFit?: boolean;
}

/** A page, and when it was answered: Adobe's clock alone says what is new there. */
export interface ResourcePage<T> extends Page<T> {
	/** By Adobe's clock, in whole seconds; absent where the answer has no `Date`. */
	answeredAtEpochMs?: number;
	/** By the clock of this machine. */
	receivedAtEpochMs: number;
}

/** One operation of JSON Patch, as far as Flow Service takes it. */
export interface PatchOperation {
	op: 'add' | 'replace' | 'remove';
	path: string;
	/** For `remove`, the present one. */
	value: unknown;
}

/**
 * `POST /{kind}`: 201 `{ id, etag }`. It is not idempotent and names are not unique.
 *
 * @throws Problem
 */
export async function createResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	body: object,
	onSend?: () => void,
): Promise<Reference> {
	const request: PlatformRequest = {
		method: 'POST',
		path: [...FLOW_SERVICE, kind.path],
		body,
		operation: `Create a ${kind.one}`,
		permission: 'Manage Sources',
		onSend,
	};
	return await requestValue(client, request, `the ID of the ${kind.one}`, readReference).catch(
		inWordsOf(kind),
	);
}

/** `GET /{kind}/{id}`: 200 `{ items: [resource] }`. */
export async function getResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	id: string,
): Promise<T> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...FLOW_SERVICE, kind.path, id],
		operation: `Get a ${kind.one}`,
		permission: 'View Sources',
		subject: subjectOf(kind, id),
	};
	return await requestValue(
		client,
		request,
		`one ${kind.one} in "items"`,
		(body) => readItems(kind, body)?.[0],
	);
}

/** The same; undefined where it is not there, or not any more. */
export async function findResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	id: string,
): Promise<T | undefined> {
	return await getResource(client, kind, id).catch((error: unknown) => {
		if (!isProblem(error, 'notFound')) throw asIs(error);
		return undefined;
	});
}

/** `GET /{kind}`, one page. */
export async function listResources<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	{ filters = [], limit, orderBy, continuationToken }: ListOptions,
): Promise<ResourcePage<T>> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...FLOW_SERVICE, kind.path],
		query: [
			...filters.map((filter) => ['property', filter] as const),
			['limit', String(limit)],
			...(orderBy === undefined ? [] : [['orderby', orderBy] as const]),
			...(continuationToken === undefined
				? []
				: [['continuationToken', continuationToken] as const]),
		],
		operation: `Get many ${kind.one}s`,
		permission: 'View Sources',
	};
	return await requestValue(
		client,
		request,
		`a list of ${kind.one}s in "items"`,
		(body, answer) => {
			const items = readItems(kind, body);
			if (items === undefined) return undefined;
			return {
				items,
				next: nextToken(request, answer, client.platformOrigin),
				answeredAtEpochMs: timeOf(answer.headers.date),
				receivedAtEpochMs: Date.now(),
			};
		},
	);
}

/**
 * All resources that fit, or as many as are wanted, page by page.
 *
 * @param limit how many to find at most; all by default
 */
export async function findResources<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	{ filters, orderBy, fits = () => true, seen, fewFit = false }: FindOptions<T>,
	limit = Infinity,
): Promise<T[]> {
	return await collectPages(async (continuationToken, wanted) => {
		const page = await listResources(client, kind, {
			filters,
			orderBy,
			limit: fewFit ? PAGE_SIZE : Math.min(PAGE_SIZE, wanted),
			continuationToken,
		});
		seen?.(page);
		return { ...page, items: page.items.filter(fits) };
	}, limit);
}

/**
 * `PATCH /{kind}/{id}` with `If-Match`: 200 `{ id, etag }`; the etag of the new version.
 *
 * @throws Problem with the status 412 where the resource has another version by now
 */
export async function patchResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	{ id, etag }: Reference,
	operations: PatchOperation[],
): Promise<string | undefined> {
	if (etag === undefined) throw withoutVersion(kind, id);
	const request: PlatformRequest = {
		method: 'PATCH',
		path: [...FLOW_SERVICE, kind.path, id],
		// As Adobe gave it, with its own quotes.
		headers: { 'If-Match': etag },
		body: operations,
		operation: `Update a ${kind.one}`,
		permission: 'Manage Sources',
		subject: subjectOf(kind, id),
	};
	const answer = await client.request(request).catch(inWordsOf(kind));
	return etagOf(asRecord(answer.body));
}

/** All resources of exactly this name, page by page. */
export async function findByName<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	name: string,
): Promise<T[]> {
	return await findResources(client, kind, {
		filters: nameFilter('name', [name]),
		fits: (one) => one.name === name,
	});
}

/** `DELETE /{kind}/{id}`: 204. Refused while another resource uses it. */
export async function deleteResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	id: string,
): Promise<void> {
	const request: PlatformRequest = {
		method: 'DELETE',
		path: [...FLOW_SERVICE, kind.path, id],
		operation: `Delete a ${kind.one}`,
		permission: 'Manage Sources',
		subject: subjectOf(kind, id),
	};
	await client.request(request).catch(inWordsOf(kind));
}

/**
 * `POST /{kind}/{id}/action?op=…`: what it answers is not alike for all.
 *
 * @param operation in the words of the node, e.g. `Enable a dataflow`
 */
export function actionRequest<T extends Resource>(
	kind: ResourceKind<T>,
	id: string,
	op: string,
	operation: string,
): PlatformRequest {
	return {
		method: 'POST',
		path: [...FLOW_SERVICE, kind.path, id, 'action'],
		query: [['op', op]],
		operation,
		permission: 'Manage Sources',
		subject: subjectOf(kind, id),
	};
}

/**
 * For the `catch` of a write.
 *
 * @throws the error, in words about this kind where Adobe's code is known
 */
export function inWordsOf<T extends Resource>({
	errors = new Map(),
}: ResourceKind<T>): (error: unknown) => never {
	return (error) => {
		throw explainByCode(error, errors);
	};
}

/** When a resource was created, by Adobe's clock; undefined where Adobe does not show it. */
export function createdEpochMs({ raw }: Resource): number | undefined {
	return timeOf(raw.createdAt);
}

/** A resource's description, '' where it has none. */
export function descriptionOf({ raw }: Resource): string {
	return textOf(raw.description) ?? '';
}

/** Without it, somebody else's change could be undone. */
function withoutVersion<T extends Resource>({ one }: ResourceKind<T>, id: string): Problem {
	return new Problem(`Adobe shows no version of the ${one} '${id}', so it was not changed`, {
		advice: 'It may still be initializing. Try again in a minute or two.',
		details: { operation: `Update a ${one}` },
		failure: { cause: 'temporarily-unavailable' },
	});
}

function subjectOf<T extends Resource>({ one }: ResourceKind<T>, id: string): string {
	return `The ${one} '${id}'`;
}

/** Adobe's API description spells it with a capital, its samples without. */
export function etagOf(record: Record<string, unknown> | undefined): string | undefined {
	return textOf(record?.etag) ?? textOf(record?.eTag);
}

function readReference(body: unknown): Reference | undefined {
	const record = asRecord(body);
	const id = textOf(record?.id);
	return id === undefined ? undefined : { id, etag: etagOf(record) };
}

function readItems<T extends Resource>(kind: ResourceKind<T>, body: unknown): T[] | undefined {
	return asRecords(asRecord(body)?.items)?.flatMap((raw) => {
		const id = textOf(raw.id);
		if (id === undefined) return [];
		return [
			kind.read({
				id,
				etag: etagOf(raw) ?? textOf(raw.version),
				name: textOf(raw.name),
				state: textOf(raw.state),
				sandboxName: textOf(raw.sandboxName),
				raw,
			}),
		];
	});
}

/**
 * The one that was created first; of the same millisecond, or where Adobe shows no times, that with the
 * smaller ID: whoever looks has to find the same one.
 */
export function oldestOf<T extends Resource>(found: readonly T[]): T | undefined {
	const [oldest] = [...found].sort((one, other) => {
		const [mine, theirs] = [createdEpochMs(one) ?? Infinity, createdEpochMs(other) ?? Infinity];
		if (mine !== theirs) return mine - theirs;
		return one.id < other.id ? -1 : 1;
	});
	return oldest;
}
