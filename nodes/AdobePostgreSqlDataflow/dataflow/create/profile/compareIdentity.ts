import type { DataSet } from '../../../../adobe/datasets';
import type { Mapping } from '../../../../adobe/mappingSets';
import type { Identity } from '../../../../adobe/schemas';
import { fieldOf } from './checkIdentity';
import type { WantedIdentity } from './parameters';

/** What of identity and Profile can differ from what is wanted, in the words of the parameters. */
export const PROFILE_DIFFERENCES = [
	'primaryIdentityColumn',
	'identityNamespace',
	'enableForProfile',
	'upsertProfiles',
] as const;

export type ProfileDifference = (typeof PROFILE_DIFFERENCES)[number];

/**
 * @param mappings that the wanted dataflow would have
 * @param identities of the dataset's schema
 */
export function compareIdentity(
	wanted: WantedIdentity | undefined,
	mappings: readonly Mapping[],
	{ profile }: DataSet,
	identities: readonly Identity[],
): ProfileDifference[] {
	const primary = identities.find(({ isPrimary }) => isPrimary);
	const path = wanted === undefined ? undefined : fieldOf(wanted.column, mappings);
	const isOtherNamespace =
		wanted !== undefined && primary !== undefined && primary.namespace !== wanted.namespace;
	const isEnabled = profile?.isEnabled;
	const wantsProfile = wanted?.profile !== undefined;
	const found: Array<[ProfileDifference, boolean]> = [
		['primaryIdentityColumn', primary?.path !== path],
		['identityNamespace', isOtherNamespace],
		['enableForProfile', isEnabled !== undefined && isEnabled !== wantsProfile],
		[
			'upsertProfiles',
			isEnabled === true && wantsProfile && profile?.isUpsert !== wanted.profile?.isUpsert,
		],
	];
	return found.filter(([, isDifferent]) => isDifferent).map(([difference]) => difference);
}
