import type {
	ILoadOptionsFunctions,
	INodePropertyOptions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getDataSet } from '../../adobe/datasets';
import type { Identity, SchemaField } from '../../adobe/schemas';
import { getSchema, listIdentities } from '../../adobe/schemas';
import type { SourceColumn } from '../../adobe/tables';
import { listColumns } from '../../adobe/tables';
import { chosenConnectionId, chosenDatasetId } from '../../locators/chosenId';
import { chosenIn, withClient } from '../../locators/editorClient';
import { tableParameter } from '../../locators/locators';
import type { ItemClient } from '../../platform/client';
import { isOwn, isWrittenByAdobe } from '../dataflow/create/fieldMatch';
import { columnsByField } from '../dataflow/create/mapByName';

/**
 * The fields of the chosen dataset's schema, the organization's own ones first and those that Adobe
 * writes last. Each takes a column of the chosen table, from a list where the table is known already, or
 * by its name. What the columns' names tell is filled in; a field that may stay empty and for which there
 * is no column waits under n8n's "Add field".
 */
export async function getDatasetFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await withClient(this, async (client) => {
		const datasetId = await chosenDatasetId(this, client);
		if (datasetId === undefined) {
			throw new UserError("Choose a 'Dataset' first", {
				description:
					"The fields of a dataset that comes from an expression are not known yet: set 'Mapping' to Automatic or to JSON.",
			});
		}
		const { schemaId } = await getDataSet(client, datasetId);
		if (schemaId === undefined) {
			return { fields: [], emptyFieldsNotice: 'This dataset has no schema, and so no fields.' };
		}
		const [{ fields }, columns, identities] = await Promise.all([
			getSchema(client, schemaId),
			columnsOf(this, client),
			// They only mark fields: without them the mapping is no other one.
			listIdentities(client, schemaId).catch(() => []),
		]);
		const fillable = fields.filter(({ type }) => type !== 'other');
		const columnOf = columnsByField(columns, fillable);
		return {
			fields: inOrder(fillable).map((field) =>
				mapperField(
					field,
					columns,
					columnOf.get(field.path),
					identities.find(({ path }) => path === field.path),
				),
			),
		};
	});
}

/** @param column that is filled in */
function mapperField(
	field: SchemaField,
	columns: readonly SourceColumn[],
	column: string | undefined,
	identity: Identity | undefined,
): ResourceMapperField {
	const { path, type, required } = field;
	const traits = [type, ...(required ? ['required'] : []), ...identityTraits(identity)];
	// Without the columns nothing can be told, and the fields that were made for such rows are offered.
	const isOffered =
		column !== undefined ||
		required ||
		identity?.isPrimary === true ||
		(columns.length === 0 && isOwn(field));
	return {
		id: path,
		displayName: `${path} (${traits.join(', ')})`,
		required,
		display: true,
		removed: !isOffered,
		defaultMatch: false,
		...(column === undefined ? {} : { defaultValue: column }),
		...(columns.length === 0
			? { type: 'string' as const }
			: { type: 'options' as const, options: columns.map(columnOption) }),
	};
}

function identityTraits(identity: Identity | undefined): string[] {
	if (identity === undefined) return [];
	const { namespace, isPrimary } = identity;
	const kind = isPrimary ? 'primary identity' : 'identity';
	return [namespace === undefined ? kind : `${kind} ${namespace}`];
}

function columnOption({ name, type }: SourceColumn): INodePropertyOptions {
	return { name, value: name, description: type };
}

function inOrder(fields: readonly SchemaField[]): SchemaField[] {
	return [...fields].sort((one, other) => groupOf(one) - groupOf(other));
}

/** The organization's own fields, those of Adobe's field groups, and those that Adobe writes. */
function groupOf(field: SchemaField): number {
	if (isWrittenByAdobe(field)) return 2;
	return isOwn(field) ? 0 : 1;
}

/** Empty where the table is not known yet or can't be looked at: its columns can be typed, too. */
async function columnsOf(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<SourceColumn[]> {
	try {
		const table = chosenIn(context, tableParameter);
		const connectionId = await chosenConnectionId(context, client);
		if (connectionId === undefined || table === undefined) return [];
		return await listColumns(client, connectionId, table);
	} catch {
		return [];
	}
}
