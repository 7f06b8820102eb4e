import type { ItemClient } from '../platform/client';
import { unexpectedBody } from '../platform/errors/explain';
import { Problem } from '../platform/errors/problem';
import { asRecord, textOf, timeOf } from '../platform/json';
import type { Page } from '../platform/pages';
import { collectPages } from '../platform/pages';
import type { PlatformAnswer, PlatformRequest } from '../platform/request';
import type { Refusal } from './refusals';
import { explainRefusal } from './refusals';

/** ID and version of a resource, as Flow Service answers a write. */
export interface Reference {
	id: string;
	/** With its own quotes, as `If-Match` wants it; absent while AWS initializes. */
	etag?: string;
}

/** A resource of Flow Service, with what this package reads of all of them. */
export interface Resource extends Reference {
	name?: string;
	/** enabled, disabled, initializing, draft or one of Adobe's transitional states. */
	state?: string;
	sandboxName?: string;
	/** The whole item as Adobe sent it; it may hold secrets. */
	raw: Record<string, unknown>;
}

/** One of Flow Service's collections; all of them are created, read, listed and deleted alike. */
export interface ResourceKind<T extends Resource> {
	/** In the address, e.g. `sourceConnections`. */
	path: string;
	/** In texts, e.g. `source connection`. */
	one: string;
	/** Reads what is special about this kind. */
	read(resource: Resource): T;
	/** What Adobe's refusals of a write mean here. */
	refusals?: ReadonlyMap<string, Refusal>;
}

/** Adobe documents no greatest page; a hundred are known to work. */
export const PAGE_SIZE = 100;

export interface ListOptions {
	/** `property` filters, e.g. `id==a,b`; all must hold. */
	filters?: readonly string[];
	/** Resources a page. */
	limit: number;
	continuationToken?: string;
	/** A field, descending with `-` in front. */
	orderBy?: string;
}

/** A page, and when it was answered: what is new at Adobe can be told by Adobe's clock alone. */
export interface ResourcePage<T> extends Page<T> {
	/** By Adobe's clock, in whole seconds; absent where the answer has no `Date`. */
	answeredAtEpochMs?: number;
	/** By the clock of this machine. */
	receivedAtEpochMs: number;
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
): Promise<Reference> {
	const request: PlatformRequest = {
		method: 'POST',
		path: [...FLOW_SERVICE, kind.path],
		body,
		operation: `Create a ${kind.one}`,
		permission: 'Manage Sources',
	};
	const answer = await write(client, kind, request);
	const id = textOf(asRecord(answer.body)?.id);
	if (id === undefined) throw unexpectedBody(request, answer, `the ID of the ${kind.one}`);
	return { id, etag: textOf(asRecord(answer.body)?.etag) };
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
		subject: `The ${kind.one} '${id}'`,
	};
	const answer = await client.request(request);
	const resource = readItems(answer, kind)?.[0];
	if (resource === undefined) throw unexpectedBody(request, answer, `one ${kind.one} in "items"`);
	return resource;
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
	const answer = await client.request(request);
	const items = readItems(answer, kind);
	if (items === undefined)
		throw unexpectedBody(request, answer, `a list of ${kind.one}s in "items"`);
	return {
		items,
		next: nextToken(request, answer, client.platformOrigin),
		answeredAtEpochMs: epochMsOf(answer.headers.date),
		receivedAtEpochMs: Date.now(),
	};
}

/** All resources of exactly this name, page by page. */
export async function findByName<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	name: string,
): Promise<T[]> {
	const filters = nameFilter('name', [name]);
	return await collectPages(async (continuationToken) => {
		const page = await listResources(client, kind, {
			filters,
			limit: PAGE_SIZE,
			continuationToken,
		});
		return { ...page, items: page.items.filter((one) => one.name === name) };
	});
}

/** `DELETE /{kind}/{id}`: 204. Refused while another resource uses it. */
export async function deleteResource<T extends Resource>(
	client: ItemClient,
	kind: ResourceKind<T>,
	id: string,
): Promise<void> {
	await write(client, kind, {
		method: 'DELETE',
		path: [...FLOW_SERVICE, kind.path, id],
		operation: `Delete a ${kind.one}`,
		permission: 'Manage Sources',
		subject: `The ${kind.one} '${id}'`,
	});
}

