import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { ImsSettings } from '../../../nodes/platform/auth/credential.ts';

/** A text that must never be seen outside the credential. */
export const CANARY = 'c4n4ry-5ecret-0f-the-client';

/** A complete credential, as n8n hands it over after decryption. */
export function credential(changes: Record<string, unknown> = {}): ICredentialDataDecryptedObject {
	return {
		clientId: 'client-1',
		clientSecret: CANARY,
		orgId: '0123456789ABCDEF01234567@AdobeOrg',
		scopes: 'openid,session',
		sandboxName: 'dev',
		environment: 'production',
		platformUrl: '',
		imsUrl: '',
		accessToken: '',
		tokenFingerprint: '',
		...changes,
	} as ICredentialDataDecryptedObject;
}

/** The same credential, read and checked. */
export function settings(changes: Partial<ImsSettings> = {}): ImsSettings {
	return {
		platformOrigin: 'https://platform.adobe.io',
		imsOrigin: 'https://ims-na1.adobelogin.com',
		clientId: 'client-1',
		clientSecret: CANARY,
		orgId: '0123456789ABCDEF01234567@AdobeOrg',
		scopes: 'openid,session',
		sandboxName: 'dev',
		...changes,
	};
}

/** A token in the form of IMS, with these claims in its payload. */
export function tokenWith(claims: unknown): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

/** A token of IMS that was made `ageMs` ago and lives for `lifetimeMs`. */
export function tokenOf(
	{ clientId = 'client-1', ageMs = 0, lifetimeMs = 86_399_000, id = '' } = {},
	nowEpochMs = Date.now(),
): string {
	return tokenWith({
		id,
		client_id: clientId,
		created_at: String(nowEpochMs - ageMs),
		expires_in: String(lifetimeMs),
	});
}

/** What a function throws, or rejects with; undefined when it does neither. */
export async function thrownBy(work: () => unknown): Promise<any> {
	try {
		await work();
	} catch (error) {
		return error;
	}
	return undefined;
}

/** Everything of an error that could be shown or stored. */
export function everythingOf(error: any): string {
	return [
		String(error),
		error?.stack,
		error?.description,
		JSON.stringify(error),
		JSON.stringify(error?.context),
		JSON.stringify(error?.messages),
		JSON.stringify(error?.details),
		String(error?.cause),
	].join('\n');
}
