import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { FlowOptions } from '../../adobe/dataflows';
import type { DataflowLookUps } from '../../adobe/together/dataflowLookUps';
import type { Located } from '../../locators/locate';
import { locateConnection } from '../../locators/locate';
import { connectionIdParameter, readTable, tableParameter } from '../../locators/locators';
import {
	additionalFieldsCollection,
	descriptionFieldOf,
	optionsCollection,
} from '../../operation/commonParameters';
import type { Operation, OperationCall, Outcome } from '../../operation/operation';
import type { ItemClient } from '../../platform/client';
import { arrayOf, recordsOf } from '../../platform/json';
import { CreateItem, CreateRun } from './create/createDataflow';
import type { GivenDataset } from './create/datasetParameters';
import { datasetParameters, readDataset } from './create/datasetParameters';
import { mappingParameters, readMapping } from './create/mappingParameters';
import { ifExistsOption, readIfExists } from './create/ifExists';
import { flowNameParameter, nameAfter, readFlowName, usualName } from './create/name';
import type { WantedDataflow } from './create/request';
import { flowOptionParameters, readFlowOptions } from './options';
import { mappingChangeHints } from './mapping/output';
import { readSchedule } from './schedule';
import { scheduleParameters } from './scheduleParameters';

const descriptionField = descriptionFieldOf('What the dataflow is for');
const additionalFields = additionalFieldsCollection([descriptionField]);

/** What a dataflow is made from; Preview has the same, so that one can be changed into the other. */
export const createParameters: INodeProperties[] = [
	flowNameParameter,
	{ ...connectionIdParameter, description: 'The base connection that the table is read through' },
	{ ...tableParameter, description: 'The table or view to load rows from' },
	...datasetParameters,
	...mappingParameters,
	...scheduleParameters,
	additionalFields,
];

export const createOptions: INodeProperties[] = [...flowOptionParameters, ifExistsOption];

export const create: Operation<CreateRun> = {
	value: 'create',
	name: 'Create',
	action: 'Create a dataflow',
	description:
		'Load a table into a dataset: creates source, target, mapping and schedule in one step',
	subject: tableParameter,
	parameters: [...createParameters, optionsCollection(createOptions)],
	begin: () => new CreateRun(),
	looksAhead: true,
	async prepare(call) {
		const wantedBy = readWantedDataflow(call);
		const run = call.state;
		return async () => {
			const client = call.openClient();
			const wanted = await wantedBy(client);
			const output = await new CreateItem(call, run, wanted, client).create();
			// Of any other mapping, what it leaves out was left out on purpose.
			if (wanted.mapping === 'automatic') run.automatic.add(String(output.flowId));
			return output;
		};
	},
	async complete(outcomes, run) {
		for (const message of hintsFor(outcomes, run.state)) run.hint(message);
		for (const message of mappingChangeHints(outcomes)) run.hint(message);
	},
};

/**
 * The dataflow that an item asks for, once names are looked up with a client; what it will look up is announced.
 *
 * @throws UserError
 */
export function readWantedDataflow(
	call: OperationCall<CreateRun>,
): (client: ItemClient) => Promise<WantedDataflow> {
	const given = readFlowName(call.parameters);
	const asked = readWanted(call);
	const { lookUps } = call.state;
	announce(lookUps, call.scope, asked, given);
	return async (client) => {
		const unnamed = await locate(client, asked);
		return { ...unnamed, name: given ?? (await nameAfter(client, lookUps, unnamed)) };
	};
}

/** What an item will look up, as far as that is known beforehand. */
function announce(
	lookUps: DataflowLookUps,
	scope: string,
	{ dataset, table }: AskedDataflow,
	given: string | undefined,
): void {
	if ('existing' in dataset) {
		if (!dataset.existing.isName) lookUps.dataSets.expect(scope, dataset.existing.key);
		if (given !== undefined) lookUps.expectName(scope, given);
		return;
	}
	lookUps.dataSets.expectName(scope, dataset.create.name);
	lookUps.expectName(scope, given ?? usualName(table, dataset.create.name));
}

/** What an item asks for, before names of a connection and a dataset are looked up. */
interface AskedDataflow extends Omit<WantedDataflow, 'name' | 'connectionId' | 'dataset'> {
	connection: Located;
	dataset: GivenDataset;
}

function readWanted(call: OperationCall): AskedDataflow {
	const { parameters } = call;
	const dataset = readDataset(call);
	const description = parameters.collection(additionalFields).text(descriptionField)?.trim();
	const options: FlowOptions | undefined = readFlowOptions(parameters);
	return {
		description,
		connection: locateConnection(call),
		table: readTable(parameters),
		dataset,
		mapping: 'existing' in dataset ? readMapping(parameters) : 'automatic',
		schedule: readSchedule(call),
		options,
		ifExists: readIfExists(parameters),
	};
}

/** @throws Problem for a name that none, or more than one, has */
async function locate(
	client: ItemClient,
	{ connection, dataset, ...asked }: AskedDataflow,
): Promise<Omit<WantedDataflow, 'name'>> {
	return {
		...asked,
		connectionId: await connection.id(client),
		dataset: 'existing' in dataset ? { id: await dataset.existing.id(client) } : dataset,
	};
}

/** A column with the field that it may stand for; anything else as it is. */
function withPossibleMatch(word: string, { possibleMatches }: IDataObject): string {
	const match = recordsOf(possibleMatches).find(({ column }) => column === word);
	return match === undefined ? word : `${word} (possible match: ${String(match.field)})`;
}

/** Neither is a failure: a column that is not loaded, and a setting that was not changed. */
function hintsFor(outcomes: Outcome[], run: CreateRun): string[] {
	const listOf = (member: string, isToTell: (json: IDataObject) => boolean) =>
		outcomes
			.flatMap(({ json }) => {
				const words = arrayOf(json[member]).map((word) => withPossibleMatch(String(word), json));
				if (words.length === 0 || !isToTell(json)) return [];
				return [`'${String(json.name)}': ${words.join(', ')}`];
			})
			.join('; ');
	const skipped = listOf('unmappedColumns', ({ flowId }) => run.automatic.has(String(flowId)));
	const warned = listOf('warnings', () => true);
	const kept = listOf('differences', ({ action }) => action === 'kept');
	return [
		...(skipped === ''
			? []
			: [
					`Columns were skipped because the dataset has no matching field. ${skipped}. Map them under Mapping > Field by Field.`,
				]),
		...(warned === '' ? [] : [`About the identities: ${warned}.`]),
		...(kept === ''
			? []
			: [
					`These dataflows already exist with other settings and were not changed. ${kept}. To change them, set 'If It Exists' under Options to Update; an identity and Profile are not changed by Create.`,
				]),
	];
}
