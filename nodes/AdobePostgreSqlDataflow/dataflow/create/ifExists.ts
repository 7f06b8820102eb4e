import { getResource } from '../../../adobe/collection';
import { changeFlow } from '../../../adobe/dataflowUpdate';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW } from '../../../adobe/dataflows';
import { readOptions } from '../../../operation/commonParameters';
import type { ItemParameters } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import { labelOf } from '../../../operation/values';
import type { ItemClient } from '../../../platform/client';
import { checkDeltaColumn, onlyDeltaColumn } from '../deltaColumn';
import type { WantedSchedule } from '../schedule';
import { copyBy, lacksDeltaColumn, scheduleChanges } from '../schedule';
import { deltaColumnParameter } from '../scheduleParameters';
import type { Difference } from './differences';
import { unfit } from './plan';
import { PROFILE_DIFFERENCES } from './profile/compareIdentity';
import type { WantedDataflow } from './request';

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
				'Change its description, schedule and options. Another mapping or identity is refused.',
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

/** As Adobe shows it afterwards, where that can be read. */
export async function updateExisting(
	client: ItemClient,
	flow: Dataflow,
	differences: readonly Difference[],
	{ description, options, schedule }: WantedDataflow,
): Promise<Dataflow> {
	checkChanges(client, flow, differences, schedule);
	const { frequency, startEpochMs, recurring } = schedule;
	const deltaColumn = await deltaColumnFor(client, flow, differences, schedule);
	const changes = {
		description,
		options,
		...scheduleChanges(client, flow, { frequency, startEpochMs, ...recurring, deltaColumn }),
	};
	const { etag, action } = await changeFlow(client, flow, changes, copyBy);
	if (action !== 'updated') return flow;
	return await getResource(client, DATAFLOW, flow.id).catch(() => ({ ...flow, etag }));
}

/** @throws Problem for what can't be changed, before anything is */
export function checkChanges(
	client: ItemClient,
	flow: Dataflow,
	differences: readonly Difference[],
	{ frequency }: WantedSchedule,
): void {
	if (differences.includes('mapping')) {
		throw unfit(
			client,
			"Create can't change the mapping of an existing dataflow",
			`The dataflow ${flow.id} has another mapping. Change it with the operation Update, enter the mapping that it has, or set 'If It Exists' to Keep.`,
		);
	}
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
