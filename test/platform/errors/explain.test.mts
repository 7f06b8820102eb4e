import { readAdobeError } from '../../../nodes/platform/adobeError.ts';
import type { PlatformAnswer, PlatformRequest } from '../../../nodes/platform/request.ts';
import {
	explainAnswer,
	explainFault,
	unexpectedBody,
} from '../../../nodes/platform/errors/explain.ts';
import {
	Problem,
	renderDescription,
	stillUnknown,
} from '../../../nodes/platform/errors/problem.ts';

const FLOW = 'https://ns.adobe.com/aep/errors/';
const flowError = (code: string, message: string) => ({
	type: `${FLOW}${code}`,
	title: 'A title',
	status: Number(code.slice(-3)),
	report: { 'detailed-message': message, 'request-id': 'request-1' },
	errorMessage: message,
	errorDetails: message,
});

describe("Adobe's error body", () => {
	it('of Flow Service is read', () => {
		expect(readAdobeError(flowError('FLOW-1439-404', 'Not there.'))).toEqual({
			code: 'FLOW-1439-404',
			message: 'Not there.',
			requestId: 'request-1',
		});
	});

	it.each([
		['of the gateway', { error_code: '403003', message: 'Api Key is invalid' }, '403003'],
		[
			'of the gateway with a number',
			{ error_code: 403003, message: 'Api Key is invalid' },
			'403003',
		],
		[
			'of IMS',
			{ error: 'invalid_scope', error_description: 'Api Key is invalid' },
			'invalid_scope',
		],
		[
			'of another service',
			{ 'error-chain': [{ errorCode: 'UE-1' }], detail: 'Api Key is invalid' },
			'UE-1',
		],
		['with a title alone', { title: 'Api Key is invalid' }, undefined],
	])('%s is read', (_case, body, code) => {
		expect(readAdobeError(body)).toEqual({
			code,
			message: 'Api Key is invalid',
			requestId: undefined,
		});
	});

	it('gives the most detailed of its texts', () => {
		const body = {
			title: 'f',
			error_description: 'e',
			message: 'd',
			detail: 'c',
			errorMessage: 'b',
			report: { 'detailed-message': 'a' },
		};
		expect(readAdobeError(body).message).toBe('a');
		expect(readAdobeError({ ...body, report: { 'detailed-message': '  ' } }).message).toBe('b');
		expect(readAdobeError({ ...body, report: null, errorMessage: 7 }).message).toBe('c');
	});

	it.each([
		['in the report', { report: { 'request-id': ' r ' } }, { 'x-request-id': 'h' }, 'r'],
		['in the report of the Schema Registry', { report: { registryRequestId: 'r' } }, {}, 'r'],
		['in the header', {}, { 'x-request-id': 'h' }, 'h'],
		['in the header beside a page of a proxy', '<html>', { 'x-request-id': 'h' }, 'h'],
	])('is found with the request ID %s', (_case, body, headers, expected) => {
		expect(readAdobeError(body, headers).requestId).toBe(expected);
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['an empty text', ''],
		['a page of a proxy', '<html><h1>502 Bad Gateway</h1></html>'],
		['a number', 500],
		['true', true],
		['a list', [{ message: 'x' }]],
		['an empty object', {}],
		['a report that is a text', { report: 'x' }],
		['a report that is a list', { report: [{ 'request-id': 'x' }] }],
		['texts that are objects', { message: { text: 'x' }, title: ['x'], type: {}, error: {} }],
		['an empty chain', { 'error-chain': [] }],
		['a chain of nothing', { 'error-chain': [null] }],
		['a chain that is a text', { 'error-chain': 'abc' }],
		['a type that ends in a slash', { type: 'https://ns.adobe.com/aep/errors/' }],
	])('is empty for %s', (_case, body) => {
		expect(readAdobeError(body)).toEqual({
			code: undefined,
			message: undefined,
			requestId: undefined,
		});
	});

	it('is not taken from the prototype of what was sent', () => {
		const body: unknown = JSON.parse('{"__proto__":{"message":"x","error_code":"1"}}');
		expect(readAdobeError(body)).toEqual({});
		expect(({} as Record<string, unknown>).message).toBeUndefined();
	});

	it('is cut when it is huge', () => {
		const { message } = readAdobeError({ message: 'x'.repeat(1_000_000) });
		expect(message).toBe('x'.repeat(100_000));
		// A piece of a long text could be a piece of a secret, which nothing would find any more.
		expect(readAdobeError({ error_code: 'x'.repeat(1_000_000) }).code).toBeUndefined();
	});
});

