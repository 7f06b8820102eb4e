import type { StoredMappingSet } from '../../dataPrep/mappingSetStore.mts';
import { type Caller, isVisible } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { FlowError } from '../flowErrors.mts';
import { invalid, members, wholeNumber } from '../input.mts';

/** The column by which new rows are known: flow-service.md 5.3, 5.4. */
export interface DeltaColumn {
	name: string;
	dateFormat?: string;
	timezone?: string;
}

/** The steps of a flow, in the order sent: flow-service.md 5.4. */
export type Transformation =
	| { name: 'Copy'; params: { deltaColumn?: DeltaColumn } }
	/** The version is a string here, as GET shows it: flow-service.md 5.4. */
	| { name: 'Mapping'; params: { mappingId: string; mappingVersion: string } };

/** The delta column that a flow's Copy names. */
export function deltaColumnOf(transformations: Transformation[]): DeltaColumn | undefined {
	for (const step of transformations) if (step.name === 'Copy') return step.params.deltaColumn;
	return undefined;
}

/** The mapping set and version that a flow's Mapping names. */
export function mappingOf(
	transformations: Transformation[],
): { id: string; version: number } | undefined {
	for (const { name, params } of transformations) {
		if (name === 'Mapping') return { id: params.mappingId, version: Number(params.mappingVersion) };
	}
	return undefined;
}

/**
 * Checks the steps of a flow on their own and against its schedule: flow-service.md 5.3, 5.4.
 *
 * @param mayHaveDelta even with frequency once, because a run on demand may have added it:
 * flow-service.md 5.5
 * @throws FlowError 1312, 1328, 1329, 1367 to 1370
 */
export function readTransformations(
	given: unknown,
	isOnce: boolean,
	mayHaveDelta: boolean,
): Transformation[] {
	if (given !== undefined && !Array.isArray(given)) {
		throw invalid('transformations', 'it must be a list');
	}
	const steps = ((given ?? []) as unknown[]).map((step) => readStep(step));
	const names = steps.map(({ name }) => name);
	if (new Set(names).size < names.length) {
		throw invalid('transformations', 'a transformation may be there only once');
	}
	if (!names.includes('Mapping')) {
		throw new FlowError('CONNECTOR-1370-400', 'The Mapping transformation is missing.');
	}
	const delta = deltaColumnOf(steps);
	if (delta === undefined && !isOnce) {
		throw new FlowError(
			'CONNECTOR-1367-400',
			'A delta column is required in the Copy transformation of a recurring flow.',
		);
	}
	if (delta !== undefined && isOnce && !mayHaveDelta) {
		throw new FlowError(
			'CONNECTOR-1369-400',
			'A delta column is not allowed in the Copy transformation with frequency once.',
		);
	}
	return steps;
}

/**
 * Finds the mapping set of a flow and compares its schema with the dataset's: flow-service.md 5.4.
 *
 * @param schemaRef that of the dataset
 * @throws FlowError 1412, 1419 or 1425
 */
export function checkMapping(
	steps: Transformation[],
	schemaRef: { id: string; contentType: string },
	state: EmulatorState,
	caller: Caller,
): void {
	const named = mappingOf(steps);
	if (named === undefined) return;
	const latest = state.mappingSets.find(named.id);
	// ⚠UNV: no code is known for the ID of no mapping set.
	if (latest === undefined || !isVisible(latest, caller)) {
		throw new FlowError(
			'FLOW-1419-400',
			`The mapping validation failed: there is no mapping set with the ID ${named.id} in the sandbox.`,
		);
	}
	const set: StoredMappingSet | undefined = state.mappingSets.find(named.id, named.version);
	if (set === undefined) throw badVersion(String(named.version));
	const isSame =
		set.schemaId === schemaRef.id && major(set.schemaVersion) === major(schemaRef.contentType);
	if (!isSame) {
		throw new FlowError(
			'FLOW-1425-400',
			'The schema of the mapping set is not the schema of the target dataset: ID and version must be the same.',
		);
	}
}

function readStep(step: unknown): Transformation {
	const { name, params } = members(step);
	if (name === 'Copy') return { name, params: readCopy(members(params)) };
	if (name !== 'Mapping') {
		throw invalid('transformations', `${String(name)} is neither Copy nor Mapping`);
	}
	const { mappingId, mappingVersion } = members(params);
	if (typeof mappingId !== 'string' || mappingId === '') {
		throw new FlowError('CONNECTOR-1328-400', 'The Mapping transformation has no mappingId.');
	}
	if (mappingVersion === undefined || mappingVersion === null || mappingVersion === '') {
		throw new FlowError('CONNECTOR-1329-400', 'The Mapping transformation has no mappingVersion.');
	}
	const version = wholeNumber(mappingVersion);
	if (version === undefined) throw badVersion(JSON.stringify(mappingVersion));
	return { name, params: { mappingId, mappingVersion: String(version) } };
}

function readCopy({ deltaColumn, mode }: Record<string, unknown>): { deltaColumn?: DeltaColumn } {
	if (mode !== undefined) {
		throw new FlowError('CONNECTOR-1368-400', 'mode is not allowed in the flow request.');
	}
	const { name, dateFormat, timezone } = members(deltaColumn);
	if (deltaColumn === undefined || name === undefined || name === '') return {};
	const strings = { name, dateFormat, timezone };
	for (const [key, value] of Object.entries(strings)) {
		if (value !== undefined && typeof value !== 'string') {
			throw invalid(`deltaColumn.${key}`, 'it must be a string');
		}
	}
	// flow-service.md 5.4: the tables hold UTC, and nothing else is documented.
	if (timezone !== undefined && timezone !== 'UTC') {
		throw invalid('deltaColumn.timezone', 'it must be UTC');
	}
	const given = Object.entries(strings).filter(([, value]) => value !== undefined);
	return { deltaColumn: Object.fromEntries(given) as unknown as DeltaColumn };
}

function badVersion(version: string): FlowError {
	return new FlowError('FLOW-1412-400', `The mapping version ${version} is invalid.`);
}

/** The major version in `1.0`, or in a media type with `version=1`. */
function major(version: string): string | undefined {
	return /(?:version=|^)(\d+)/.exec(version)?.[1];
}
