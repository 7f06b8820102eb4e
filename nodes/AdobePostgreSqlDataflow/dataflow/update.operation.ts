import { getResource } from '../../adobe/collection';
import type { FlowChanges } from '../../adobe/dataflowUpdate';
import { changeFlow } from '../../adobe/dataflowUpdate';
import type { Dataflow } from '../../adobe/dataflows';
import { DATAFLOW } from '../../adobe/dataflows';
import { locateFlow } from '../../locators/locate';
import { flowIdParameter } from '../../locators/locators';
import {
	descriptionFieldOf,
	nameFieldOf,
	optionsCollection,
	readNewName,
	updateFieldsCollection,
} from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import { labelOf } from '../../operation/values';
import { dataflowOutput } from '../../outputs/dataflow';
import type { ItemClient } from '../../platform/client';
import { checkDeltaColumn, onlyDeltaColumn } from './deltaColumn';
import { flowOptionParameters, readFlowOptions } from './options';
import type { WantedScheduleChanges } from './schedule';
import { copyBy, lacksDeltaColumn, readScheduleFields, scheduleChanges } from './schedule';
import {
	backfillField,
	deltaColumnField,
	intervalField,
	scheduleField,
	startTimeField,
} from './scheduleParameters';

const descriptionField = descriptionFieldOf(
	'What the dataflow is for. Leave empty to remove the description.',
);
const nameField = nameFieldOf('The new name of the dataflow');
const updateFields = updateFieldsCollection([
	backfillField,
	deltaColumnField,
	descriptionField,
	intervalField,
	nameField,
	scheduleField,
	startTimeField,
]);

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a dataflow',
	description: 'Change name, description, schedule or options. Sends nothing if nothing changed.',
	parameters: [flowIdParameter, updateFields, optionsCollection(flowOptionParameters)],
	async prepare(call) {
		const dataflow = locateFlow(call);
		const { schedule, ...wanted } = readWanted(call);
		return async () => {
			const client = call.openClient();
			const id = await dataflow.id(client);
			const read = await getResource(client, DATAFLOW, id);
			const changes = { ...wanted, ...(await scheduleChangesOf(client, read, schedule)) };
			const { etag, action } = await changeFlow(client, read, changes, copyBy);
			const now =
				action === 'updated'
					? await getResource(client, DATAFLOW, id).catch(() => undefined)
					: read;
			const shown = now ?? { ...read, etag, name: wanted.name ?? read.name };
			return dataflowOutput(client, shown, { action });
		};
	},
};

const WORDS = {
	label: labelOf(deltaColumnField),
	operation: 'Update a dataflow',
	nothing: 'Nothing was changed.',
};

/** @throws UserError or Problem for a schedule or a delta column that can't be */
async function scheduleChangesOf(
	client: ItemClient,
	flow: Dataflow,
	wanted: WantedScheduleChanges,
): Promise<Pick<FlowChanges, 'schedule' | 'deltaColumn'>> {
	if (
		lacksDeltaColumn(flow, wanted) &&
		(wanted.interval ?? flow.schedule?.interval) !== undefined
	) {
		const deltaColumn = await onlyDeltaColumn(client, flow, WORDS);
		return scheduleChanges(client, flow, { ...wanted, deltaColumn });
	}
	const changes = scheduleChanges(client, flow, wanted);
	const { deltaColumn } = changes;
	if (typeof deltaColumn === 'string' && deltaColumn !== flow.deltaColumn) {
		await checkDeltaColumn(client, flow, deltaColumn, WORDS);
	}
	return changes;
}

/** What the user wants to be different. */
interface Wanted extends Pick<FlowChanges, 'name' | 'description' | 'options'> {
	/** What it comes to depends on the dataflow as it is. */
	schedule: WantedScheduleChanges;
}

/** @throws UserError naming the field */
function readWanted({ context, parameters }: OperationCall): Wanted {
	const fields = parameters.collection(updateFields);
	const name = readNewName(fields, nameField);
	return {
		name,
		description: fields.text(descriptionField),
		schedule: readScheduleFields(fields, context.getTimezone()),
		options: readFlowOptions(parameters),
	};
}
