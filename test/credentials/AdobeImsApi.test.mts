import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { AdobeImsApi } from '../../credentials/AdobeImsApi.credentials.ts';
import { withAdobeHeaders } from '../../nodes/platform/auth/headers.ts';
import { CANARY, credential, thrownBy, tokenOf } from '../platform/auth/settings.mts';

const type = new AdobeImsApi();
const property = (name: string) => type.properties.find((one) => one.name === name);

describe('the credential', () => {
	it.each([
		['clientId', 'Client ID'],
		['clientSecret', 'Client Secret'],
		['orgId', 'Organization ID'],
		['scopes', 'Scopes'],
		['sandboxName', 'Sandbox'],
		['tenantName', 'Tenant Name'],
		['projectSecretJson', 'Developer Console Project'],
		['environment', 'Environment'],
		['platformUrl', 'Platform URL'],
		['imsUrl', 'IMS URL'],
		['ioUrl', 'I/O URL'],
		['accessToken', 'Access Token'],
		['tokenFingerprint', 'Token Fingerprint'],
	])('has the field %s, which every text calls %s', (name, displayName) => {
		expect(property(name)?.displayName).toBe(displayName);
	});

	it('has no other fields', () => {
		expect(type.properties).toHaveLength(13);
	});

	it('masks what is secret, and only lets the token expire', () => {
		const masked = type.properties.filter(({ typeOptions }) => typeOptions?.password === true);
		expect(masked.map(({ name }) => name)).toEqual([
			'clientSecret',
			'projectSecretJson',
			'accessToken',
			'tokenFingerprint',
		]);
		const expirable = type.properties.filter(({ typeOptions }) => typeOptions?.expirable === true);
		expect(expirable.map(({ name }) => name)).toEqual(['accessToken']);
		// n8n fetches a token for a new credential only if it begins as an empty text.
		expect(property('accessToken')).toMatchObject({ type: 'hidden', default: '' });
		expect(property('tokenFingerprint')).toMatchObject({ type: 'hidden', default: '' });
	});

	it('begins in production, in the sandbox prod, with the scopes that Platform needs', () => {
		expect(property('environment')?.default).toBe('production');
		expect(property('sandboxName')?.default).toBe('prod');
		expect(property('scopes')?.default).toBe(
			'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext',
		);
	});

	it.each(['platformUrl', 'imsUrl', 'ioUrl'])('shows %s for a custom environment only', (name) => {
		expect(property(name)?.displayOptions).toEqual({ show: { environment: ['custom'] } });
	});

	it("adds Adobe's headers as our own requests do, so that HTTP Request can use it", () => {
		expect(type.authenticate).toBe(withAdobeHeaders);
	});

	it('is named as n8n wants it, with an icon for light and dark and a full address for help', () => {
		expect(type.name).toBe('adobeImsApi');
		expect(type.displayName).toMatch(/API$/);
		expect(type.icon.light).not.toBe(type.icon.dark);
		expect(URL.canParse(type.documentationUrl)).toBe(true);
	});
});

describe('signing in for n8n', () => {
	it('uses the one helper that n8n gives in every version', async () => {
		const seen: IHttpRequestOptions[] = [];
		const httpRequest = (async (request: IHttpRequestOptions) => {
			seen.push(request);
			return { statusCode: 200, headers: {}, body: { access_token: tokenOf() } };
		}) as IHttpRequestHelper['helpers']['httpRequest'];
		const data = credential({ clientId: 'n8n-client' });
		const context = { helpers: { httpRequest } } as IHttpRequestHelper;
		const fresh = await type.preAuthentication.call(context, data);
		expect(fresh.accessToken).toEqual(expect.any(String));
		expect(seen).toHaveLength(1);
		expect(seen[0]).toMatchObject({
			method: 'POST',
			url: 'https://ims-na1.adobelogin.com/ims/token/v3',
			disableFollowRedirect: true,
		});
		// A secret in an address ends up in the logs of every proxy.
		expect(seen[0]?.url).not.toContain(CANARY);
		expect(data.accessToken).toBe('');
	});

	it.each([
		['a text', 'html'],
		['an answer without a body', { statusCode: 500 }],
	])('fails in words when the helper gives %s', async (_case, answer) => {
		const httpRequest = (async () =>
			answer) as unknown as IHttpRequestHelper['helpers']['httpRequest'];
		const context = { helpers: { httpRequest } } as IHttpRequestHelper;
		const data = credential({ clientId: `odd-${typeof answer}` });
		const error = await thrownBy(async () => await type.preAuthentication.call(context, data));
		expect(error.message).toMatch(/^Adobe IMS \(sign-in\) /);
		expect(String(error.message) + String(error.description)).not.toContain(CANARY);
	});
});

const rules = type.test.rules ?? [];

/** lodash's `get`, which n8n's tester looks into the body with. */
function get(body: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], body);
}

/**
 * n8n's tester (credentials-tester.service): the first rule whose key has its value in the body of
 * the answer tells what is wrong; without one the test has passed.
 */
function testerSays(body: unknown): string | undefined {
	for (const { type: kind, properties } of rules) {
		if (kind !== 'responseSuccessBody') continue;
		const { key, value, message } = properties as { key: string; value: unknown; message: string };
		if (get(body, key) === value) return message;
	}
	return undefined;
}

