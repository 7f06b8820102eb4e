import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import { DATAFLOW } from '../../adobe/dataflows';
import type { SourceColumn } from '../../adobe/tables';
import { listColumns } from '../../adobe/tables';
import { chosenConnectionId, chosenFlowId } from '../../locators/chosenId';
import { chosenIn, withClient } from '../../locators/editorClient';
import { tableParameter } from '../../locators/locators';
import type { ItemClient } from '../../platform/client';
import { deltaColumnsOf } from '../dataflow/columns';
import { create } from '../dataflow/create.operation';
import { tableOf } from '../dataflow/deltaColumn';
import { preview } from '../dataflow/preview.operation';

/** The operations that choose a table, and not a dataflow. */
const OF_A_TABLE = [create.value, preview.value];

/**
 * The columns that can mark new rows. n8n can't choose one of a list by itself, so the empty value stands
 * for the only one there is, and its name says which that is.
 */
export async function getDeltaColumns(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withClient(this, async (client) =>
		OF_A_TABLE.includes(String(this.getCurrentNodeParameter('operation')))
			? listOf(await columnsOfTable(this, client))
			: await columnsOfDataflow(this, client),
	);
}

/** @throws UserError where connection or table is not known yet */
export async function columnsOfTable(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<SourceColumn[]> {
	const table = chosenIn(context, tableParameter);
	const connectionId = await chosenConnectionId(context, client);
	if (connectionId !== undefined && table !== undefined) {
		return await listColumns(client, connectionId, table);
	}
	throw new UserError("Choose a 'Connection' and a 'Table' first", {
		description:
			'The columns of a table that comes from an expression are not known yet: use an expression for the column, too.',
	});
}

async function columnsOfDataflow(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<INodePropertyOptions[]> {
	const id = await chosenFlowId(context, client);
	if (id === undefined) {
		throw new UserError("Choose a 'Dataflow' first", {
			description:
				'The columns for a dataflow that comes from an expression are not known yet: use an expression for the column, too.',
		});
	}
	const flow = await getResource(client, DATAFLOW, id);
	const columns = (await tableOf(client, flow))?.columns ?? [];
	const { deltaColumn: kept } = flow;
	if (kept === undefined) return listOf(columns);
	const present = { name: `${kept} (Present Column)`, value: '', description: 'As it is now' };
	return [
		present,
		...deltaColumnsOf(columns)
			.candidates.filter((name) => name !== kept)
			.map(asIs),
	];
}

function listOf(columns: readonly SourceColumn[]): INodePropertyOptions[] {
	const { candidates, only } = deltaColumnsOf(columns);
	return [whenEmpty(candidates, only), ...candidates.map(asIs)];
}

function whenEmpty(candidates: string[], only: string | undefined): INodePropertyOptions {
	const value = '';
	if (only === undefined) {
		return candidates.length === 0
			? { name: 'None: No Column Has Date and Time', value }
			: { name: 'Choose a Column', value, description: 'Several have date and time' };
	}
	const description =
		candidates.length === 1
			? 'The only column with date and time'
			: 'The only column with date and time whose name says that it marks changes';
	return { name: `${only} (Chosen Automatically)`, value, description };
}

function asIs(name: string): INodePropertyOptions {
	return { name, value: name, description: 'Date and time' };
}
