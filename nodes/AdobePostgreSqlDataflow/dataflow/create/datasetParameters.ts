import type { INodeProperties } from 'n8n-workflow';

import { datasetParameter, readDatasetId } from '../../../locators/locators';
import type { ItemParameters } from '../../../operation/parameters';
import type { SchemaClass } from './tableSchema';

const SOURCES = ['existing', 'create'] as const;
const CLASSES = ['profile', 'experienceEvent'] as const;

const CREATE = { datasetSource: ['create'] };
const EVENT = { ...CREATE, schemaClass: ['experienceEvent'] };

/** Where the rows go. */
export const datasetParameters: INodeProperties[] = [
	{
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
	},
	{ ...datasetParameter, displayOptions: { show: { datasetSource: ['existing'] } } },
	{
		displayName: 'Dataset Name',
		name: 'datasetName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Orders from PostgreSQL',
		displayOptions: { show: CREATE },
		description: 'Name of the new dataset and of its schema, which no other may have',
	},
	{
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
		displayOptions: { show: CREATE },
		description: 'What a row of the table is to Experience Platform',
	},
	{
		displayName: 'Event ID Column',
		name: 'eventIdColumn',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. order_number',
		displayOptions: { show: EVENT },
		description: 'The column that tells one event from all others; goes into _id',
	},
	{
		displayName: 'Event Time Column',
		name: 'eventTimeColumn',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. created_at',
		displayOptions: { show: EVENT },
		description: 'The date-time column that says when it happened; goes into timestamp',
	},
];

export interface NewDatasetWanted {
	name: string;
	schemaClass: SchemaClass;
	event?: { idColumn: string; timestampColumn: string };
}

/** A dataset that is there, or one to be made. */
export type WantedDataset = { id: string } | { create: NewDatasetWanted };

/** @throws UserError naming what is missing */
export function readDataset(parameters: ItemParameters): WantedDataset {
	const source = parameters.choice('datasetSource', 'Dataset Source', SOURCES);
	if (source === 'existing') return { id: readDatasetId(parameters) };
	const name = parameters.requiredText('datasetName', 'Dataset Name').trim();
	const schemaClass = parameters.choice('schemaClass', 'Schema Class', CLASSES);
	if (schemaClass === 'profile') return { create: { name, schemaClass } };
	const event = {
		idColumn: parameters.requiredText('eventIdColumn', 'Event ID Column').trim(),
		timestampColumn: parameters.requiredText('eventTimeColumn', 'Event Time Column').trim(),
	};
	return { create: { name, schemaClass, event } };
}
