import type { INodeExecutionData } from 'n8n-workflow';
import * as host from 'n8n-workflow';

import type { ItemFailure } from '../platform/errors/nodeError';

// Hosts that export this send an error item with a third key down the error branch; older ones
// treat it as a success there (n8n-io/n8n, pull request 35939). A node cannot ask for the version.
const HOST_KNOWS_DETAILS = 'TIMED_CAUSES' in host;

/**
 * The item that replaces a failed one on "Continue": `error` says what happened, `message` that and
 * what to do, `details` the status, Adobe's code and request ID. On the error output of older hosts
 * there are no `details`; `message` has them in words anyway.
 */
export function errorItem(
	failure: ItemFailure,
	itemIndex: number,
	onError: string | undefined,
	hostKnowsDetails: boolean = HOST_KNOWS_DETAILS,
): INodeExecutionData {
	const message = [failure.message.replace(/\.$/, ''), failure.description]
		.filter((part) => part !== '')
		.join('. ');
	const withDetails = hostKnowsDetails || onError !== 'continueErrorOutput';
	return {
		json: {
			error: failure.message,
			message,
			...(withDetails ? { details: { ...failure.details } } : {}),
		},
		pairedItem: { item: itemIndex },
	};
}
