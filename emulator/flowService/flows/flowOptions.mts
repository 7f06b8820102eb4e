import { invalid, members } from '../input.mts';

/** What a flow does with records that do not fit the schema: flow-service.md 5.3 `optionSpec`, 5.4. */
export interface FlowOptions {
	errorDiagnosticsEnabled?: boolean;
	/** Percentage of records that may be rejected; absent means none. */
	partialIngestionPercent?: number;
}

/**
 * Reads a flow's options; numbers and booleans may be strings, as in the PATCH sample of
 * flow-service.md 5.4. That a flow may be created with them is ⚠UNV there.
 *
 * @throws FlowError 1312
 */
export function readFlowOptions(given: unknown): FlowOptions | undefined {
	if (given === undefined || given === null) return undefined;
	const { errorDiagnosticsEnabled: diagnostics, partialIngestionPercent: percent } = members(given);
	const options: FlowOptions = {};
	if (diagnostics !== undefined) {
		if (!['true', 'false'].includes(String(diagnostics))) {
			throw invalid('options.errorDiagnosticsEnabled', 'it must be true or false');
		}
		options.errorDiagnosticsEnabled = String(diagnostics) === 'true';
	}
	if (percent !== undefined) {
		const isNumeric = typeof percent === 'number' || /^\d+(\.\d+)?$/.test(String(percent));
		const number = isNumeric ? Number(percent) : Number.NaN;
		if (!(number > 0 && number <= 100)) {
			throw invalid('options.partialIngestionPercent', 'it must be above 0 and at most 100');
		}
		options.partialIngestionPercent = number;
	}
	return options;
}
