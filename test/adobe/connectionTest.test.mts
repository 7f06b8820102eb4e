import { waitWhileInitializing } from '../../nodes/adobe/waitFor.ts';
import { testConnection } from '../../nodes/adobe/connectionTest.ts';
import { adviceFor } from '../../nodes/adobe/errors/databaseErrors.ts';
import { Problem } from '../../nodes/platform/errors/problem.ts';
import { thrownBy } from '../platform/auth/settings.mts';
import { fakeClient, refusal } from './client.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const GENERAL = adviceFor('');

describe("Adobe's test of a connection", () => {
	it('is one GET of the connection, and passes by true', async () => {
		const client = fakeClient({ body: { result: true } });
		expect(await testConnection(client, ID)).toEqual({ passed: true });
		expect(client.requests).toHaveLength(1);
		expect(client.requests[0]).toMatchObject({
			method: 'GET',
			path: ['data', 'foundation', 'flowservice', 'connections', ID, 'test'],
			permission: 'View Sources',
			subject: `The connection '${ID}'`,
		});
	});

	it('has not passed by false, for which Adobe gives no reason', async () => {
		expect(await testConnection(fakeClient({ body: { result: false } }), ID)).toEqual({
			passed: false,
			reason: 'Adobe gave no reason',
			advice: GENERAL,
		});
	});

	it.each([
		['a page of HTML', '<html>'],
		['nothing', ''],
		['a text that says true', { result: 'true' }],
		['one', { result: 1 }],
		['an object', { result: {} }],
		['null', { result: null }],
		['true in a list', [{ result: true }]],
		['true in the prototype', JSON.parse('{"__proto__":{"result":true}}')],
	])('has neither passed nor failed by %s', async (_case, body) => {
		const error = await thrownBy(async () => await testConnection(fakeClient({ body }), ID));
		expect(error.message).toContain('in a form this node does not know');
	});

	it.each([
		'CONNECTOR-1308-400',
		'CONNECTOR-1304-400',
		'CONNECTOR-1005-500',
		'CONNECTOR-1011-503',
		'CONNECTOR-1012-504',
		'CONNECTOR-1006-408',
		'CONNECTOR-1008-401',
		'CONNECTOR-1009-403',
		'FLOW-1308-400',
	])('has not passed by the error %s of a connector, whose words it gives', async (code) => {
		const client = fakeClient(refusal(code, 'password authentication failed for user "u"'));
		expect(await testConnection(client, ID)).toEqual({
			passed: false,
			reason: 'password authentication failed for user "u"',
			advice: expect.stringContaining("'Password'"),
		});
	});

	it('gives words of its own where Adobe has none', async () => {
		const body = { type: 'https://ns.adobe.com/aep/errors/CONNECTOR-1308-400' };
		const result = await testConnection(fakeClient({ status: 400, body }), ID);
		expect(result).toMatchObject({ passed: false, reason: expect.stringMatching(/\w{5}/) });
	});

	it.each([
		['the token', { status: 401, body: {} }],
		['the organization', refusal('FLOW-2000-401')],
		['the permission', refusal('FLOW-2120-403')],
		['the API key', { status: 403, body: { error_code: '403003' } }],
		['the sandbox', refusal('FLOW-2100-404')],
		['a connection that is not there', refusal('FLOW-1439-404')],
		['the rate', { status: 429, body: {} }],
		['a connection that is still initializing', refusal('FLOW-1422-400')],
		['a header', refusal('FLOW-2105-400')],
		['the gateway', { status: 400, body: { error_code: '400003' } }],
		['a page of a proxy', { status: 400, body: '<html>' }],
		['the service', refusal('FLOW-1400-500')],
		['a proxy', { status: 502, body: '<html>' }],
		['the line', { fault: 'ECONNRESET' }],
		['a host out of reach', { fault: 'ECONNREFUSED' }],
	])(
		'could not be made where the refusal is about %s: no word about the database',
		async (_case, said) => {
			const error = await thrownBy(async () => await testConnection(fakeClient(said), ID));
			expect(error).toBeInstanceOf(Problem);
			expect(error.message + error.description).not.toMatch(/'Password'|database/);
		},
	);

	it('passes on what is not ours, as it is', async () => {
		const client = fakeClient();
		const reason = new TypeError('not ours');
		client.request = async () => await Promise.reject(reason);
		expect(await thrownBy(async () => await testConnection(client, ID))).toBe(reason);
	});
});

