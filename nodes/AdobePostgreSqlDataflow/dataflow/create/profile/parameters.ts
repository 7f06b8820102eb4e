import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ItemParameters } from '../../../../operation/parameters';
import { labelOf } from '../../../../operation/values';
import type { SchemaClass } from '../tableSchema';

const NEW_DATASET = { datasetSource: ['create'] };
const WITH_IDENTITY = { show: NEW_DATASET, hide: { primaryIdentityColumn: [''] } };
const FOR_PROFILE = {
	show: { ...NEW_DATASET, enableForProfile: [true] },
	hide: { primaryIdentityColumn: [''] },
};

export const primaryIdentityColumnParameter: INodeProperties = {
	displayName: 'Primary Identity Column Name or ID',
	name: 'primaryIdentityColumn',
	type: 'options',
	typeOptions: {
		loadOptionsMethod: 'getIdentityColumns',
		loadOptionsDependsOn: ['connectionId.value', 'table.value'],
	},
	default: '',
	displayOptions: { show: NEW_DATASET },
	description:
		'The text column that says whom a row is about, e.g. email. Only for the class XDM Individual Profile. Leave empty for a dataset without identity. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

export const identityNamespaceParameter: INodeProperties = {
	displayName: 'Identity Namespace Name or ID',
	name: 'identityNamespace',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getIdentityNamespaces' },
	required: true,
	default: '',
	displayOptions: WITH_IDENTITY,
	description:
		'The kind of identity that the column holds, by its code, e.g. Email. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

export const enableForProfileParameter: INodeProperties = {
	displayName: 'Enable for Profile',
	name: 'enableForProfile',
	type: 'boolean',
	default: false,
	displayOptions: WITH_IDENTITY,
	description:
		'Whether to enable the new schema and dataset for Real-Time Customer Profile. This cannot be undone.',
};

const profileNotice: INodeProperties = {
	displayName:
		'Enabling for Profile <b>cannot be undone</b>: the schema stays part of the union schema and can\'t be deleted. Every loaded row becomes part of a profile, identities that meet are merged, and each run counts toward the 90 batches a day that Adobe advises. <a href="https://github.com/n8n-nodes-adobe-postgresql/n8n-nodes-adobe-postgresql/blob/main/docs/profile.md">What follows from it</a>',
	name: 'profileNotice',
	type: 'notice',
	default: '',
	displayOptions: FOR_PROFILE,
};

export const confirmProfileParameter: INodeProperties = {
	displayName: 'Confirm That It Cannot Be Undone',
	name: 'confirmProfile',
	type: 'boolean',
	default: false,
	displayOptions: FOR_PROFILE,
	description:
		'Whether you want to enable for Profile although it cannot be undone. Without it, nothing is created.',
};

export const upsertProfilesParameter: INodeProperties = {
	displayName: 'Upsert Profiles',
	name: 'upsertProfiles',
	type: 'boolean',
	default: false,
	displayOptions: FOR_PROFILE,
	description:
		'Whether a row updates the attributes of the record with the same identity (isUpsert) instead of replacing it. For runs of fewer than 2 million rows.',
};

/** Whom the rows of a new dataset are about, and whether they become profiles. */
export const profileParameters: INodeProperties[] = [
	primaryIdentityColumnParameter,
	identityNamespaceParameter,
	enableForProfileParameter,
	profileNotice,
	confirmProfileParameter,
	upsertProfilesParameter,
];

/** The primary identity of a new dataset. */
export interface WantedIdentity {
	column: string;
	/** Its code. */
	namespace: string;
	/** Set where schema and dataset are to be enabled for Profile. */
	profile?: { isUpsert: boolean };
}

/**
 * Undefined for a dataset without identity.
 *
 * @throws UserError that names the parameter
 */
export function readIdentity(
	parameters: ItemParameters,
	schemaClass: SchemaClass,
): WantedIdentity | undefined {
	const column = parameters.optionalText(primaryIdentityColumnParameter);
	// The others are not shown then.
	if (column === undefined) return undefined;
	if (schemaClass !== 'profile') {
		throw new UserError(
			`'${labelOf(primaryIdentityColumnParameter)}' needs the class XDM Individual Profile`,
			{
				description:
					"Set 'Schema Class' to XDM Individual Profile, or leave 'Primary Identity Column' empty and set the identity of events in Experience Platform under Schemas.",
			},
		);
	}
	const namespace = parameters.requiredText(identityNamespaceParameter).trim();
	if (!parameters.boolean(enableForProfileParameter)) return { column, namespace };
	if (!parameters.boolean(confirmProfileParameter)) {
		throw new UserError("'Enable for Profile' is not confirmed", {
			description: `It cannot be undone. Turn on '${confirmProfileParameter.displayName}', or turn Enable for Profile off.`,
		});
	}
	return {
		column,
		namespace,
		profile: { isUpsert: parameters.boolean(upsertProfilesParameter) },
	};
}
