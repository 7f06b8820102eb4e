import type { INodeProperties } from 'n8n-workflow';

import type { FlowOptions } from '../../adobe/dataflows';
import { readOptions } from '../../operation/commonParameters';
import type { ItemParameters, NumberParameter } from '../../operation/parameters';

export const errorDiagnosticsOption: INodeProperties = {
	displayName: 'Error Diagnostics',
	name: 'errorDiagnostics',
	type: 'boolean',
	default: true,
	description: 'Whether Adobe keeps rejected rows, with the reasons',
};

export const partialIngestionOption: NumberParameter = {
	displayName: 'Partial Ingestion Threshold',
	name: 'partialIngestionPercent',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 100 },
	default: 5,
	description:
		'Percentage of rows that may be rejected before a run fails. Without it, one rejected row fails the run.',
};

/** Members of Options: what becomes of rows that do not fit. */
export const flowOptionParameters: INodeProperties[] = [
	errorDiagnosticsOption,
	partialIngestionOption,
];

/** @throws UserError; undefined where none was added */
export function readFlowOptions(parameters: ItemParameters): FlowOptions | undefined {
	const options = readOptions(parameters);
	const errorDiagnosticsEnabled = options.boolean(errorDiagnosticsOption);
	const partialIngestionPercent = options.wholeNumber(partialIngestionOption);
	if (errorDiagnosticsEnabled === undefined && partialIngestionPercent === undefined) {
		return undefined;
	}
	return { errorDiagnosticsEnabled, partialIngestionPercent };
}
