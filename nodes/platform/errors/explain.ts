import type { Failure } from 'n8n-workflow';

import { ERROR_CODES } from '../adobeCodes';
import { readAdobeError } from '../adobeError';
import { MAX_ANSWER_SIZE } from '../answerBody';
import { HOW_TO_ADD_IO_MANAGEMENT } from '../auth/eventAccess';
import { isCertificateFault, isTimeOut, isTooLarge, REFUSED_BY_N8N } from '../networkFaults';
import { certificateAdvice, proxyAdvice, refusingProxy } from './betweenUs';
import { explainEventStatus } from './explainEvents';
import { howToGrant } from '../permissions';
import { isWrite } from '../deadline';
import type { PlatformAnswer, PlatformRequest } from '../request';
import {
	isGatewayTimeOut,
	isOutcomeUnknown,
	isRedirect,
	isThrottled,
	isUnanswered,
	retryAfterMs,
} from '../retry';
import type { ProblemKind } from './problem';
import { Problem } from './problem';

interface Explanation {
	message: string;
	advice?: string;
	notes?: string[];
	failure?: Failure;
}

/** Explains an answer that is not a success: what happened, and what to do. */
export function explainAnswer(
	request: PlatformRequest,
	answer: PlatformAnswer,
	sandboxName: string,
): Problem {
	const proxy = refusingProxy(answer);
	if (proxy !== undefined) return fromProxy(request, answer, proxy, sandboxName);
	const { code, message: adobeMessage, requestId } = readAdobeError(answer.body, answer.headers);
	const { message, ...explanation } = explain(request, answer, code ?? '', sandboxName);
	return new Problem(message, {
		...explanation,
		kind: kindOf(answer, code),
		details: {
			status: answer.status,
			code,
			requestId,
			operation: request.operation,
			sandboxName,
		},
		adobeMessage,
		outcomeUnknown: isOutcomeUnknown({ answer }),
	});
}

/** What a proxy between n8n and Adobe has answered; of the kind that the same status of Adobe's is. */
function fromProxy(
	request: PlatformRequest,
	answer: PlatformAnswer,
	proxy: string,
	sandboxName: string,
): Problem {
	const { status } = answer;
	return new Problem(`${proxy} does not let "${request.operation}" through to Adobe`, {
		kind: status >= 500 ? 'unavailable' : 'unreachable',
		advice: proxyAdvice(status),
		details: { status, operation: request.operation, sandboxName },
		failure: { cause: status >= 500 ? 'temporarily-unavailable' : 'configuration-invalid' },
		outcomeUnknown: isOutcomeUnknown({ answer }),
	});
}

const KINDS_BY_STATUS: Readonly<Partial<Record<number, ProblemKind>>> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'notFound',
	412: 'conflict',
};

const KINDS_BY_CODE: ReadonlyMap<string | undefined, ProblemKind> = new Map([
	...ERROR_CODES.organizationAtGateway.map((code) => [code, 'forbidden'] as const),
	...ERROR_CODES.inUse.map((code) => [code, 'inUse'] as const),
	...ERROR_CODES.wrongState.map((code) => [code, 'wrongState'] as const),
]);

function kindOf(answer: PlatformAnswer, code: string | undefined): ProblemKind {
	const { status } = answer;
	if (isThrottled(answer)) return 'throttled';
	if (isGatewayTimeOut(status)) return 'timeOut';
	const known = KINDS_BY_CODE.get(code) ?? KINDS_BY_STATUS[status];
	if (known !== undefined) return known;
	if (isUnanswered(status)) return 'unavailable';
	return status >= 400 ? 'rejected' : 'other';
}

function explain(
	request: PlatformRequest,
	answer: PlatformAnswer,
	code: string,
	sandboxName: string,
): Explanation {
	const ofEvents =
		request.service === 'ioEvents' ? explainEventStatus(request, answer.status) : undefined;
	if (ofEvents !== undefined) return ofEvents;
	const explained = Object.hasOwn(EXPLAINED_CODES, code) ? EXPLAINED_CODES[code] : undefined;
	return (
		explained?.(request, sandboxName) ??
		explainStatus(request, answer, sandboxName) ?? {
			message: `Adobe refused the request "${request.operation}"`,
			advice: 'Check the parameters of this operation.',
		}
	);
}

