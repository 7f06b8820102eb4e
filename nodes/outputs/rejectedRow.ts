import type { IDataObject } from 'n8n-workflow';

import type { FoundRow } from '../adobe/dataAccess/rejectedRows';
import type { Run } from '../adobe/runModel';
import { runUrl } from '../adobe/webLinks';
import { output } from './common';
import type { Place } from '../adobe/webLinks';

/** The member that holds the user's own row. */
export const ROW_MEMBER = 'row';

/** Why a row was rejected, the row as it was in the table, then where Adobe keeps it, and the run. */
export function rejectedRowOutput(place: Place, run: Run, found: FoundRow): IDataObject {
	const { errors, row, batchId, file, inputFile } = found;
	const [cause] = errors;
	const sandboxName = run.sandboxName ?? place.sandboxName;
	return output({
		message: cause?.message,
		[ROW_MEMBER]: row as IDataObject,
		code: cause?.code,
		errors: errors.map(({ code, message, column }) => output({ message, code, column })),
		batchId,
		file,
		inputFile,
		runId: run.id,
		flowId: run.flowId,
		url: runUrl({ ...place, sandboxName }, run),
		sandboxName,
	});
}
