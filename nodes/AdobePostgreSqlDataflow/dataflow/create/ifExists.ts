import { getResource } from '../../../adobe/collection';
import type { FlowChanges } from '../../../adobe/dataflowUpdate';
import { changeFlow } from '../../../adobe/dataflowUpdate';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW } from '../../../adobe/dataflows';
import type { DataflowLookUps } from '../../../adobe/together/dataflowLookUps';
import { readOptions } from '../../../operation/commonParameters';
import type { OperationCall } from '../../../operation/operation';
import type { ItemParameters } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import { labelOf } from '../../../operation/values';
import type { ItemClient } from '../../../platform/client';
import { checkDeltaColumn, onlyDeltaColumn } from '../deltaColumn';
import type { WantedSchedule } from '../schedule';
import { copyBy, lacksDeltaColumn, scheduleChanges } from '../schedule';
import { deltaColumnParameter } from '../scheduleParameters';
import type { ChangedMapping } from '../mapping/changeMapping';
import { changeMappingInOneTry } from '../mapping/changeMapping';
import type { MappingPlan } from '../mapping/planMapping';
import type { Comparison, Difference } from './differences';
import { planOtherMapping } from './otherMapping';
import { unfit } from './plan';
import { PROFILE_DIFFERENCES } from './profile/compareIdentity';
import type { WantedDataflow } from './request';
import type { WholeDataflow } from './sameName';

/** What to do with a dataflow of the name that exists with other settings. */
export type IfExists = 'keep' | 'update';

export const ifExistsOption = choiceParameter<IfExists>({
	displayName: 'If It Exists',
	name: 'ifExists',
	type: 'options',
	options: [
		{
			name: 'Keep',
			value: 'keep',
			description: 'Do not change it; the output says what differs',
		},
		{
			name: 'Update',
			value: 'update',
			description:
				'Change its description, schedule, mapping and options. The old mapping is kept, and named on the output. Another identity or other fields of a dataset made from the table are refused.',
		},
	],
	default: 'keep',
	description:
		'What to do if a dataflow with this name, connection, table and dataset exists with other settings',
});

/** @throws UserError */
export function readIfExists(parameters: ItemParameters): IfExists {
	return readOptions(parameters).choice(ifExistsOption) ?? 'keep';
}

const WORDS = {
	label: labelOf(deltaColumnParameter),
	operation: 'Create a dataflow',
	nothing: 'Nothing was changed.',
};

/** Undefined where the column stays. */
async function deltaColumnFor(
	client: ItemClient,
	flow: Dataflow,
	differences: readonly Difference[],
	{ frequency, deltaColumn }: WantedSchedule,
): Promise<string | undefined> {
	if (lacksDeltaColumn(flow, { frequency, deltaColumn })) {
		return await onlyDeltaColumn(client, flow, WORDS);
	}
	if (deltaColumn === undefined || !differences.includes('deltaColumn')) return undefined;
	await checkDeltaColumn(client, flow, deltaColumn, WORDS);
	return deltaColumn;
}

/** What became of a dataflow that is there. */
export interface UpdatedDataflow {
	/** As Adobe shows it afterwards, where that can be read. */
	flow: Dataflow;
	isChanged: boolean;
	/** Where its mapping was to be another one. */
	mapping?: { plan: MappingPlan; changed: ChangedMapping };
}

/**
 * Changes what differs, all of it in one request.
 *
 * @param marker to find a new mapping set by
 * @throws Problem; nothing was changed, unless it says so
 */
export async function updateExisting(
	call: Pick<OperationCall, 'openCleanUpClient' | 'isCancelled' | 'lookups'>,
	client: ItemClient,
	lookUps: DataflowLookUps,
	whole: WholeDataflow,
	comparison: Pick<Comparison, 'differences' | 'wantedMappings'>,
	wanted: WantedDataflow,
	marker: string,
): Promise<UpdatedDataflow> {
	const { flow } = whole;
	const { differences } = comparison;
	const { description, options, schedule } = wanted;
	checkChanges(client, flow, differences, schedule);
	const plan = await planOtherMapping(client, lookUps, call.lookups, whole, comparison, wanted);
	const { frequency, startEpochMs, recurring } = schedule;
	const deltaColumn = await deltaColumnFor(client, flow, differences, schedule);
	const changes = {
		description,
		options,
		...scheduleChanges(client, flow, { frequency, startEpochMs, ...recurring, deltaColumn }),
	};
	const changed = await changeAll(call, client, flow, { plan, changes, marker });
	const { etag, action, mapping } = changed;
	const isChanged = action === 'updated';
	const told = plan === undefined ? {} : { mapping: { plan, changed } };
	if (!isChanged) return { flow, isChanged, ...told };
	const { id: mappingId = flow.mappingId, version: mappingVersion = flow.mappingVersion } =
		mapping ?? {};
	const shown = await getResource(client, DATAFLOW, flow.id).catch(() => ({
		...flow,
		...{ etag, mappingId, mappingVersion },
	}));
	return { flow: shown, isChanged, ...told };
}

async function changeAll(
	call: Pick<OperationCall, 'openCleanUpClient' | 'isCancelled'>,
	client: ItemClient,
	flow: Dataflow,
	{ plan, changes, marker }: { plan?: MappingPlan; changes: FlowChanges; marker: string },
): Promise<ChangedMapping> {
	if (plan !== undefined) {
		return await changeMappingInOneTry(call, client, flow, plan, changes, marker);
	}
	return { ...(await changeFlow(client, flow, changes, copyBy)), possiblyLeftBehind: [] };
}

/** @throws Problem for what can't be changed, before anything is */
export function checkChanges(
	client: ItemClient,
	flow: Dataflow,
	differences: readonly Difference[],
	{ frequency }: WantedSchedule,
): void {
	if (PROFILE_DIFFERENCES.some((one) => differences.includes(one))) {
		throw unfit(
			client,
			"Create can't change the identity or Profile of an existing dataset",
			`The dataset of the dataflow ${flow.id} differs in: ${differences.join(', ')}. Enter the values that it has, set 'If It Exists' to Keep, or enable it for Profile in Experience Platform under Datasets.`,
		);
	}
	if (frequency === 'onDemand' && differences.includes('deltaColumn')) {
		throw unfit(
			client,
			"The delta column of a dataflow that runs on demand can't be changed",
			`The dataflow ${flow.id} keeps the column of its first run, '${flow.deltaColumn ?? ''}'. Leave 'Delta Column' empty, or create another dataflow.`,
		);
	}
}
