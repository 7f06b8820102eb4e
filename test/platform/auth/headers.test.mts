import type { IHttpRequestOptions } from 'n8n-workflow';

import { withAdobeHeaders } from '../../../nodes/platform/auth/headers.ts';
import { credential, thrownBy } from './settings.mts';

const OWN = { accessToken: 'token-canary' };
const PLATFORM = 'https://platform.adobe.io';
const OWN_SLASHLESS = 'https:platform.adobe.io';
const EVIL = 'https://evil.example';

/** The headers that a request leaves with. */
async function headersOf(
	request: Record<string, unknown>,
	changes: Record<string, unknown> = {},
): Promise<Record<string, unknown> | undefined> {
	const sent = await withAdobeHeaders(
		credential({ ...OWN, ...changes }),
		request as unknown as IHttpRequestOptions,
	);
	return sent.headers;
}

const ALL = {
	Authorization: 'Bearer token-canary',
	'x-api-key': 'client-1',
	'x-gw-ims-org-id': '0123456789ABCDEF01234567@AdobeOrg',
	'x-sandbox-name': 'dev',
};

describe("Adobe's headers are added", () => {
	it.each([
		['to the platform', { url: `${PLATFORM}/data/foundation/flowservice/connections` }],
		['to the platform written in capitals', { url: 'HTTPS://PLATFORM.ADOBE.IO/data' }],
		['to the platform with its usual port', { url: `${PLATFORM}:443/data` }],
		['to a relative URL on the platform', { baseURL: PLATFORM, url: '/data' }],
		['to a relative URL without a slash', { baseURL: `${PLATFORM}/`, url: 'data' }],
		['to a full URL whatever the base is', { baseURL: 'https://evil.example', url: PLATFORM }],
		['to the address of the older dialect', { uri: `${PLATFORM}/data` }],
		['to the address of the older dialect beside a url of null', { url: null, uri: PLATFORM }],
		['to the address of the older dialect on its base', { uri: '/data', baseURL: PLATFORM }],
		['to a full address of that dialect on its base', { uri: `${PLATFORM}/a`, baseURL: PLATFORM }],
	])('%s', async (_case, request) => {
		expect(await headersOf(request)).toEqual(ALL);
	});

	it('to Adobe I/O Events, which knows no sandbox, but not to its hosts without sign-in', async () => {
		for (const host of ['api.adobe.io', 'events.adobe.io', 'events-va6.adobe.io']) {
			expect(await headersOf({ url: `https://${host}/events/1/providers` })).toEqual({
				Authorization: 'Bearer token-canary',
				'x-api-key': 'client-1',
				'x-ims-org-id': '0123456789ABCDEF01234567@AdobeOrg',
			});
		}
		for (const host of ['static.adobeioevents.com', 'csm.adobe.io', 'events-eu.adobe.io']) {
			expect(await headersOf({ url: `https://${host}/x` })).toBeUndefined();
		}
	});

	it('to a custom platform on this machine, by host and port', async () => {
		const custom = {
			environment: 'custom',
			platformUrl: 'http://127.0.0.1:4010/',
			imsUrl: 'https://ims.example',
		};
		expect(await headersOf({ url: 'http://127.0.0.1:4010/data' }, custom)).toEqual(ALL);
		for (const url of [
			'http://127.0.0.1:4011/data',
			'http://localhost:4010/data',
			'https://127.0.0.1:4010/data',
			'https://ims.example/data',
			`${PLATFORM}/data`,
		]) {
			expect(await headersOf({ url }, custom)).toBeUndefined();
		}
	});

	it('with the sandbox prod when the credential names none', async () => {
		const headers = await headersOf({ url: PLATFORM }, { sandboxName: '' });
		expect(headers).toMatchObject({ 'x-sandbox-name': 'prod' });
	});
});