const flow = (code: string) => ({
	type: `https://ns.adobe.com/aep/errors/${code}`,
	title: 'A title',
	status: Number(code.slice(-3)),
	report: { 'detailed-message': 'words', 'request-id': 'r' },
	errorMessage: 'words',
});
const gateway = (code: string) => ({ error_code: code, message: 'words' });

describe('the test of the credential', () => {
	it.each([
		['an empty list', { items: [], _links: {} }],
		['a list of one', { items: [{ id: '1', type: 'x' }] }],
		['a list with a link', { items: [{}], _links: { next: { href: '/connections?x' } } }],
	])('passes for %s', (_case, body) => {
		expect(testerSays(body)).toBeUndefined();
	});

	it.each([
		...['403000', '403003'].map((code) => [code, gateway(code), /'Client ID'.*API key/] as const),
		...['400003', '403023', '403025'].map(
			(code) => [code, gateway(code), /'Organization ID'/] as const,
		),
		...['401013', '403010', '403011', '403020'].map(
			(code) => [code, gateway(code), /token.*'Client ID', 'Scopes' and 'Environment'/] as const,
		),
		...['429001', '429002', '429050'].map(
			(code) => [code, gateway(code), /limits the rate of (token )?requests/] as const,
		),
		...['FLOW-2000-401', 'FLOW-2001-401', 'FLOW-2002-401'].map(
			(code) => [code, flow(code), /'Organization ID'/] as const,
		),
		...['FLOW-2100-404', 'FLOW-2101-404', 'FLOW-2103-404', 'FLOW-2106-404'].map(
			(code) => [code, flow(code), /'Sandbox'/] as const,
		),
		...['FLOW-2118-403', 'FLOW-2120-403', 'FLOW-2121-403'].map(
			(code) => [code, flow(code), /'View Sources'/] as const,
		),
	])('says which field is wrong for %s', (_code, body, words) => {
		expect(testerSays(body)).toMatch(words);
	});

	it.each([
		['an error nobody knows', flow('FLOW-9999-400')],
		['a gateway code nobody knows', gateway('999999')],
		['an error of the service', flow('FLOW-1400-500')],
		['a page of a proxy', '<html><h1>It works</h1></html>'],
		['an empty text', ''],
		['an empty object', {}],
		['nothing', undefined],
		['null', null],
		['a number', 5],
		['a list without an envelope', []],
		['the answer of another service', { sandboxes: [] }],
		['a body with a prototype key', JSON.parse('{"__proto__":{"items":[]}}')],
	])('does not pass for %s', (_case, body) => {
		expect(testerSays(body)).toMatch(/not a list of connections.*'Environment'/);
	});

	it('has its catch-all behind all others, once', () => {
		const undefinedOnes = rules.filter(({ properties }) => properties.value === undefined);
		expect(undefinedOnes).toEqual([rules.at(-1)]);
	});

	it.each(rules.map(({ properties }) => properties.message))(
		'has texts that can be read alone: %s',
		(message) => {
			expect(message).toMatch(/^[A-Z].{30,}[^.]$/);
			expect(message).not.toMatch(/undefined|null|\$\{/);
		},
	);

	it('takes refusals as answers, for only these can be told apart', () => {
		expect(type.test.request.ignoreHttpStatusErrors).toBe(true);
	});

	it('asks for one connection of PostgreSQL, a cheap read that needs the right to view sources', () => {
		expect(type.test.request.method ?? 'GET').toBe('GET');
		expect(type.test.request.url).toBe(
			'/data/foundation/flowservice/connections?limit=1&property=connectionSpec.id==74a1c565-4e59-48d7-9d67-7c03b8a13137',
		);
	});

	const nodeTypes = {
		getByName: none,
		getByNameAndVersion: () => undefined as never,
		getKnownTypes: () => ({}),
	};
	function none(): never {
		throw new Error('Not used by these tests');
	}
	/** The expression as n8n works it out with the fields of a credential. */
	function hostFor(credentials: ICredentialDataDecryptedObject): unknown {
		const node = {
			id: '1',
			name: 'Tester',
			type: 'none',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		return workflow.expression.getParameterValue(
			type.test.request.baseURL as string,
			null,
			0,
			0,
			node.name,
			[],
			'internal',
			{ $credentials: credentials } as never,
		);
	}

	it.each([
		['production', {}, 'https://platform.adobe.io'],
		['stage', { environment: 'stage' }, 'https://platform-stage.adobe.io'],
		[
			'custom',
			{
				environment: 'custom',
				platformUrl: ' http://127.0.0.1:4010 ',
				imsUrl: 'https://ims.example',
			},
			'http://127.0.0.1:4010',
		],
	])('goes to the host that the headers are added for (%s)', async (_case, changes, host) => {
		const data = credential({ ...changes, accessToken: 'token' });
		const baseURL = hostFor(data) as string;
		expect(baseURL).toBe(host);
		const url = type.test.request.url as string;
		const sent = await type.authenticate(data, { baseURL, url });
		expect(sent.headers).toMatchObject({ Authorization: 'Bearer token', 'x-sandbox-name': 'dev' });
	});
});
