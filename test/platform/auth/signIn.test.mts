import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import {
	refreshToken,
	REJECTED_TOKEN,
	signInFailureOf,
} from '../../../nodes/platform/auth/accessToken.ts';
import { sharedToken } from '../../../nodes/platform/auth/tokenCache.ts';
import { tokenFingerprint } from '../../../nodes/platform/auth/tokenClaims.ts';
import { readImsSettings } from '../../../nodes/platform/auth/credential.ts';
import { SignInError } from '../../../nodes/platform/auth/signIn.ts';
import { CANARY, credential, everythingOf, thrownBy, tokenOf } from './settings.mts';

interface Call {
	method?: string;
	url?: string;
	headers: IncomingMessage['headers'];
	body: string;
}

let server: Server;
let origin: string;
let calls: Call[] = [];
let answer: (response: ServerResponse, call: Call) => void;
let serial = 0;

beforeAll(async () => {
	server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			const call = { method: request.method, url: request.url, headers: request.headers, body };
			calls.push(call);
			answer(response, call);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
	calls = [];
	answer = issue;
});

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) => {
	response.writeHead(status, { 'content-type': 'application/json', ...headers });
	response.end(JSON.stringify(body));
};

/** Issues a token that nobody has had before. */
function issue(response: ServerResponse, { body }: Call) {
	const clientId = new URLSearchParams(body).get('client_id') ?? '';
	json(response, 200, {
		access_token: tokenOf({ clientId, id: `t${++serial}` }),
		token_type: 'bearer',
		expires_in: 86_399,
	});
}

/** n8n's helper as far as a sign-in needs it, over fetch. */
const httpRequest = (async (options: IHttpRequestOptions) => {
	try {
		const response = await fetch(options.url, {
			method: options.method ?? 'GET',
			headers: options.headers as Record<string, string>,
			body: options.body as string,
			redirect: options.disableFollowRedirect ? 'manual' : 'follow',
			signal: AbortSignal.timeout(Math.min(options.timeout ?? 60_000, shortTimeoutMs)),
		});
		const text = await response.text();
		let body: unknown = text;
		try {
			body = JSON.parse(text);
		} catch {
			// as n8n: a body that is not JSON stays a text
		}
		return { statusCode: response.status, headers: {}, body };
	} catch (error) {
		const { name, cause } = error as { name: string; cause?: { code?: string } };
		const code = name === 'TimeoutError' ? 'ECONNABORTED' : cause?.code;
		// What a client hangs on its errors: the request with the secret in it.
		throw Object.assign(new Error(`failed: ${String(options.body)}`), { code, config: options });
	}
}) as IHttpRequestHelper['helpers']['httpRequest'];

let shortTimeoutMs = 60_000;

/** A credential of a client that no other test has, so that no token is left of one. */
function newCredential(changes: Record<string, unknown> = {}): ICredentialDataDecryptedObject {
	return credential({
		clientId: `client-${++serial}`,
		environment: 'custom',
		platformUrl: 'https://platform.example',
		imsUrl: origin,
		...changes,
	});
}

const refresh = async (data: ICredentialDataDecryptedObject) =>
	await refreshToken({ httpRequest }, data);

const copyOf = (data: ICredentialDataDecryptedObject, changes = {}) => ({ ...data, ...changes });

describe('the call to IMS', () => {
	it('is one POST with the four fields in its form and nothing in its address', async () => {
		const data = newCredential({ clientSecret: `${CANARY} &=+%ü"`, scopes: 'openid, session' });
		const { accessToken, tokenFingerprint: fingerprint } = await refresh(data);
		expect(calls).toHaveLength(1);
		const [call] = calls;
		expect(call).toMatchObject({ method: 'POST', url: '/ims/token/v3' });
		expect(call?.headers['content-type']).toBe('application/x-www-form-urlencoded');
		expect(call?.headers.authorization).toBeUndefined();
		expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
			grant_type: 'client_credentials',
			client_id: data.clientId,
			client_secret: `${CANARY} &=+%ü"`,
			scope: 'openid,session',
		});
		expect(accessToken).toMatch(/^[\w-]+\.[\w-]+\.signature$/);
		expect(fingerprint).toBe(tokenFingerprint(readImsSettings(data)));
	});

	it('is not made for an incomplete credential', async () => {
		const error = await thrownBy(async () => await refresh(newCredential({ orgId: 'none' })));
		expect(error).toBeInstanceOf(UserError);
		expect(calls).toHaveLength(0);
	});

	it('is not repeated where IMS redirects to, with the secret in its body', async () => {
		answer = (response) => {
			response.writeHead(307, { location: `${origin}/elsewhere` });
			response.end();
		};
		const error = await thrownBy(async () => await refresh(newCredential()));
		expect(error.message).toBe('Adobe IMS (sign-in) gave no access token');
		expect(calls.map(({ url }) => url)).toEqual(['/ims/token/v3']);
	});
});

