import type { INodeProperties } from 'n8n-workflow';

import { getResource } from '../../adobe/collection';
import { findRejectedRows } from '../../adobe/dataAccess/rejectedRows';
import { RUN } from '../../adobe/runModel';
import { readRunId, runIdParameter } from '../../locators/locators';
import { limitParameters, optionsCollection, readLimit } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { rejectedRowOutput, ROW_MEMBER } from '../../outputs/rejectedRow';

const sampleParameter: INodeProperties = {
	displayName: 'Sample Only',
	name: 'sample',
	type: 'boolean',
	default: false,
	description:
		'Whether to read only the small sample that Adobe keeps beside the files, e.g. where these are too large',
};

/** What the runs of an execution have to say beside their rows. */
type Remarks = string[];

/** The rows are personal data: they are returned to whoever asks for them, and go nowhere else. */
export const getRejectedRows: Operation<Remarks> = {
	value: 'getRejectedRows',
	name: 'Get Rejected Rows',
	action: 'Get rejected rows of a run',
	description:
		"Get the rows that a run rejected and why, one item per row. Needs 'Error Diagnostics' on the dataflow; Adobe keeps them for 30 days.",
	parameters: [runIdParameter, ...limitParameters, sampleParameter, optionsCollection()],
	outputsRows: ROW_MEMBER,
	begin: () => [],
	async prepare({ parameters, openClient, state: remarks }) {
		const id = readRunId(parameters);
		const limit = readLimit(parameters);
		const sample = parameters.boolean(sampleParameter);
		return async () => {
			const client = openClient();
			const run = await getResource(client, RUN, id);
			const { rows, remark } = await findRejectedRows(client, run, { limit, sample });
			if (remark !== undefined) remarks.push(remark);
			return rows.map((row) => rejectedRowOutput(client, run, row));
		};
	},
	async complete(_outcomes, { hint, state: remarks }) {
		if (remarks.length > 0) hint([...new Set(remarks)].join(' '));
	},
};
