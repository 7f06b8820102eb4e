import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { readAdobeError } from './adobeError';
import { MAX_ANSWER_BYTES, readBody } from './answerBody';
import { AccessToken } from './auth/accessToken';
import type { ImsSettings } from './auth/credential';
import { IMS_CREDENTIAL, readImsSettings } from './auth/credential';
import { eventOriginsOf } from './auth/eventAccess';
import type { ItemTiming } from './deadline';
import { startBy, TOO_LATE } from './deadline';
import { parseExactly } from './exactNumbers';
import { asRecord, lowerCaseNames } from './json';
import type { NodeContext } from './n8nHost';
import { endedBy, refusalOfHost } from './n8nHost';
import { faultCode, REFUSED_BY_N8N } from './networkFaults';
import type { Attempt, PlatformRequest } from './request';
import { toHttpRequest } from './request';

export interface SendOptions extends ItemTiming {
	sandboxName: string;
	/** Called when the request is handed over to n8n; from then on, Adobe may get it. */
	onSend?: () => void;
}

/**
 * A 401 that no new token cures: it is about the organization, or about the database that a connector
 * could not log in to.
 */
const NOT_ABOUT_THE_TOKEN = /^(FLOW-200[012]-401|CONNECTOR-.*)$/;

/** The stored one, one that another execution has fetched before that was rejected, and a new one. */
const MAX_TOKENS = 3;

/**
 * Sends requests with one decrypted credential.
 *
 * n8n decrypts the credential for every request unless it is handed over (`credentialsDecrypted`), and
 * retries a request after a 401 even when it has no better token. So the credential is handed over, and
 * every status comes back as an answer, a 401 too.
 */
export class Transport {
	readonly settings: ImsSettings;
	private readonly token: AccessToken;
	private readonly credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>;
	/** Adobe's rejection of one token after another: no further one is asked for. */
	private lastingRejection?: Attempt;

	/**
	 * @param data the decrypted credential
	 * @param signsInItself see {@link AccessToken}
	 * @throws UserError when the credential is incomplete
	 */
	constructor(
		private readonly context: NodeContext,
		data: ICredentialDataDecryptedObject,
		signsInItself: boolean,
	) {
		this.settings = readImsSettings(data);
		this.token = new AccessToken(context.helpers, data, this.settings, signsInItself);
		const reference = context.getNode().credentials?.[IMS_CREDENTIAL];
		this.credential = {
			id: reference?.id ?? '',
			name: reference?.name ?? '',
			type: IMS_CREDENTIAL,
			data,
		};
	}

	/** Values that must not appear in any text. */
	secrets(): string[] {
		return [this.settings.clientSecret, ...this.token.secrets()];
	}

	/**
	 * Sends once; after a rejected token again, until a new one is rejected as well.
	 *
	 * @param signal ends the request
	 * @throws Problem for a path that can't be sent
	 */
	async send(
		request: PlatformRequest,
		options: SendOptions,
		signal: AbortSignal,
	): Promise<Attempt | typeof TOO_LATE> {
		const startByEpochMs = startBy(request, options);
		const send = async () => await this.sendOnce(request, options, signal);
		for (let count = 1; ; count++) {
			if (this.lastingRejection !== undefined) return this.lastingRejection;
			const { attempt, token, isNew } = await this.token.sendWith(startByEpochMs, send);
			if (!isTokenRejected(attempt)) return attempt;
			const isLasting = isNew && count > 1;
			if (isLasting) this.lastingRejection = attempt;
			if (isLasting || count === MAX_TOKENS) return attempt;
			this.token.reject(token);
		}
	}

	private async sendOnce(
		request: PlatformRequest,
		options: SendOptions,
		signal: AbortSignal,
	): Promise<Attempt> {
		const httpRequest = toHttpRequest(originFor(request, this.settings), request, options);
		options.onSend?.();
		try {
			const response: unknown = await this.context.helpers.httpRequestWithAuthentication.call(
				endedBy(this.context, signal),
				IMS_CREDENTIAL,
				httpRequest,
				{ credentialsDecrypted: this.credential },
			);
			const { statusCode, headers, body } = asRecord(response) ?? {};
			return {
				answer: {
					status: Number(statusCode),
					headers: lowerCaseNames(headers),
					body: await readBody(body, MAX_ANSWER_BYTES, parserFor(request, Number(statusCode))),
				},
			};
		} catch (error) {
			const reason = refusalOfHost(error);
			return reason === undefined ? { fault: faultCode(error) } : { fault: REFUSED_BY_N8N, reason };
		}
	}
}

/** @throws Problem where the credential does not say where Adobe I/O Events is */
function originFor(
	{ service, eventOrigin, operation }: PlatformRequest,
	settings: ImsSettings,
): string {
	if (service !== 'ioEvents') return settings.platformOrigin;
	const { apiOrigin, journalOrigins } = eventOriginsOf(settings, operation);
	const isOwn = eventOrigin !== undefined && journalOrigins.includes(eventOrigin);
	return isOwn ? eventOrigin : apiOrigin;
}

/** A file may be large, and is read by whoever has asked for it; a refusal is JSON as everywhere. */
function parserFor(
	{ isFile, exactNumbers }: PlatformRequest,
	status: number,
): (json: string) => unknown {
	if (isFile && status >= 200 && status < 300) return (text) => text;
	return exactNumbers ? parseExactly : JSON.parse;
}

function isTokenRejected(attempt: Attempt | typeof TOO_LATE): attempt is Attempt {
	if (attempt === TOO_LATE || !('answer' in attempt)) return false;
	if (attempt.answer.status !== 401) return false;
	return !NOT_ABOUT_THE_TOKEN.test(readAdobeError(attempt.answer.body).code ?? '');
}

/** What came of asking for something that is there for everybody: its text, or the status of a refusal. */
export type PublicAnswer = { text: string } | { status: number };

/** A key has a kilobyte, and the answer to a challenge less. */
const MAX_PUBLIC_BYTES = 64 * 1024;

/** Adobe waits ten seconds for our answer, which needs what is asked for here. */
const PUBLIC_TIMEOUT_MS = 4_000;

/**
 * Gets something that Adobe shows to everybody, without a credential and without following a redirect.
 *
 * @param origin one of the credential's; never out of a request
 * @param pathAndQuery checked by the caller
 * @throws what n8n's HTTP client throws where there is no answer
 */
export async function getPublicFile(
	context: NodeContext,
	origin: string,
	pathAndQuery: string,
): Promise<PublicAnswer> {
	const request: IHttpRequestOptions = {
		method: 'GET',
		url: origin + pathAndQuery,
		json: false,
		encoding: 'stream',
		timeout: PUBLIC_TIMEOUT_MS,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	const answer: unknown = await context.helpers.httpRequest(request);
	const { statusCode, body } = asRecord(answer) ?? {};
	const text = await readBody(body, MAX_PUBLIC_BYTES, (json) => json);
	return statusCode === 200 && typeof text === 'string' ? { text } : { status: Number(statusCode) };
}
