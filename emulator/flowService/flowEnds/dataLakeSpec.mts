/** flow-service.md 0.1, 3.1 */
export const DATA_LAKE_SPEC = { id: 'c604ff05-7f1a-43c0-8e18-33bf874cb11c', version: '1.0' };

/** As `GET /connectionSpecs/{id}` presents it; only its ID and version are documented, the rest is ⚠UNV. */
export const DATA_LAKE_CONNECTION_SPEC = {
	...DATA_LAKE_SPEC,
	name: 'Data Lake',
	providerId: '0ed90a81-07f4-4586-8190-b40eccef1c5a',
	targetSpec: {
		name: 'Data Lake',
		type: 'TargetSpec',
		spec: {
			type: 'object',
			properties: { dataSetId: { type: 'string' } },
			required: ['dataSetId'],
		},
	},
	attributes: { isTarget: true },
};
