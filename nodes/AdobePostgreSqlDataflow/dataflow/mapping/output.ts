import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../../operation/operation';
import type { Members } from '../../../outputs/common';
import { arrayOf } from '../../../platform/json';
import type { ChangedMapping } from './changeMapping';
import type { MappingPlan } from './planMapping';

/** What is said of a mapping that was changed. */
export function mappingChangeMembers(
	{
		mappings: { length: mappedFields },
		changes,
		unmappedColumns,
		possibleMatches,
		columnsNotRead,
	}: MappingPlan,
	{ possiblyLeftBehind }: ChangedMapping,
): Members {
	return {
		mappingChanges: changes.map((change): IDataObject => ({ ...change })),
		mappedFields,
		unmappedColumns,
		possibleMatches: possibleMatches.map((match): IDataObject => ({ ...match })),
		columnsNotRead,
		possiblyLeftBehind: possiblyLeftBehind.length === 0 ? undefined : possiblyLeftBehind,
	};
}

/** None is a failure: when a new mapping counts, and columns that Adobe may not load. */
export function mappingChangeHints(outcomes: Outcome[]): string[] {
	const changed = outcomes.filter(({ json }) => json.previousMappingId !== undefined);
	const unread = outcomes.flatMap(({ json }) => {
		const columns = arrayOf(json.columnsNotRead).map(String);
		return columns.length === 0 ? [] : [`'${String(json.name)}': ${columns.join(', ')}`];
	});
	return [
		...(changed.length === 0
			? []
			: ['A new mapping applies to runs that are scheduled after the change.']),
		...(unread.length === 0
			? []
			: [
					`These columns were not there when the dataflow was created, and Adobe may not load them. ${unread.join('; ')}. Check the next run; if their fields stay empty, create another dataflow.`,
				]),
	];
}
