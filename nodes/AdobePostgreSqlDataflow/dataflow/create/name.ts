import type { INodeProperties } from 'n8n-workflow';

import type { DataflowLookUps } from '../../../adobe/together/dataflowLookUps';
import { checkName, nameParameter } from '../../../operation/commonParameters';
import type { ItemParameters } from '../../../operation/parameters';
import type { ItemClient } from '../../../platform/client';
import type { WantedDataflow } from './request';

export const flowNameParameter: INodeProperties = {
	...nameParameter({
		placeholder: 'e.g. Orders from PostgreSQL',
		description:
			"Leave empty to name it after table and dataset, e.g. 'public.orders to Orders'. If a dataflow with this name already exists for the same connection, table and dataset, it is returned with what differs; the option If It Exists changes it.",
	}),
	required: false,
};

/**
 * Trimmed; undefined where it was left empty by hand.
 *
 * @throws UserError for an expression that gives nothing, and for half an emoji
 */
export function readFlowName(parameters: ItemParameters): string | undefined {
	const name = parameters.optionalText(flowNameParameter);
	if (name !== undefined) checkName(name);
	return name;
}

/**
 * The name of a dataflow that was given none: the same for the same table and dataset, so that Create finds
 * it again.
 */
export async function nameAfter(
	client: ItemClient,
	lookUps: DataflowLookUps,
	{ table, dataset }: Pick<WantedDataflow, 'table' | 'dataset'>,
): Promise<string> {
	if (!('id' in dataset)) return usualName(table, dataset.create.name);
	const { name = dataset.id } = await lookUps.dataSets.get(client, dataset.id);
	return usualName(table, name);
}

/** The name of a dataflow that was given none, for the name of its dataset. */
export function usualName(table: string, dataset: string): string {
	return `${table.replaceAll('"', '')} to ${dataset}`;
}