describe('a stored token', () => {
	const stored = (
		changes: Record<string, unknown> = {},
		token: Parameters<typeof tokenOf>[0] = {},
	) => {
		const data = newCredential();
		const clientId = String(data.clientId);
		return copyOf(data, {
			accessToken: tokenOf({ clientId, id: `stored-${clientId}`, ...token }),
			tokenFingerprint: tokenFingerprint(readImsSettings(data)),
			...changes,
		}) as ICredentialDataDecryptedObject;
	};

	it('that is good is kept: {} and no call, again and again', async () => {
		const data = stored();
		const before = structuredClone(data);
		expect(await refresh(data)).toEqual({});
		expect(await refresh(data)).toEqual({});
		expect(calls).toHaveLength(0);
		expect(data).toEqual(before);
	});

	it.each([
		['has 4 minutes left', {}, { ageMs: 86_399_000 - 240_000 }],
		['has ended', {}, { ageMs: 90_000_000 }],
		['is of another client', {}, { clientId: 'another' }],
		['is opaque', { accessToken: 'opaque' }, {}],
		['has no fingerprint', { tokenFingerprint: '' }, {}],
		['was made with a former secret', { clientSecret: 'new secret' }, {}],
		['was made for other scopes', { scopes: 'openid' }, {}],
		['is no text', { accessToken: { token: 'x' } }, {}],
		['is null', { accessToken: null }, {}],
		['is the one that was refused by an empty mark', { [REJECTED_TOKEN]: '', accessToken: '' }, {}],
	])('that %s is replaced', async (_case, changes, token) => {
		const data = stored(changes, token);
		const before = data.accessToken;
		const fresh = await refresh(data);
		expect(calls).toHaveLength(1);
		expect(Object.keys(fresh).sort()).toEqual(['accessToken', 'tokenFingerprint']);
		expect(fresh.accessToken).not.toBe(before);
		expect(fresh.tokenFingerprint).toBe(tokenFingerprint(readImsSettings(data)));
	});

	it('that Adobe has refused is replaced, although it looks good', async () => {
		const data = stored();
		data[REJECTED_TOKEN] = data.accessToken as string;
		expect((await refresh(data)).accessToken).not.toBe(data.accessToken);
		expect(calls).toHaveLength(1);
	});

	it('is kept when the one that was refused is another', async () => {
		expect(await refresh(stored({ [REJECTED_TOKEN]: 'another' }))).toEqual({});
		expect(calls).toHaveLength(0);
	});
});

describe('the mark of a refused token', () => {
	it.each([
		['after a success', () => issue],
		[
			'after a refusal',
			() => (response: ServerResponse) => json(response, 400, { error: 'invalid_client' }),
		],
	])('is gone from the object %s', async (_case, how) => {
		answer = how();
		const data = newCredential({ [REJECTED_TOKEN]: 'refused' });
		await thrownBy(async () => await refresh(data));
		expect(Object.keys(data)).not.toContain(REJECTED_TOKEN);
	});

	it('is gone from the object even of an incomplete credential', async () => {
		const data = newCredential({ [REJECTED_TOKEN]: 'refused', clientId: '' });
		await thrownBy(async () => await refresh(data));
		expect(Object.keys(data)).not.toContain(REJECTED_TOKEN);
	});

	it.each([7, null, true, { a: 1 }, ['refused']])(
		'is passed over and removed when it is no text (%j)',
		async (mark) => {
			const data = newCredential({ [REJECTED_TOKEN]: mark });
			expect(await refresh(data)).toHaveProperty('accessToken');
			expect(Object.keys(data)).not.toContain(REJECTED_TOKEN);
		},
	);

	it('makes the shared token be forgotten at once, not after a minute', async () => {
		const data = newCredential();
		const first = (await refresh(copyOf(data))).accessToken as string;
		expect((await refresh(copyOf(data))).accessToken).toBe(first);
		expect(calls).toHaveLength(1);
		const second = (await refresh(copyOf(data, { [REJECTED_TOKEN]: first }))).accessToken;
		expect(second).not.toBe(first);
		expect((await refresh(copyOf(data))).accessToken).toBe(second);
		// Somebody who comes late with the first token gets the second and makes no call.
		expect((await refresh(copyOf(data, { [REJECTED_TOKEN]: first }))).accessToken).toBe(second);
		expect(calls).toHaveLength(2);
	});

	it('of 25 that were refused at once leads to one call', async () => {
		const data = newCredential();
		const first = (await refresh(copyOf(data))).accessToken as string;
		const all = await Promise.all(
			Array.from(
				{ length: 25 },
				async () => await refresh(copyOf(data, { [REJECTED_TOKEN]: first })),
			),
		);
		expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1);
		expect(calls).toHaveLength(2);
	});
});

