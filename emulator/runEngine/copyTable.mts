import { askTarget } from '../flowService/connections/connectionTarget.mts';
import { FlowError, notFound } from '../flowService/flowErrors.mts';
import { invalid } from '../flowService/input.mts';
import type { RunFacts } from '../flowService/runs/runFacts.mts';
import { readColumns, readOnly } from '../postgresql/catalogue.mts';
import { copyRows, type TimeSpan } from '../postgresql/copyRows.mts';
import { readTablePath } from '../postgresql/tablePath.mts';
import type { EmulatorState } from '../state.mts';

const QUERY_TIMEOUT_MS = 60_000;

/** What was read from a table. */
export interface CopiedRows {
	rows: Array<Record<string, unknown>>;
	/** As newline-delimited JSON. */
	bytes: number;
}

/**
 * Reads the rows of a run from the database of the base connection: the columns of the source
 * connection, the rows of the window.
 *
 * @throws FlowError whose message contains no secret
 */
export async function copyTable(
	state: EmulatorState,
	sourceConnectionId: string,
	{ window, deltaColumn }: RunFacts,
): Promise<CopiedRows> {
	const source = state.sourceConnections.find(sourceConnectionId);
	if (source === undefined) throw notFound('sourceConnections', sourceConnectionId);
	const base = state.connections.find(source.baseConnectionId);
	if (base === undefined) throw notFound('connections', source.baseConnectionId);
	const { tableName, columns: wanted } = source.params;
	const table = readTablePath(tableName);

	const rows = await askTarget(
		state,
		base.auth,
		async (client) =>
			await readOnly(client, QUERY_TIMEOUT_MS, async () => {
				const found = table === undefined ? [] : await readColumns(client, table);
				if (table === undefined || found.length === 0) {
					throw new FlowError(
						'CONNECTOR-1330-400',
						`No columns are found for the table ${tableName}.`,
					);
				}
				const names = found.map(({ name }) => name);
				const requested = wanted.length === 0 ? names : wanted.map(({ name }) => name);
				const delta = deltaColumn === undefined ? [] : [deltaColumn];
				const missing = [...requested, ...delta].find((name) => !names.includes(name));
				if (missing !== undefined) {
					throw invalid('params.columns', `the table ${tableName} has no column ${missing}`);
				}
				const span =
					deltaColumn === undefined
						? undefined
						: spanOf(window, deltaColumn, state.settings.windowEdge);
				const columns = found.filter(({ name }) => requested.includes(name));
				return await copyRows(client, table, columns, span);
			}),
	);
	let bytes = 0;
	for (const row of rows) bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
	return { rows, bytes };
}

function spanOf(
	{ start, end }: RunFacts['window'],
	column: string,
	included: TimeSpan['included'],
): TimeSpan {
	return { column, end, included, ...(start > 0 && { start }) };
}
