import type { INodeProperties } from 'n8n-workflow';

import type { Located } from '../../../locators/locate';
import { locateDataset } from '../../../locators/locate';
import { datasetParameter } from '../../../locators/locators';
import type { OperationCall } from '../../../operation/operation';
import { choiceParameter } from '../../../operation/parameters';
import type { WantedIdentity } from './profile/parameters';
import { profileParameters, readIdentity } from './profile/parameters';
import type { SchemaClass } from './tableSchema';

const NEW_DATASET = { datasetSource: ['create'] };
const NEW_EVENTS = { ...NEW_DATASET, schemaClass: ['experienceEvent'] };

const sourceParameter = choiceParameter({
	displayName: 'Target Dataset',
	name: 'datasetSource',
	type: 'options',
	options: [
		{
			name: 'Use Existing',
			value: 'existing',
			description: 'Load into a dataset you already have',
		},
		{
			name: 'Create From Table',
			value: 'create',
			description: 'Create a field group, a schema and a dataset that fit the table',
		},
	],
	default: 'existing',
	description: 'Where the rows go',
});

const datasetNameParameter: INodeProperties = {
	displayName: 'Dataset Name',
	name: 'datasetName',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Orders from PostgreSQL',
	displayOptions: { show: NEW_DATASET },
	description: 'Name of the new dataset and its schema. Must be unique in the sandbox.',
};

/** What a row stands for. */
export const schemaClassParameter = choiceParameter({
	displayName: 'Schema Class',
	name: 'schemaClass',
	type: 'options',
	options: [
		{
			name: 'XDM ExperienceEvent',
			value: 'experienceEvent',
			description: 'Each row is an event, with a time',
		},
		{
			name: 'XDM Individual Profile',
			value: 'profile',
			description: 'Each row is a record, e.g. a customer or an order',
		},
	],
	default: 'profile',
	displayOptions: { show: NEW_DATASET },
	description: 'What a row of the table stands for',
});

export const eventIdColumnParameter: INodeProperties = {
	displayName: 'Event ID Column',
	name: 'eventIdColumn',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. order_number',
	displayOptions: { show: NEW_EVENTS },
	description: 'The column that identifies an event; mapped to _id',
};

export const eventTimeColumnParameter: INodeProperties = {
	displayName: 'Event Time Column',
	name: 'eventTimeColumn',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. created_at',
	displayOptions: { show: NEW_EVENTS },
	description: 'The date-time column with the time of the event; mapped to timestamp',
};

/** Where the rows go. */
export const datasetParameters: INodeProperties[] = [
	sourceParameter,
	{ ...datasetParameter, displayOptions: { show: { datasetSource: ['existing'] } } },
	datasetNameParameter,
	schemaClassParameter,
	eventIdColumnParameter,
	eventTimeColumnParameter,
	...profileParameters,
];

export interface NewDatasetWanted {
	name: string;
	schemaClass: SchemaClass;
	event?: { idColumn: string; timestampColumn: string };
	/** Undefined for one without identity. */
	identity?: WantedIdentity;
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
	const identity = readIdentity(parameters, schemaClass);
	if (schemaClass === 'profile') return { create: { name, schemaClass, identity } };
	const event = {
		idColumn: parameters.requiredText(eventIdColumnParameter).trim(),
		timestampColumn: parameters.requiredText(eventTimeColumnParameter).trim(),
	};
	return { create: { name, schemaClass, event } };
}
