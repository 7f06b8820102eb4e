import { createHmac } from 'crypto';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { readAdobeError } from './adobeError';
import {
	limitSignIn,
	refreshToken,
	REJECTED_TOKEN,
	signInFailureOf,
	tokenUsableUntil,
} from './auth/accessToken';
import type { ImsSettings } from './auth/credential';
import { IMS_CREDENTIAL, imsLabels, readImsSettings } from './auth/credential';
import { credentialOf, CredentialReadings } from './auth/credentialReadings';
import { withAdobeHeaders } from './auth/headers';
import { SignInError } from './auth/signIn';
import type { ItemTiming } from './deadline';
import { startBy, TOO_LATE } from './deadline';
import { asIs } from './errors/problem';
import { asRecord } from './json';
import type { CredentialReading, NodeContext } from './n8nHost';
import { faultCode } from './networkFaults';
import type { Attempt, PlatformRequest } from './request';
import { toHttpRequest } from './request';

export interface SendOptions extends ItemTiming {
	sandboxName: string;
	/** Whether it is to be sent although the execution was cancelled. */
	outlivesExecution: boolean;
	/** Called when the request is handed over to n8n; from then on, Adobe may get it. */
	onSend?: () => void;
}

interface Delivery {
	attempt: Attempt | typeof TOO_LATE;
	/** The token that the request carried. */
	token: string;
	/** Whether that token was got for this very request. */
	fetched: boolean;
}

/**
 * For this long, a failed sign-in that may pass by itself counts for all who wait for a token, so
 * that they do not ask one after another.
 */
const SIGN_IN_PAUSE_MS = 1_000;

/**
 * Refusals with status 401 that no new token cures: they are about the organization, or about the
 * database that a connector could not log in to.
 */
const NOT_ABOUT_THE_TOKEN = /^(FLOW-200[012]-401|CONNECTOR-.*)$/;

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
	private readonly tokensSeen = new Set<string>();
	private refreshing?: Promise<unknown>;
	private signInFailure?: { error: SignInError; untilEpochMs: number };
	/** Adobe's refusal of one token after another: no further one is asked for. */
	private lastingRefusal?: Attempt;
	/**
	 * The token fetched in this execution. It is replaced on a 401 only: its claims may be
	 * unreadable, or the clock of this machine wrong, and it would be fetched again and again.
	 */
	private unjudgedToken = '';
	/** Of the stored token; to hash and parse it for every request would cost more than the rest. */
	private judged = { token: '', untilEpochMs: 0 };

	/**
	 * @param signsInItself set for a credential with expressions: n8n stores what it has resolved for one
	 *   item beside a new token (its 1.x line in place of the expressions), so it is not to fetch any
	 * @throws UserError when the credential is incomplete
	 */
	constructor(
		private readonly context: NodeContext,
		data: ICredentialDataDecryptedObject,
		private readonly signsInItself: boolean,
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

	/** The sandbox of the credential. */
	get sandboxName(): string {
		return this.settings.sandboxName;
	}

	get platformOrigin(): string {
		return this.settings.platformOrigin;
	}

	/** The same for the same client, secret and origins. */
	get client(): string {
		return JSON.stringify(this.settings);
	}

	/** Stands for the organization that the requests are for. */
	get organization(): string {
		return `${this.settings.platformOrigin}\n${this.settings.orgId}`;
	}

	/** Values that must not appear in any text. */
	secrets(): string[] {
		return [this.settings.clientSecret, this.token(), ...this.tokensSeen].filter(
			(secret) => secret !== '',
		);
	}

	/** HMAC-SHA-256 under the client secret, 128 bits of it as base64url. */
	fingerprint(text: string): string {
		const digest = createHmac('sha256', this.settings.clientSecret).update(text).digest();
		return digest.subarray(0, 16).toString('base64url');
	}

	/**
	 * Sends once; after a refused token once more with a new one.
	 *
	 * @param signal ends the request; one of its own, and none for what outlives the execution
	 * @throws Problem for a path that can't be sent
	 */
	async send(
		request: PlatformRequest,
		options: SendOptions,
		signal?: AbortSignal,
	): Promise<Attempt | typeof TOO_LATE> {
		if (this.lastingRefusal !== undefined) return this.lastingRefusal;
		const first = await this.deliver(request, options, signal);
		if (!isTokenRefused(first.attempt)) return first.attempt;
		// One sender gives the refused token up; those who come later find the new one.
		if (this.data.accessToken === first.token) {
			Object.assign(this.data, { [REJECTED_TOKEN]: first.token, accessToken: '' });
		}
		const second = await this.deliver(request, options, signal);
		if (second.fetched && isTokenRefused(second.attempt)) this.lastingRefusal = second.attempt;
		return second.attempt;
	}

	/** Sends with the stored token, or lets n8n fetch one while all others wait for it. */
	private async deliver(
		request: PlatformRequest,
		options: SendOptions,
		signal: AbortSignal | undefined,
	): Promise<Delivery> {
		while (this.refreshing !== undefined) await this.refreshing;
		// Others may have been waited for: for their turn, or for their token.
		const startByEpochMs = startBy(request, options);
		if (Date.now() >= startByEpochMs) {
			return { attempt: TOO_LATE, token: '', fetched: false };
		}
		// No await from here until `refreshing` is set, or two senders would both fetch.
		const stored = this.usableToken();
		const httpRequest = toHttpRequest(this.settings.platformOrigin, request, options);
		if (stored !== '') {
			options.onSend?.();
			const attempt = await this.sendOnce(httpRequest, signal, options.outlivesExecution);
			return { attempt, token: stored, fetched: false };
		}
		const failure = this.recentSignInFailure();
		if (failure !== undefined) return { attempt: { signIn: failure }, token: '', fetched: false };
		this.data.accessToken = '';
		// What is left after it must be enough for the request itself.
		limitSignIn(this.data, startByEpochMs);
		let done = () => {};
		this.refreshing = new Promise<void>((resolve) => (done = resolve));
		try {
			if (this.signsInItself) {
				const failed = await this.signIn();
				if (failed !== undefined) return { attempt: { signIn: failed }, token: '', fetched: false };
			}
			options.onSend?.();
			const attempt = await this.sendOnce(httpRequest, signal);
			this.unjudgedToken = this.token();
			this.tokensSeen.add(this.unjudgedToken);
			return { attempt, token: this.unjudgedToken, fetched: true };
		} finally {
			this.refreshing = undefined;
			done();
		}
	}

	private async signIn(): Promise<SignInError | undefined> {
		try {
			Object.assign(this.data, await refreshToken(this.context.helpers, this.data));
			return undefined;
		} catch (error) {
			return this.noteSignInFailure(error);
		}
	}

	private token(): string {
		return typeof this.data.accessToken === 'string' ? this.data.accessToken : '';
	}

	private usableToken(): string {
		const token = this.token();
		if (token === '' || token === this.unjudgedToken) return token;
		if (this.judged.token !== token) {
			const { tokenFingerprint } = this.data;
			const untilEpochMs = tokenUsableUntil(token, tokenFingerprint, this.settings);
			this.judged = { token, untilEpochMs };
		}
		return this.judged.untilEpochMs > Date.now() ? token : '';
	}

	private async sendOnce(
		httpRequest: IHttpRequestOptions,
		signal: AbortSignal | undefined,
		outlivesExecution = false,
	): Promise<Attempt> {
		try {
			const response: unknown = outlivesExecution
				? await this.sendUnbound(httpRequest)
				: await this.context.helpers.httpRequestWithAuthentication.call(
						endedBy(this.context, signal),
						IMS_CREDENTIAL,
						httpRequest,
						{ credentialsDecrypted: this.credential },
					);
			const { statusCode, headers, body } = asRecord(response) ?? {};
			return {
				answer: {
					status: Number(statusCode),
					// Made when asked for: hardly any answer's headers are looked at.
					get headers() {
						return lowerCaseNames(headers);
					},
					body,
				},
			};
		} catch (error) {
			const failure = this.token() === '' ? signInFailureOf(this.data) : undefined;
			if (failure === undefined) return { fault: faultCode(error) };
			return { signIn: this.noteSignInFailure(failure) };
		}
	}

	/** @throws what is no failure of a sign-in */
	private noteSignInFailure(failure: unknown): SignInError {
		if (!(failure instanceof SignInError)) throw asIs(failure);
		const untilEpochMs = failure.permanent ? Infinity : Date.now() + SIGN_IN_PAUSE_MS;
		this.signInFailure = { error: failure, untilEpochMs };
		return failure;
	}

	/** n8n ends its authenticated requests with the execution, but not those without a credential. */
	private async sendUnbound(httpRequest: IHttpRequestOptions): Promise<unknown> {
		return await this.context.helpers.httpRequest(await withAdobeHeaders(this.data, httpRequest));
	}

	private recentSignInFailure(): SignInError | undefined {
		return this.signInFailure !== undefined && Date.now() < this.signInFailure.untilEpochMs
			? this.signInFailure.error
			: undefined;
	}
}