const REQUEST: PlatformRequest = {
	method: 'POST',
	path: ['data', 'foundation', 'flowservice', 'connections'],
	operation: 'Create a connection',
	permission: 'Manage Sources',
};
const answered = (status: number, body: unknown, headers = {}): PlatformAnswer => ({
	status,
	headers: { 'x-request-id': 'request-2', ...headers },
	body,
});
const gatewayBody = (code: string) => ({ error_code: code, message: 'Adobe has said this' });

/** What n8n's NodeError takes for a code of Node.js, wherever in a message it stands. */
const REWRITTEN =
	/ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|ERRADDRINUSE|EADDRNOTAVAIL|ECONNABORTED|EHOSTUNREACH|EAI_AGAIN|ENOENT|EISDIR|ENOTDIR|EACCES|EEXIST|EPERM|GETADDRINFO/i;

const EXPLAINED: Array<
	[code: string, status: number, body: unknown, message: RegExp, cause: string]
> = [
	...['403000', '403003'].map(
		(code) => [code, 403, gatewayBody(code), /'Client ID'/, 'credential-invalid'] as any,
	),
	...['400003', '403023', '403025'].map(
		(code) =>
			[
				code,
				Number(code.slice(0, 3)),
				gatewayBody(code),
				/'Organization ID'/,
				'credential-invalid',
			] as any,
	),
	...['FLOW-2000-401', 'FLOW-2001-401', 'FLOW-2002-401'].map(
		(code) =>
			[
				code,
				401,
				flowError(code, 'Adobe has said this'),
				/'Organization ID'/,
				'credential-invalid',
			] as any,
	),
	...['FLOW-2100-404', 'FLOW-2101-404', 'FLOW-2103-404', 'FLOW-2106-404'].map(
		(code) =>
			[
				code,
				404,
				flowError(code, 'Adobe has said this'),
				/sandbox 'dev'/,
				'configuration-invalid',
			] as any,
	),
	...['FLOW-2118-403', 'FLOW-2120-403', 'FLOW-2121-403'].map(
		(code) =>
			[
				code,
				403,
				flowError(code, 'Adobe has said this'),
				/not allowed.*"Create a connection".*sandbox 'dev'/,
				'credential-invalid',
			] as any,
	),
	[
		'FLOW-1415-400',
		400,
		flowError('FLOW-1415-400', 'Adobe has said this'),
		/'Authentication'/,
		'configuration-invalid',
	],
	[
		'CONNECTOR-1304-400',
		400,
		flowError('CONNECTOR-1304-400', 'Adobe has said this'),
		/database detail/,
		'configuration-invalid',
	],
	[
		'CONNECTOR-1312-400',
		400,
		flowError('CONNECTOR-1312-400', 'Adobe has said this'),
		/database details/,
		'configuration-invalid',
	],
];

describe('a refusal with a code that is known', () => {
	it.each(EXPLAINED)(
		'%s names its field, and keeps what Adobe said',
		(code, status, body, message, cause) => {
			const problem = explainAnswer(REQUEST, answered(status, body), 'dev');
			expect(problem).toBeInstanceOf(Problem);
			expect(problem.message).toMatch(message);
			expect(problem.message).not.toMatch(REWRITTEN);
			expect(problem.message).not.toContain(code);
			expect(problem.description).toContain('Adobe says: Adobe has said this');
			expect(problem.description).toContain(`(status ${status}, ${code}, request ID request-`);
			expect(problem.failure?.cause).toBe(cause);
			expect(problem.details).toMatchObject({
				status,
				code,
				operation: 'Create a connection',
				sandboxName: 'dev',
			});
			expect(problem.details.requestId).toMatch(/^request-[12]$/);
			expect(problem.outcomeUnknown).toBe(false);
		},
	);

	it.each(['Manage Sources', 'View Sources'] as const)(
		'names the permission %s that is missing, the sandbox and where to give it',
		(permission) => {
			const body = flowError('FLOW-2118-403', 'no');
			const problem = explainAnswer({ ...REQUEST, permission }, answered(403, body), 'dev');
			expect(problem.description).toContain(`'${permission}'`);
			expect(problem.description).toContain("sandbox 'dev'");
			expect(problem.description).toContain('Roles');
		},
	);
});

