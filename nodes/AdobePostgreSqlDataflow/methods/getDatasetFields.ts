import type {
	ILoadOptionsFunctions,
	INodePropertyOptions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getDataSet } from '../../adobe/datasets';
import { listColumns } from '../../adobe/tables';
import { getSchema } from '../../adobe/schemas';
import { chosenConnectionId, chosenDatasetId } from '../../locators/chosenId';
import { chosenIn, withClient } from '../../locators/editorClient';
import { tableParameter } from '../../locators/locators';
import type { ItemClient } from '../../platform/client';

/**
 * The fields of the chosen dataset's schema. Each takes a column of the chosen table, from a list
 * where the table is known already, or by its name.
 */
export async function getDatasetFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await withClient(this, async (client) => {
		const datasetId = await chosenDatasetId(this, client);
		if (datasetId === undefined) {
			throw new UserError("Choose a 'Dataset' first", {
				description:
					"The fields of a dataset that comes by expression are not known yet: set 'Mapping' to Automatic or to JSON.",
			});
		}
		const { schemaId } = await getDataSet(client, datasetId);
		if (schemaId === undefined) {
			return { fields: [], emptyFieldsNotice: 'This dataset has no schema, and so no fields.' };
		}
		const [{ fields }, columns] = await Promise.all([
			getSchema(client, schemaId),
			columnsOf(this, client),
		]);
		return {
			fields: fields
				.filter(({ type }) => type !== 'other')
				.map(
					({ path, type, required }): ResourceMapperField => ({
						id: path,
						displayName: `${path} (${type})`,
						required,
						display: true,
						defaultMatch: false,
						...(columns.length === 0 ? { type: 'string' } : { type: 'options', options: columns }),
					}),
				),
		};
	});
}

/** Empty where the table is not known yet or can't be looked at: its columns can be typed, too. */
async function columnsOf(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<INodePropertyOptions[]> {
	try {
		const table = chosenIn(context, tableParameter);
		const connectionId = await chosenConnectionId(context, client);
		if (connectionId === undefined || table === undefined) return [];
		const columns = await listColumns(client, connectionId, table);
		return columns.map(({ name, type }) => ({ name, value: name, description: type }));
	} catch {
		return [];
	}
}
