import type { ItemClient } from '../../platform/client';
import { arrayOf, asRecord, booleanOf, recordsOf, stringsOf, textOf } from '../../platform/json';
import { requestValue } from '../answers';
import type { Run } from '../runModel';
import { activitiesOf } from '../runModel';

const BATCHES = ['data', 'foundation', 'catalog', 'batches'] as const;

/** The batches that a run has written into its dataset; none where it failed before it wrote. */
export function batchIdsOf({ raw }: Run): string[] {
	const ids = activitiesOf(raw).flatMap((activity) => {
		const listed = recordsOf(activity.targetInfo).flatMap(({ reference }) => {
			const { type, ids: ofTarget } = asRecord(reference) ?? {};
			return type === 'Batch' ? stringsOf(ofTarget) : [];
		});
		return listed.length > 0 ? listed : batchOfManifest(activity);
	});
	return [...new Set(ids)];
}

/** The batch in the address of the files with rejected rows; the address itself is not asked. */
function batchOfManifest({ statusSummary }: Record<string, unknown>): string[] {
	const manifest = asRecord(asRecord(asRecord(statusSummary)?.extensions)?.manifest);
	const [, id] = /\/batches\/([\w-]+)\/meta\b/.exec(textOf(manifest?.failedRecords) ?? '') ?? [];
	return id === undefined ? [] : [id];
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
