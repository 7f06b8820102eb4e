import { ADOBE_ORIGINS } from '../platform/auth/credential';
import type { ItemClient } from '../platform/client';
import type { Run } from './runModel';

const DATASET_ID = /^[0-9a-fA-F]{24}$/;
const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Where a page is: of which platform and organization, and in which sandbox. */
export type Place = Pick<ItemClient, 'platformOrigin' | 'sandboxName' | 'tenantName'>;

/**
 * The page of a base connection (an "account" there) in Experience Platform; undefined where none
 * is known.
 */
export function connectionUrl(place: Place, id: string): string | undefined {
	return page(place, [id], `source/accounts/${id}`);
}

/** The page of a dataflow with its runs; undefined where none is known. */
export function dataflowUrl(place: Place, id: string): string | undefined {
	return page(place, [id], `source/dataflows/${id}/activity`);
}

/** The page of a dataset; undefined where none is known. */
export function datasetUrl(place: Place, id: string): string | undefined {
	return page(place, [id], `dataset/browse/${id}`, DATASET_ID);
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
 * the organization ID, and no request of this package returns it: the credential may give it. That
 * Adobe's shell leads to the tenant that the user is signed in to when it is left out is not verified.
 * Pages of other environments than production are not documented, so there is none.
 */
function page(
	{ platformOrigin, sandboxName, tenantName }: Place,
	ids: readonly string[],
	path: string,
	form = UUID,
): string | undefined {
	if (platformOrigin !== ADOBE_ORIGINS.production.platformOrigin) return undefined;
	if (!ids.every((id) => form.test(id))) return undefined;
	const tenant = tenantName === undefined ? '' : `@${tenantName}/`;
	const sandbox = encodeURIComponent(sandboxName);
	return `https://experience.adobe.com/#/${tenant}sname:${sandbox}/platform/${path}`;
}
