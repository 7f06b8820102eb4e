import { getResource } from '../../adobe/collection';
import { SOURCE_CONNECTION } from '../../adobe/dataflowEnds';
import type { Dataflow } from '../../adobe/dataflows';
import { listColumns } from '../../adobe/tables';
import type { ItemClient } from '../../platform/client';
import { Problem } from '../../platform/errors/problem';
import { timeColumnProblem } from './columns';

/** How a message speaks of the column and of what was asked for. */
interface Words {
	/** The parameter. */
	label: string;
	operation: string;
	/** That nothing was done. */
	nothing: string;
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
	{ label, operation, nothing }: Words,
): Promise<void> {
	const [sourceId] = flow.sourceConnectionIds;
	if (sourceId === undefined) return;
	const source = await getResource(client, SOURCE_CONNECTION, sourceId);
	const { table, connectionId = flow.connectionId } = source;
	if (table === undefined || connectionId === undefined) return;
	const columns = await listColumns(client, connectionId, table);
	const problem = timeColumnProblem(columns, { name, label, table });
	if (problem === undefined) return;
	throw new Problem(problem.message, {
		advice: problem.description,
		notes: [nothing],
		details: { operation, sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
