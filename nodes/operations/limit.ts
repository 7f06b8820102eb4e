import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from './parameters';

/** Return All and Limit, as every Get Many has them. */
export const limitParameters: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/**
 * How many results are wanted; undefined for all.
 *
 * @throws UserError for what is not a whole number from 1 on
 */
export function readLimit(parameters: ItemParameters): number | undefined {
	return parameters.boolean('returnAll', 'Return All')
		? undefined
		: parameters.wholeNumber('limit', 'Limit', 1);
}
