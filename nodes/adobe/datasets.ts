import type { PlatformAnswer, PlatformRequest } from '../platform/request';
import type { ItemClient } from '../platform/client';
import { unexpectedBody } from '../platform/errors/explain';
import type { Page } from '../platform/pages';
import { asRecord, textOf } from '../platform/json';

const DATA_SETS = ['data', 'foundation', 'catalog', 'dataSets'] as const;

/** What new datasets name their schema's form by, as Catalog's own sample does. */
const SCHEMA_FORM = 'application/vnd.adobe.xed+json;version=1';

/** Catalog's greatest page. */
const PAGE_SIZE = 100;

/** A dataset as Catalog gives it. */
export interface DataSet {
	/** 24 hexadecimal digits. */
	id: string;
	name?: string;
	/** `$id` of its schema; some of Adobe's own datasets have none. */
	schemaId?: string;
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
	const answer = await client.request(request);
	const dataSet = readDataSets(request, answer).find((one) => one.id === id);
	if (dataSet === undefined) throw unexpectedBody(request, answer, 'the dataset under its ID');
	return dataSet;
}

/**
 * `GET /dataSets`: 200, an object keyed by ID; one page. `next` is where the next one starts.
 *
 * @param name the whole name, where only such datasets are wanted
 */
export async function listDataSets(
	client: ItemClient,
	{ start = '0', name }: { start?: string; name?: string } = {},
): Promise<Page<DataSet>> {
	const request: PlatformRequest = {
		method: 'GET',
		path: DATA_SETS,
		query: [
			['limit', String(PAGE_SIZE)],
			['start', start],
			['orderBy', 'asc:created'],
			['properties', 'name,schemaRef'],
			...(name === undefined ? [] : [['name', name] as const]),
		],
		operation: 'Get many datasets',
		permission: 'View Datasets',
	};
	const answer = await client.request(request);
	const items = readDataSets(request, answer);
	return {
		// What `name` compares, and how, is not documented.
		items: name === undefined ? items : items.filter((one) => one.name === name),
		next: items.length < PAGE_SIZE ? undefined : String(Number(start) + items.length),
	};
}

/** `POST /dataSets`: 201 `["@/dataSets/{id}"]`; the ID. */
export async function createDataSet(
	client: ItemClient,
	{ name, description, schemaId }: { name: string; description?: string; schemaId: string },
): Promise<string> {
	const request: PlatformRequest = {
		method: 'POST',
		path: DATA_SETS,
		body: {
			name,
			...(description === undefined ? {} : { description }),
			schemaRef: { id: schemaId, contentType: SCHEMA_FORM },
		},
		operation: 'Create a dataset',
		permission: 'Manage Datasets',
	};
	const answer = await client.request(request);
	const [reference] = Array.isArray(answer.body) ? (answer.body as unknown[]) : [];
	const id = textOf(reference)?.split('/').at(-1);
	if (id === undefined) throw unexpectedBody(request, answer, 'a reference to the dataset');
	return id;
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

function readDataSets(request: PlatformRequest, answer: PlatformAnswer): DataSet[] {
	const body = asRecord(answer.body);
	if (body === undefined) throw unexpectedBody(request, answer, 'datasets keyed by their IDs');
	return Object.entries(body).flatMap(([id, value]) => {
		const record = asRecord(value);
		if (record === undefined) return [];
		return [{ id, name: textOf(record.name), schemaId: textOf(asRecord(record.schemaRef)?.id) }];
	});
}
