import { UserError } from 'n8n-workflow';

import type { Dataflow } from '../../adobe/dataflows';
import { labelOf } from '../../operation/values';
import type { ItemClient } from '../../platform/client';
import { checkDeltaColumn, onlyDeltaColumn } from './deltaColumn';
import { runDeltaColumnParameter } from './scheduleParameters';

const WORDS = {
	label: labelOf(runDeltaColumnParameter),
	operation: 'Run a dataflow',
	nothing: 'No run was started.',
};

/**
 * The one that the dataflow keeps from its first run; before that the given one, or the only one that can
 * be it.
 *
 * @throws UserError or Problem when the dataflow has another column, or none and it is not clear which
 */
export async function deltaColumnFor(
	client: ItemClient,
	flow: Dataflow,
	given: string | undefined,
): Promise<string> {
	const kept = flow.deltaColumn;
	if (kept !== undefined) {
		if (given === undefined || given === kept) return kept;
		throw new UserError(`This dataflow runs by the delta column '${kept}', not by '${given}'`, {
			description:
				"A dataflow keeps the delta column of its first run. Leave 'Delta Column' empty, or create another dataflow.",
		});
	}
	if (given !== undefined) {
		await checkDeltaColumn(client, flow, given, WORDS);
		return given;
	}
	const only = await onlyDeltaColumn(client, flow, WORDS);
	if (only !== undefined) return only;
	throw new UserError("'Delta Column' is needed for the first run of this dataflow", {
		description:
			'Enter the date-time column of the table that marks new rows; later runs use the same one.',
	});
}
