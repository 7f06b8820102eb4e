import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { testPostgres } from '../../support/postgresGlobal.mts';
import {
	basicBody,
	closeWires,
	codeOf,
	openWire,
	sampleString,
	stringBody,
	type Wire,
} from '../wire.mts';

let wire: Wire;
let impatient: Wire;
let distrustful: Wire;
/** A server that speaks no TLS, and one that never says anything. */
let plain: { port: number };
let silent: { port: number };
const servers: Server[] = [];
const sockets = new Set<Socket>();

const listen = async (onData: (socket: Socket) => void) => {
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		socket.on('data', () => onData(socket));
	}).listen(0, '127.0.0.1');
	servers.push(server);
	await once(server, 'listening');
	return { port: (server.address() as { port: number }).port };
};

beforeAll(async () => {
	wire = await openWire();
	impatient = await openWire({ connectTimeoutMs: 1_500 });
	distrustful = await openWire({ trustSampleCa: false });
	plain = await listen((socket) => socket.write('N'));
	silent = await listen(() => {});
});
afterAll(async () => {
	await closeWires();
	for (const socket of sockets) socket.destroy();
	await Promise.all(servers.map(async (server) => await new Promise((done) => server.close(done))));
});

const { tlsOnly, port: livePort } = testPostgres();
const asTlsOnly = { username: tlsOnly.username, password: tlsOnly.password };
const run = async (body: object, on = wire) =>
	await on.flow('GET', `/connections/${await on.create(body)}/test`);

describe('the test of a connection logs in', () => {
	it.each<[string, object]>([
		['without TLS', basicBody({ sslMode: 'Disable' })],
		['by Allow', basicBody({ sslMode: 'Allow' })],
		['by Prefer', basicBody({ sslMode: 'Prefer' })],
		['by Require', basicBody({ sslMode: 'Require' })],
		['by Verify Ca', basicBody({ sslMode: 'Verify Ca' })],
		['by Verify-Ca at the address', basicBody({ sslMode: 'Verify-Ca', server: '127.0.0.1' })],
		['by Verify_ca', basicBody({ sslMode: 'Verify_ca' })],
		['by Verify Full', basicBody({ sslMode: 'Verify Full' })],
		['by Verify-Full', basicBody({ sslMode: 'Verify-Full' })],
		['by "true"', basicBody({ sslMode: 'true' })],
		['by "false"', basicBody({ sslMode: 'false' })],
		['without an sslMode', basicBody({ sslMode: undefined })],
		['by Allow, with TLS where the server insists', basicBody({ ...asTlsOnly, sslMode: 'Allow' })],
		['by Prefer where the server insists on TLS', basicBody({ ...asTlsOnly, sslMode: 'Prefer' })],
		['by "true" where the server insists on TLS', basicBody({ ...asTlsOnly, sslMode: 'true' })],
		['by a connection string', stringBody()],
		['by a connection string with a semicolon at its end', stringBody(sampleString(';'))],
		['by one with EncryptionMethod 0', stringBody(sampleString(';EncryptionMethod=0'))],
		['by one with EncryptionMethod 1', stringBody(sampleString(';EncryptionMethod=1', asTlsOnly))],
		['by one with EncryptionMethod 6', stringBody(sampleString(';EncryptionMethod=6', asTlsOnly))],
		[
			'by one that checks the certificate',
			stringBody(sampleString(';EncryptionMethod=1;ValidateServerCertificate=1')),
		],
		[
			'by one in other case, order and with other names',
			stringBody(
				`PWD=${testPostgres().password};user id=aep_reader;PORT=${livePort};host=localhost;DB=sales`,
			),
		],
		[
			'by one with quotes and blanks',
			stringBody(
				`Server = localhost ; Port = ${livePort}; Database="sales";UID={aep_reader};Password='${testPostgres().password}'`,
			),
		],
	])('%s', async (_case, body) => {
		const answer = await run(body);
		expect(answer.json).toEqual({ result: true });
		expect(answer.status).toBe(200);
	});
});

const UNUSED_PORT = '1';

