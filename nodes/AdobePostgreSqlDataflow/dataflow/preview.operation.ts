import { optionsCollection } from '../../operation/commonParameters';
import { tableParameter } from '../../locators/locators';
import type { Operation } from '../../operation/operation';
import { choiceParameter } from '../../operation/parameters';
import { createOptions, createParameters, readWantedDataflow } from './create.operation';
import { CreateRun } from './create/createDataflow';
import { planOutput, ROW_MEMBERS, rowOutput } from './preview/output';
import { previewDataflow } from './preview/previewDataflow';
import { readWantedRows, rowsParameters } from './preview/rowsToCheck';

const returnParameter = choiceParameter({
	displayName: 'Return',
	name: 'returnRows',
	type: 'options',
	options: [
		{ name: 'Plan and All Rows', value: 'all', description: 'The plan first, then each row' },
		{
			name: 'Plan and Rejected Rows',
			value: 'rejected',
			description: 'The plan first, then each row that would be rejected',
		},
		{ name: 'Plan', value: 'none', description: 'One item, with the counts and the reasons' },
	],
	default: 'all',
	description: 'Which items to return. The plan has kind "plan", and a row has kind "row".',
});

/** The rows are personal data: they are returned to whoever asks for them, and go nowhere else. */
export const preview: Operation<CreateRun> = {
	value: 'preview',
	name: 'Preview',
	action: 'Preview a dataflow',
	description:
		'Check what Create checks, and try the mapping on rows. It shows how they would arrive, which would be rejected, and why, and writes nothing.',
	subject: tableParameter,
	parameters: [
		...createParameters,
		...rowsParameters,
		returnParameter,
		optionsCollection(createOptions),
	],
	outputsRows: ROW_MEMBERS,
	begin: () => new CreateRun(),
	looksAhead: true,
	async prepare(call) {
		const wantedBy = readWantedDataflow(call);
		const wantedRows = readWantedRows(call.parameters);
		const wantedItems = call.parameters.choice(returnParameter);
		const readers = { run: call.state, readings: call.lookups };
		return async () => {
			const client = call.openClient();
			const wanted = await wantedBy(client);
			const previewed = await previewDataflow(client, readers, wanted, wantedRows);
			const rows = previewed.rows.flatMap((checked, index) =>
				wantedItems === 'all' || (wantedItems === 'rejected' && checked.wouldBeRejected)
					? [rowOutput(previewed, checked, index)]
					: [],
			);
			return [planOutput(client, previewed), ...rows];
		};
	},
};
