import type { INodeProperties } from 'n8n-workflow';

import type { Located } from '../../../locators/locate';
import { locateDataset } from '../../../locators/locate';
import { datasetParameter } from '../../../locators/locators';
import type { OperationCall } from '../../../operation/operation';
import { choiceParameter } from '../../../operation/parameters';
import type { SchemaClass } from './tableSchema';

const NEW_DATASET = { datasetSource: ['create'] };
const NEW_EVENTS = { ...NEW_DATASET, schemaClass: ['experienceEvent'] };

const sourceParameter = choiceParameter({
	displayName: 'Dataset Source',
	name: 'datasetSource',
	type: 'options',
	options: [
		{
			name: 'Create From Table',
			value: 'create',
			description: 'Make a field group, a schema and a dataset that fit the table',
		},
		{
			name: 'Existing',
			value: 'existing',
			description: 'Take the rows into a dataset that is there',
		},
	],
	default: 'existing',
	description: 'Whether the dataset is there already',
});

const datasetNameParameter: INodeProperties = {
	displayName: 'Dataset Name',
	name: 'datasetName',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Orders from PostgreSQL',
	displayOptions: { show: NEW_DATASET },
	description: 'Name of the new dataset and of its schema, which no other may have',
};

const schemaClassParameter = choiceParameter({
	displayName: 'Schema Class',
	name: 'schemaClass',
	type: 'options',
	options: [
		{
			name: 'XDM ExperienceEvent',
			value: 'experienceEvent',
			description: 'Each row is something that happened at a time',
		},
		{
			name: 'XDM Individual Profile',
			value: 'profile',
			description: 'Each row is a record, e.g. a customer or an order',
		},
	],
	default: 'profile',
	displayOptions: { show: NEW_DATASET },
	description: 'What a row of the table is to Experience Platform',
});

export const eventIdColumnParameter: INodeProperties = {
	displayName: 'Event ID Column',
	name: 'eventIdColumn',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. order_number',
	displayOptions: { show: NEW_EVENTS },
	description: 'The column that tells one event from all others; goes into _id',
};

export const eventTimeColumnParameter: INodeProperties = {
	displayName: 'Event Time Column',
	name: 'eventTimeColumn',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. created_at',
	displayOptions: { show: NEW_EVENTS },
	description: 'The date-time column that says when it happened; goes into timestamp',
};

/** Where the rows go. */
export const datasetParameters: INodeProperties[] = [
	sourceParameter,
	{ ...datasetParameter, displayOptions: { show: { datasetSource: ['existing'] } } },
	datasetNameParameter,
	schemaClassParameter,
	eventIdColumnParameter,
	eventTimeColumnParameter,
];

export interface NewDatasetWanted {
	name: string;
	schemaClass: SchemaClass;
	event?: { idColumn: string; timestampColumn: string };
}

/** An existing dataset, or one to be created. */
export type WantedDataset = { id: string } | { create: NewDatasetWanted };

/** The same, before the name of an existing one is looked up. */
export type GivenDataset = { existing: Located } | { create: NewDatasetWanted };

/** @throws UserError naming what is missing */
export function readDataset(call: OperationCall): GivenDataset {
	const { parameters } = call;
	const source = parameters.choice(sourceParameter);
	if (source === 'existing') return { existing: locateDataset(call) };
	const name = parameters.requiredText(datasetNameParameter).trim();
	const schemaClass = parameters.choice(schemaClassParameter);
	if (schemaClass === 'profile') return { create: { name, schemaClass } };
	const event = {
		idColumn: parameters.requiredText(eventIdColumnParameter).trim(),
		timestampColumn: parameters.requiredText(eventTimeColumnParameter).trim(),
	};
	return { create: { name, schemaClass, event } };
}
