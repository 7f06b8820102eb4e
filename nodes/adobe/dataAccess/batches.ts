import type { ItemClient } from '../../platform/client';
import { arrayOf, asRecord, booleanOf, recordsOf, stringsOf } from '../../platform/json';
import { requestValue } from '../answers';
import type { Run } from '../runModel';
import { activitiesOf } from '../runModel';

const BATCHES = ['data', 'foundation', 'catalog', 'batches'] as const;

/** The batches that a run has written into its dataset; none where it failed before it wrote. */
export function batchIdsOf({ raw }: Run): string[] {
	const ids = activitiesOf(raw).flatMap(({ targetInfo }) =>
		recordsOf(targetInfo).flatMap(({ reference }) => {
			const { type, ids: listed } = asRecord(reference) ?? {};
			return type === 'Batch' ? stringsOf(listed) : [];
		}),
	);
	return [...new Set(ids)];
}

/**
 * `GET /catalog/batches/{id}`: whether error diagnostics were on when the batch was written; undefined where
 * that is not said.
 *
 * @throws Problem
 */
export async function hadDiagnostics(
	client: ItemClient,
	batchId: string,
): Promise<boolean | undefined> {
	const request = {
		method: 'GET',
		path: [...BATCHES, batchId],
		operation: 'Get a batch',
		permission: 'View Datasets',
		subject: `The batch '${batchId}'`,
	} as const;
	// Keyed by its ID.
	const expected = 'the batch by its ID';
	const tags = await requestValue(client, request, expected, (body) => {
		const batch = asRecord(asRecord(body)?.[batchId]);
		return batch && (asRecord(batch.tags) ?? {});
	});
	const tag = tags.acp_enableErrorDiagnostics;
	// A value, or a list of strings, as tags of datasets are.
	return booleanOf(Array.isArray(tag) ? arrayOf(tag)[0] : tag);
}