describe('a refusal without a code that is known', () => {
	const unknown = flowError('FLOW-9999-000', 'Adobe has said this');
	it.each([
		[302, /redirects the request "Create a connection"/, 'configuration-invalid', true],
		[400, /refused the request "Create a connection"/, undefined, false],
		[401, /access token, and a newly issued one as well/, 'credential-invalid', false],
		[
			403,
			/not allowed to do this \("Create a connection"\) in the sandbox 'dev'/,
			'credential-invalid',
			false,
		],
		[404, /was not found in the sandbox 'dev'/, 'configuration-invalid', false],
		[409, /refused the request "Create a connection"/, undefined, false],
		[412, /refused the request "Create a connection"/, undefined, false],
		[429, /limits the rate of requests/, 'rate-limited', false],
		[500, /could not answer the request "Create a connection"/, 'temporarily-unavailable', true],
		[502, /could not answer the request "Create a connection"/, 'temporarily-unavailable', true],
		[
			503,
			/could not answer the request "Create a connection"/,
			'temporarily-unavailable',
			undefined,
		],
		[504, /could not answer the request "Create a connection"/, 'temporarily-unavailable', true],
	])('and status %i is told by the status', (status, message, cause, outcomeUnknown) => {
		for (const body of [unknown, '<html>', '', null, undefined, [], {}]) {
			const problem = explainAnswer(REQUEST, answered(status, body), 'dev');
			expect(problem.message).toMatch(message);
			expect(problem.message).not.toMatch(REWRITTEN);
			expect(problem.description).toContain(`status ${status}`);
			expect(problem.description).toContain('request ID request-');
			expect(problem.failure?.cause).toBe(cause);
			expect(problem.details.status).toBe(status);
			if (outcomeUnknown !== undefined) expect(problem.outcomeUnknown).toBe(outcomeUnknown);
		}
		const said = explainAnswer(REQUEST, answered(status, unknown), 'dev');
		expect(said.description).toContain('Adobe says: Adobe has said this');
		expect(said.adobeMessage).toBe('Adobe has said this');
	});

	it('says what was looked for when it is not there', () => {
		const problem = explainAnswer(
			{ ...REQUEST, subject: "The connection 'x'" },
			answered(404, {}),
			'dev',
		);
		expect(problem.message).toBe("The connection 'x' was not found in the sandbox 'dev'");
	});

	it.each([429, 500, 503])('hands the wait that Adobe asks for with %i to n8n', (status) => {
		const problem = explainAnswer(REQUEST, answered(status, {}, { 'retry-after': '90' }), 'dev');
		expect(problem.failure).toMatchObject({ retryAfterMs: 90_000 });
		expect(problem.description).toContain('wait 90 seconds');
	});

	it.each([
		'__proto__',
		'constructor',
		'toString',
		'hasOwnProperty',
		'valueOf',
		'__defineGetter__',
	])('is told by the status when the code is %s', (code) => {
		for (const body of [
			{ error_code: code },
			{ error: code },
			{ type: `https://ns.adobe.com/aep/errors/${code}` },
		]) {
			const problem = explainAnswer(REQUEST, answered(400, body), 'dev');
			expect(problem.message).toBe('Adobe refused the request "Create a connection"');
			expect(problem.details.code).toBe(code);
		}
	});
});

