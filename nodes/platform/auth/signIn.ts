import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { readBody } from '../answerBody';
import { certificateAdvice, proxyAdvice, refusingProxy } from '../errors/betweenUs';
import { refusalOfHost } from '../n8nHost';
import { steadyEpochMs } from '../clocks/steadyClock';
import { faultCode, isCertificateFault, isTooLarge } from '../networkFaults';
import type { ImsSettings } from './credential';
import { asRecord, lowerCaseNames, textOf } from '../json';

type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

/** Why Adobe IMS gave no token. `permanent`: asking again without a change is useless. */
export class SignInError extends UserError {
	constructor(
		message: string,
		description: string,
		readonly permanent: boolean,
	) {
		super(message, { description });
	}
}

const TOKEN_TIMEOUT_MS = 30_000;

/** A token has a few kilobytes. */
const MAX_TOKEN_ANSWER_BYTES = 1024 * 1024;

/**
 * Fetches an access token with the client credentials grant: one call, never retried here.
 * Source: Adobe Developer Console, "OAuth Server-to-Server credential", and
 * `POST /ims/token/v3` (form-encoded; answer `{ access_token, token_type, expires_in }`, seconds).
 *
 * @param deadlineEpochMs when the answer must be there; 30 seconds are waited at most
 * @throws SignInError; its texts hold neither the secret nor the answer's body.
 */
export async function fetchToken(
	httpRequest: HttpRequest,
	settings: ImsSettings,
	deadlineEpochMs = Infinity,
): Promise<string> {
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: settings.clientId,
		client_secret: settings.clientSecret,
		scope: settings.scopes,
	});
	const request: IHttpRequestOptions = {
		method: 'POST',
		url: `${settings.imsOrigin}/ims/token/v3`,
		headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
		body: form.toString(),
		json: true,
		encoding: 'stream',
		timeout: Math.max(1, Math.min(deadlineEpochMs - steadyEpochMs(), TOKEN_TIMEOUT_MS)),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	let answer: { statusCode: number; headers?: unknown; body: unknown };
	let body: Record<string, unknown> | undefined;
	try {
		answer = (await httpRequest(request)) as typeof answer;
		body = asRecord(await readBody(answer.body, MAX_TOKEN_ANSWER_BYTES));
	} catch (error) {
		const reason = refusalOfHost(error);
		throw reason === undefined ? unreachable(faultCode(error), settings) : notLetOut(reason);
	}
	const token = textOf(body?.access_token);
	// A body without a token is an error, whatever its status says.
	if (answer.statusCode === 200 && token !== undefined) return token;
	const proxy = refusingProxy({
		status: answer.statusCode,
		headers: lowerCaseNames(answer.headers),
		body,
	});
	if (proxy !== undefined) {
		throw new SignInError(
			`${proxy} does not let the sign-in through to Adobe IMS`,
			proxyAdvice(answer.statusCode),
			answer.statusCode < 500,
		);
	}
	throw refusal(
		answer.statusCode,
		textOf(body?.error) ?? '',
		textOf(body?.error_description) ?? '',
	);
}

function unreachable(code: string, settings: ImsSettings): SignInError {
	if (isTooLarge(code)) {
		return new SignInError(
			'Adobe IMS (sign-in) answered with far more than an access token',
			`The answer of ${settings.imsOrigin} was not read to its end. Is a proxy in between? With 'Environment' Custom, check 'IMS URL' of the credential.`,
			true,
		);
	}
	if (isCertificateFault(code)) {
		return new SignInError(
			'n8n does not trust the certificate of Adobe IMS (sign-in)',
			`${certificateAdvice(code, 'IMS URL')} (${code})`,
			true,
		);
	}
	return new SignInError(
		'Adobe IMS (sign-in) could not be reached',
		`No answer from ${settings.imsOrigin} (${code}). Check that n8n's machine can reach it and, if the credential's 'Allowed HTTP Request Domains' is limited, that this host is listed. With 'Environment' Custom, check 'IMS URL'.`,
		false,
	);
}

function notLetOut(reason: string): SignInError {
	return new SignInError(
		'n8n does not let the sign-in out to Adobe IMS',
		`Nothing was sent. n8n says: ${reason} With 'Environment' Custom, check 'IMS URL' of the credential.`,
		true,
	);
}

function refusal(status: number, error: string, errorDescription: string): SignInError {
	if (status === 429) {
		return new SignInError(
			'Adobe IMS (sign-in) limits the rate of token requests',
			'Wait a minute and try again. n8n keeps a token for about a day, so this ends by itself.',
			false,
		);
	}
	if (status >= 500) {
		return new SignInError(
			'Adobe IMS (sign-in) is not available at the moment',
			`It answered with status ${status}. Try again later; status.adobe.com shows outages.`,
			false,
		);
	}
	if (error === 'invalid_client' && /client_secret/.test(errorDescription)) {
		return new SignInError(
			"Adobe IMS does not accept the credential's 'Client Secret'",
			'Copy the secret again: Adobe Developer Console > your project > OAuth Server-to-Server > Retrieve client secret. A secret that was deleted there stops working at once.',
			true,
		);
	}
	if (error === 'invalid_client' && /client_id/.test(errorDescription)) {
		return new SignInError(
			"Adobe IMS does not know the credential's 'Client ID'",
			'Copy it again from the OAuth Server-to-Server credential in the Adobe Developer Console, and check that Environment is the one it was created in.',
			true,
		);
	}
	if (error === 'invalid_client') {
		return new SignInError(
			"Adobe IMS does not accept the credential's 'Client ID' and 'Client Secret'",
			'Copy both again from the OAuth Server-to-Server credential in the Adobe Developer Console.',
			true,
		);
	}
	if (error === 'invalid_scope') {
		return new SignInError(
			"Adobe IMS does not grant the credential's 'Scopes'",
			'Copy the scopes from the OAuth Server-to-Server credential in the Adobe Developer Console. They appear once the Experience Platform API was added to the project; adobeio_api, for events, once the I/O Management API was.',
			true,
		);
	}
	if (error === 'unauthorized_client') {
		return new SignInError(
			"The credential's 'Client ID' may not sign in server to server",
			'In the Adobe Developer Console, add a credential of the type OAuth Server-to-Server to the project and use its client ID and secret.',
			true,
		);
	}
	return new SignInError(
		'Adobe IMS (sign-in) gave no access token',
		`It answered with status ${status}${error === '' ? '' : ' and a reason this node does not know'}. Check 'Client ID', 'Client Secret' and 'Scopes' of the credential; with 'Environment' Custom, check 'IMS URL' too.`,
		status < 500 && status !== 200,
	);
}
