import type { StoredDataSet } from '../../catalog/dataSetStore.mts';
import { type Caller, isVisible } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { FlowError } from '../flowErrors.mts';
import { invalid, members, missing, readDescription, readName } from '../input.mts';

/** flow-service.md 5.2: the document writes `version=1`, other clients `version=1.0`. */
const FULL_SCHEMA = /^application\/vnd\.adobe\.xed-full\+json;\s*version=1(\.0)?$/;

/** What a target connection consists of: flow-service.md 5.2. */
export interface TargetSettings {
	name: string;
	description?: string;
	/** `schema` is not required by the API description: flow-service.md 12 (11). */
	data: { format?: string; schema?: { id: string; version: string } };
	params: { dataSetId: string };
}

/**
 * Checks what a client sends for a target connection: flow-service.md 5.2.
 *
 * @throws FlowError 1304, 1312 or 1325
 */
export function readTargetSettings(
	body: unknown,
	state: EmulatorState,
	caller: Caller,
): TargetSettings {
	const { name, description, data, params } = members(body);
	const settings = { name: readName(name), ...readDescription(description) };
	const { format, schema } = members(data);
	const reference = schema === undefined ? undefined : readSchemaReference(schema);
	if (format !== undefined && typeof format !== 'string') {
		throw invalid('data.format', 'it must be a string');
	}
	const dataSet = findDataSet(members(params)['dataSetId'], state, caller);
	// ⚠UNV that it is checked here already; a mapping of another schema is rejected with 1425.
	if (reference !== undefined && dataSet.schemaRef.id !== reference.id) {
		throw invalid('data.schema.id', `the dataset ${dataSet.id} has the schema of another ID`);
	}
	return {
		...settings,
		data: {
			...(format === undefined ? {} : { format }),
			...(reference === undefined ? {} : { schema: reference }),
		},
		params: { dataSetId: dataSet.id },
	};
}

function readSchemaReference(schema: unknown): { id: string; version: string } {
	const { id, version } = members(schema);
	if (typeof id !== 'string' || id === '') throw missing('data.schema.id');
	if (typeof version !== 'string' || version === '') throw missing('data.schema.version');
	if (!FULL_SCHEMA.test(version)) {
		throw invalid('data.schema.version', 'it must be the xed-full media type with version=1');
	}
	return { id, version };
}

/**
 * @throws FlowError 1325 for no ID, 1312 for an unknown one ⚠UNV flow-service.md 5.2: the answer
 * to an unknown one is not known
 */
export function findDataSet(id: unknown, state: EmulatorState, caller: Caller): StoredDataSet {
	if (typeof id !== 'string' || id.trim() === '') {
		throw new FlowError('CONNECTOR-1325-400', 'The dataSetId is empty.');
	}
	const dataSet = state.dataSets.find(id);
	if (dataSet === undefined || !isVisible(dataSet, caller)) {
		throw invalid('dataSetId', `there is no dataset with the ID ${id} in the sandbox`);
	}
	return dataSet;
}