type Explainer = (request: PlatformRequest, sandboxName: string) => Explanation;

const apiKeyRefused: Explainer = () => ({
	message: "Adobe's gateway does not accept the credential's 'Client ID' as an API key",
	advice:
		'In the Adobe Developer Console, add the Experience Platform API to the project that the client ID belongs to, and choose a product profile (e.g. AEP-Default-All-Users).',
	failure: { cause: 'credential-invalid' },
});

const organizationRefused: Explainer = () => ({
	message: "The credential may not act for its 'Organization ID'",
	advice:
		"Check the credential's 'Organization ID' against the project in the Adobe Developer Console. If it is the right one, choose a product profile of Experience Platform for the API there.",
	failure: { cause: 'credential-invalid' },
});

const tokenRefused: Explainer = () => ({
	message: "Adobe's gateway does not accept the credential's access token",
	advice:
		"Check 'Client ID', 'Scopes' and 'Environment' of the credential, and that the Experience Platform API is still part of the project in the Adobe Developer Console.",
	failure: { cause: 'credential-invalid' },
});

const addressRefused: Explainer = () => ({
	message: "Adobe's gateway does not let this machine's address in",
	advice: "Ask the organization's administrator which addresses it lets in.",
	failure: { cause: 'configuration-invalid' },
});

const sandboxUnknown: Explainer = (_request, sandboxName) => ({
	message: `The sandbox '${sandboxName}' does not exist or is not open to this credential`,
	advice: `Check 'Sandbox' in the credential, or 'Sandbox Name or ID' under Options where the node overrides it: the sandbox's name, not its title. A role that lists the credential under API credentials must include the sandbox.`,
	failure: { cause: 'configuration-invalid' },
});

const notAllowed: Explainer = (request, sandboxName) => ({
	message: `The credential is not allowed to do this ("${request.operation}") in the sandbox '${sandboxName}'`,
	advice:
		request.permission === 'I/O Management API'
			? HOW_TO_ADD_IO_MANAGEMENT
			: howToGrant(request.permission, sandboxName),
	failure: { cause: 'credential-invalid' },
});

