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
	nameParameter,
	optionsCollection,
	readName,
} from '../../operation/commonParameters';
import type { Operation, OperationCall, Outcome } from '../../operation/operation';
import { CreateItem, CreateRun } from './create/createDataflow';
import { datasetParameters, readDataset } from './create/datasetParameters';
import { mappingParameters, readMapping } from './create/mappingParameters';
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
		'Create a dataflow that takes a table of a base connection into a dataset; everything is checked first, and what was made is removed again when a later step does not work',
	parameters: [
		nameParameter({
			placeholder: 'e.g. Orders from PostgreSQL',
			description:
				'Name of the dataflow. One that is there under this name, with the same connection, table and dataset, is left as it is and put out.',
		}),
		{
			...connectionIdParameter,
			default: { mode: 'id', value: '={{ $json.connectionId }}' },
			description: 'The base connection that the table is read through',
		},
		{ ...tableParameter, description: 'The table or view to take rows from' },
		...datasetParameters,
		...mappingParameters,
		...scheduleParameters,
		additionalFields,
		optionsCollection(flowOptionParameters),
	],
	begin: () => new CreateRun(),
	async prepare(call) {
		const wanted = readWanted(call);
		const run = call.state;
		return async () =>
			await run.byName.run(
				`${call.scope}\n${wanted.name}`,
				async () => await new CreateItem(call, run, wanted).create(),
			);
	},
	async complete(outcomes, run) {
		for (const message of hintsFor(outcomes)) run.hint(message);
	},
};

function readWanted(call: OperationCall): WantedDataflow {
	const { parameters } = call;
	const dataset = readDataset(parameters);
	const description = parameters.collection(additionalFields).text(descriptionField)?.trim();
	const options: FlowOptions | undefined = readFlowOptions(parameters);
	return {
		name: readName(parameters),
		description: description === '' ? undefined : description,
		connectionId: readConnectionId(parameters),
		table: readTable(parameters),
		dataset,
		mapping: 'id' in dataset ? readMapping(parameters) : 'automatic',
		schedule: readSchedule(call),
		options,
	};
}

/** A skipped column is no failure, but its values are missing in the dataset. */
function hintsFor(outcomes: Outcome[]): string[] {
	const skipped = outcomes.flatMap(({ json }) =>
		Array.isArray(json.unmappedColumns) && json.unmappedColumns.length > 0
			? [`'${String(json.name)}': ${json.unmappedColumns.join(', ')}`]
			: [],
	);
	if (skipped.length === 0) return [];
	return [
		`These columns have no field of their name in the dataset and are left out. ${skipped.join('; ')}. To take them in, set 'Mapping' to Field by Field or to JSON.`,
	];
}