describe('the test of a connection tells what is wrong', () => {
	const wrong = 'the-wrong-password';
	it.each<[string, () => object, RegExp, (() => Wire)?]>([
		[
			'a wrong password',
			() => basicBody({ password: wrong }),
			/Password authentication failed for user "aep_reader"/,
		],
		[
			'a wrong password in a string',
			() => stringBody(sampleString('', { password: wrong })),
			/Password authentication failed/,
		],
		[
			'an unknown user',
			() => basicBody({ username: 'nobody' }),
			/Password authentication failed for user "nobody"/,
		],
		[
			'an unknown database',
			() => basicBody({ database: 'sails' }),
			/database "sails" does not exist/,
		],
		[
			'a port where nobody listens',
			() => basicBody({ port: UNUSED_PORT }),
			/localhost:1 cannot be reached \(ECONNREFUSED\)/,
		],
		[
			'a host that does not exist',
			() => basicBody({ server: 'db.invalid' }),
			/host name db\.invalid cannot be resolved/,
		],
		[
			'a server that keeps silent',
			() => basicBody({ server: '127.0.0.1', port: String(silent.port), sslMode: 'Disable' }),
			/did not answer within 1\.5 seconds/,
			() => impatient,
		],
		[
			'a server without TLS',
			() => basicBody({ server: '127.0.0.1', port: String(plain.port), sslMode: 'Require' }),
			/does not offer TLS/,
		],
		[
			'a server without TLS, by a string',
			() =>
				stringBody(sampleString(';EncryptionMethod=1', { server: '127.0.0.1', port: plain.port })),
			/does not offer TLS/,
		],
		[
			'a server without TLS, by "true"',
			() => basicBody({ server: '127.0.0.1', port: String(plain.port), sslMode: 'true' }),
			/does not offer TLS/,
		],
		[
			'TLS left off where the server insists',
			() => basicBody({ ...asTlsOnly, sslMode: 'Disable' }),
			/does not let user "tls_only" in without TLS/,
		],
		[
			'TLS left off in a string',
			() => stringBody(sampleString(';EncryptionMethod=0', asTlsOnly)),
			/does not let user "tls_only" in without TLS/,
		],
		[
			'TLS not mentioned in a string',
			() => stringBody(sampleString('', asTlsOnly)),
			/does not let user "tls_only" in without TLS/,
		],
		[
			'another host name than the certificate has',
			() => basicBody({ server: '127.0.0.1', sslMode: 'Verify Full' }),
			/not valid for the host name 127\.0\.0\.1/,
		],
		[
			'no server in the string',
			() => stringBody('Database=sales;UID=aep;Password=x'),
			/does not name the server/,
		],
		[
			'no password in the string',
			() => stringBody('Server=a;Database=sales;UID=aep'),
			/does not name the password/,
		],
		[
			'an unknown EncryptionMethod',
			() => stringBody(sampleString(';EncryptionMethod=2')),
			/EncryptionMethod must be 0, 1 or 6/,
		],
		[
			'a port that is none, in the string',
			() => stringBody(sampleString('', { port: 'x' })),
			/Port must be a number/,
		],
		[
			'the password in the place of the user',
			() => basicBody({ username: wrong, password: wrong }),
			/failed for user "\*\*\*"/,
		],
	])('%s', async (_case, body, words, on = () => wire) => {
		const sent = body() as ReturnType<typeof basicBody>;
		const answer = await run(sent, on());
		expect([answer.status, codeOf(answer)]).toEqual([400, 'CONNECTOR-1308-400']);
		expect(answer.json.report['detailed-message']).toMatch(words);
		const { params } = sent.auth;
		for (const secret of [
			params.connectionString,
			params.password,
			wrong,
			testPostgres().password,
		]) {
			if (secret !== undefined) expect(answer.text).not.toContain(secret);
		}
	});

	it.each<[string, object]>([
		['Verify Ca', basicBody({ sslMode: 'Verify Ca' })],
		['Verify Full', basicBody({ sslMode: 'Verify Full' })],
		[
			'ValidateServerCertificate',
			stringBody(sampleString(';EncryptionMethod=1;ValidateServerCertificate=1')),
		],
		[
			'ValidateServerCertificate with RequestSSL',
			stringBody(sampleString(';EncryptionMethod=6;ValidateServerCertificate=1')),
		],
	])('a certificate that it does not trust, by %s', async (_case, body) => {
		const answer = await run(body, distrustful);
		expect(codeOf(answer)).toBe('CONNECTOR-1308-400');
		expect(answer.json.report['detailed-message']).toMatch(
			/certificate of localhost:\d+ is not trusted/,
		);
	});

	it('and does not mind that certificate by Require', async () => {
		expect((await run(basicBody({ sslMode: 'Require' }), distrustful)).json).toEqual({
			result: true,
		});
	});

	it('or answers false with 200, on request', async () => {
		const short = await openWire({ testFailure: 'result' });
		const answer = await run(basicBody({ password: wrong }), short);
		expect([answer.status, answer.json]).toEqual([200, { result: false }]);
	});
});
