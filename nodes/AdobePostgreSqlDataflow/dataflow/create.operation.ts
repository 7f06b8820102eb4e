import type { IDataObject } from 'n8n-workflow';

import type { FlowOptions } from '../../adobe/dataflows';
import {
	connectionIdParameter,
	readConnectionId,
	readTable,
	tableParameter,
} from '../../locators/locators';
import {
	additionalFieldsCollection,
	descriptionFieldOf,
	optionsCollection,
} from '../../operation/commonParameters';
import type { Operation, OperationCall, Outcome } from '../../operation/operation';
import { CreateItem, CreateRun } from './create/createDataflow';
import { datasetParameters, readDataset } from './create/datasetParameters';
import { mappingParameters, readMapping } from './create/mappingParameters';
import { ifExistsOption, readIfExists } from './create/ifExists';
import { flowNameParameter, nameAfter, readFlowName } from './create/name';
import type { WantedDataflow } from './create/request';
import { flowOptionParameters, readFlowOptions } from './options';
import { readSchedule } from './schedule';
import { scheduleParameters } from './scheduleParameters';

const descriptionField = descriptionFieldOf('What the dataflow is for');
const additionalFields = additionalFieldsCollection([descriptionField]);

export const create: Operation<CreateRun> = {
	value: 'create',
	name: 'Create',
	action: 'Create a dataflow',
	description:
		'Load a table into a dataset: creates source, target, mapping and schedule in one step',
	subject: tableParameter,
	parameters: [
		flowNameParameter,
		{ ...connectionIdParameter, description: 'The base connection that the table is read through' },
		{ ...tableParameter, description: 'The table or view to load rows from' },
		...datasetParameters,
		...mappingParameters,
		...scheduleParameters,
		additionalFields,
		optionsCollection([...flowOptionParameters, ifExistsOption]),
	],
	begin: () => new CreateRun(),
	async prepare(call) {
		const given = readFlowName(call.parameters);
		const unnamed = readWanted(call);
		const run = call.state;
		return async () => {
			const name = given ?? (await nameAfter(call.openClient(), run.readings, unnamed));
			const wanted: WantedDataflow = { ...unnamed, name };
			return await run.byName.run(`${call.scope}\n${name}`, async () => {
				const output = await new CreateItem(call, run, wanted).create();
				// Of any other mapping, what it leaves out was left out on purpose.
				if (wanted.mapping === 'automatic') run.automatic.add(String(output.flowId));
				return output;
			});
		};
	},
	async complete(outcomes, run) {
		for (const message of hintsFor(outcomes, run.state)) run.hint(message);
	},
};

function readWanted(call: OperationCall): Omit<WantedDataflow, 'name'> {
	const { parameters } = call;
	const dataset = readDataset(parameters);
	const description = parameters.collection(additionalFields).text(descriptionField)?.trim();
	const options: FlowOptions | undefined = readFlowOptions(parameters);
	return {
		description,
		connectionId: readConnectionId(parameters),
		table: readTable(parameters),
		dataset,
		mapping: 'id' in dataset ? readMapping(parameters) : 'automatic',
		schedule: readSchedule(call),
		options,
		ifExists: readIfExists(parameters),
	};
}

/** Neither is a failure: a column that is not loaded, and a setting that was not changed. */
function hintsFor(outcomes: Outcome[], run: CreateRun): string[] {
	const listOf = (member: string, isToTell: (json: IDataObject) => boolean) =>
		outcomes
			.flatMap(({ json }) => {
				const words = json[member];
				const isAny = Array.isArray(words) && words.length > 0;
				return isAny && isToTell(json) ? [`'${String(json.name)}': ${words.join(', ')}`] : [];
			})
			.join('; ');
	const skipped = listOf('unmappedColumns', ({ flowId }) => run.automatic.has(String(flowId)));
	const kept = listOf('differences', ({ action }) => action === 'kept');
	return [
		...(skipped === ''
			? []
			: [
					`Columns were skipped because the dataset has no matching field. ${skipped}. Map them under Mapping > Field by Field.`,
				]),
		...(kept === ''
			? []
			: [
					`These dataflows already exist with other settings and were not changed. ${kept}. To change them, set 'If It Exists' under Options to Update.`,
				]),
	];
}
