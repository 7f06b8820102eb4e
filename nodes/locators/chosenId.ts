import type { ILoadOptionsFunctions, INodeProperties } from 'n8n-workflow';

import { locatorValue } from '../operation/locatorValue';
import { labelOf } from '../operation/values';
import type { ItemClient } from '../platform/client';
import { ReadOnce } from '../platform/keyed';
import { chosenIn } from './editorClient';
import type { NamedKind } from './findNamed';
import { NAMED_CONNECTION, NAMED_DATAFLOW, NAMED_DATASET, theOneNamed } from './findNamed';
import { BY_NAME_MODE, connectionIdParameter, datasetParameter, flowIdParameter } from './locators';

/**
 * The ID of the connection that is chosen in the editor; undefined where none is chosen yet.
 *
 * @throws UserError for an expression, Problem for a name that none, or more than one, has
 */
export async function chosenConnectionId(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<string | undefined> {
	return await chosenId(context, client, connectionIdParameter, NAMED_CONNECTION);
}

/** The same of the dataset. */
export async function chosenDatasetId(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<string | undefined> {
	return await chosenId(context, client, datasetParameter, NAMED_DATASET);
}

/** The same of the dataflow. */
export async function chosenFlowId(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<string | undefined> {
	return await chosenId(context, client, flowIdParameter, NAMED_DATAFLOW);
}

async function chosenId(
	context: ILoadOptionsFunctions,
	client: ItemClient,
	parameter: INodeProperties,
	kind: NamedKind,
): Promise<string | undefined> {
	const chosen = chosenIn(context, parameter);
	if (chosen === undefined || chosen === '') return undefined;
	const { mode } = locatorValue(parameter, context.getCurrentNodeParameter(parameter.name));
	if (mode !== BY_NAME_MODE) return chosen;
	return await theOneNamed(client, new ReadOnce(), kind, {
		name: chosen,
		label: labelOf(parameter),
	});
}
