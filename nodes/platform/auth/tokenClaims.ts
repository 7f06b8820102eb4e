import { createHash } from 'crypto';

import type { ImsSettings } from './credential';

/** An access token of Adobe IMS is a JWT; its payload says when it ends and whose it is. */
export interface TokenClaims {
	clientId: string;
	createdAtEpochMs: number;
	expiresAtEpochMs: number;
}

const MAX_MARGIN_MS = 5 * 60_000;

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
 * Whether a stored token can still be used with these settings: made from them, and not about to end.
 * Tokens are given up five minutes early, short-lived ones at four fifths of their life.
 */
export function isTokenUsable(
	token: string,
	storedFingerprint: unknown,
	settings: ImsSettings,
	nowEpochMs: number,
): boolean {
	if (storedFingerprint !== tokenFingerprint(settings)) return false;
	const claims = readTokenClaims(token);
	if (claims === undefined || claims.clientId !== settings.clientId) return false;
	const lifetimeMs = claims.expiresAtEpochMs - claims.createdAtEpochMs;
	return nowEpochMs < claims.expiresAtEpochMs - Math.min(MAX_MARGIN_MS, lifetimeMs / 5);
}

/**
 * SHA-256 of what a token is made from. n8n keeps a token when its credential is edited; by this
 * fingerprint, a token of the former client or secret is recognised and not used.
 */
export function tokenFingerprint(settings: ImsSettings): string {
	const { imsOrigin, clientId, clientSecret, scopes } = settings;
	return createHash('sha256')
		.update(JSON.stringify([imsOrigin, clientId, clientSecret, scopes]))
		.digest('hex');
}
