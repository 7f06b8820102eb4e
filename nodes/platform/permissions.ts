/**
 * The permissions of Experience Platform that our requests need, as its Permissions screen calls
 * them (resource "Sources"). The connection spec names them EnterpriseSource read and write.
 */
export type Permission = 'View Sources' | 'Manage Sources';

/** How a role gets the permission; the second half of every "not allowed" text. */
export function howToGrant(permission: Permission, sandboxName: string): string {
	return `In Experience Platform > Permissions > Roles, open a role that lists the credential under API credentials, and give it the sandbox '${sandboxName}' and '${permission}' (resource Sources).`;
}