describe('the advice after a failed test', () => {
	it.each([
		// PostgreSQL's own words, its drivers', Java's and .NET's, and those of network layers.
		['password authentication failed for user "aep"', /'Username' and 'Password'/],
		['28P01: password authentication failed for user "aep"', /'Username' and 'Password'/],
		['FATAL: invalid password', /'Username' and 'Password'/],
		['ERROR [28P01] Password authentication failed', /'Username' and 'Password'/],
		['database "Sales" does not exist', /'Database'/],
		['3D000: database "Sales" does not exist', /'Database'/],
		['The database "a b" does not exist on db:5432.', /'Database'/],
		["Hostname/IP does not match certificate's altnames: Host: db", /host name.*'Verify Ca'/],
		['The certificate of db is not valid: host name mismatch', /host name.*'Verify Ca'/],
		['SSL: the remote certificate was rejected', /certificate.*'Require'/],
		['self-signed certificate in certificate chain', /certificate.*'Require'/],
		['self signed certificate', /certificate.*'Require'/],
		['unable to verify the first certificate', /certificate.*'Require'/],
		['UNABLE_TO_GET_ISSUER_CERT: not trusted', /certificate.*'Require'/],
		['The server does not support SSL connections', /offers no TLS.*'Prefer'/],
		['The server db:5432 does not offer TLS.', /offers no TLS.*'Prefer'/],
		['The server db:5432 does not let user "u" in from this address.', /pg_hba/],
		['The certificate of db is not valid for the host name x.', /host name.*'Verify Ca'/],
		['The host db:5432 did not answer within 10 seconds: check the firewall.', /firewall/],
		['The user "u" may not connect to the database "d".', /right to connect/],
		['sslmode require: connection refused', /'Server' and 'Port'/],
		['SSL is not enabled on the server', /offers no TLS.*'Prefer'/],
		[
			'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption',
			/pg_hba\.conf/,
		],
		['no pg_hba.conf entry for host "1.2.3.4", user "u", database "d"', /pg_hba\.conf/],
		[
			'28000: no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption',
			/pg_hba\.conf/,
		],
		['no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", SSL off', /pg_hba\.conf/],
		['no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", SSL on', /pg_hba\.conf/],
		['28000: role "aep" is not permitted to log in', /'Username' and 'Password'/],
		['SSL required by the server', /'Require'/],
		['The host name db.example cannot be resolved: unknown', /'Server'/],
		['Unknown host db.example', /'Server'/],
		['getaddrinfo ENOTFOUND db.example', /'Server'/],
		['Name or service not known', /'Server'/],
		['sorry, too many clients already', /max_connections/],
		['53300: too many connections for role "u"', /max_connections/],
		['permission denied for database "d"', /right to connect/],
		['connect ECONNREFUSED 1.2.3.4:5432', /'Server' and 'Port'.*firewall/],
		['Connection timed out', /'Server' and 'Port'.*firewall/],
		['timeout expired', /'Server' and 'Port'.*firewall/],
		['No route to host', /'Server' and 'Port'.*firewall/],
		['could not connect to server', /'Server' and 'Port'.*firewall/],
	])('for "%s" names the field', (reason, advice) => {
		expect(adviceFor(reason)).toMatch(advice);
	});

	it.each([
		['nothing', ''],
		['words that nobody knows', 'Something went wrong.'],
		['a number that only looks like a code', 'session 280001 ended'],
		['a page', '<html><body>Oops</body></html>'],
		['a megabyte', 'x '.repeat(500_000)],
		['line breaks', '\n'.repeat(1_000)],
	])('for %s is the general one, which names all', (_case, reason) => {
		expect(adviceFor(reason)).toBe(GENERAL);
		for (const field of ['Server', 'Port', 'Database', 'Username', 'Password']) {
			expect(GENERAL).toContain(`'${field}'`);
		}
	});

	it.each(['host name ', 'database "', 'ssl ', 'does not match ', 'tls', 'hostname match '])(
		'takes no time over a text full of %j',
		(piece) => {
			// Adobe's words are cut at 600 characters before they come here; this is far beyond.
			const startedAt = Date.now();
			adviceFor(piece.repeat(500));
			expect(Date.now() - startedAt).toBeLessThan(500);
		},
	);

	it('tells upper from lower case in no word of a server', () => {
		expect(adviceFor('PASSWORD AUTHENTICATION FAILED')).toBe(
			adviceFor('password authentication failed'),
		);
	});
});

describe('waiting while a connection is initializing', () => {
	const inState = (state?: unknown) => ({ body: { items: [{ id: ID, state }] } });

	it.each(['enabled', 'disabled', 'draft', 'failed'])(
		'does not wait for one that is %s',
		async (state) => {
			const client = fakeClient(inState(state));
			expect(await waitWhileInitializing(client, ID)).toMatchObject({ id: ID, state });
			expect(client.pauses).toEqual([]);
		},
	);

	it.each([
		['no state', undefined],
		['a state that is no text', 5],
	])('does not wait for one with %s', async (_case, state) => {
		const connection = await waitWhileInitializing(fakeClient(inState(state)), ID);
		expect(connection.state).toBeUndefined();
	});

	it('asks again after pauses that grow to ten seconds', async () => {
		const waiting = Array.from({ length: 9 }, () => inState('initializing'));
		const client = fakeClient(...waiting, inState('enabled'));
		expect(await waitWhileInitializing(client, ID)).toMatchObject({ state: 'enabled' });
		expect(client.pauses).toEqual([
			1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 10_000, 10_000, 10_000,
		]);
		expect(client.requests).toHaveLength(10);
	});

	it('ends when the time is up, with the state, the connection and the option', async () => {
		const client = fakeClient(inState('initializing'));
		client.leftMs = 5_000;
		const error = await thrownBy(async () => await waitWhileInitializing(client, ID));
		expect(error).toBeInstanceOf(Problem);
		expect(error.message).toContain("'initializing'");
		expect(error.description).toContain("'Timeout'");
		expect(error.details).toMatchObject({ connectionId: ID, sandboxName: 'dev' });
		expect(client.pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(5_000);
	});

	it('ends with the refusal where the connection is gone meanwhile', async () => {
		const client = fakeClient(inState('initializing'), refusal('FLOW-1439-404'));
		const error = await thrownBy(async () => await waitWhileInitializing(client, ID));
		expect(error.details).toMatchObject({ status: 404, code: 'FLOW-1439-404' });
	});

	it('ends when a pause is cut short by the user', async () => {
		const client = fakeClient(inState('initializing'));
		const reason = new Error('cancelled');
		client.pause = async () => await Promise.reject(reason);
		expect(await thrownBy(async () => await waitWhileInitializing(client, ID))).toBe(reason);
	});
});
