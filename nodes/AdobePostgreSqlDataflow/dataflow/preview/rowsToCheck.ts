import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { previewRows } from '../../../adobe/tables';
import { limitParameter } from '../../../operation/commonParameters';
import type { ItemParameters, NumberParameter } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import { isNothing } from '../../../operation/values';
import type { ItemClient } from '../../../platform/client';
import { asRecord } from '../../../platform/json';

export type TableRow = Record<string, unknown>;

const sourceParameter = choiceParameter({
	displayName: 'Rows to Check',
	name: 'rowsFrom',
	type: 'options',
	options: [
		{
			name: 'First Rows of the Table',
			value: 'table',
			description: 'As many as Adobe shows, often ten',
		},
		{
			name: 'JSON',
			value: 'json',
			description: "Rows by expression, e.g. those of n8n's Postgres node",
		},
	],
	default: 'table',
	description: 'Which rows to try the mapping on',
});

const rowsParameter: INodeProperties = {
	displayName: 'Rows',
	name: 'rows',
	type: 'json',
	default: '',
	required: true,
	placeholder: "e.g. {{ $('Postgres').all().map((item) => item.json) }}",
	displayOptions: { show: { rowsFrom: ['json'] } },
	description: 'A list of objects with the columns of the table, or one such object',
};

const rowLimitParameter: NumberParameter = {
	...limitParameter,
	description:
		'Max number of rows to check. Each takes one request to Adobe, unless the dataset is still to be created.',
};

/** Which rows a preview is shown on. */
export const rowsParameters: INodeProperties[] = [
	sourceParameter,
	rowsParameter,
	rowLimitParameter,
];

export interface WantedRows {
	limit: number;
	/** Undefined for the first ones of the table. */
	given?: TableRow[];
}

/** The rows to check, and how many there are besides. */
export interface RowsToCheck {
	rows: TableRow[];
	notChecked: number;
}

/** @throws UserError for what are no rows */
export function readWantedRows(parameters: ItemParameters): WantedRows {
	const source = parameters.choice(sourceParameter);
	const limit = parameters.wholeNumber(rowLimitParameter);
	if (source === 'table') return { limit };
	return { limit, given: readRows(parameters.raw(rowsParameter)) };
}

export async function rowsToCheck(
	client: ItemClient,
	connectionId: string,
	table: string,
	{ limit, given }: WantedRows,
): Promise<RowsToCheck> {
	const rows = given ?? (await previewRows(client, connectionId, table));
	const checked = rows.slice(0, limit);
	// Of the table's own, nobody has asked for all that Adobe shows.
	return { rows: checked, notChecked: given === undefined ? 0 : rows.length - checked.length };
}

const EXAMPLE = {
	description:
		'Give a list of objects with the columns of the table, e.g. [{ "id": 1, "email": "ana@example.com" }].',
};

function readRows(value: unknown): TableRow[] {
	if (isNothing(value)) throw new UserError(`'${rowsParameter.displayName}' is empty`, EXAMPLE);
	const parsed = typeof value === 'string' ? parse(value) : asJson(value);
	const rows = (Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]).map(asRecord);
	const [first] = rows;
	if (first === undefined || rows.includes(undefined)) {
		throw new UserError("'Rows' is not a list of objects in JSON", EXAMPLE);
	}
	return rows.filter((row) => row !== undefined);
}

/** Dates become what they are on the way to Adobe. */
function asJson(value: unknown): unknown {
	const text = JSON.stringify(value) as string | undefined;
	return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** Undefined for invalid JSON. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
