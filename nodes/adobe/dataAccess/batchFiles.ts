import type { ItemClient } from '../../platform/client';
import { unexpectedBody } from '../../platform/errors/explain';
import { asRecord, asRecords, numberOf, textOf } from '../../platform/json';
import type { PlatformAnswer, PlatformRequest } from '../../platform/request';
import { requestValue } from '../answers';

const EXPORT = ['data', 'foundation', 'export', 'batches'] as const;

/** Folder of the files with rejected rows. */
export const ROW_ERRORS = 'row_errors';

/** Of a list of files; by default and at most. */
const FILES_PER_PAGE = 100;

/** A file about a batch, as Data Access lists it. */
export interface BatchFile {
	/** Its path behind `meta?path=`. */
	path: string;
	bytes?: number;
}

/** A batch, and what a 404 says was looked for. */
export interface BatchReference {
	batchId: string;
	subject: string;
}

/**
 * `GET /export/batches/{id}/meta?path=row_errors`: the files with rejected rows, page by page, as long as
 * somebody asks for more. The links in the list are not followed: they are absolute, and the token must not
 * go where an answer points to.
 *
 * @throws Problem
 */
export async function* rowErrorFiles(
	client: ItemClient,
	batch: BatchReference,
): AsyncGenerator<BatchFile, void, undefined> {
	const seen = new Set<string>();
	for (let start = 0; ; ) {
		const query: Query = start === 0 ? [] : [['start', String(start)]];
		const request = metaRequest(batch, ROW_ERRORS, query);
		const page = await requestValue(client, request, 'files in "data"', readPage);
		const added = page.files.filter(({ path }) => !seen.has(path));
		for (const file of added) {
			seen.add(file.path);
			yield file;
		}
		// A page that repeats what came before is the answer of a service that takes no `start`.
		if (added.length === 0 || page.listed < page.limit) return;
		start += page.listed;
	}
}

/**
 * `GET /export/batches/{id}/meta?path={file}`: what is in it, as text.
 *
 * @param read finds what it was read for; undefined where it is not there
 * @throws Problem
 */
export async function readBatchFile<T>(
	client: ItemClient,
	batch: BatchReference,
	path: string,
	read: (body: unknown) => T | undefined,
): Promise<T> {
	const request = { ...metaRequest(batch, path), isFile: true } as const;
	const answer = await client.request(request);
	const value = read(answer.body);
	if (value === undefined) throw notRows(request, answer);
	return value;
}

function notRows(request: PlatformRequest, answer: PlatformAnswer): Error {
	return unexpectedBody(request, answer, 'rows as JSON');
}

type Query = NonNullable<PlatformRequest['query']>;

function metaRequest(
	{ batchId, subject }: BatchReference,
	path: string,
	more: Query = [],
): PlatformRequest {
	return {
		method: 'GET',
		path: [...EXPORT, batchId, 'meta'],
		query: [['path', path], ...more],
		operation: 'Get rejected rows',
		permission: 'View Datasets',
		subject,
	};
}

interface FilePage {
	files: BatchFile[];
	/** How many there were on the page, and how many there can be at most. */
	listed: number;
	limit: number;
}

function readPage(body: unknown): FilePage | undefined {
	const record = asRecord(body);
	const listed = asRecords(record?.data);
	if (listed === undefined) return undefined;
	const files = listed.flatMap(({ name, length }): BatchFile[] => {
		// With or without its folder.
		const last = textOf(name)?.split('/').at(-1) ?? '';
		return last === '' ? [] : [{ path: `${ROW_ERRORS}/${last}`, bytes: numberOf(length) }];
	});
	const limit = numberOf(asRecord(record?._page)?.limit) ?? FILES_PER_PAGE;
	return { files, listed: listed.length, limit: Math.min(limit, FILES_PER_PAGE) };
}
