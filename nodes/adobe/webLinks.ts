import { ADOBE_ORIGINS } from '../platform/auth/credential';
import type { ItemClient } from '../platform/client';
import type { Run } from './runModel';

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Where a page is: of which platform, and in which sandbox. */
type Place = Pick<ItemClient, 'platformOrigin' | 'sandboxName'>;

/**
 * The page of a base connection (an "account" there) in Experience Platform; undefined where none
 * is known.
 */
export function connectionUrl(place: Place, id: string): string | undefined {
	return page(place, [id], `source/accounts/${id}`);
}

/** The page of a run in Experience Platform; undefined where none is known. */
export function runUrl(
	place: Place,
	{ id, flowId = '' }: Pick<Run, 'id' | 'flowId'>,
): string | undefined {
	return page(place, [id, flowId], `source/dataflows/${flowId}/activity/${id}`);
}

/**
 * Public links and Adobe's notifications read `#/@TENANT/sname:SANDBOX/platform/…`. The tenant is not
 * the organization ID, and no request of this package gives it. That Adobe's shell leads to the tenant
 * that the user is signed in to when it is left out is not verified. Pages of other environments than
 * production are not documented, so there is none.
 */
function page(
	{ platformOrigin, sandboxName }: Place,
	ids: readonly string[],
	path: string,
): string | undefined {
	if (platformOrigin !== ADOBE_ORIGINS.production.platformOrigin) return undefined;
	if (!ids.every((id) => UUID.test(id))) return undefined;
	return `https://experience.adobe.com/#/sname:${sandboxName}/platform/${path}`;
}
