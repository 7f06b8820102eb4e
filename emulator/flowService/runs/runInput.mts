import { type Caller, isVisible } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredFlow } from '../flows/flowParts.mts';
import { type DeltaColumn, deltaColumnOf } from '../flows/transformations.mts';
import { members, wholeNumber } from '../input.mts';

/** What a client asks of a run on demand: flow-service.md 5.5. */
export interface RunOrder {
	flow: StoredFlow;
	/** Epoch milliseconds. */
	startAt: number;
	window: { start: number; end: number };
	/** The flow's delta column from now on, if it has none yet. */
	newDelta?: DeltaColumn;
	deltaColumn: string;
}

/**
 * Checks the body of a run on demand: flow-service.md 5.3 `runSpec`, 5.5. Times are epoch seconds, as
 * string or number.
 *
 * @throws FlowError 1381 to 1384, 1386, 1430, 1444 or 1446
 */
export function readRunOrder(body: unknown, state: EmulatorState, caller: Caller): RunOrder {
	const { flowId, params } = members(body);
	if (typeof flowId !== 'string' || flowId === '') {
		throw new FlowError('FLOW-1446-400', 'The flow id is null or empty.');
	}
	const flow = state.flows.find(flowId);
	if (flow === undefined || !isVisible(flow, caller)) {
		throw new FlowError('FLOW-1430-400', `The flow ${flowId} is not found.`);
	}
	// ⚠UNV that it is asked before the frequency, and its code.
	if (flow.state !== 'enabled') {
		throw new FlowError('FLOW-1444-400', `The flow is not in the expected state: ${flow.state}.`);
	}
	if (flow.scheduleParams.frequency !== 'once') {
		throw new FlowError(
			'CONNECTOR-1386-400',
			`The flow frequency ${flow.scheduleParams.frequency} is not eligible for on-demand runs: it must be once.`,
		);
	}
	const given = members(params);
	if (Object.keys(given).length === 0) {
		throw new FlowError('CONNECTOR-1384-400', 'The run params are invalid or empty.');
	}
	const startAt = readTime(given, 'startTime');
	const window = {
		start: readTime(given, 'windowStartTime'),
		end: readTime(given, 'windowEndTime'),
	};
	if (window.end < window.start) {
		throw new FlowError('CONNECTOR-1381-400', 'The window end time is before the start time.');
	}
	return { flow, startAt, window, ...readDelta(given['deltaColumn'], flow) };
}

function readDelta(given: unknown, flow: StoredFlow) {
	const known = deltaColumnOf(flow.transformations);
	const { name } = members(given);
	const isGiven = typeof name === 'string' && name !== '';
	if (known !== undefined) {
		if (isGiven && name !== known.name) {
			throw new FlowError(
				'CONNECTOR-1382-400',
				`The delta column ${name} differs from that of the flow's Copy transformation, ${known.name}.`,
			);
		}
		return { deltaColumn: known.name };
	}
	if (!isGiven) {
		throw new FlowError('CONNECTOR-1383-400', 'The delta column is missing in the run params.');
	}
	const { dateFormat, timezone } = members(given);
	const newDelta: DeltaColumn = {
		name,
		...(typeof dateFormat === 'string' && { dateFormat }),
		...(typeof timezone === 'string' && { timezone }),
	};
	return { deltaColumn: name, newDelta };
}

/** Epoch milliseconds of a member in seconds; milliseconds would be a year far in the future. */
function readTime(given: Record<string, unknown>, name: string): number {
	const seconds = wholeNumber(given[name]);
	if (seconds === undefined || seconds >= 1e11) {
		throw new FlowError(
			'CONNECTOR-1384-400',
			`The run params are invalid: ${name} must be epoch time in seconds.`,
		);
	}
	return seconds * 1000;
}
