import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestHelper } from 'n8n-workflow';

import type { ImsSettings } from './credential';
import { readImsSettings } from './credential';
import { fetchToken, SignInError } from './signIn';

/** The credential's member by which our transport says which token Adobe has just refused. */
export const REJECTED_TOKEN = 'rejectedToken';

// When the item that waits for a token has to be done; by the credential object, as below.
const deadlines = new WeakMap<object, number>();

/** Lets the next refresh with this very credential object last no longer than until then. */
export function limitSignIn(credential: object, deadlineEpochMs: number): void {
	deadlines.set(credential, deadlineEpochMs);
}

// n8n wraps what preAuthentication throws, and its 1.x line drops the cause. The transport hands
// in its own credential object, so the reason can be found again by that object.
const failures = new WeakMap<object, SignInError>();

/** Why the last refresh with this very credential object failed. */
export function signInFailureOf(credential: object): SignInError | undefined {
	return failures.get(credential);
}

/**
 * n8n's `preAuthentication`: a new token when the stored one is of no use, `{}` while it is good.
 * `{}` also keeps n8n's HTTP Request node from sending a failed write again, because n8n then
 * has no new token to repeat it with.
 *
 * The fingerprint is stored beside the token, so that an edited credential is not tested with
 * the token of its former secret.
 */
export async function refreshToken(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
	failures.delete(credential);
	const rejected = credential[REJECTED_TOKEN];
	// n8n 1.x stores the whole object that it handed in; the mark must not end up in the database.
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
		throw noted(credential, error);
	}
}

function noted(credential: ICredentialDataDecryptedObject, error: unknown): unknown {
	if (error instanceof SignInError) failures.set(credential, error);
	return error;
}

interface Entry {
	token?: string;
	fetchedAtEpochMs: number;
	pending?: Promise<string>;
}

// Short on purpose: with several workers, the token that another one has stored meanwhile may be
// the better one, and n8n hands that over with the next execution.
const REUSE_WINDOW_MS = 60_000;

const entries = new Map<string, Entry>();

/**
 * One token call for all who ask at the same time, in this process, for the same client.
 *
 * @param fingerprint what the token is made from; callers with the same one share a token
 * @param stale tokens the caller knows to be of no use; a cached one among them is forgotten
 * @param fetch makes the one call; its failure reaches all who wait and is not kept
 */
export async function sharedToken(
	fingerprint: string,
	stale: string[],
	fetch: () => Promise<string>,
): Promise<string> {
	const now = Date.now();
	forgetOld(now);
	const known = entries.get(fingerprint);
	if (known?.token !== undefined && !stale.includes(known.token)) return known.token;
	if (known?.pending !== undefined) return await known.pending;

	const pending = fetch();
	entries.set(fingerprint, { fetchedAtEpochMs: now, pending });
	pending.then(
		(token) => entries.set(fingerprint, { token, fetchedAtEpochMs: Date.now() }),
		() => entries.delete(fingerprint),
	);
	return await pending;
}

function forgetOld(nowEpochMs: number) {
	for (const [fingerprint, entry] of entries) {
		const age = nowEpochMs - entry.fetchedAtEpochMs;
		if (entry.pending === undefined && (age > REUSE_WINDOW_MS || age < 0))
			entries.delete(fingerprint);
	}
}

/** An access token of Adobe IMS is a JWT; its payload tells when it ends and whose it is. */
export interface TokenClaims {
	clientId: string;
	createdAtEpochMs: number;
	expiresAtEpochMs: number;
}

const LONGEST_MARGIN_MS = 5 * 60_000;

/**
 * Claims of an IMS access token, undefined for anything else (an opaque token, an empty string).
 * The payload carries `created_at` and `expires_in` as strings in milliseconds (adobe/aio-lib-ims).
 */
export function readTokenClaims(token: string): TokenClaims | undefined {
	const payload = token.split('.')[1];
	if (payload === undefined) return undefined;
	try {
		const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
		if (typeof claims !== 'object' || claims === null) return undefined;
		const {
			client_id: clientId,
			created_at: createdAt,
			expires_in: expiresIn,
		} = claims as Record<string, unknown>;
		const createdAtEpochMs = Number(createdAt);
		const lifetimeMs = Number(expiresIn);
		if (typeof clientId !== 'string' || !(createdAtEpochMs > 0) || !(lifetimeMs > 0))
			return undefined;
		return { clientId, createdAtEpochMs, expiresAtEpochMs: createdAtEpochMs + lifetimeMs };
	} catch {
		return undefined;
	}
}

/**
 * Whether a stored token can still be used by these settings: made from them, and not about to end.
 */
export function isTokenUsable(
	token: string,
	storedFingerprint: unknown,
	settings: ImsSettings,
	nowEpochMs: number,
): boolean {
	return tokenUsableUntil(token, storedFingerprint, settings) > nowEpochMs;
}

/**
 * Until when a stored token can be used by these settings, epoch milliseconds; 0 when it was made
 * from others. Tokens are given up five minutes early, short-lived ones at four fifths of their life.
 */
export function tokenUsableUntil(
	token: string,
	storedFingerprint: unknown,
	settings: ImsSettings,
): number {
	if (storedFingerprint !== tokenFingerprint(settings)) return 0;
	const claims = readTokenClaims(token);
	if (claims === undefined || claims.clientId !== settings.clientId) return 0;
	const lifetimeMs = claims.expiresAtEpochMs - claims.createdAtEpochMs;
	return claims.expiresAtEpochMs - Math.min(LONGEST_MARGIN_MS, lifetimeMs / 5);
}

/**
 * A one-way mark of what a token was made from. n8n keeps a token when its credential is edited;
 * by this mark a token of the former client or secret is recognised and not used.
 */
export function tokenFingerprint(settings: ImsSettings): string {
	const { imsOrigin, clientId, clientSecret, scopes } = settings;
	return createHash('sha256')
		.update(JSON.stringify([imsOrigin, clientId, clientSecret, scopes]))
		.digest('hex');
}
