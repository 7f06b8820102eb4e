import type { ItemClient } from '../platform/client';
import { arrayOf, asRecord, textOf } from '../platform/json';
import type { Page } from '../platform/pages';
import { collectPages } from '../platform/pages';
import type { PlatformRequest } from '../platform/request';
import { requestValue } from './answers';

const DATA_SETS = ['data', 'foundation', 'catalog', 'dataSets'] as const;

/** What new datasets name their schema's form by, as Catalog's own sample does. */
const SCHEMA_FORM = 'application/vnd.adobe.xed+json;version=1';

/** What is read here of datasets in lists, and of those whose IDs are known. */
const PROPERTIES = 'name,description,schemaRef';
const PROPERTIES_BY_ID = 'name,schemaRef,tags';

/** Catalog's greatest page. */
const PAGE_SIZE = 100;

/** A dataset as Catalog gives it. */
export interface DataSet {
	/** 24 hexadecimal digits. */
	id: string;
	name?: string;
	/** Where it has one, and it was asked for. */
	description?: string;
	/** `$id` of its schema; some of Adobe's own datasets have none. */
	schemaId?: string;
	/** Whether its rows become profiles; absent where its tags were not asked for, or not shown. */
	profile?: ProfileState;
}

export interface ProfileState {
	isEnabled: boolean;
	/** Whether a row changes the profile that is there, instead of taking its place. */
	isUpsert: boolean;
}

/** `GET /dataSets/{id}`: 200 `{ "{id}": dataset }`. */
export async function getDataSet(client: ItemClient, id: string): Promise<DataSet> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...DATA_SETS, id],
		operation: 'Get a dataset',
		permission: 'View Datasets',
		subject: `The dataset '${id}'`,
	};
	return await requestValue(client, request, 'the dataset under its ID', (body) =>
		readDataSets(body)?.find((one) => one.id === id),
	);
}

/**
 * `GET /dataSets/{id},{id},…`: 200, an object keyed by ID (Catalog's guide); those of them that exist.
 *
 * @param ids a hundred at most, Catalog's greatest page
 */
export async function getDataSets(client: ItemClient, ids: readonly string[]): Promise<DataSet[]> {
	const request: PlatformRequest = {
		method: 'GET',
		path: [...DATA_SETS, ids.join(',')],
		query: [
			['limit', String(PAGE_SIZE)],
			['properties', PROPERTIES_BY_ID],
		],
		operation: 'Get many datasets',
		permission: 'View Datasets',
	};
	return await requestValue(client, request, 'datasets keyed by their IDs', readDataSets);
}

/** All datasets of exactly these names, whichever fits, page by page. */
export async function findDataSetsNamed(
	client: ItemClient,
	names: readonly string[],
): Promise<DataSet[]> {
	return await collectPages(async (start) => await listDataSets(client, { start, names }));
}

/**
 * The filter for whole names (Catalog's guide): separated by commas, any of them fits; an exclamation mark
 * in front turns it round. A name with one of these is compared as a whole, where two asterisks stand for
 * one and one for anything.
 */
function nameFilter(names: readonly string[]): readonly [name: string, value: string] {
	const [first = '', ...more] = names;
	if (more.length === 0 && /,|^!/.test(first)) {
		return ['property', `name==${first.replaceAll('*', '**')}`];
	}
	return ['name', names.join(',')];
}

/**
 * `GET /dataSets`: 200, an object keyed by ID; one page. `next` is where the next one starts.
 *
 * @param names the whole names, where only such datasets are wanted
 */
export async function listDataSets(
	client: ItemClient,
	{ start = '0', names }: { start?: string; names?: readonly string[] } = {},
): Promise<Page<DataSet>> {
	const request: PlatformRequest = {
		method: 'GET',
		path: DATA_SETS,
		query: [
			['limit', String(PAGE_SIZE)],
			['start', start],
			['orderBy', 'asc:created'],
			['properties', PROPERTIES],
			...(names === undefined ? [] : [nameFilter(names)]),
		],
		operation: 'Get many datasets',
		permission: 'View Datasets',
	};
	const items = await requestValue(client, request, 'datasets keyed by their IDs', readDataSets);
	return {
		// Whether it takes capitals for small letters, e.g., is not documented.
		items:
			names === undefined
				? items
				: items.filter(({ name }) => name !== undefined && names.includes(name)),
		next: items.length < PAGE_SIZE ? undefined : String(Number(start) + items.length),
	};
}

export interface NewDataSet {
	name: string;
	description?: string;
	/** Enabled for Profile, where the dataset is to be. */
	schemaId: string;
	profile?: Pick<ProfileState, 'isUpsert'>;
}

/** `POST /dataSets`: 201 `["@/dataSets/{id}"]`; the ID. */
export async function createDataSet(
	client: ItemClient,
	{ name, description, schemaId, profile }: NewDataSet,
): Promise<string> {
	const request: PlatformRequest = {
		method: 'POST',
		path: DATA_SETS,
		// As in Adobe's only sample.
		query: [['requestDataSource', 'true']],
		body: {
			name,
			...(description === undefined ? {} : { description }),
			schemaRef: { id: schemaId, contentType: SCHEMA_FORM },
			...(profile === undefined ? {} : { tags: tagsFor(profile) }),
		},
		operation: 'Create a dataset',
		permission: 'Manage Datasets',
	};
	return await requestValue(client, request, 'a reference to the dataset', (body) =>
		textOf(arrayOf(body)[0])?.split('/').at(-1),
	);
}

/** `DELETE /dataSets/{id}`: 200. */
export async function deleteDataSet(client: ItemClient, id: string): Promise<void> {
	await client.request({
		method: 'DELETE',
		path: [...DATA_SETS, id],
		operation: 'Delete a dataset',
		permission: 'Manage Datasets',
		subject: `The dataset '${id}'`,
	});
}

function readDataSets(body: unknown): DataSet[] | undefined {
	const byId = asRecord(body);
	if (byId === undefined) return undefined;
	return Object.entries(byId).flatMap(([id, value]) => {
		const record = asRecord(value);
		if (record === undefined) return [];
		return [
			{
				id,
				name: textOf(record.name),
				description: textOf(record.description),
				schemaId: textOf(asRecord(record.schemaRef)?.id),
				profile: readProfile(record.tags),
			},
		];
	});
}

const PROFILE_TAG = 'unifiedProfile';
const ENABLED = 'enabled:true';
const UPSERT = 'isUpsert:true';

function tagsFor({ isUpsert }: Pick<ProfileState, 'isUpsert'>): Record<string, string[]> {
	return {
		[PROFILE_TAG]: isUpsert ? [ENABLED, UPSERT] : [ENABLED],
		unifiedIdentity: [ENABLED],
	};
}

/** Adobe may add further values to the tag, e.g. since when. */
function readProfile(tags: unknown): ProfileState | undefined {
	const record = asRecord(tags);
	if (record === undefined) return undefined;
	const given = record[PROFILE_TAG];
	const values = (Array.isArray(given) ? given : [given]).map((value) =>
		(textOf(value) ?? '').replace(/\s/g, ''),
	);
	return { isEnabled: values.includes(ENABLED), isUpsert: values.includes(UPSERT) };
}