/** Codes whose cause is one particular field. */
const EXPLAINED_CODES: Readonly<Record<string, Explainer>> = {
	...each(ERROR_CODES.apiKey, apiKeyRefused),
	...each(ERROR_CODES.token, tokenRefused),
	...each(ERROR_CODES.address, addressRefused),
	...each(ERROR_CODES.organizationAtGateway, organizationRefused),
	...each(ERROR_CODES.organizationAtService, organizationRefused),
	...each(ERROR_CODES.sandbox, sandboxUnknown),
	...each(ERROR_CODES.permission, notAllowed),
	'FLOW-1415-400': (_request, sandboxName) => ({
		message: "Adobe does not offer this 'Authentication' for PostgreSQL here",
		advice: `The organization's sandbox '${sandboxName}' may run on AWS, where only Basic exists: set 'Cloud' to AWS.`,
		failure: { cause: 'configuration-invalid' },
	}),
	'FLOW-1100-400': () => ({
		message: 'The organization has no right to this source or operation',
		advice:
			"Adobe says that it is not entitled. Ask Adobe, or whoever manages the licence, whether the organization's contract includes the source PostgreSQL.",
		failure: { cause: 'configuration-invalid' },
	}),
	'FLOW-1417-400': () => ({
		message: 'The connection is still initializing and cannot be changed yet',
		advice: 'On AWS this takes a minute or two. Try again later.',
		failure: { cause: 'temporarily-unavailable' },
	}),
	'CONNECTOR-1304-400': () => ({
		message: 'Adobe misses a database detail',
		advice: 'Fill in the database detail that is named below.',
		failure: { cause: 'configuration-invalid' },
	}),
	'CONNECTOR-1312-400': () => ({
		message: 'Adobe does not accept one of the database details',
		advice:
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
	const notes = wait === undefined ? [] : [`It asks to wait ${Math.ceil(wait / 1000)} seconds.`];
	switch (answer.status) {
		case 401:
			return {
				message: 'Adobe rejected the access token, and a newly issued one as well',
				advice:
					"Check 'Client ID', 'Organization ID' and 'Environment' of the credential, and that the Experience Platform API is still part of the project in the Adobe Developer Console.",
				failure: { cause: 'credential-invalid' },
			};
		case 403:
			return notAllowed(request, sandboxName);
		case 404:
			return {
				message: `${request.subject ?? 'What was asked for'} was not found in the sandbox '${sandboxName}'`,
				advice:
					"Check the ID, and the sandbox: 'Sandbox' in the credential, or 'Sandbox Name or ID' under Options.",
				failure: { cause: 'configuration-invalid' },
			};
		case 429:
			return {
				message: 'Adobe limits the rate of requests for longer than this item may wait',
				advice: "Try again later, lower 'Max Concurrency' or raise 'Timeout' under Options.",
				notes,
				failure: { cause: 'rate-limited', retryAfterMs: wait },
			};
		default:
			if (isRedirect(answer.status)) return redirected(request);
			if (!isUnanswered(answer.status)) return undefined;
			return {
				message: `Adobe could not answer the request "${request.operation}"`,
				advice:
					'Its service is not available or failed. Try again later; status.adobe.com shows outages.',
				notes,
				failure: { cause: 'temporarily-unavailable', retryAfterMs: wait },
			};
	}
}

function redirected({ operation }: PlatformRequest): Explanation {
	return {
		message: `Something between n8n and Adobe redirects the request "${operation}"`,
		advice:
			"Is a proxy in between? With 'Environment' Custom, check 'Platform URL' of the credential. The node follows no redirect, as it would lead the token astray.",
		failure: { cause: 'configuration-invalid' },
	};
}

/** An answer with a success status whose body is not what the API promises. */
export function unexpectedBody(
	request: PlatformRequest,
	answer: PlatformAnswer,
	expected: string,
): Problem {
	return new Problem(`Adobe answered "${request.operation}" in a form this node does not know`, {
		advice:
			"Is a proxy in between? With 'Environment' Custom, check 'Platform URL' of the credential.",
		notes: [`Expected ${expected}.`],
		details: { status: answer.status, operation: request.operation },
		failure: { cause: 'temporarily-unavailable' },
		outcomeUnknown: isWrite(request),
	});
}

/**
 * A request that got no (complete) answer.
 *
 * @param reason n8n's own, where it has refused to send it
 */
export function explainFault(
	request: PlatformRequest,
	code: string,
	neverSent: boolean,
	reason?: string,
): Problem {
	const details = { code, operation: request.operation };
	const failure = { cause: 'temporarily-unavailable' } as const;
	if (code === REFUSED_BY_N8N) {
		return new Problem(`n8n does not let "${request.operation}" out to Adobe Experience Platform`, {
			kind: 'unreachable',
			advice:
				"Ask n8n's administrator to allow the host; with 'Environment' Custom, check 'Platform URL' of the credential.",
			notes: ['Nothing was sent.', ...(reason === undefined ? [] : [`n8n says: ${reason}`])],
			details,
			failure: { cause: 'configuration-invalid' },
		});
	}
	if (isCertificateFault(code)) {
		return new Problem('n8n does not trust the certificate of Adobe Experience Platform', {
			kind: 'unreachable',
			advice: certificateAdvice(code, 'Platform URL'),
			notes: ['Nothing was sent.'],
			details,
			failure: { cause: 'configuration-invalid' },
		});
	}
	if (neverSent) {
		return new Problem('Adobe Experience Platform could not be reached', {
			kind: 'unreachable',
			advice:
				"Check that n8n's machine can reach Adobe and, with 'Environment' Custom, 'Platform URL' of the credential.",
			details,
			failure,
		});
	}
	const isRead = !isWrite(request);
	if (isTooLarge(code)) {
		return new Problem(
			`Adobe's answer to "${request.operation}" is larger than ${MAX_ANSWER_SIZE}`,
			{
				advice:
					"Ask for less, e.g. with 'Limit', a filter or another 'Schema'. If it can't be that much, is a proxy in between?",
				notes: ['It was not read to its end.'],
				details,
				failure: { cause: 'configuration-invalid' },
				outcomeUnknown: !isRead,
			},
		);
	}
	return new Problem(`Adobe gave no complete answer to "${request.operation}"`, {
		kind: isTimeOut(code) ? 'timeOut' : 'connectionLost',
		advice: isRead ? 'Try again later.' : undefined,
		notes: ['The connection was lost or timed out.'],
		details,
		failure,
		outcomeUnknown: !isRead,
	});
}
