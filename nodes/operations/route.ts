import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Resource } from './operation';
import { runItems } from './runItems';

/** Runs the chosen operation of the chosen resource over all items. */
export async function route(
	context: IExecuteFunctions,
	resources: Resource[],
): Promise<INodeExecutionData[][]> {
	const resourceValue = context.getNodeParameter('resource', 0);
	const operationValue = context.getNodeParameter('operation', 0);
	const operation = resources
		.find(({ value }) => value === resourceValue)
		?.operations.find(({ value }) => value === operationValue);
	if (operation === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`There is no operation '${String(operationValue)}' for the resource '${String(resourceValue)}'`,
			{ description: "Choose 'Resource' and 'Operation' again." },
		);
	}
	return [await runItems(context, operation)];
}