describe('those who ask at the same time', () => {
	it('50 for the same client share one call', async () => {
		answer = (response, call) => void sleep(50).then(() => issue(response, call));
		const data = newCredential();
		const all = await Promise.all(
			Array.from({ length: 50 }, async () => await refresh(copyOf(data))),
		);
		expect(calls).toHaveLength(1);
		expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1);
	});

	it.each([
		['client', () => ({ clientId: `other-${++serial}` })],
		['secret', () => ({ clientSecret: `other-${++serial}` })],
		['scopes', () => ({ scopes: 'openid,other' })],
	])('for another %s have a call of their own', async (_case, changes) => {
		const data = newCredential();
		const [a, b] = await Promise.all([refresh(copyOf(data)), refresh(copyOf(data, changes()))]);
		expect(calls).toHaveLength(2);
		expect(a?.accessToken).not.toBe(b?.accessToken);
	});

	it('share the token of one call for organizations and sandboxes of one client', async () => {
		const data = newCredential();
		await Promise.all([
			refresh(copyOf(data)),
			refresh(copyOf(data, { sandboxName: 'prod', orgId: 'B@AdobeOrg' })),
		]);
		expect(calls).toHaveLength(1);
	});

	it('share a failure, which the next one does not get any more', async () => {
		answer = (response) => void sleep(30).then(() => json(response, 503, {}));
		const data = newCredential();
		const failed = await Promise.allSettled(
			Array.from({ length: 20 }, async () => await refresh(copyOf(data))),
		);
		expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
		expect(calls).toHaveLength(1);
		answer = issue;
		expect(await refresh(copyOf(data))).toHaveProperty('accessToken');
		expect(calls).toHaveLength(2);
	});
});

describe('the shared token', () => {
	it('is used for a minute, then fetched again', async () => {
		const now = jest.spyOn(Date, 'now');
		try {
			let fetched = 0;
			const get = async () => await sharedToken('minute', [], async () => `t${++fetched}`);
			now.mockReturnValue(1_000_000);
			expect(await get()).toBe('t1');
			now.mockReturnValue(1_060_000);
			expect(await get()).toBe('t1');
			now.mockReturnValue(1_060_001);
			expect(await get()).toBe('t2');
			// A clock that was set back must not make a token last for years.
			now.mockReturnValue(500_000);
			expect(await get()).toBe('t3');
		} finally {
			now.mockRestore();
		}
	});

	it('is not kept when its fetch throws at once', async () => {
		const fail = () => {
			throw new Error('at once');
		};
		const error = await thrownBy(async () => await sharedToken('at once', [], fail));
		expect(error.message).toBe('at once');
		expect(await sharedToken('at once', [], async () => 't')).toBe('t');
	});

	it.each(['__proto__', 'constructor'])('is not found under %s', async (fingerprint) => {
		expect(await sharedToken(fingerprint, [], async () => `of ${fingerprint}`)).toBe(
			`of ${fingerprint}`,
		);
	});
});

