import type {
	ILoadOptionsFunctions,
	INodePropertyOptions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import { endsOf } from '../../adobe/dataflowEnds';
import { DATAFLOW } from '../../adobe/dataflows';
import { getDataSet } from '../../adobe/datasets';
import { getMappings } from '../../adobe/mappingSets';
import type { Identity, SchemaField } from '../../adobe/schemas';
import { getSchema, listIdentities } from '../../adobe/schemas';
import type { SourceColumn } from '../../adobe/tables';
import { listColumns } from '../../adobe/tables';
import { chosenConnectionId, chosenDatasetId, chosenFlowId } from '../../locators/chosenId';
import { chosenIn, withClient } from '../../locators/editorClient';
import { tableParameter } from '../../locators/locators';
import type { ItemClient } from '../../platform/client';
import { columnOf } from '../dataflow/create/columnReferences';
import { isOwn, isWrittenByAdobe } from '../dataflow/create/fieldMatch';
import { columnsByField } from '../dataflow/create/mapByName';
import { tableOf } from '../dataflow/deltaColumn';
import { update } from '../dataflow/update.operation';

/**
 * The fields of the chosen dataset's schema, the organization's own ones first and those that Adobe
 * writes last. Each takes a column of the chosen table, from a list where the table is known already, or
 * by its name. What the columns' names tell is filled in; a field that may stay empty and for which there
 * is no column waits under n8n's "Add field".
 */
export async function getDatasetFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await withClient(this, async (client) => {
		const isOfDataflow = this.getCurrentNodeParameter('operation') === update.value;
		const { datasetId, columns, mapped } = isOfDataflow
			? await endsOfDataflow(this, client)
			: await chosenEnds(this, client);
		const { schemaId } = await getDataSet(client, datasetId);
		if (schemaId === undefined) {
			return { fields: [], emptyFieldsNotice: 'This dataset has no schema, and so no fields.' };
		}
		const [{ fields }, identities] = await Promise.all([
			getSchema(client, schemaId),
			// They only mark fields: without them the mapping is no other one.
			listIdentities(client, schemaId).catch(() => []),
		]);
		const fillable = fields.filter(({ type }) => type !== 'other');
		// A present mapping is what a person begins with, and not what the names tell.
		const columnsOfFields = mapped ?? columnsByField(columns, fillable);
		return {
			fields: inOrder(fillable).map((field) =>
				mapperField(
					field,
					columns,
					columnsOfFields.get(field.path),
					identities.find(({ path }) => path === field.path),
				),
			),
		};
	});
}

/** What the fields are of, and what is filled in. */
interface ChosenEnds {
	datasetId: string;
	columns: SourceColumn[];
	/** The column for each field that has one already, by its path. */
	mapped?: Map<string, string>;
}

async function chosenEnds(context: ILoadOptionsFunctions, client: ItemClient): Promise<ChosenEnds> {
	const datasetId = await chosenDatasetId(context, client);
	if (datasetId !== undefined) return { datasetId, columns: await columnsOf(context, client) };
	throw new UserError("Choose a 'Dataset' first", {
		description:
			"The fields of a dataset that comes from an expression are not known yet: set 'Mapping' to Automatic or to JSON.",
	});
}

/** Those of a dataflow that is there, with the columns that its mapping takes as they are. */
async function endsOfDataflow(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<ChosenEnds> {
	const id = await chosenFlowId(context, client);
	if (id === undefined) {
		throw new UserError("Choose a 'Dataflow' first", {
			description:
				"The fields for a dataflow that comes from an expression are not known yet: set 'Mapping' to Automatic or to JSON.",
		});
	}
	const flow = await getResource(client, DATAFLOW, id);
	const { mappingId, mappingVersion } = flow;
	const [[ends], read, mappings] = await Promise.all([
		endsOf(client, [flow]),
		tableOf(client, flow),
		mappingId === undefined ? [] : getMappings(client, mappingId, mappingVersion),
	]);
	if (ends?.datasetId === undefined) {
		throw new UserError('Adobe does not show the dataset of this dataflow', {
			description: "Its fields are not known: set 'Mapping' to Automatic or to JSON.",
		});
	}
	const taken = mappings.filter(({ sourceType }) => sourceType === 'ATTRIBUTE');
	return {
		datasetId: ends.datasetId,
		columns: read?.columns ?? [],
		mapped: new Map(taken.map(({ destination, source }) => [destination, columnOf(source)])),
	};
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
