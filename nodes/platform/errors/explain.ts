import type { Failure } from 'n8n-workflow';

import { REFUSALS } from '../adobeCodes';
import { readAdobeError } from '../adobeError';
import { howToGrant } from '../permissions';
import type { PlatformAnswer, PlatformRequest } from '../request';
import { isOutcomeUnknown, retryAfterMs } from '../retry';
import { Problem } from './problem';

interface Explanation {
	message: string;
	description: string;
	failure?: Failure;
}

/** Turns an answer that is not a success into words: what happened, and the way out. */
export function explainAnswer(
	request: PlatformRequest,
	answer: PlatformAnswer,
	sandboxName: string,
): Problem {
	const adobe = readAdobeError(answer.body, answer.headers);
	const { message, description, failure } = explain(request, answer, adobe.code ?? '', sandboxName);
	const said = adobe.message === undefined ? '' : ` Adobe says: ${adobe.message}`;
	const trace = [
		`status ${answer.status}`,
		adobe.code,
		adobe.requestId && `request ID ${adobe.requestId}`,
	]
		.filter((part) => part !== undefined && part !== '')
		.join(', ');
	return new Problem(message, {
		description: `${description} (${trace})${said}`,
		details: {
			status: answer.status,
			code: adobe.code,
			requestId: adobe.requestId,
			operation: request.operation,
			sandboxName,
		},
		failure,
		adobeMessage: adobe.message,
		outcomeUnknown: isOutcomeUnknown({ answer }),
	});
}

function explain(
	request: PlatformRequest,
	answer: PlatformAnswer,
	code: string,
	sandboxName: string,
): Explanation {
	const explained = Object.hasOwn(EXPLAINED_CODES, code) ? EXPLAINED_CODES[code] : undefined;
	return (
		explained?.(request, sandboxName) ??
		explainStatus(request, answer, sandboxName) ?? {
			message: `Adobe refused the request "${request.operation}"`,
			description: 'Check the parameters of this operation.',
		}
	);
}

type Explainer = (request: PlatformRequest, sandboxName: string) => Explanation;

const apiKeyRefused: Explainer = () => ({
	message: "Adobe's gateway does not accept the credential's 'Client ID' as an API key",
	description:
		'In the Adobe Developer Console, add the Experience Platform API to the project that the client ID belongs to, and choose a product profile (e.g. AEP-Default-All-Users).',
	failure: { cause: 'credential-invalid' },
});

const organizationRefused: Explainer = () => ({
	message: "The credential may not act for its 'Organization ID'",
	description:
		"Check the credential's 'Organization ID' against the project in the Adobe Developer Console. If it is the right one, choose a product profile of Experience Platform for the API there.",
	failure: { cause: 'credential-invalid' },
});

const tokenRefused: Explainer = () => ({
	message: "Adobe's gateway does not accept the credential's access token",
	description:
		"Check 'Client ID', 'Scopes' and 'Environment' of the credential, and that the Experience Platform API is still part of the project in the Adobe Developer Console.",
	failure: { cause: 'credential-invalid' },
});

const addressRefused: Explainer = () => ({
	message: "Adobe's gateway does not let this machine's address in",
	description: "Ask the organization's administrator which addresses it lets in.",
	failure: { cause: 'configuration-invalid' },
});

const sandboxUnknown: Explainer = (_request, sandboxName) => ({
	message: `The sandbox '${sandboxName}' does not exist or is not open to this credential`,
	description: `Check 'Sandbox' in the credential, or 'Sandbox Name or ID' under Options where the node overrides it: the sandbox's name, not its title. A role that lists the credential under API credentials must include the sandbox.`,
	failure: { cause: 'configuration-invalid' },
});

const notAllowed: Explainer = (request, sandboxName) => ({
	message: `The credential is not allowed to do this ("${request.operation}") in the sandbox '${sandboxName}'`,
	description: howToGrant(request.permission, sandboxName),
	failure: { cause: 'credential-invalid' },
});

