import type { INodeProperties } from 'n8n-workflow';

import { connectionIdParameter, tableParameter } from '../../locators/locators';
import { descriptionFieldOf, optionsCollection } from '../../operation/commonParameters';
import { choiceParameter } from '../../operation/parameters';
import {
	eventIdColumnParameter,
	eventTimeColumnParameter,
	schemaClassParameter,
} from '../dataflow/create/datasetParameters';
import { flowOptionParameters } from '../dataflow/options';
import { scheduleParameters } from '../dataflow/scheduleParameters';
import type { NewColumns } from './desired';

export const planForParameter = choiceParameter({
	displayName: 'Plan For',
	name: 'planFor',
	type: 'options',
	options: [
		{
			name: 'Dataflows as They Are',
			value: 'existing',
			description:
				'All dataflows of the connection: what has changed in the database and at Adobe since they were made',
		},
		{
			name: 'Desired Tables',
			value: 'tables',
			description: 'One input item a table that should be loaded',
		},
	],
	default: 'tables',
	description: 'What the plan is made for',
});

const OF_TABLES = { planFor: ['tables'] };

/** A parameter of Plan that is there for desired tables only. */
function ofTables(parameter: INodeProperties): INodeProperties {
	const { show, ...rest } = parameter.displayOptions ?? {};
	return { ...parameter, displayOptions: { ...rest, show: { ...show, ...OF_TABLES } } };
}

export const useColumnsParameter: INodeProperties = {
	displayName: 'Use Columns of the Item',
	name: 'useColumns',
	type: 'boolean',
	default: true,
	description:
		'Whether columns of the input item with these names replace the values below for its table, where they are not empty: dataflow, dataset, schemaClass, eventIdColumn, eventTimeColumn, schedule, interval, startTime, backfill, deltaColumn, description, mapping, newColumns, enabled, takeOver, delete, errorDiagnostics, partialIngestionPercent',
};

export const dataflowNameParameter: INodeProperties = {
	displayName: 'Dataflow Name',
	name: 'dataflow',
	type: 'string',
	default: '',
	placeholder: 'e.g. Orders from PostgreSQL',
	description: "Leave empty to name it after table and dataset, e.g. 'public.orders to Orders'",
};

export const datasetNameParameter: INodeProperties = {
	displayName: 'Dataset Name',
	name: 'datasetName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Sales: {{ $json.table }}',
	description:
		'The dataset to load into; where none has this name, it is created from the table. Leave empty to name it after the table.',
};

export const newColumnsParameter = choiceParameter<NewColumns>({
	displayName: 'New Columns',
	name: 'newColumns',
	type: 'options',
	options: [
		{
			name: 'Add',
			value: 'add',
			description:
				'Add a field to the schema where it was made from the table, and map the column to it',
		},
		{ name: 'Ignore', value: 'ignore', description: 'Leave them out; the plan names them' },
		{
			name: 'Stop',
			value: 'stop',
			description: 'Disable the dataflow until somebody has decided',
		},
	],
	default: 'ignore',
	description: 'What to do about columns that the table did not have when its dataflow was made',
});

export const takeOverParameter: INodeProperties = {
	displayName: 'Take Over',
	name: 'takeOver',
	type: 'boolean',
	default: false,
	description:
		'Whether Apply may also change a dataflow that this package did not make. Set it for single tables, by expression or in the column takeOver.',
};

export const deleteParameter: INodeProperties = {
	displayName: 'Delete',
	name: 'delete',
	type: 'boolean',
	default: false,
	description:
		'Whether the dataflow is to be deleted, with its source and target connection and its mapping. The dataset and its rows stay. Set it for single tables, by expression or in the column delete.',
};

export const enableOption: INodeProperties = {
	displayName: 'Enabled',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description:
		'Whether the dataflow should be enabled. Without it, the plan names those that are disabled, and Apply leaves them so.',
};

export const descriptionOption = descriptionFieldOf('What the dataflow is for');

/** Of Plan. */
export const planParameters: INodeProperties[] = [
	planForParameter,
	{ ...connectionIdParameter, description: 'The base connection that the tables are read through' },
	ofTables({ ...tableParameter, description: 'The table or view that should be loaded' }),
	ofTables(useColumnsParameter),
	ofTables(dataflowNameParameter),
	ofTables(datasetNameParameter),
	ofTables({ ...schemaClassParameter, displayOptions: {} }),
	...[eventIdColumnParameter, eventTimeColumnParameter].map((parameter) =>
		ofTables({ ...parameter, displayOptions: { show: { schemaClass: ['experienceEvent'] } } }),
	),
	...scheduleParameters.map(ofTables),
	newColumnsParameter,
	ofTables(takeOverParameter),
	ofTables(deleteParameter),
	optionsCollection([...flowOptionParameters, enableOption, descriptionOption]),
];
