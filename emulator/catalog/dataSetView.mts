import type { Settings } from '../options.mts';
import type { StoredDataSet } from './dataSetStore.mts';
import { viewTags } from './profileTags.mts';

/** A dataset as Catalog shows it: flow-service.md 6.2; members beyond the body sent are ⚠UNV. */
export function viewDataSet(
	dataSet: StoredDataSet,
	{ profileTags }: Pick<Settings, 'profileTags'>,
): Record<string, unknown> {
	const { id, name, description, schemaRef, tags, version } = dataSet;
	return {
		name,
		...(description !== undefined && { description }),
		imsOrg: dataSet.imsOrgId,
		sandboxId: dataSet.sandboxId,
		namespace: 'ACP',
		state: 'DRAFT',
		tags: viewTags(tags, profileTags),
		version,
		created: dataSet.createdAt,
		updated: dataSet.updatedAt,
		createdClient: dataSet.createdClient,
		createdUser: dataSet.createdBy,
		updatedUser: dataSet.updatedBy,
		fileDescription: { persisted: true, containerFormat: 'parquet', format: 'parquet' },
		files: `@/dataSetFiles?dataSetId=${id}`,
		// flow-service.md 12 (12); its members are ⚠UNV.
		classification: { dataBehavior: 'record', managedBy: 'CUSTOMER' },
		schemaRef,
	};
}
