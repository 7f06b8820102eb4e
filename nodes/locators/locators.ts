import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { Collection, ItemParameters, Parameter } from '../operation/parameters';

// Adobe's pages and API links of a resource all end in, or contain, its UUID.
const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
// Catalog's IDs. The organization's ID in a URL has 24 digits too, but comes earlier in it.
const DATASET_ID = '[0-9a-fA-F]{24}';

/** What a URL must look like to hold the ID of one of Flow Service's resources. */
export const URL_WITH_ID = urlWith(UUID);

// Wider than a UUID, as Adobe does not promise one; nothing in it can change a path.
const ID = /^[\w-]{1,100}$/;
const IS_DATASET_ID = new RegExp(`^${DATASET_ID}$`);

/** Whether a string can be the ID of one of Flow Service's resources. */
export function isId(text: string): boolean {
	return ID.test(text);
}

/** What the locators of Adobe's resources differ in. */
interface IdLocator {
	displayName: string;
	/** Of the parameter, and of the member of an item that holds such an ID. */
	name: string;
	description: string;
	/** In messages, e.g. `connection`; its plural ends in -s. */
	one: string;
	searchListMethod: string;
	/** Pattern of an ID within a URL; the last one in it is taken. */
	idInUrl: string;
	urlExample: string;
	idExample: string;
	/** Left out where such a resource has no name. */
	nameExample?: string;
}

function urlWith(id: string): string {
	return `^https://.*${id}.*$`;
}

/** The mode in which a locator holds a name, which is looked up when the item is worked on. */
export const BY_NAME_MODE = 'name';

/** From List, By Name (where there are names), By URL and By ID. */
function idLocator(locator: IdLocator): INodeProperties {
	const property: INodeProperties = {
		displayName: locator.displayName,
		name: locator.name,
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description: locator.description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: locator.searchListMethod, searchable: true },
			},
			{
				displayName: 'By Name',
				name: BY_NAME_MODE,
				type: 'string',
				placeholder: `e.g. ${locator.nameExample}`,
				hint: `Exact name, case-sensitive; an error if no ${locator.one} or several have it`,
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: `e.g. ${locator.urlExample}`,
				validation: [
					{
						type: 'regex',
						properties: {
							regex: urlWith(locator.idInUrl),
							errorMessage: `This URL holds no ID of a ${locator.one}`,
						},
					},
				],
				extractValue: { type: 'regex', regex: `^https://.*(${locator.idInUrl})` },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${locator.idExample}`,
			},
		],
	};
	const { modes = [], ...rest } = property;
	const hasNames = locator.nameExample !== undefined;
	return { ...rest, modes: modes.filter(({ name }) => hasNames || name !== BY_NAME_MODE) };
}

const CONNECTION: IdLocator = {
	displayName: 'Connection',
	name: 'connectionId',
	description: 'The base connection to use',
	one: 'connection',
	searchListMethod: 'searchConnections',
	idInUrl: UUID,
	urlExample:
		'https://experience.adobe.com/#/@org/sname:prod/platform/source/accounts/2c15b1c5-73bf-47ab-9098-0467fcd854d9',
	idExample: '{{ $json.connectionId }}',
	nameExample: 'Sales database',
};

const DATAFLOW: IdLocator = {
	displayName: 'Dataflow',
	name: 'flowId',
	description: 'The dataflow to use',
	one: 'dataflow',
	searchListMethod: 'searchDataflows',
	idInUrl: UUID,
	urlExample:
		'https://platform.adobe.io/data/foundation/flowservice/flows/2edc08ac-4df5-4fe6-936f-81a19ce92f5c',
	idExample: '{{ $json.flowId }}',
	nameExample: 'Orders from PostgreSQL',
};

const RUN: IdLocator = {
	displayName: 'Run',
	name: 'runId',
	description: 'The run of a dataflow to use',
	one: 'run',
	searchListMethod: 'searchRuns',
	idInUrl: UUID,
	urlExample:
		'https://experience.adobe.com/#/@org/sname:prod/platform/source/dataflows/2edc08ac-4df5-4fe6-936f-81a19ce92f5c/activity/9830305a-985f-47d0-b030-5a985fd7d004',
	idExample: '{{ $json.runId }}',
};

const DATASET: IdLocator = {
	displayName: 'Dataset',
	name: 'dataset',
	description: 'The dataset of Experience Platform that the rows are loaded into',
	one: 'dataset',
	searchListMethod: 'searchDatasets',
	idInUrl: DATASET_ID,
	urlExample:
		'https://experience.adobe.com/#/@org/sname:prod/platform/dataset/browse/6019e0e7c5dcf718db5ebc71',
	idExample: '6019e0e7c5dcf718db5ebc71',
	nameExample: 'Orders',
};

export const connectionIdParameter = idLocator(CONNECTION);
export const flowIdParameter = idLocator(DATAFLOW);
export const runIdParameter = idLocator(RUN);
export const datasetParameter = idLocator(DATASET);

/** The locator of a table of the chosen connection. */
export const tableParameter: INodeProperties = {
	displayName: 'Table',
	name: 'table',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The table or view to look at',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod: 'searchTables',
				searchable: true,
				slowLoadNotice: {
					message: 'Adobe is reading the list of tables from the database',
					timeout: 5_000,
				},
			},
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. public.orders',
			hint: 'As Get Many returns it: schema and table, in double quotes where PostgreSQL needs them',
		},
	],
	typeOptions: { loadOptionsDependsOn: ['connectionId.value'] },
};

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readConnectionId(parameters: ItemParameters): string {
	return readId(parameters, CONNECTION, connectionIdParameter);
}

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readFlowId(parameters: ItemParameters): string {
	return readId(parameters, DATAFLOW, flowIdParameter);
}

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readRunId(parameters: ItemParameters): string {
	return readId(parameters, RUN, runIdParameter);
}

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readDatasetId(parameters: ItemParameters): string {
	const id = parameters.locator(datasetParameter);
	if (IS_DATASET_ID.test(id)) return id;
	throw needsId(
		datasetParameter,
		`Choose it from the list, or give its ID, e.g. ${DATASET.idExample}; Experience Platform shows it beside the dataset. ${NAME_IN_ITS_MODE}`,
	);
}

/** @throws UserError when the locator is empty */
export function readTable(parameters: ItemParameters): string {
	return parameters.locator(tableParameter);
}

/**
 * The ID in a filter of a list, trimmed; undefined where there is none.
 *
 * @param advice what to give instead
 * @throws UserError for what can't be an ID, e.g. what would be two values of a filter
 */
export function readFilterId(
	filters: Collection,
	filter: Parameter,
	advice: string,
): string | undefined {
	const id = filters.optionalText(filter);
	if (id === undefined || isId(id)) return id;
	throw needsId(filter, advice);
}

const NAME_IN_ITS_MODE = 'To use a name, choose the mode By Name.';

function readId(
	parameters: ItemParameters,
	{ idExample, nameExample }: IdLocator,
	locator: INodeProperties,
): string {
	const id = parameters.locator(locator);
	if (isId(id)) return id;
	const byName = nameExample === undefined ? '' : ` ${NAME_IN_ITS_MODE}`;
	throw needsId(locator, `Choose it from the list, or use ${idExample}.${byName}`);
}

function needsId({ displayName }: Parameter, description: string): UserError {
	return new UserError(`'${displayName}' needs an ID, not a name`, { description });
}