describe('an answer that is not what was promised', () => {
	it.each([
		['GET', false],
		['POST', true],
		['PATCH', true],
		['DELETE', true],
	] as const)('after %s: whether its work was done is unknown: %s', (method, outcomeUnknown) => {
		const problem = unexpectedBody({ ...REQUEST, method }, answered(201, '<html>'), 'the ID');
		expect(problem.outcomeUnknown).toBe(outcomeUnknown);
		expect(problem.message).toContain('"Create a connection"');
		expect(problem.message).not.toMatch(REWRITTEN);
		expect(problem.description).toContain('Expected the ID.');
		expect(problem.description).toMatch(/ \(status 201\)$/);
		expect(problem.description).toContain("'Platform URL'");
		expect(problem.description).not.toContain('<html>');
	});
});

describe('a request without an answer', () => {
	it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
		'that was never sent (%s) says that Adobe is out of reach, in every method',
		(code) => {
			for (const method of ['GET', 'POST'] as const) {
				const problem = explainFault({ ...REQUEST, method }, code, true);
				expect(problem.message).toBe('Adobe Experience Platform could not be reached');
				expect(problem.description).toContain(`(${code})`);
				expect(problem.details).toEqual({ code, operation: 'Create a connection' });
				expect(problem.outcomeUnknown).toBe(false);
			}
		},
	);

	it.each([
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
		['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'NODE_EXTRA_CA_CERTS'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NODE_EXTRA_CA_CERTS'],
		['CERT_UNTRUSTED', 'NODE_EXTRA_CA_CERTS'],
		['INVALID_CA', 'NODE_EXTRA_CA_CERTS'],
		['CERT_HAS_EXPIRED', 'has expired'],
		['CERT_NOT_YET_VALID', 'not valid yet'],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'another host'],
		['HOSTNAME_MISMATCH', 'another host'],
	])('for the certificate (%s) says so, and that nothing was sent', (code, advice) => {
		const problem = explainFault(REQUEST, code, true);
		expect(problem.message).toBe('n8n does not trust the certificate of Adobe Experience Platform');
		expect(problem.description).toContain(advice);
		expect(problem.description).toContain('Nothing was sent.');
		expect(problem.outcomeUnknown).toBe(false);
	});

	it('that n8n has refused says why, and that nothing was sent', () => {
		const problem = explainFault(REQUEST, 'REFUSED_BY_N8N', true, 'It is blocked.');
		expect(problem.message).toContain('n8n does not let "Create a connection" out');
		expect(problem.description).toContain('Nothing was sent. n8n says: It is blocked.');
		expect(problem.outcomeUnknown).toBe(false);
	});

	it.each<[number, Record<string, unknown>, unknown, string | undefined]>([
		[407, {}, '', 'The proxy in front of n8n (status 407)'],
		[407, {}, { error: 'x' }, 'The proxy in front of n8n (status 407)'],
		[
			403,
			{ 'x-squid-error': 'ERR_ACCESS_DENIED 0' },
			'<html>',
			'The proxy in front of n8n (status 403)',
		],
		[503, { server: 'squid/6.6' }, '<html>', 'A proxy between n8n and Adobe (status 503)'],
		[403, { via: '1.1 proxy.example.com' }, '', 'A proxy between n8n and Adobe (status 403)'],
		[403, { server: 'squid', 'x-request-id': 'r' }, '', undefined],
		[403, {}, { error_code: '403003' }, undefined],
		[503, {}, '', undefined],
		[200, { via: '1.1 proxy' }, '<html>', undefined],
	])('that was answered with %i and %j is the work of %s', (status, headers, body, who) => {
		const problem = explainAnswer(REQUEST, { status, headers, body }, 'dev');
		expect(problem.message.includes('let "Create a connection" through to Adobe')).toBe(
			who !== undefined,
		);
		if (who !== undefined) expect(problem.message).toContain(who);
		if (who !== undefined) expect(problem.description).toContain('HTTPS_PROXY');
	});

	it.each(['ECONNRESET', 'ECONNABORTED', 'BODY_CUT_OFF', 'NO_ANSWER'])(
		'whose end is unknown (%s) says so for a write and not for a GET',
		(code) => {
			const write = explainFault(REQUEST, code, false);
			expect(write.outcomeUnknown).toBe(true);
			expect(write.message).not.toMatch(REWRITTEN);
			expect(write.description).toContain(`(${code})`);
			expect(write.description).not.toContain('Try again');
			const read = explainFault({ ...REQUEST, method: 'GET' }, code, false);
			expect(read.outcomeUnknown).toBe(false);
			expect(read.description).toContain('Try again');
		},
	);
});

