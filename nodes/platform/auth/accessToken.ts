import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestHelper } from 'n8n-workflow';

import { steadyEpochMs } from '../clocks/steadyClock';
import { TOO_LATE } from '../deadline';
import { asIs } from '../errors/problem';
import type { Attempt } from '../request';
import type { ImsSettings } from './credential';
import { readImsSettings } from './credential';
import { fetchToken, SignInError } from './signIn';
import { isFetchedSince, sharedToken } from './tokenCache';
import { isTokenUsable, tokenFingerprint } from './tokenClaims';

type Helpers = IHttpRequestHelper['helpers'];

/** The credential's member that says which token Adobe has just rejected. */
export const REJECTED_TOKEN = 'rejectedToken';

/**
 * A failed sign-in that may pass by itself counts this long for all who wait for a token, so that they
 * do not ask one after another.
 */
const SIGN_IN_PAUSE_MS = 1_000;

/** What came of one sending, and of the token that it carried. */
export interface Sent {
	attempt: Attempt | typeof TOO_LATE;
	/** Empty where nothing was sent. */
	token: string;
	/** Whether the token was fetched for this request, and not by another execution before. */
	isNew: boolean;
}

/**
 * The access token of one decrypted credential: when it can be used, who fetches a new one, and what
 * becomes of one that Adobe has rejected.
 *
 * n8n knows no expiry, so a token that is about to end is blanked before a request; n8n then fetches a
 * new one within that request (`preAuthentication`, see {@link refreshToken}) and stores it.
 */
export class AccessToken {
	/** Tokens that were given up. */
	private readonly former = new Set<string>();
	/** Set while a token is fetched; all others wait for it. */
	private fetching?: Promise<unknown>;
	private failure?: { error: SignInError; untilEpochMs: number };
	/**
	 * The token fetched in this execution. It is replaced on a 401 only: its claims may be
	 * unreadable, or the clock of this machine wrong, and it would be fetched again and again.
	 */
	private fetched = '';
	private gaveUpEpochMs = 0;

	/**
	 * @param data the decrypted credential, into which n8n puts a new token
	 * @param signsInItself set for a credential with expressions: n8n stores what it has resolved for one
	 *   item beside a new token (its 1.x line in place of the expressions), so it must not fetch any
	 */
	constructor(
		private readonly helpers: Helpers,
		private readonly data: ICredentialDataDecryptedObject,
		private readonly settings: ImsSettings,
		private readonly signsInItself: boolean,
	) {}

	/** Every token that was used, for redaction. */
	secrets(): string[] {
		return [this.current(), this.fetched, ...this.former].filter((token) => token !== '');
	}

	/**
	 * Sends a request with a token that can be used, or says why there is none.
	 *
	 * @param startByEpochMs when the request has to begin at the latest; a sign-in ends before
	 */
	async sendWith(startByEpochMs: number, send: () => Promise<Attempt>): Promise<Sent> {
		while (this.fetching !== undefined) await this.fetching;
		// Others may have been waited for: for their turn, or for their token.
		if (steadyEpochMs() >= startByEpochMs) return notSent(TOO_LATE);
		// No await from here until `fetching` is set, or two senders would both fetch.
		const stored = this.usable();
		if (stored !== '') return { attempt: await send(), token: stored, isNew: false };
		const failure = this.recentFailure();
		if (failure !== undefined) return notSent({ signIn: failure });
		this.giveUp();
		deadlines.set(this.data, startByEpochMs);
		return this.signsInItself
			? await this.sendAfterSignIn(send)
			: await this.exclusively(async () => await this.sendWhileHostSignsIn(send));
	}

	/** Whoever comes first gives a rejected token up; those who come later find the new one. */
	reject(token: string): void {
		if (this.current() !== token) return;
		this.giveUp();
		this.data[REJECTED_TOKEN] = token;
	}

	private async sendAfterSignIn(send: () => Promise<Attempt>): Promise<Sent> {
		const failure = await this.exclusively(async () => await this.signIn());
		if (failure !== undefined) return notSent({ signIn: failure });
		const token = this.current();
		return { attempt: await send(), token, isNew: this.isNew(token) };
	}

