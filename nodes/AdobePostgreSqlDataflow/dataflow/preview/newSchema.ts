import { asRecord } from '../../../platform/json';
import type { NewDatasetWanted } from '../create/datasetParameters';
import type { TableSchema } from '../create/tableSchema';

/** What the class of the records brings along; of an event, ID and time are mandatory. */
const OF_CLASS = {
	profile: { properties: { _id: { type: 'string' } } },
	experienceEvent: {
		required: ['_id', 'timestamp'],
		properties: { _id: { type: 'string' }, timestamp: { type: 'string', format: 'date-time' } },
	},
} as const;

/** The schema of a dataset that is still to be made, in the form in which Adobe would show it. */
export function schemaOfNew(
	{ fieldGroup }: TableSchema,
	{ schemaClass }: Pick<NewDatasetWanted, 'schemaClass'>,
): Record<string, unknown> {
	const own = Object.values(asRecord(fieldGroup.definitions) ?? {}).map(
		(definition) => asRecord(definition) ?? {},
	);
	const parts: Array<Record<string, unknown>> = [OF_CLASS[schemaClass], ...own];
	return {
		type: 'object',
		required: parts.flatMap(({ required }) =>
			Array.isArray(required) ? required : [],
		) as unknown[],
		properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as unknown,
	};
}
