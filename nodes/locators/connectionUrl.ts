import type { ItemClient } from '../platform/client';
import { ADOBE_ORIGINS } from '../platform/environment';
import { IS_UUID } from './resourceId';

/**
 * The page of a base connection (an "account" there) in Experience Platform; undefined where none
 * is known: Adobe's pages for other environments are not documented.
 *
 * Public links read `#/@TENANT/sname:SANDBOX/platform/source/accounts/ID`. The tenant is not the
 * organization ID, and no request of this node gives it. That Adobe's shell leads to the tenant
 * that the user is signed in to when it is left out is not verified.
 */
export function connectionUrl(
	{ platformOrigin, sandboxName }: Pick<ItemClient, 'platformOrigin' | 'sandboxName'>,
	id: string,
): string | undefined {
	if (platformOrigin !== ADOBE_ORIGINS.production.platformOrigin || !IS_UUID.test(id)) {
		return undefined;
	}
	return `https://experience.adobe.com/#/sname:${sandboxName}/platform/source/accounts/${id}`;
}
