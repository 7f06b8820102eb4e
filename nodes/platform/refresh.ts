import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestHelper } from 'n8n-workflow';

import { readImsSettings } from './imsCredential';
import { fetchToken, SignInError } from './signIn';
import { isTokenUsable, tokenFingerprint } from './token';
import { sharedToken } from './tokenCache';

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