/** Codes whose cause is one particular field. */
const EXPLAINED_CODES: Readonly<Record<string, Explainer>> = {
	...each(REFUSALS.apiKey, apiKeyRefused),
	...each(REFUSALS.token, tokenRefused),
	...each(REFUSALS.address, addressRefused),
	...each(REFUSALS.organizationAtGateway, organizationRefused),
	...each(REFUSALS.organizationAtService, organizationRefused),
	...each(REFUSALS.sandbox, sandboxUnknown),
	...each(REFUSALS.permission, notAllowed),
	'FLOW-1415-400': (_request, sandboxName) => ({
		message: "Adobe does not offer this 'Authentication' for PostgreSQL here",
		description: `The organization's sandbox '${sandboxName}' may run on AWS, where only Basic exists: set 'Cloud' to AWS.`,
		failure: { cause: 'configuration-invalid' },
	}),
	'FLOW-1417-400': () => ({
		message: 'The connection is still initializing and cannot be changed yet',
		description: 'On AWS this takes a minute or two. Try again later.',
		failure: { cause: 'temporarily-unavailable' },
	}),
	'CONNECTOR-1304-400': () => ({
		message: 'Adobe misses a database detail',
		description: 'Fill in the database detail that is named below.',
		failure: { cause: 'configuration-invalid' },
	}),
	'CONNECTOR-1312-400': () => ({
		message: 'Adobe does not accept one of the database details',
		description:
			"Correct the database detail that is named below. For 'SSL Mode', choose one that Adobe's connection spec lists.",
		failure: { cause: 'configuration-invalid' },
	}),
};

function each(codes: readonly string[], explainer: Explainer): Record<string, Explainer> {
	return Object.fromEntries(codes.map((code) => [code, explainer]));
}

function explainStatus(
	request: PlatformRequest,
	answer: PlatformAnswer,
	sandboxName: string,
): Explanation | undefined {
	const wait = retryAfterMs(answer.headers['retry-after'], Date.now());
	const seconds = wait === undefined ? '' : ` It asks to wait ${Math.ceil(wait / 1000)} seconds.`;
	switch (answer.status) {
		case 401:
			return {
				message: "Adobe does not accept the credential's access token, not even a new one",
				description:
					"Check 'Client ID', 'Organization ID' and 'Environment' of the credential, and that the Experience Platform API is still part of the project in the Adobe Developer Console.",
				failure: { cause: 'credential-invalid' },
			};
		case 403:
			return notAllowed(request, sandboxName);
		case 404:
			return {
				message: `${request.subject ?? 'What was asked for'} was not found in the sandbox '${sandboxName}'`,
				description:
					"Check the ID, and the sandbox: 'Sandbox' in the credential, or 'Sandbox Name or ID' under Options.",
				failure: { cause: 'configuration-invalid' },
			};
		case 429:
			return {
				message: 'Adobe asks for fewer requests, for longer than this item may wait',
				description: `Try again later, lower 'Max Concurrency' or raise 'Timeout' under Options.${seconds}`,
				failure: { cause: 'rate-limited', retryAfterMs: wait },
			};
		default:
			if (answer.status < 500) return undefined;
			return {
				message: `Adobe could not answer the request "${request.operation}"`,
				description: `Its service is not available or failed. Try again later; status.adobe.com shows outages.${seconds}`,
				failure: { cause: 'temporarily-unavailable', retryAfterMs: wait },
			};
	}
}

/** An answer with a success status whose body is not what the API promises. */
export function unexpectedBody(
	request: PlatformRequest,
	answer: PlatformAnswer,
	expected: string,
): Problem {
	return new Problem(`Adobe answered "${request.operation}" in a form this node does not know`, {
		description: `Expected ${expected} (status ${answer.status}). Is a proxy in between? With 'Environment' Custom, check 'Platform URL' of the credential.`,
		details: { status: answer.status, operation: request.operation },
		failure: { cause: 'temporarily-unavailable' },
		outcomeUnknown: request.method !== 'GET',
	});
}

/** A request that got no (complete) answer. */
export function explainFault(request: PlatformRequest, code: string, neverSent: boolean): Problem {
	if (neverSent) {
		return new Problem('Adobe Experience Platform could not be reached', {
			description: `Check that n8n's machine can reach Adobe and, with 'Environment' Custom, 'Platform URL' of the credential (${code}).`,
			details: { code, operation: request.operation },
			failure: { cause: 'temporarily-unavailable' },
		});
	}
	return new Problem(`Adobe gave no complete answer to "${request.operation}"`, {
		description: `The line broke or the time ran out (${code}).${request.method === 'GET' ? ' Try again later.' : ''}`,
		details: { code, operation: request.operation },
		failure: { cause: 'temporarily-unavailable' },
		outcomeUnknown: request.method !== 'GET',
	});
}
