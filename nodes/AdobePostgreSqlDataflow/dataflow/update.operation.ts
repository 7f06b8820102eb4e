import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import type { FlowChanges } from '../../adobe/dataflowUpdate';
import { changeFlow } from '../../adobe/dataflowUpdate';
import type { Dataflow } from '../../adobe/dataflows';
import { DATAFLOW } from '../../adobe/dataflows';
import { flowIdParameter, readFlowId } from '../../locators/locators';
import {
	descriptionFieldOf,
	nameFieldOf,
	optionsCollection,
	readNewName,
	updateFieldsCollection,
} from '../../operation/commonParameters';
import type { Operation, OperationCall } from '../../operation/operation';
import type { ChoiceParameter, NumberParameter } from '../../operation/parameters';
import { dataflowOutput } from '../../outputs/dataflow';
import { flowOptionParameters, readFlowOptions } from './options';
import type { Frequency } from './schedule';
import { checkInterval, checkStart, copyBy, frequencyOptions, startTimeOf } from './schedule';

const backfillField: INodeProperties = {
	displayName: 'Backfill',
	name: 'backfill',
	type: 'boolean',
	default: true,
	description:
		'Whether the first run also takes in the rows that are there already; Adobe changes it before the start time only',
};

const deltaColumnField: INodeProperties = {
	displayName: 'Delta Column',
	name: 'deltaColumn',
	type: 'string',
	default: '',
	placeholder: 'e.g. updated_at',
	description:
		'The date-time column that marks new rows; needed where a dataflow with the schedule Once is to run again and again',
};

const descriptionField = descriptionFieldOf(
	'What the dataflow is for; empty takes the description away',
);

const intervalField: NumberParameter = {
	displayName: 'Interval',
	name: 'interval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1,
	description:
		'How many minutes, hours, days or weeks lie between two runs; of minutes, 15 at the least',
};

const nameField = nameFieldOf('The new name of the dataflow');

const scheduleField: ChoiceParameter<Frequency> = {
	displayName: 'Schedule',
	name: 'schedule',
	type: 'options',
	options: frequencyOptions,
	default: 'day',
	description: 'How often Adobe is to take in rows',
};

const startTimeField: INodeProperties = {
	displayName: 'Start Time',
	name: 'startTime',
	type: 'dateTime',
	default: '',
	description:
		'When the first run starts, in the future; Adobe changes it before the present start time only',
};

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
		const id = readFlowId(call.parameters);
		const wanted = readWanted(call);
		return async () => {
			const client = call.openClient();
			const read = await getResource(client, DATAFLOW, id);
			const changes = changesFor(read, wanted);
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

/** What the user wants to be different; what depends on the dataflow as it is comes later. */
interface Wanted extends Pick<FlowChanges, 'name' | 'description' | 'options'> {
	frequency?: Frequency;
	interval?: number;
	/** Epoch seconds. */
	startTime?: number;
	backfill?: boolean;
	deltaColumn?: string;
}

/** @throws UserError naming the field */
function readWanted(call: OperationCall): Wanted {
	const fields = call.parameters.collection(updateFields);
	const name = readNewName(fields, nameField);
	const startEpochMs = fields.time(startTimeField, call.context.getTimezone());
	checkStart(startEpochMs);
	return {
		name,
		description: fields.text(descriptionField),
		frequency: fields.requiredChoice(scheduleField),
		interval: fields.wholeNumber(intervalField),
		startTime: startEpochMs === undefined ? undefined : Number(startTimeOf(startEpochMs)),
		backfill: fields.boolean(backfillField),
		deltaColumn: fields.requiredText(deltaColumnField)?.trim(),
		options: readFlowOptions(call.parameters),
	};
}

/**
 * The change of this dataflow: what its schedule will be has to fit together as a whole.
 *
 * @throws UserError for a schedule that Adobe would refuse
 */
function changesFor(flow: Dataflow, wanted: Wanted): FlowChanges {
	const { name, description, options } = wanted;
	return { name, description, options, ...scheduleChanges(flow, wanted) };
}

function scheduleChanges(
	flow: Dataflow,
	wanted: Wanted,
): Pick<FlowChanges, 'schedule' | 'deltaColumn'> {
	const { interval, startTime, backfill, deltaColumn } = wanted;
	const frequency = wanted.frequency ?? flow.schedule?.frequency;
	if (frequency === 'once') {
		refuseWithOnce({ Interval: interval, Backfill: backfill, 'Delta Column': deltaColumn });
		const becomesOnce = wanted.frequency !== undefined && flow.schedule?.frequency !== 'once';
		if (!becomesOnce) return { schedule: { startTime } };
		return {
			schedule: { frequency, interval: null, backfill: null, startTime },
			deltaColumn: null,
		};
	}
	const next = interval ?? flow.schedule?.interval;
	const becomesRecurring = flow.schedule?.frequency === 'once';
	if (becomesRecurring && next === undefined) {
		throw new UserError("'Interval' is needed where a dataflow is to run again and again", {
			description: "Add 'Interval' under Update Fields.",
		});
	}
	if (becomesRecurring && deltaColumn === undefined && flow.deltaColumn === undefined) {
		throw new UserError("'Delta Column' is needed where a dataflow is to run again and again", {
			description:
				"Add 'Delta Column' under Update Fields: a date-time column that marks new rows, e.g. updated_at.",
		});
	}
	const known = frequencyOptions.find(({ value }) => value === frequency)?.value;
	if (known !== undefined && next !== undefined) checkInterval(known, next);
	return { schedule: { frequency: wanted.frequency, interval, startTime, backfill }, deltaColumn };
}

/** @throws UserError for what a dataflow that runs once can't have */
function refuseWithOnce(given: Record<string, unknown>): void {
	for (const [displayName, value] of Object.entries(given)) {
		if (value === undefined) continue;
		throw new UserError(`'${displayName}' is not for a dataflow with the schedule Once`, {
			description: `Remove '${displayName}' under Update Fields, or add 'Schedule' with another choice.`,
		});
	}
}
