import type { INodeProperties } from 'n8n-workflow';

import type { FlowOptions } from '../../adobe/dataflows';
import type { ItemParameters } from '../../operation/parameters';

const MOST_PERCENT = 100;

/** Members of Options: what becomes of rows that do not fit. */
export const flowOptionParameters: INodeProperties[] = [
	{
		displayName: 'Error Diagnostics',
		name: 'errorDiagnostics',
		type: 'boolean',
		default: true,
		description: 'Whether Adobe keeps the rows that it rejects, with the reasons',
	},
	{
		displayName: 'Partial Ingestion Threshold',
		name: 'partialIngestionPercent',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MOST_PERCENT },
		default: 5,
		description:
			'How many percent of the rows of a run may be rejected before the whole run fails. Without it, one rejected row makes a run fail.',
	},
];

/** @throws UserError; undefined where none was added */
export function readFlowOptions(parameters: ItemParameters): FlowOptions | undefined {
	const options = parameters.collection('options');
	const errorDiagnosticsEnabled = options.boolean('errorDiagnostics', 'Error Diagnostics');
	const partialIngestionPercent = options.wholeNumber(
		'partialIngestionPercent',
		'Partial Ingestion Threshold',
		1,
		MOST_PERCENT,
	);
	if (errorDiagnosticsEnabled === undefined && partialIngestionPercent === undefined) {
		return undefined;
	}
	return {
		...(errorDiagnosticsEnabled === undefined ? {} : { errorDiagnosticsEnabled }),
		...(partialIngestionPercent === undefined ? {} : { partialIngestionPercent }),
	};
}