describe('a problem', () => {
	const before = new Problem('a', {
		kind: 'unavailable',
		advice: 'b.',
		details: { status: 500, code: 'x' },
		failure: { cause: 'rate-limited' },
		adobeMessage: 'c',
		outcomeUnknown: true,
	});

	it('keeps what is known when more becomes known', () => {
		const after = before.retitled('d').detailing({ code: 'y', connectionId: '1' });
		expect(after).toMatchObject({
			message: 'd',
			kind: 'unavailable',
			advice: 'b.',
			details: { status: 500, code: 'y', connectionId: '1' },
			failure: { cause: 'rate-limited' },
			adobeMessage: 'c',
			outcomeUnknown: true,
		});
		expect(before).toMatchObject({ message: 'a', details: { status: 500, code: 'x' } });
		expect(after).toBeInstanceOf(Problem);
	});

	it('says what to do first, then what became of things, why, and its trace at the end', () => {
		expect(before.description).toBe('b. Adobe says: c. (status 500, x)');
		const noted = before.advising('Do this.').noting('One is kept.').noting('One is gone.');
		expect(noted.description).toBe(
			'Do this. One is kept. One is gone. Adobe says: c. (status 500, x)',
		);
	});

	it('is the cause of what it leads to, and is of the same kind', () => {
		const wider = before.leadingTo('It is not clear').advising('Look.').noting('Not found.');
		expect(wider).toMatchObject({
			message: 'It is not clear',
			description: 'Look. Not found. a. b. Adobe says: c. (status 500, x)',
			kind: 'unavailable',
			details: before.details,
			failure: before.failure,
			outcomeUnknown: true,
		});
	});

	it('has the traces of all that led to it', () => {
		const later = new Problem('e', { advice: 'f.', details: { status: 403, requestId: 'r' } });
		expect(stillUnknown(before, later).description).toBe(
			'b. Adobe says: c. A second attempt failed: e. f. (status 500, x; status 403, request ID r)',
		);
	});

	it('has no trace where its code is one of ours', () => {
		const own = new Problem('a', { advice: 'b.', details: { code: 'TEST_FAILED' } });
		expect(own.description).toBe('b.');
	});

	it('keeps its trace when it is cut', () => {
		const long = before.advising('x'.repeat(50));
		expect(renderDescription(long, { maxLength: 10, lastNote: 'Done.' })).toBe(
			`${'x'.repeat(10)} Done. (status 500, x)`,
		);
	});

	it.each([
		[404, {}, 'notFound'],
		[404, flowError('FLOW-2100-404', ''), 'notFound'],
		[412, {}, 'conflict'],
		[400, flowError('FLOW-1418-400', ''), 'inUse'],
		[400, flowError('FLOW-1422-400', ''), 'wrongState'],
		[400, {}, 'rejected'],
		[400, gatewayBody('400003'), 'forbidden'],
		[401, {}, 'unauthorized'],
		[403, {}, 'forbidden'],
		[409, {}, 'rejected'],
		[429, {}, 'throttled'],
		[503, gatewayBody('503000'), 'throttled'],
		[503, {}, 'unavailable'],
		[500, {}, 'unavailable'],
		[302, {}, 'other'],
	])('with status %i and %j is of the kind %s', (status, body, kind) => {
		expect(explainAnswer(REQUEST, answered(status, body), 'dev').kind).toBe(kind);
	});

	it.each([
		['ECONNABORTED', 'timeOut'],
		['ETIMEDOUT', 'timeOut'],
		['ECONNRESET', 'connectionLost'],
		['BODY_CUT_OFF', 'connectionLost'],
	])('with the fault %s is of the kind %s', (code, kind) => {
		expect(explainFault(REQUEST, code, false).kind).toBe(kind);
		expect(explainFault(REQUEST, code, true).kind).toBe('unreachable');
	});
});
