import type { ItemClient } from '../../platform/client';
import { arrayOf, asRecord } from '../../platform/json';
import type { PatchOperation } from '../collection';
import { getResource } from '../collection';
import type { SourceConnection } from '../dataflowEnds';
import { SOURCE_CONNECTION } from '../dataflowEnds';
import { changeResource } from '../lostWrites/changeResource';
import type { SourceColumn } from '../tables';

/**
 * Lets a source connection read further columns of its table, behind those that it reads. Adobe advises
 * against changing the ends of a dataflow in use; that a column is loaded which they do not name is not
 * documented, though, and a column more changes nothing about the others.
 *
 * @param id of the source connection
 */
export async function readMoreColumns(
	client: ItemClient,
	id: string,
	columns: readonly SourceColumn[],
): Promise<void> {
	const operations = (source: SourceConnection): PatchOperation[] => {
		const present = (source.columns ?? []).map(({ name }) => name);
		const missing = columns.filter(({ name }) => !present.includes(name));
		if (missing.length === 0) return [];
		const before = arrayOf(asRecord(source.raw.params)?.columns);
		const value = [...before, ...missing.map(({ raw }) => raw)];
		return [{ op: before.length === 0 ? 'add' : 'replace', path: '/params/columns', value }];
	};
	const source = await getResource(client, SOURCE_CONNECTION, id);
	// One that names no columns reads all of them.
	if ((source.columns ?? []).length === 0) return;
	await changeResource(client, SOURCE_CONNECTION, source, {
		operations,
		isAsWanted: (now) => operations(now).length === 0,
		// Another execution may have added other columns: these stay.
		collides: () => false,
	});
}
