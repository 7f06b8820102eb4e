import type pg from 'pg';
import { readColumns, readOnly, readRows, readTables } from '../../postgresql/catalogue.mts';
import { Reply } from '../../http/routes.mts';
import { typeOf, withBigIntegers } from '../../postgresql/columnTypes.mts';
import { readTablePath } from '../../postgresql/tablePath.mts';
import type { EmulatorState } from '../../state.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredConnection } from './connection.mts';
import { checkInitialized } from './connectionState.mts';
import { askTarget } from './connectionTarget.mts';

/** ⚠UNV both: flow-service.md 11 (18); a client must not rely on the number of rows. */
const MAX_PREVIEW_ROWS = 10;
const QUERY_TIMEOUT_MS = 30_000;

/** What the client asks for. */
type TableQuestion = { objectType: 'table'; object: string; preview: boolean };
type Question = { objectType: 'root' } | TableQuestion;

/**
 * What a connection's database holds: flow-service.md 4.6.
 *
 * @throws FlowError for a question that is not one, and 1308 when the database cannot be reached
 */
export async function exploreConnection(
	state: EmulatorState,
	connection: StoredConnection,
	parameters: URLSearchParams,
): Promise<unknown> {
	const question = readQuestion(parameters);
	checkInitialized(connection, 'explore');
	return await askTarget(
		state,
		connection.auth,
		async (client) =>
			await readOnly(client, QUERY_TIMEOUT_MS, async () =>
				question.objectType === 'root'
					? await exploreRoot(client)
					: await exploreTable(client, question, state.settings.bigIntegers),
			),
	);
}

/** A bare array. All tables at once, since a database source has no paging: flow-service.md 4.6. */
async function exploreRoot(client: pg.Client): Promise<object[]> {
	const tables = await readTables(client);
	return tables.map(({ name, path }) => ({
		type: 'table',
		name,
		// ⚠UNV flow-service.md 11 (17): schema and name, and of every schema alike.
		path,
		canPreview: true,
		canFetchSchema: true,
	}));
}

/** A bare object. */
async function exploreTable(
	client: pg.Client,
	{ object, preview }: TableQuestion,
	bigIntegers: 'texts' | 'numbers',
): Promise<object> {
	const table = readTablePath(object);
	const columns = table === undefined ? [] : await readColumns(client, table);
	if (table === undefined || columns.length === 0) {
		// Also for a table that does not exist, for which no code of its own is known. ⚠UNV
		throw new FlowError('CONNECTOR-1330-400', `No columns are found for the table ${object}.`);
	}
	const schema = { columns: columns.map(({ name, kind }) => ({ name, ...typeOf(kind) })) };
	if (!preview) return { format: 'flat', schema };
	const data = await readRows(client, table, columns, MAX_PREVIEW_ROWS, bigIntegers);
	const answer = { format: 'flat', schema, data };
	if (bigIntegers === 'texts') return answer;
	const headers = { 'content-type': 'application/json; charset=utf-8' };
	return new Reply(200, withBigIntegers(answer), headers);
}

/**
 * @throws FlowError 1353, 1334, 1337, 1358 or 1359: flow-service.md 2.6.2
 */
function readQuestion(parameters: URLSearchParams): Question {
	if (parameters.has('filters')) {
		throw new FlowError(
			'CONNECTOR-1353-400',
			'Filtering at the source is not supported for this connector.',
		);
	}
	// flow-service.md 12 (9): upper case in the API description, lower case in the tutorials.
	const objectType = parameters.get('objectType')?.toLowerCase();
	if (objectType === undefined) {
		throw new FlowError('CONNECTOR-1359-400', 'The query parameter objectType is missing.');
	}
	if (objectType === '') {
		throw new FlowError('CONNECTOR-1334-400', 'The query parameter objectType is empty.');
	}
	if (objectType === 'root') return { objectType };
	// The types of file and REST sources are none of a database's.
	if (objectType !== 'table') {
		throw new FlowError('CONNECTOR-1358-400', `The objectType ${objectType} is invalid.`);
	}
	const object = parameters.get('object') ?? '';
	if (object === '') {
		throw new FlowError(
			'CONNECTOR-1337-400',
			'The query parameter object is missing or empty for the objectType table.',
		);
	}
	return { objectType, object, preview: parameters.get('preview') === 'true' };
}
