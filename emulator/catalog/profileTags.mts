import { badRequest } from '../http/platformError.mts';
import { isUnion } from '../schemaRegistry/union.mts';
import type { EmulatorState } from '../state.mts';

const TAGS = ['unifiedProfile', 'unifiedIdentity'] as const;
const VALUE = /^(enabled|isUpsert):(true|false)$/;

/**
 * flow-service-more.md 6.2: the schema is enabled before the dataset. Which error says so, and which values are
 * refused, is ⚠UNV.
 *
 * @throws PlatformError 400
 */
export function checkProfileTags(
	{ schemas }: EmulatorState,
	schemaId: string,
	tags: Record<string, string[]>,
): void {
	for (const tag of TAGS) {
		const values = tags[tag] ?? [];
		const wrong = values.find((value) => !VALUE.test(value));
		if (wrong !== undefined) throw badRequest(`The value ${wrong} of the tag ${tag} is not valid.`);
		if (!values.includes('enabled:true')) continue;
		const schema = schemas.find(schemaId);
		if (schema !== undefined && isUnion(schema)) continue;
		throw badRequest('The schema of the dataset is not enabled for Profile.');
	}
}

/** How GET shows these two tags: as they were sent, or with the time that Adobe adds ⚠UNV. */
export type ProfileTags = 'sent' | 'dated';

export function viewTags(
	tags: Record<string, string[]>,
	form: ProfileTags,
): Record<string, string[]> {
	if (form === 'sent') return tags;
	return Object.fromEntries(
		Object.entries(tags).map(([tag, values]) =>
			(TAGS as readonly string[]).includes(tag)
				? [tag, [...values, 'enabledAt:2026-11-01 00:00:00']]
				: [tag, values],
		),
	);
}
