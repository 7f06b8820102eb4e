/**
 * The permissions of Experience Platform that our requests need, as its Permissions screen calls
 * them, with the resource that each belongs to there. The connection spec calls those of Sources
 * EnterpriseSource read and write.
 */
const RESOURCES = {
	'View Sources': 'Sources',
	'Manage Sources': 'Sources',
	'View Datasets': 'Data Management',
	'Manage Datasets': 'Data Management',
	'View Schemas': 'Data Modeling',
	'Manage Schemas': 'Data Modeling',
	'View Identity Namespaces': 'Identity Management',
} as const;

export type Permission = keyof typeof RESOURCES;

/** How to give a role the permission; the advice of every "not allowed" error. */
export function howToGrant(permission: Permission, sandboxName: string): string {
	return `In Experience Platform > Permissions > Roles, open a role that lists the credential under API credentials, and give it the sandbox '${sandboxName}' and '${permission}' (resource ${RESOURCES[permission]}).`;
}