describe('no header is added, so no token leaves,', () => {
	it.each([
		['to a foreign host', { url: 'https://evil.example/data' }],
		['to the host of IMS', { url: 'https://ims-na1.adobelogin.com/ims/token/v3' }],
		['to the other environment', { url: 'https://platform-stage.adobe.io/data' }],
		['over plain http', { url: 'http://platform.adobe.io/data' }],
		['to another port', { url: `${PLATFORM}:8443/data` }],
		['to a host that begins like it', { url: `${PLATFORM}.evil.example/data` }],
		['to a host that ends like it', { url: 'https://evilplatform.adobe.io/data' }],
		['to a host with a full stop at the end', { url: `${PLATFORM}./data` }],
		['to a host behind a user name', { url: `${PLATFORM}@evil.example/data` }],
		['to a host behind a user and a password', { url: `${PLATFORM}:443@evil.example/data` }],
		['to a host behind a backslash', { url: `https://evil.example\\@platform.adobe.io` }],
		['to a look-alike letter', { url: 'https://plаtform.adobe.io/data' }],
		['to a web socket', { url: 'wss://platform.adobe.io/data' }],
		['to a host after two slashes', { url: '//evil.example/data', baseURL: PLATFORM }],
		['to a host after two backslashes', { url: '\\\\evil.example', baseURL: PLATFORM }],
		['to a host after a slash and a backslash', { url: '/\\evil.example', baseURL: PLATFORM }],
		['even to its own host after two slashes', { url: '//platform.adobe.io', baseURL: PLATFORM }],
		['to a foreign full URL on its base', { url: 'https://evil.example', baseURL: PLATFORM }],
		['to a relative URL on a foreign base', { url: '/data', baseURL: 'https://evil.example' }],
		['to its own URL after a blank, on a foreign base', { url: ` ${PLATFORM}`, baseURL: EVIL }],
		['to its own URL after a tab, on a foreign base', { url: `\t${PLATFORM}`, baseURL: EVIL }],
		['to its own URL without slashes, on a foreign base', { url: OWN_SLASHLESS, baseURL: EVIL }],
		['to a base behind a user name', { url: '/data', baseURL: `${PLATFORM}@evil.example` }],
		['to a relative URL without a base', { url: '/data' }],
		['to a relative URL on an empty base', { url: '/data', baseURL: '' }],
		['to a relative URL on a base that is none', { url: '/data', baseURL: 'platform.adobe.io' }],
		['to the foreign url where uri is its own', { url: 'https://evil.example', uri: PLATFORM }],
		['to an empty url that hides its own uri', { url: '', uri: PLATFORM }],
		['to an empty url on a foreign base', { url: '', uri: PLATFORM, baseURL: EVIL }],
		['to a url that is no text and hides its own uri', { url: 5, uri: PLATFORM, baseURL: EVIL }],
		['to a foreign base where only one dialect knows the uri', { uri: PLATFORM, baseURL: EVIL }],
		['to a foreign base beside a url of null', { url: null, uri: PLATFORM, baseURL: EVIL }],
		['to a foreign uri on its base', { uri: EVIL, baseURL: PLATFORM }],
		['to a base that is no text, beside its own uri', { uri: PLATFORM, baseURL: { href: EVIL } }],
		['to a foreign address of the older dialect', { uri: 'https://evil.example' }],
		['to an address that is an object', { uri: { href: PLATFORM } }],
		['to an address that is a number', { url: 5 }],
		['to an address that is null', { url: null }],
		['to no address', {}],
		['to an empty address on its base', { url: '', baseURL: PLATFORM }],
	])('%s', async (_case, request) => {
		const given = request as unknown as IHttpRequestOptions;
		const sent = await withAdobeHeaders(credential(OWN), given);
		expect(sent).toEqual(request);
		expect(JSON.stringify(sent)).not.toContain('token-canary');
	});
});

describe('headers that the request has already', () => {
	it.each([
		['as we write them', 'Authorization', 'x-api-key', 'x-gw-ims-org-id', 'x-sandbox-name'],
		['in small letters', 'authorization', 'x-api-key', 'x-gw-ims-org-id', 'x-sandbox-name'],
		['in capitals', 'AUTHORIZATION', 'X-API-KEY', 'X-GW-IMS-ORG-ID', 'X-SANDBOX-NAME'],
		['in title case', 'Authorization', 'X-Api-Key', 'X-Gw-Ims-Org-Id', 'X-Sandbox-Name'],
	])('are kept %s', async (_case, ...names) => {
		const own = Object.fromEntries(names.map((name, index) => [name, `own-${index}`]));
		expect(await headersOf({ url: PLATFORM, headers: own })).toEqual(own);
	});

	it('are kept one by one, and others beside them', async () => {
		const headers = { 'X-Sandbox-Name': 'other', accept: 'text/plain' };
		expect(await headersOf({ url: PLATFORM, headers })).toEqual({
			'X-Sandbox-Name': 'other',
			accept: 'text/plain',
			Authorization: ALL.Authorization,
			'x-api-key': ALL['x-api-key'],
			'x-gw-ims-org-id': ALL['x-gw-ims-org-id'],
		});
	});
});

describe('the request', () => {
	it('is not changed, nor are its headers', async () => {
		const headers = Object.freeze({ accept: 'text/plain' });
		const request = Object.freeze({ url: PLATFORM, headers });
		const sent = await withAdobeHeaders(credential(OWN), request as IHttpRequestOptions);
		expect(sent).not.toBe(request);
		expect(request).toEqual({ url: PLATFORM, headers: { accept: 'text/plain' } });
	});

	it('keeps its other parts, and its token from whoever it is redirected to', async () => {
		const request = { url: PLATFORM, method: 'POST', body: { a: 1 }, timeout: 5 } as const;
		const sent = await withAdobeHeaders(credential(OWN), request);
		expect(sent).toMatchObject({ ...request, sendCredentialsOnCrossOriginRedirect: false });
	});

	it('is not sent at all with an incomplete credential', async () => {
		const error = await thrownBy(
			async () => await withAdobeHeaders(credential({ orgId: '' }), { url: PLATFORM }),
		);
		expect(error.message).toBe("The credential's 'Organization ID' is empty");
	});

	it.each([
		['absent', undefined],
		['null', null],
		['empty', ''],
	])('says nothing but Bearer while the token is %s', async (_case, accessToken) => {
		const headers = await headersOf({ url: PLATFORM }, { accessToken });
		expect(headers?.Authorization).toBe('Bearer ');
	});
});
