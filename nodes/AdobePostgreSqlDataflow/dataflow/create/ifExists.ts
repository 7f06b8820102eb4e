import { getResource } from '../../../adobe/collection';
import { changeFlow } from '../../../adobe/dataflowUpdate';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW } from '../../../adobe/dataflows';
import { readOptions } from '../../../operation/commonParameters';
import type { ItemParameters } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import { labelOf } from '../../../operation/values';
import type { ItemClient } from '../../../platform/client';
import { checkDeltaColumn } from '../checkDeltaColumn';
import { copyBy, scheduleChanges } from '../schedule';
import { deltaColumnParameter } from '../scheduleParameters';
import type { Difference } from './differences';
import { unfit } from './plan';
import type { WantedDataflow } from './request';

/** What becomes of a dataflow that is there under the name and differs. */
export type IfExists = 'keep' | 'update';

export const ifExistsOption = choiceParameter<IfExists>({
	displayName: 'If It Exists',
	name: 'ifExists',
	type: 'options',
	options: [
		{
			name: 'Keep',
			value: 'keep',
			description: 'Leave it as it is, and say on the output what differs',
		},
		{
			name: 'Update',
			value: 'update',
			description:
				'Change its description, schedule and options; a mapping that differs is refused',
		},
	],
	default: 'keep',
	description:
		'What to do with a dataflow of this name, connection, table and dataset that differs in something else',
});

/** @throws UserError */
export function readIfExists(parameters: ItemParameters): IfExists {
	return readOptions(parameters).choice(ifExistsOption) ?? 'keep';
}

/** As Adobe shows it afterwards, where that can be read. */
export async function updateExisting(
	client: ItemClient,
	flow: Dataflow,
	differences: readonly Difference[],
	{ description, options, schedule }: WantedDataflow,
): Promise<Dataflow> {
	if (differences.includes('mapping')) {
		throw unfit(
			client,
			"The mapping of a dataflow that is there can't be changed by Create",
			`The dataflow ${flow.id} has another mapping than is wanted here. Give the mapping that it has, set 'If It Exists' to Keep, or delete the dataflow first.`,
		);
	}
	const { frequency, startEpochMs, recurring } = schedule;
	const changes = {
		description,
		options,
		...scheduleChanges(flow, { frequency, startEpochMs, ...recurring }),
	};
	if (differences.includes('deltaColumn') && changes.deltaColumn) {
		await checkDeltaColumn(client, flow, changes.deltaColumn, {
			label: labelOf(deltaColumnParameter),
			operation: 'Create a dataflow',
			nothing: 'Nothing was changed.',
		});
	}
	const { etag, action } = await changeFlow(client, flow, changes, copyBy);
	if (action !== 'updated') return flow;
	return await getResource(client, DATAFLOW, flow.id).catch(() => ({ ...flow, etag }));
}
