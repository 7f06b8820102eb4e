import type { ItemClient } from '../platform/client';
import { ADOBE_ORIGINS } from '../platform/environment';
import type { Run } from './run';

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/**
 * The page of a run in Experience Platform; undefined where none is known: Adobe's pages for other
 * environments are not documented.
 *
 * Adobe's notifications about runs link to `#/@TENANT/sname:SANDBOX/platform/source/dataflows/FLOW/
 * activity/RUN`. That its shell leads to the tenant that the user is signed in to when that part is
 * left out is not verified.
 */
export function runUrl(
	{ platformOrigin, sandboxName }: Pick<ItemClient, 'platformOrigin' | 'sandboxName'>,
	{ id, flowId = '' }: Pick<Run, 'id' | 'flowId'>,
): string | undefined {
	if (platformOrigin !== ADOBE_ORIGINS.production.platformOrigin) return undefined;
	if (!UUID.test(id) || !UUID.test(flowId)) return undefined;
	return `https://experience.adobe.com/#/sname:${sandboxName}/platform/source/dataflows/${flowId}/activity/${id}`;
}
