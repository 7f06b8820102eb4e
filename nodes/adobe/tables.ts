import type { ItemClient } from '../platform/client';
import { asRecord, asRecords, textOf } from '../platform/json';
import type { PlatformRequest } from '../platform/request';
import { requestValue } from './answers';
import { FLOW_SERVICE } from './collection';
import { adviceFor, isDatabaseError } from './errors/databaseErrors';

/** A table or view of the database behind a base connection. */
export interface SourceTable {
	name: string;
	/** What Adobe wants back, letter by letter, to name the table. */
	path: string;
	/** Adobe's word for the kind of it in lower case: `table`, or `view` where Adobe tells them apart. */
	type: string;
}

/** A column as Adobe sees it. */
export interface SourceColumn {
	name: string;
	/** Adobe's type, e.g. `string`, `double`. */
	type?: string;
	/** Type of the XDM field that it fits, and its format, e.g. `string` and `date-time`. */
	xdmType?: string;
	xdmFormat?: string;
	/** The whole column as Adobe sent it: what a source connection wants in `params.columns`. */
	raw: Record<string, unknown>;
}

/** `GET /connections/{id}/explore?objectType=root`: all tables at once, a list without an envelope. */
export async function listTables(client: ItemClient, connectionId: string): Promise<SourceTable[]> {
	const request = exploreRequest(connectionId, [['objectType', 'root']], 'Get many tables');
	const tables = await explore(client, request, 'a list of tables', asRecords);
	return tables.flatMap(({ path: given, name, type }) => {
		const path = textOf(given);
		if (path === undefined) return [];
		return [{ path, name: textOf(name) ?? path, type: kindOf(textOf(type) ?? 'table') }];
	});
}

/** `GET /connections/{id}/explore?objectType=table`: the columns of one table, in their order. */
export async function listColumns(
	client: ItemClient,
	connectionId: string,
	path: string,
): Promise<SourceColumn[]> {
	const request = tableRequest(connectionId, path, 'Get columns of a table');
	const columns = await explore(client, request, 'columns in "schema"', (body) =>
		asRecords(asRecord(asRecord(body)?.schema)?.columns),
	);
	return columns.flatMap(readColumn);
}

/** A column as explore shows it, and as a source connection keeps it; none without a name. */
export function readColumn(raw: Record<string, unknown>): SourceColumn[] {
	const name = textOf(raw.name);
	if (name === undefined) return [];
	const xdm = asRecord(raw.xdm);
	return [
		{
			name,
			type: textOf(raw.type),
			xdmType: textOf(xdm?.type),
			xdmFormat: textOf(xdm?.format),
			raw,
		},
	];
}

/** The same with `preview=true`: the first rows, as many as Adobe gives. */
export async function previewRows(
	client: ItemClient,
	connectionId: string,
	path: string,
): Promise<Array<Record<string, unknown>>> {
	const request = tableRequest(connectionId, path, 'Preview rows of a table', [
		['preview', 'true'],
	]);
	const exact = { ...request, exactNumbers: true as const };
	return await explore(client, exact, 'rows in "data"', (body) => asRecords(asRecord(body)?.data));
}

/** E.g. `table` for `TABLE`; what is no such word stays as it is, or a secret in it could not be found. */
function kindOf(type: string): string {
	return /^[a-z]{1,12}([ _][a-z]{1,12})?$/i.test(type) ? type.toLowerCase() : type;
}

type Query = NonNullable<PlatformRequest['query']>;

function tableRequest(
	connectionId: string,
	path: string,
	operation: string,
	more: Query = [],
): PlatformRequest {
	const query: Query = [['objectType', 'table'], ['object', path], ...more];
	return exploreRequest(connectionId, query, operation);
}

function exploreRequest(connectionId: string, query: Query, operation: string): PlatformRequest {
	return {
		method: 'GET',
		path: [...FLOW_SERVICE, 'connections', connectionId, 'explore'],
		query,
		operation,
		permission: 'View Sources',
		subject: `The connection '${connectionId}'`,
	};
}

async function explore<T>(
	client: ItemClient,
	request: PlatformRequest,
	expected: string,
	read: (body: unknown) => T | undefined,
): Promise<T> {
	try {
		return await requestValue(client, request, expected, read);
	} catch (error) {
		throw aboutTheDatabase(error, request);
	}
}

const NO_COLUMNS = /-1330-400$/;

/** Whether explore has failed because the database has no such table, or none that Adobe may read. */
export function isTableMissing(error: unknown): boolean {
	return isDatabaseError(error) && NO_COLUMNS.test(error.details.code ?? '');
}

/** What a connector says about the database, in words about the table or about the log-in. */
function aboutTheDatabase(error: unknown, { query = [] }: PlatformRequest): unknown {
	if (!isDatabaseError(error)) return error;
	const table = query.find(([name]) => name === 'object')?.[1];
	if (NO_COLUMNS.test(error.details.code ?? '')) {
		return error
			.retitled(`The table '${table}' was not found in the database, or has no columns`)
			.advising(
				'Use the name that Table: Get Many returns, e.g. public.orders. PostgreSQL names are case-sensitive, and Adobe sees what its user may read.',
			);
	}
	return error
		.retitled('Adobe could not look into the database')
		.advising(adviceFor(error.adobeMessage ?? ''));
}