	private async signIn(): Promise<SignInError | undefined> {
		try {
			Object.assign(this.data, await refreshToken(this.helpers, this.data));
			this.fetched = this.current();
			return undefined;
		} catch (error) {
			return this.noteFailure(error);
		}
	}

	/**
	 * n8n fetches the token within the request, so nobody learns of it before the answer is there: others
	 * have to wait as long.
	 */
	private async sendWhileHostSignsIn(send: () => Promise<Attempt>): Promise<Sent> {
		const attempt = await send();
		this.fetched = this.current();
		const hasFailed = 'fault' in attempt && this.fetched === '';
		const failure = hasFailed ? signInFailureOf(this.data) : undefined;
		if (failure !== undefined) return notSent({ signIn: this.noteFailure(failure) });
		return { attempt, token: this.fetched, isNew: this.isNew(this.fetched) };
	}

	/** Another execution of this process may have fetched it, before Adobe has rejected ours. */
	private isNew(token: string): boolean {
		return isFetchedSince(token, this.gaveUpEpochMs);
	}

	private async exclusively<T>(work: () => Promise<T>): Promise<T> {
		let done = () => {};
		this.fetching = new Promise<void>((resolve) => (done = resolve));
		try {
			return await work();
		} finally {
			this.fetching = undefined;
			done();
		}
	}

	private giveUp(): void {
		this.gaveUpEpochMs = Date.now();
		this.former.add(this.current());
		this.data.accessToken = '';
	}

	private current(): string {
		return typeof this.data.accessToken === 'string' ? this.data.accessToken : '';
	}

	private usable(): string {
		const token = this.current();
		if (token === '' || token === this.fetched) return token;
		const { tokenFingerprint: fingerprint } = this.data;
		return isTokenUsable(token, fingerprint, this.settings, Date.now()) ? token : '';
	}

	/** @throws what is not a failed sign-in */
	private noteFailure(error: unknown): SignInError {
		if (!(error instanceof SignInError)) throw asIs(error);
		const untilEpochMs = error.permanent ? Infinity : Date.now() + SIGN_IN_PAUSE_MS;
		this.failure = { error, untilEpochMs };
		return error;
	}

	private recentFailure(): SignInError | undefined {
		return this.failure !== undefined && Date.now() < this.failure.untilEpochMs
			? this.failure.error
			: undefined;
	}
}

function notSent(attempt: Sent['attempt']): Sent {
	return { attempt, token: '', isNew: false };
}

// When the request that waits for a token has to begin; by the credential object, as below.
const deadlines = new WeakMap<object, number>();

// n8n wraps what preAuthentication throws, and its 1.x line drops the cause. The credential object is
// our own, so the reason can be found again by it.
const failures = new WeakMap<object, SignInError>();

/** Why the last refresh with this very credential object failed. */
export function signInFailureOf(credential: object): SignInError | undefined {
	return failures.get(credential);
}

/**
 * n8n's `preAuthentication`: a new token when the stored one is of no use, `{}` while it is good.
 * `{}` also keeps n8n's HTTP Request node from retrying a failed write, because n8n then has no new
 * token to retry it with.
 *
 * The fingerprint is stored beside the token, so that an edited credential is not tested with
 * the token of its former secret.
 */
export async function refreshToken(
	helpers: Helpers,
	credential: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
	failures.delete(credential);
	const rejected = credential[REJECTED_TOKEN];
	// n8n 1.x stores the whole object that it handed in; this member must not end up in the database.
	delete credential[REJECTED_TOKEN];

	const settings = readImsSettings(credential);
	const stored = typeof credential.accessToken === 'string' ? credential.accessToken : '';
	if (
		stored !== '' &&
		stored !== rejected &&
		isTokenUsable(stored, credential.tokenFingerprint, settings, Date.now())
	) {
		return {};
	}
	const fingerprint = tokenFingerprint(settings);
	const stale = [stored, typeof rejected === 'string' ? rejected : ''].filter(
		(token) => token !== '',
	);
	try {
		const accessToken = await sharedToken(
			fingerprint,
			stale,
			async () => await fetchToken(helpers.httpRequest, settings, deadlines.get(credential)),
		);
		return { accessToken, tokenFingerprint: fingerprint };
	} catch (error) {
		if (error instanceof SignInError) failures.set(credential, error);
		throw asIs(error);
	}
}