describe('a refusal of IMS', () => {
	const PAGE = `<html>${CANARY}</html>`;
	const text = (response: ServerResponse, status: number, body: string) => {
		response.writeHead(status, { 'content-type': 'text/html' });
		response.end(body);
	};
	const oauth = (error: string, description?: string) => (response: ServerResponse) =>
		json(response, 400, { error, error_description: description ?? CANARY });

	type Refusal = [
		label: string,
		how: (response: ServerResponse) => void,
		message: string,
		permanent: boolean,
	];
	const NO_TOKEN = 'Adobe IMS (sign-in) gave no access token';
	const NOT_AVAILABLE = 'Adobe IMS (sign-in) is not available at the moment';
	const TOO_MANY = 'Adobe IMS (sign-in) limits the rate of token requests';
	const REFUSALS: Refusal[] = [
		[
			'a wrong secret',
			oauth('invalid_client', 'invalid client_secret parameter'),
			"Adobe IMS does not accept the credential's 'Client Secret'",
			true,
		],
		[
			'an unknown client',
			oauth('invalid_client', 'invalid client_id parameter'),
			"Adobe IMS does not know the credential's 'Client ID'",
			true,
		],
		[
			'a client without a reason',
			(response) => json(response, 400, { error: 'invalid_client' }),
			"Adobe IMS does not accept the credential's 'Client ID' and 'Client Secret'",
			true,
		],
		[
			'a client with a reason that is no text',
			(response) => json(response, 401, { error: 'invalid_client', error_description: [CANARY] }),
			"Adobe IMS does not accept the credential's 'Client ID' and 'Client Secret'",
			true,
		],
		['scopes', oauth('invalid_scope'), "Adobe IMS does not grant the credential's 'Scopes'", true],
		[
			'another type of client',
			oauth('unauthorized_client'),
			"The credential's 'Client ID' may not sign in server to server",
			true,
		],
		['for a reason nobody knows', oauth(`new_${CANARY}`), NO_TOKEN, true],
		[
			'for a reason that is no text',
			(response) => json(response, 400, { error: [CANARY] }),
			NO_TOKEN,
			true,
		],
		['for a prototype key', oauth('__proto__'), NO_TOKEN, true],
		['with 429', (response) => json(response, 429, { error: CANARY }), TOO_MANY, false],
		[
			'with 429 about a client',
			(response) => json(response, 429, { error: 'invalid_client' }),
			TOO_MANY,
			false,
		],
		['with 500', (response) => json(response, 500, { error: CANARY }), NOT_AVAILABLE, false],
		['with 503 in a page', (response) => text(response, 503, PAGE), NOT_AVAILABLE, false],
		[
			'with 500 about a client',
			(response) => json(response, 500, { error: 'invalid_client' }),
			NOT_AVAILABLE,
			false,
		],
		['by a page with 200', (response) => text(response, 200, PAGE), NO_TOKEN, false],
		[
			'by 200 without a token',
			(response) => json(response, 200, { note: CANARY }),
			NO_TOKEN,
			false,
		],
		[
			'by 200 with an empty token',
			(response) => json(response, 200, { access_token: ' ' }),
			NO_TOKEN,
			false,
		],
		[
			'by 200 with a token that is no text',
			(response) => json(response, 200, { access_token: [CANARY] }),
			NO_TOKEN,
			false,
		],
		[
			'by 200 with a list',
			(response) => json(response, 200, [{ access_token: CANARY }]),
			NO_TOKEN,
			false,
		],
		['by 200 with null', (response) => json(response, 200, null), NO_TOKEN, false],
		['by 200 with nothing', (response) => text(response, 200, ''), NO_TOKEN, false],
		['by a page with 403', (response) => text(response, 403, PAGE), NO_TOKEN, true],
		[
			'by a token with 400',
			(response) => json(response, 400, { access_token: CANARY }),
			NO_TOKEN,
			true,
		],
		[
			'by hanging up',
			(response) => response.destroy(),
			'Adobe IMS (sign-in) could not be reached',
			false,
		],
		[
			'by hanging up in the middle',
			(response) => {
				response.writeHead(200, { 'content-length': '99' });
				response.write('{"access_token":"half');
				setTimeout(() => response.destroy(), 10);
			},
			'Adobe IMS (sign-in) could not be reached',
			false,
		],
	];

	it.each(REFUSALS)(
		'%s has its own words, and no secret in them',
		async (_case, how, message, permanent) => {
			answer = how;
			const data = newCredential();
			const error = await thrownBy(async () => await refresh(data));
			expect(error).toBeInstanceOf(SignInError);
			expect(error).toBeInstanceOf(UserError);
			expect(error.message).toBe(message);
			expect(error.permanent).toBe(permanent);
			expect(error.description).toMatch(/\w{3}/);
			expect(everythingOf(error)).not.toContain(CANARY);
			expect(calls).toHaveLength(1);
			expect(data.accessToken).toBe('');
		},
	);

	it('has messages that n8n does not rewrite', () => {
		for (const [, , message] of REFUSALS) {
			expect(message).not.toMatch(/ECONN|ENOTFOUND|ETIMEDOUT|ENOENT|EEXIST|EPERM|EACCES/i);
		}
	});

	it('by a closed port says that IMS is out of reach, where, and why', async () => {
		const data = newCredential({ imsUrl: 'http://127.0.0.1:1' });
		const error = await thrownBy(async () => await refresh(data));
		expect(error.message).toBe('Adobe IMS (sign-in) could not be reached');
		expect(error.description).toContain('http://127.0.0.1:1 (');
		expect(error.description).toContain("'Allowed HTTP Request Domains'");
		expect(everythingOf(error)).not.toContain(CANARY);
	});

	it('by silence says so after the time-out', async () => {
		answer = () => {};
		shortTimeoutMs = 100;
		try {
			const error = await thrownBy(async () => await refresh(newCredential()));
			expect(error.message).toBe('Adobe IMS (sign-in) could not be reached');
			expect(error.description).toContain('(ECONNABORTED)');
			expect(everythingOf(error)).not.toContain(CANARY);
		} finally {
			shortTimeoutMs = 60_000;
		}
	});

	it('is found again by the very object it is about, until the next try', async () => {
		answer = (response) => json(response, 400, { error: 'invalid_scope' });
		const data = newCredential();
		const error = await thrownBy(async () => await refresh(data));
		expect(signInFailureOf(data)).toBe(error);
		expect(signInFailureOf(copyOf(data))).toBeUndefined();
		answer = issue;
		await refresh(data);
		expect(signInFailureOf(data)).toBeUndefined();
	});
});
