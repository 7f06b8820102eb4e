import type { IDataObject } from 'n8n-workflow';

import type { Members } from '../../../outputs/common';
import type { ChangedMapping } from './changeMapping';
import type { MappingPlan } from './planMapping';

/** What Update says of the mapping. */
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
