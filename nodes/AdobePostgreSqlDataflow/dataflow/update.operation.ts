import { getResource } from '../../adobe/collection';
import type { FlowChanges } from '../../adobe/dataflowUpdate';
import { changeFlow } from '../../adobe/dataflowUpdate';
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
import { dataflowOutput } from '../../outputs/dataflow';
import { checkDeltaColumn } from './checkDeltaColumn';
import { flowOptionParameters, readFlowOptions } from './options';
import type { WantedScheduleChanges } from './schedule';
import { copyBy, readScheduleFields, scheduleChanges } from './schedule';
import {
	backfillField,
	deltaColumnField,
	intervalField,
	scheduleField,
	startTimeField,
} from './scheduleParameters';

const descriptionField = descriptionFieldOf(
	'What the dataflow is for; empty takes the description away',
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
	description:
		'Change the name, the description or the schedule of a dataflow; nothing is sent where nothing differs',
	parameters: [flowIdParameter, updateFields, optionsCollection(flowOptionParameters)],
	async prepare(call) {
		const dataflow = locateFlow(call);
		const { schedule, ...wanted } = readWanted(call);
		return async () => {
			const client = call.openClient();
			const id = await dataflow.id(client);
			const read = await getResource(client, DATAFLOW, id);
			const changes = { ...wanted, ...scheduleChanges(read, schedule) };
			const { deltaColumn } = changes;
			if (typeof deltaColumn === 'string' && deltaColumn !== read.deltaColumn) {
				await checkDeltaColumn(client, read, deltaColumn, {
					label: deltaColumnField.displayName,
					operation: 'Update a dataflow',
					nothing: 'Nothing was changed.',
				});
			}
			const { etag, action } = await changeFlow(client, read, changes, copyBy);
			const now =
				action === 'updated'
					? await getResource(client, DATAFLOW, id).catch(() => undefined)
					: read;
			return {
				...dataflowOutput(
					now ?? { ...read, etag, name: wanted.name ?? read.name },
					client.sandboxName,
				),
				action,
			};
		};
	},
};

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
