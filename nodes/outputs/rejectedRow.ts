import type { IDataObject } from 'n8n-workflow';

import type { FoundRow } from '../adobe/dataAccess/rejectedRows';
import type { Run } from '../adobe/runModel';

/** The member that holds the user's own row. */
export const ROW_MEMBER = 'row';

/** A rejected row: the first of its reasons, the row as it was in the table, and where Adobe keeps it. */
export function rejectedRowOutput({ id, flowId }: Run, found: FoundRow): IDataObject {
	const { errors, row, batchId, file, inputFile } = found;
	const [cause] = errors;
	return {
		runId: id,
		flowId: flowId ?? null,
		code: cause?.code ?? null,
		message: cause?.message ?? null,
		[ROW_MEMBER]: row as IDataObject,
		errors: errors.map(({ code, message, column }) => ({
			code: code ?? null,
			message,
			column: column ?? null,
		})),
		batchId,
		file,
		inputFile: inputFile ?? null,
	};
}
