import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { readAdobeError } from './adobeError';
import type { Attempt, PlatformRequest } from './answer';
import { faultCode } from './faults';
import type { ImsSettings } from './imsCredential';
import { IMS_CREDENTIAL, readImsSettings } from './imsCredential';
import { REJECTED_TOKEN, signInFailureOf } from './refresh';
import type { SignInError } from './signIn';
import { asRecord } from './shape';
import { isTokenUsable } from './token';

/** The kinds of n8n context that our nodes run in. */
export type NodeContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

export interface SendOptions {
	sandboxName: string;
	timeoutMs: number;
}

/** Refusals with status 401 that a new token does not cure: they are about the organization. */
const NOT_ABOUT_THE_TOKEN = new Set(['FLOW-2000-401', 'FLOW-2001-401', 'FLOW-2002-401']);

/**
 * Sends requests with one decrypted credential and owns its token.
 *
 * n8n decrypts the credential for every request unless it is handed over (`credentialsDecrypted`),
 * knows no expiry, and repeats a request after a 401 even when it has no better token. So: the
 * credential is handed over, a token that is about to end is blanked before the request (n8n then
 * fetches and stores a new one), and statuses come back as answers, a 401 too.
 */
export class Transport {
	private readonly data: ICredentialDataDecryptedObject;
	private readonly credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>;
	private readonly settings: ImsSettings;
	private refreshing?: Promise<unknown>;
	private signInFailure?: SignInError;
	/**
	 * The token fetched in this execution. It is replaced on a 401 only: its claims may be
	 * unreadable, or the clock of this machine wrong, and it would be fetched again and again.
	 */
	private unjudgedToken = '';

	private constructor(
		private readonly context: NodeContext,
		data: ICredentialDataDecryptedObject,
	) {
		this.data = data;
		this.settings = readImsSettings(data);
		const reference = context.getNode().credentials?.[IMS_CREDENTIAL];
		this.credential = {
			id: reference?.id ?? '',
			name: reference?.name ?? '',
			type: IMS_CREDENTIAL,
			data,
		};
	}

	/** Decrypts the credential, once for the whole execution. */
	static async open(context: NodeContext): Promise<Transport> {
		return new Transport(context, await context.getCredentials(IMS_CREDENTIAL));
	}

	/** The sandbox of the credential. */
	get sandboxName(): string {
		return this.settings.sandboxName;
	}

	/** Values that must not appear in any text. */
	secrets(): string[] {
		return [this.data.clientSecret, this.data.accessToken].filter(
			(value): value is string => typeof value === 'string' && value !== '',
		);
	}

	/**
	 * Sends once; after a refused token once more with a new one.
	 *
	 * @throws SignInError without a token
	 */
	async send(request: PlatformRequest, options: SendOptions): Promise<Attempt> {
		const { attempt, storedToken } = await this.deliver(request, options);
		// A token fetched for this very request was refused: another one would be, too.
		if (storedToken === '' || !isTokenRefused(attempt)) return attempt;
		// One sender gives the refused token up; those who come later find the new one.
		if (this.data.accessToken === storedToken) {
			Object.assign(this.data, { [REJECTED_TOKEN]: storedToken, accessToken: '' });
		}
		return (await this.deliver(request, options)).attempt;
	}

	/** Sends with the stored token, or lets n8n fetch one while all others wait for it. */
	private async deliver(
		request: PlatformRequest,
		options: SendOptions,
	): Promise<{ attempt: Attempt; storedToken: string }> {
		while (this.refreshing !== undefined) await this.refreshing;
		// No await from here until `refreshing` is set, or two senders would both fetch.
		const storedToken = this.usableToken();
		if (storedToken !== '') {
			return { attempt: await this.sendOnce(request, options), storedToken };
		}
		if (this.signInFailure !== undefined) throw this.signInFailure;
		this.data.accessToken = '';
		let done = () => {};
		this.refreshing = new Promise<void>((resolve) => (done = resolve));
		try {
			const attempt = await this.sendOnce(request, options);
			this.unjudgedToken = this.token();
			return { attempt, storedToken };
		} finally {
			this.refreshing = undefined;
			done();
		}
	}

	private token(): string {
		return typeof this.data.accessToken === 'string' ? this.data.accessToken : '';
	}

	private usableToken(): string {
		const token = this.token();
		if (token === '' || token === this.unjudgedToken) return token;
		const { tokenFingerprint } = this.data;
		return isTokenUsable(token, tokenFingerprint, this.settings, Date.now()) ? token : '';
	}

	private async sendOnce(request: PlatformRequest, options: SendOptions): Promise<Attempt> {
		try {
			const response: unknown = await this.context.helpers.httpRequestWithAuthentication.call(
				this.context,
				IMS_CREDENTIAL,
				this.httpOptions(request, options),
				{ credentialsDecrypted: this.credential },
			);
			const { statusCode, headers, body } = asRecord(response) ?? {};
			return { answer: { status: Number(statusCode), headers: lowerCaseNames(headers), body } };
		} catch (error) {
			const failure = this.token() === '' ? signInFailureOf(this.data) : undefined;
			if (failure === undefined) return { fault: faultCode(error) };
			if (failure.permanent) this.signInFailure = failure;
			throw failure;
		}
	}

	private httpOptions(request: PlatformRequest, options: SendOptions): IHttpRequestOptions {
		const hasBody = request.body !== undefined;
		return {
			method: request.method,
			url: this.settings.platformOrigin + pathAndQuery(request),
			headers: {
				'x-sandbox-name': options.sandboxName,
				...(hasBody ? { 'Content-Type': 'application/json' } : {}),
				...request.headers,
			},
			...(hasBody ? { body: request.body } : {}),
			json: true,
			timeout: options.timeoutMs,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// Flow Service never redirects; whoever does is not to get the token.
			disableFollowRedirect: true,
		};
	}
}

function isTokenRefused(attempt: Attempt): boolean {
	if (!('answer' in attempt) || attempt.answer.status !== 401) return false;
	return !NOT_ABOUT_THE_TOKEN.has(readAdobeError(attempt.answer.body).code ?? '');
}

function pathAndQuery({ path, query = [] }: PlatformRequest): string {
	const encodedPath = path.map((part) => encodeURIComponent(part)).join('/');
	const encodedQuery = query
		// Adobe's samples write the `==` of a filter as it is; the encoded form is not documented.
		.map(
			([name, value]) =>
				`${name}=${encodeURIComponent(value).replaceAll('%3D', '=').replaceAll('%2C', ',')}`,
		)
		.join('&');
	return `/${encodedPath}${encodedQuery === '' ? '' : `?${encodedQuery}`}`;
}

function lowerCaseNames(headers: unknown): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(asRecord(headers) ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
	);
}
