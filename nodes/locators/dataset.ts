import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ItemParameters } from '../operations/parameters';

// Catalog's IDs.
const ID = '[0-9a-fA-F]{24}';
const IS_ID = new RegExp(`^${ID}$`);

/** The locator of a dataset. */
export const datasetParameter: INodeProperties = {
	displayName: 'Dataset',
	name: 'dataset',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The dataset of Experience Platform that the rows go into',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchDatasets', searchable: true },
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder:
				'e.g. https://experience.adobe.com/#/@org/sname:prod/platform/dataset/browse/6019e0e7c5dcf718db5ebc71',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: `^https://.*${ID}.*$`,
						errorMessage: 'This URL holds no ID of a dataset',
					},
				},
			],
			// The organization's ID in such a URL has 24 digits, too, but stands in front.
			extractValue: { type: 'regex', regex: `^https://.*(${ID})` },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 6019e0e7c5dcf718db5ebc71',
		},
	],
};

/** @throws UserError when the locator is empty or holds something that can't be an ID */
export function readDatasetId(parameters: ItemParameters): string {
	const id = parameters.locator('dataset', 'Dataset');
	if (!IS_ID.test(id)) {
		throw new UserError("'Dataset' is not the ID of a dataset", {
			description:
				'Choose one from the list, or give an ID such as 6019e0e7c5dcf718db5ebc71, which Experience Platform shows beside the dataset. A name is not enough.',
		});
	}
	return id;
}