/** @throws Problem, in words about this kind where Adobe's code is known */
export async function write<T extends Resource>(
	client: ItemClient,
	{ refusals = new Map() }: ResourceKind<T>,
	request: PlatformRequest,
): Promise<PlatformAnswer> {
	return await client.request(request).catch((error: unknown) => {
		throw explainRefusal(error, refusals);
	});
}

/** When a resource was made, by Adobe's clock; undefined where Adobe does not show it. */
export function createdEpochMs({ raw }: Resource): number | undefined {
	return timeOf(raw.createdAt);
}

/** A resource's description, '' where it has none. */
export function descriptionOf({ raw }: Resource): string {
	return textOf(raw.description) ?? '';
}

function epochMsOf(date: unknown): number | undefined {
	const epochMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
	return Number.isNaN(epochMs) ? undefined : epochMs;
}

function readItems<T extends Resource>(
	answer: PlatformAnswer,
	kind: ResourceKind<T>,
): T[] | undefined {
	const items = asRecord(answer.body)?.items;
	if (!Array.isArray(items)) return undefined;
	return items.flatMap((item) => {
		const raw = asRecord(item);
		const id = textOf(raw?.id);
		if (raw === undefined || id === undefined) return [];
		return [
			kind.read({
				id,
				etag: textOf(raw.etag) ?? textOf(raw.version),
				name: textOf(raw.name),
				state: textOf(raw.state),
				sandboxName: textOf(raw.sandboxName),
				raw,
			}),
		];
	});
}

/**
 * The token of the next page, out of `_links.next.href`; undefined on the last page. Only the
 * token is taken, and our own query is sent again with it: whether the link repeats filters is not
 * documented.
 *
 * @throws Problem for a link to another host, which no page of this list can be on
 */
export function nextToken(
	request: PlatformRequest,
	answer: PlatformAnswer,
	platformOrigin: string,
): string | undefined {
	const link = nextLink(request, answer, platformOrigin);
	return link?.searchParams.get('continuationToken') ?? undefined;
}

/**
 * The address in `_links.next.href`; undefined where there is none.
 *
 * @throws Problem for a link to another host, which no page of this list can be on
 */
export function nextLink(
	request: PlatformRequest,
	answer: PlatformAnswer,
	platformOrigin: string,
): URL | undefined {
	const href = textOf(asRecord(asRecord(asRecord(answer.body)?._links)?.next)?.href);
	if (href === undefined) return undefined;
	const base = `${platformOrigin}/`;
	const url = URL.canParse(href, base) ? new URL(href, base) : undefined;
	if (url === undefined || url.origin !== platformOrigin) {
		throw new Problem(
			`Adobe's list in "${request.operation}" goes on at a host that is not Adobe's`,
			{
				advice: 'Is a proxy in between?',
				notes: ['The link was not followed.'],
				details: { status: answer.status, operation: request.operation },
			},
		);
	}
	return url;
}

/** Where Flow Service lives on the platform's origin. */
export const FLOW_SERVICE = ['data', 'foundation', 'flowservice'] as const;

/**
 * Whether a name can be one of several in a filter, where a comma separates them. One that begins
 * with a sign of comparison would be read as part of the `==` before it.
 */
export function fitsInAList(name: string): boolean {
	return !/[",]|^[=<>!~]/.test(name);
}

/** What holds the name: `name` in Flow Service, `title` in Schema Registry. */
export type NameField = 'name' | 'title';

/**
 * The `property` filter for whole names, any of which fits. A comma separates several values in a
 * filter, unless quotes are around them; for a quote in the value nothing is documented, so such a
 * name is looked for among all. Schema Registry's guide has neither commas nor quotes: there, every
 * title with such a sign is looked for among all.
 *
 * @returns [] for no filter: the whole list has to be read then, and compared by whoever asks
 */
export function nameFilter(field: NameField, names: readonly string[]): string[] {
	if (names.every(fitsInAList)) return [`${field}==${names.join(',')}`];
	const [only, ...more] = names;
	if (field === 'title' || only === undefined || more.length > 0) return [];
	return only.includes('"') ? [] : [`${field}=="${only}"`];
}

/**
 * The one that was made first; of the same millisecond, or where Adobe shows no times, that with the
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