/**
 * The context as one request sees it. n8n ends a request with the signal of the context that the helper
 * is called on, and asks nothing else for one.
 */
function endedBy(context: NodeContext, signal: AbortSignal | undefined): NodeContext {
	if (signal === undefined || !('getExecutionCancelSignal' in context)) return context;
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as NodeContext;
}

function isTokenRefused(attempt: Attempt | typeof TOO_LATE): attempt is Attempt {
	if (attempt === TOO_LATE || !('answer' in attempt) || attempt.answer.status !== 401) return false;
	return !NOT_ABOUT_THE_TOKEN.test(readAdobeError(attempt.answer.body).code ?? '');
}

function lowerCaseNames(headers: unknown): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(asRecord(headers) ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

/** The transports of an execution: one, or one for each client that expressions in the credential give. */
export class Transports {
	private readonly readings: CredentialReadings;
	private readonly byReading = new Map<CredentialReading, Transport>();
	private readonly byClient = new Map<string, Transport>();

	constructor(private readonly context: NodeContext) {
		this.readings = new CredentialReadings(context, IMS_CREDENTIAL);
	}

	/** @throws UserError when the credential is incomplete for this item, and what n8n throws */
	async forItem(itemIndex: number): Promise<Transport> {
		const reading = await this.readings.read(itemIndex);
		const known = this.byReading.get(reading);
		if (known !== undefined) return known;
		const data = credentialOf(reading, imsLabels);
		const hasExpressions = (reading.expressions?.size ?? 0) > 0;
		const made = new Transport(this.context, data, hasExpressions);
		// Items of the same client share its token.
		const transport = this.byClient.get(made.client) ?? made;
		this.byClient.set(made.client, transport);
		this.byReading.set(reading, transport);
		return transport;
	}

	/** Values that must not appear in any text. */
	secrets(): string[] {
		return [...this.byClient.values()].flatMap((transport) => transport.secrets());
	}
}
