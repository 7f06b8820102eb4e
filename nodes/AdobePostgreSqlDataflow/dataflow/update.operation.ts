import { getResource } from '../../adobe/collection';
import type { FlowChanges } from '../../adobe/dataflowUpdate';
import { changeFlow } from '../../adobe/dataflowUpdate';
import type { Dataflow } from '../../adobe/dataflows';
import { DATAFLOW } from '../../adobe/dataflows';
import type { UpdateResult } from '../../adobe/lostWrites/changeResource';
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
import { changeMapping } from './mapping/changeMapping';
import type { MappingWish } from './mapping/changeParameters';
import { mappingChangeParameters, readMappingChange } from './mapping/changeParameters';
import { mappingChangeHints, mappingChangeMembers } from './mapping/output';
import { planMapping } from './mapping/planMapping';
import { mappingInShort } from './mapping/sameMapping';
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
	description:
		'Change name, description, schedule, mapping or options. Sends nothing if nothing changed.',
	parameters: [
		flowIdParameter,
		...mappingChangeParameters,
		updateFields,
		optionsCollection(flowOptionParameters),
	],
	async prepare(call) {
		const dataflow = locateFlow(call);
		const { schedule, mapping: wish, ...wanted } = readWanted(call);
		return async () => {
			const client = call.openClient();
			const id = await dataflow.id(client);
			const read = await getResource(client, DATAFLOW, id);
			const changes = { ...wanted, ...(await scheduleChangesOf(client, read, schedule)) };
			if (wish === undefined) {
				const result = await changeFlow(client, read, changes, copyBy);
				const shown = await shownAfter(client, read, result, wanted);
				return dataflowOutput(client, shown, { action: result.action });
			}
			const plan = await planMapping(client, call.lookups, read, wish);
			const result = await changeMapping(call, client, read, plan, changes);
			const { action, mapping, previous } = result;
			const after = { ...read, mappingId: mapping?.id, mappingVersion: mapping?.version };
			const shown = await shownAfter(client, after, result, wanted);
			return dataflowOutput(client, shown, {
				action,
				table: plan.table,
				datasetId: plan.datasetId,
				mapping: mappingInShort(plan.mappings),
				previousMapping: previous,
				more: mappingChangeMembers(plan, result),
			});
		};
	},
	async complete(outcomes, { hint }) {
		for (const message of mappingChangeHints(outcomes)) hint(message);
	},
};

/** As Adobe shows it after a change, where that can be read. */
async function shownAfter(
	client: ItemClient,
	read: Dataflow,
	{ action, etag }: UpdateResult<Dataflow>,
	{ name = read.name }: Pick<FlowChanges, 'name'>,
): Promise<Dataflow> {
	if (action === 'unchanged') return read;
	return await getResource(client, DATAFLOW, read.id).catch(() => ({ ...read, etag, name }));
}

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
	/** Undefined where it stays. */
	mapping: MappingWish | undefined;
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
		mapping: readMappingChange(parameters),
	};
}
