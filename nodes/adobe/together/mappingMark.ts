import { createHash } from 'crypto';

import type { Dataflow } from '../dataflows';
import type { Mapping, MappingSetReference } from '../mappingSets';

const MARK = /\bmapping ([^\s@]+)@(\d+) is ([0-9a-f]{16})\b/;

/** Tells mappings apart, whatever their order. */
export function mappingDigest(mappings: readonly Mapping[]): string {
	const lines = mappings.map(({ sourceType, source, destination }) =>
		JSON.stringify([sourceType, source, destination]),
	);
	return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
}

/**
 * Says what is in a mapping set, for the description of the target that it is made with: Data Prep can list
 * mapping sets neither by ID nor by anything else that a dataflow shows, and each would cost a request.
 */
export function mappingMark(
	{ id, version }: MappingSetReference,
	mappings: readonly Mapping[],
): string {
	return `mapping ${id}@${version} is ${mappingDigest(mappings)}`;
}

/**
 * Whether a dataflow certainly has exactly this mapping. A version of a mapping set never changes, and a
 * dataflow names both; where it names another than the mark does, nothing is known.
 *
 * @param description of its target
 */
export function isMarkedWith(
	{ mappingId, mappingVersion }: Pick<Dataflow, 'mappingId' | 'mappingVersion'>,
	description: string,
	mappings: readonly Mapping[],
): boolean {
	const [, id, version, digest] = MARK.exec(description) ?? [];
	return (
		id !== undefined &&
		id === mappingId &&
		Number(version) === mappingVersion &&
		digest === mappingDigest(mappings)
	);
}
