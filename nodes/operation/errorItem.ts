import type { INodeExecutionData } from 'n8n-workflow';

import type { ItemFailure } from '../platform/errors/nodeError';
import { KNOWS_ERROR_DETAILS } from '../platform/n8nHost';

/**
 * The item that replaces a failed one on "Continue": `error` says what happened, `message` that and
 * what to do, `details` the status, Adobe's code and request ID. On the error output of older hosts
 * there are no `details`; `message` has them in words anyway.
 */
export function errorItem(
	failure: ItemFailure,
	itemIndex: number,
	onError: string | undefined,
	hostKnowsDetails: boolean = KNOWS_ERROR_DETAILS,
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
