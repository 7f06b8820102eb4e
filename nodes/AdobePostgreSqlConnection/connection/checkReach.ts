import { UserError } from 'n8n-workflow';

import type { OperationCall } from '../../operation/operation';
import { reachOf } from '../../postgresql/serverReach';

/** What each execution was told already: a thousand items give the same hint. */
const hinted = new WeakMap<object, Set<string>>();

/**
 * Makes sure that the server is not n8n's own machine: Adobe connects to the database, from its own
 * network. A private address may be right where somebody has linked the two networks, so it is only
 * pointed out.
 *
 * @param field how a message calls the field that holds the server
 * @throws UserError for this machine, unless "Adobe" is an emulator on it
 */
export function checkReach(call: OperationCall, server: string, field: string): void {
	switch (reachOf(server)) {
		case 'thisMachine':
			if (isLoopback(call.openClient().platformOrigin)) return;
			throw new UserError(
				`${field}: the server is this machine itself (localhost), and Adobe, not n8n, connects to the database`,
				{
					description:
						'For Adobe, localhost is another machine. Enter the host name or IP address of the database that is reachable from the internet, and allow Adobe\'s addresses in the firewall (Adobe lists them by region under "IP address allow list").',
				},
			);
		case 'privateNetwork':
			return hint(
				call,
				`${field}: the server looks like one in a private network. Adobe, not n8n, connects to the database: unless the two networks are linked, enter the host name or address that is reachable from the internet.`,
			);
		case 'public':
			return;
	}
}

function isLoopback(origin: string): boolean {
	return /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i.test(origin);
}

function hint({ context }: OperationCall, message: string): void {
	const told = hinted.get(context) ?? new Set<string>();
	if (told.has(message)) return;
	hinted.set(context, told.add(message));
	try {
		context.addExecutionHints({ message, location: 'outputPane' });
	} catch {
		// As a tool of an agent, a node has no output pane.
		return;
	}
}
