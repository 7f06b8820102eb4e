import { getResource } from '../../adobe/collection';
import { SOURCE_CONNECTION } from '../../adobe/dataflowEnds';
import type { Dataflow } from '../../adobe/dataflows';
import type { SourceColumn } from '../../adobe/tables';
import { listColumns } from '../../adobe/tables';
import type { ItemClient } from '../../platform/client';
import { Problem } from '../../platform/errors/problem';
import type { ColumnProblem } from './columns';
import { deltaColumnsOf, timeColumnProblem, undecided } from './columns';

/** How a message speaks of the column and of what was asked for. */
interface Words {
	/** The parameter. */
	label: string;
	operation: string;
	/** That nothing was done. */
	nothing: string;
}

/** The table that a dataflow reads, with its columns as they are now. */
interface ReadTable {
	table: string;
	columns: SourceColumn[];
}

/** Undefined where Adobe does not show which table it is. */
export async function tableOf(client: ItemClient, flow: Dataflow): Promise<ReadTable | undefined> {
	const [sourceId] = flow.sourceConnectionIds;
	if (sourceId === undefined) return undefined;
	const source = await getResource(client, SOURCE_CONNECTION, sourceId);
	const { table, connectionId = flow.connectionId } = source;
	if (table === undefined || connectionId === undefined) return undefined;
	return { table, columns: await listColumns(client, connectionId, table) };
}

/**
 * Adobe accepts any delta column, and keeps that of the first run for all later ones: with one that does
 * not exist, the dataflow could never run again; with a day for a time, the rows of the day would be lost.
 *
 * @throws Problem when the table has no such column, or none with date and time
 */
export async function checkDeltaColumn(
	client: ItemClient,
	flow: Dataflow,
	name: string,
	words: Words,
): Promise<void> {
	const read = await tableOf(client, flow);
	if (read === undefined) return;
	const { label } = words;
	const problem = timeColumnProblem(read.columns, { name, label, table: read.table });
	if (problem !== undefined) throw unusable(client, problem, words);
}

/**
 * The only column that can be it, where none is given.
 *
 * @returns undefined where Adobe does not show the table
 * @throws Problem with the candidates where there are several, or none
 */
export async function onlyDeltaColumn(
	client: ItemClient,
	flow: Dataflow,
	words: Words,
): Promise<string | undefined> {
	const read = await tableOf(client, flow);
	if (read === undefined) return undefined;
	const found = deltaColumnsOf(read.columns);
	if (found.only !== undefined) return found.only;
	throw unusable(client, undecided(found, words.label, read.table), words);
}

function unusable(
	client: ItemClient,
	{ message, description }: ColumnProblem,
	{ operation, nothing }: Words,
): Problem {
	return new Problem(message, {
		advice: description,
		notes: [nothing],
		details: { operation, sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
