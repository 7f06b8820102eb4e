import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Resource } from './operation';
import { runItems } from './runItems';

/** The parameters of a node: the resource, its operation, and each operation's own parameters. */
export function describeResources(resources: Resource[]): INodeProperties[] {
	return [
		// Without this, n8n shows the credentials in the middle, where the parameters are that they
		// depend on.
		{
			displayName: 'Credentials',
			name: 'credentials',
			type: 'credentials',
			default: '',
		},
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ name, value }) => ({ name, value })),
			default: firstOf(resources),
		},
		...resources.flatMap(describeResource),
	];
}

/**
 * What the canvas says below a node's name, in words: "Preview Rows: public.orders", or "Preview rows of a
 * table" while the table is not chosen or comes from an expression, whose value the canvas does not have.
 */
export function subtitleOf(resources: Resource[]): string {
	const texts = Object.fromEntries(
		resources.flatMap(({ value: resource, operations }) =>
			operations.map(({ value, name, action, subject }) => [
				`${resource}.${value}`,
				[name, action, subject?.name ?? ''],
			]),
		),
	);
	return `={{ ((texts, parameters) => {
		const [name, action, subject] = texts[parameters.resource + "." + parameters.operation] ?? [];
		const value = parameters[subject];
		const isKnown = typeof value === "string" && value.trim() !== "" && !value.startsWith("=");
		return isKnown ? name + ": " + value.trim() : action;
	})(${JSON.stringify(texts)}, $rawParameter) }}`.replace(/\s+/g, ' ');
}

function describeResource(resource: Resource): INodeProperties[] {
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [resource.value] } },
			options: resource.operations.map(({ name, value, action, description }) => ({
				name,
				value,
				action,
				description,
			})),
			default: defaultOperationOf(resource),
		},
		...resource.operations.flatMap((operation) =>
			operation.parameters.map((parameter) => ({
				...parameter,
				displayOptions: {
					...parameter.displayOptions,
					show: {
						resource: [resource.value],
						operation: [operation.value],
						...parameter.displayOptions?.show,
					},
				},
			})),
		),
	];
}

function firstOf(resources: Resource[]): string {
	return resources[0]?.value ?? '';
}

function defaultOperationOf(resource: Resource): string {
	return resource.defaultOperation;
}

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
