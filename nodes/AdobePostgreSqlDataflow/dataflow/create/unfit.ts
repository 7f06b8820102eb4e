import type { ItemClient } from '../../../platform/client';
import { Problem } from '../../../platform/problem';

/** Something about the wanted dataflow that can't work, found before anything was made. */
export function unfit(
	client: Pick<ItemClient, 'sandboxName'>,
	message: string,
	description: string,
): Problem {
	return new Problem(message, {
		description: `${description} Nothing was made.`,
		details: { operation: 'Create a dataflow', sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
