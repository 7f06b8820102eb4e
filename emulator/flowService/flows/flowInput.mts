import type { Caller } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { findDataSet } from '../flowEnds/targetConnectionInput.mts';
import { FlowError } from '../flowErrors.mts';
import { invalid, members, readDescription, readName } from '../input.mts';
import { findVisible } from '../resource.mts';
import { CRM_TO_AEP } from './crmToAepSpec.mts';
import { type FlowOptions, readFlowOptions } from './flowOptions.mts';
import type { SpecReference } from './flowParts.mts';
import { readSchedule, type ScheduleParams } from './schedule.mts';
import { checkMapping, readTransformations, type Transformation } from './transformations.mts';

/** What a flow consists of: flow-service.md 5.4. */
export interface FlowSettings {
	name: string;
	description?: string;
	flowSpec: SpecReference;
	sourceConnectionIds: [string];
	targetConnectionIds: [string];
	transformations: Transformation[];
	scheduleParams: ScheduleParams;
	options?: FlowOptions;
	labels?: string[];
}

/**
 * Checks a new flow, or a flow with its changes applied: flow-service.md 5.3, 5.4, 7.2.
 * Which of several faults is reported first is ⚠UNV.
 *
 * @param before the schedule so far, if the flow exists already
 * @throws FlowError with the codes of these sections, and 1439 for a connection that does not exist
 */
export function readFlowSettings(
	body: unknown,
	state: EmulatorState,
	caller: Caller,
	before?: ScheduleParams,
): FlowSettings {
	const given = members(body);
	const settings = {
		name: readName(given['name']),
		...readDescription(given['description']),
		flowSpec: readFlowSpec(given['flowSpec']),
	};
	const sourceId = readOneId(given['sourceConnectionIds'], 'sourceConnectionIds');
	const targetId = readOneId(given['targetConnectionIds'], 'targetConnectionIds');
	const source = findVisible(state.sourceConnections, 'sourceConnections', sourceId, caller);
	findVisible(state.connections, 'connections', source.baseConnectionId, caller);
	const target = findVisible(state.targetConnections, 'targetConnections', targetId, caller);
	const dataSet = findDataSet(target.params.dataSetId, state, caller);

	const scheduleParams = readSchedule(given['scheduleParams'], state.clock.now(), before);
	const isOnce = scheduleParams.frequency === 'once';
	const mayHaveDelta = before?.frequency === 'once';
	const transformations = readTransformations(given['transformations'], isOnce, mayHaveDelta);
	checkMapping(transformations, dataSet.schemaRef, state, caller);
	const options = readFlowOptions(given['options']);
	const labels = readLabels(given['labels']);
	return {
		...settings,
		sourceConnectionIds: [sourceId],
		targetConnectionIds: [targetId],
		transformations,
		scheduleParams,
		...(options === undefined ? {} : { options }),
		...(labels === undefined ? {} : { labels }),
	};
}

/** flow-service.md 5.4: only the ID is required by the schema. */
function readFlowSpec(given: unknown): SpecReference {
	const { id, version } = members(given);
	if (id !== CRM_TO_AEP.id || (version !== undefined && version !== CRM_TO_AEP.version)) {
		throw new FlowError('FLOW-1413-400', 'The flow spec id is invalid.');
	}
	return { id: CRM_TO_AEP.id, version: CRM_TO_AEP.version };
}

function readOneId(given: unknown, name: string): string {
	if (!Array.isArray(given) || given.length === 0) {
		throw new FlowError('CONNECTOR-1320-400', `The id list ${name} is empty.`);
	}
	const [id] = given as unknown[];
	if (given.length !== 1 || typeof id !== 'string') {
		throw new FlowError('CONNECTOR-1321-400', `The id list ${name} must have exactly one element.`);
	}
	return id;
}

function readLabels(given: unknown): string[] | undefined {
	if (given === undefined) return undefined;
	if (!Array.isArray(given) || !given.every((one) => typeof one === 'string')) {
		throw invalid('labels', 'it must be a list of strings');
	}
	return given;
}
