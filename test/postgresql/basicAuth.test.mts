import { checkBasicAuth, toBasicAuthParams } from '../../nodes/postgresql/basicAuth.ts';
import type { BasicAuthFields } from '../../nodes/postgresql/basicAuth.ts';
import { HOSTILE_PASSWORDS, MEGABYTES, NOT_TEXT } from './hostile.mts';

const FIELDS: BasicAuthFields = {
	server: 'db.example.com',
	port: 5432,
	database: 'sales',
	username: 'aep',
	password: 'secret',
	sslMode: 'Prefer',
};

function check(fields: Record<string, unknown>) {
	return checkBasicAuth({ ...FIELDS, ...fields } as BasicAuthFields);
}

describe('checkBasicAuth', () => {
	it.each([
		['a host name', 'db.example.com'],
		['a host name with blanks and a line break around it', ' db.example.com\n'],
		['a host name in capitals', 'DB.EXAMPLE.COM'],
		['a host name with an underscore and a hyphen', 'my_db-1.example.com'],
		['a host name with a dot at the end', 'db.example.com.'],
		['a short name', 'localhost'],
		['a host name beyond ASCII', 'datenbank-größe.example'],
		['a host name in Japanese', 'データベース.example'],
		['an IPv4 address', '10.0.0.1'],
		['the IPv6 loopback', '::1'],
		['the IPv6 loopback in brackets', '[::1]'],
		['an IPv6 address', '2001:db8::7'],
		['an IPv6 address in capitals', '2001:DB8:0:0:0:0:0:7'],
		['an IPv6 address with a zone', 'fe80::1%eth0'],
		['an IPv4 address as IPv6', '::ffff:10.0.0.1'],
	])('accepts %s as server', (_label, server) => {
		expect(check({ server })).toBeUndefined();
	});

	it.each([
		['an empty text', '', 'empty'],
		['blanks', '  ', 'empty'],
		['a port glued on', 'db.example.com:5432', 'Port field'],
		['a colon without a port', 'db.example.com:', 'Port field'],
		['a port glued to an IPv4 address', '10.0.0.1:5432', 'Port field'],
		['a port glued to IPv6 in brackets', '[::1]:5432', 'Port field'],
		['an opening bracket only', '[::1', 'characters'],
		['a word after a colon', 'db:postgres', 'characters'],
		['a PostgreSQL URL', 'postgresql://db.example.com', 'URL'],
		['a web address', 'https://db.example.com', 'URL'],
		['a JDBC URL', 'jdbc:postgresql:db', 'URL'],
		['a user in front', 'kanarienvogel@db.example.com', 'user name'],
		['a path', 'db.example.com/sales', 'path'],
		['a socket', '/var/run/postgresql', 'Unix socket'],
		['a Windows name', 'PC\\SQL', 'path'],
		['a question mark', 'db?x', 'path'],
		['a connection string', 'Server=db;Password=kanarienvogel', 'whole connection string'],
		["PostgreSQL's own form", 'host=db password=kanarienvogel', 'whole connection string'],
		['a blank inside', 'db example', 'blank'],
		['a non-breaking space inside', 'db\u00a0example', 'blank'],
		['an expression that was not resolved', '{{$json.host}}', 'placeholder'],
		['a placeholder', '<server>', 'placeholder'],
		['quotes', '"db"', 'characters'],
		['an emoji', '🐘.example', 'characters'],
		['a zero-width space', 'db\u200b.example', 'characters'],
		['several hosts', 'db1,db2', 'several hosts'],
		['a line break inside', 'db\nexample', 'line break'],
		['a null character', 'db\u0000', 'control character'],
		['a name that is too long', 'd'.repeat(256), 'too long'],
		['a text that is far too long', 'd'.repeat(5000), 'longer than 4096'],
	])('refuses %s as server', (_label, server, text) => {
		const problem = check({ server });
		expect(problem?.field).toBe('server');
		expect(`${problem?.message} ${problem?.hint}`).toContain(text);
	});

	it.each([1, 5432, 65535, '1', '5432', ' 5432 ', '05432', '65535'])('accepts port %j', (port) => {
		expect(check({ port })).toBeUndefined();
	});

	it.each([
		0,
		-1,
		65536,
		54.5,
		Infinity,
		Number.NaN,
		'',
		' ',
		'0',
		'65536',
		'99999',
		'100000',
		'5432.0',
		'5e3',
		'0x10',
		'+1',
		'-1',
		'54 32',
		'٥٤٣٢',
		'kanarienvogel',
		null,
		undefined,
		true,
		[5432],
		{},
		5432n,
	])('refuses port %p', (port) => {
		const problem = check({ port });
		expect(problem).toMatchObject({
			field: 'port',
			message: 'The port is not a whole number from 1 to 65535.',
		});
	});

	it.each(['database', 'username'])('refuses a %s that is blank', (field) => {
		expect(check({ [field]: '' })).toMatchObject({ field, message: `The ${field} is empty.` });
		expect(check({ [field]: ' ' })).toMatchObject({ field, message: `The ${field} is empty.` });
	});

	it('refuses an empty password', () => {
		expect(check({ password: '' })).toMatchObject({
			field: 'password',
			message: 'The password is empty.',
		});
	});

	it.each(['database', 'username', 'password'])('lets blanks and oddities stand in %s', (field) => {
		for (const value of [' a ', "o'brien;x=y", 'Größe', '👩‍👧', '__proto__']) {
			expect(check({ [field]: value })).toBeUndefined();
		}
	});

	it.each(['database', 'username', 'password', 'sslMode'])(
		'refuses control characters in %s',
		(field) => {
			for (const mark of ['\n', '\r', '\t', '\u0000', '\u001b', '\u007f', '\u0085', '\u2028']) {
				expect(check({ [field]: `a${mark}b` })).toMatchObject({
					field,
					message: expect.stringContaining('control character'),
				});
			}
		},
	);

	it.each(['server', 'database', 'username', 'password'])(
		'refuses a %s of 5000 characters',
		(field) => {
			expect(check({ [field]: 'x'.repeat(5000) })?.field).toBe(field);
		},
	);

	it.each(HOSTILE_PASSWORDS)('accepts %s as password', (_label, password) => {
		expect(check({ password })).toBeUndefined();
	});

	describe.each(['server', 'database', 'username', 'password', 'sslMode'])('a %s', (field) => {
		it.each(NOT_TEXT)('is not to be %s', (_label, value) => {
			expect(check({ [field]: value })).toMatchObject({
				field,
				message: expect.stringMatching(/empty|not text/),
				hint: expect.stringMatching(/\S/),
			});
		});
	});

	it('reports the first field in the order in which they are shown', () => {
		const order: Array<keyof BasicAuthFields> = [
			'server',
			'port',
			'database',
			'username',
			'password',
			'sslMode',
		];
		const fields: Record<string, unknown> = {};
		for (const field of order) fields[field] = '';
		for (const field of order) {
			expect(check(fields)?.field).toBe(field);
			fields[field] = FIELDS[field];
		}
		expect(check(fields)).toBeUndefined();
	});

	it.each(['server', 'database', 'username', 'password'])(
		'calls a %s empty when there is none, and not text when it is something else',
		(field) => {
			expect(check({ [field]: undefined })?.message).toBe(`The ${field} is empty.`);
			expect(check({ [field]: null })?.message).toBe(`The ${field} is empty.`);
			expect(check({ [field]: 0 })?.message).toBe(`The ${field} is not text.`);
		},
	);

	it.each([null, undefined, 7, 'text', []])('does not throw when it is given %p', (value) => {
		expect(checkBasicAuth(value as never)?.field).toBe('server');
	});

	it('never puts a value into a problem', () => {
		const canary = 'kanarienvogel';
		const spoiled = [
			`${canary}\n${canary}`,
			`${canary}:1`,
			`postgres://u:${canary}@h`,
			`${canary};x`,
			`${canary} x`,
			`${canary}/x`,
			`${canary}{}`,
			canary.repeat(1000),
			[canary],
			{ [canary]: canary },
		];
		for (const field of Object.keys(FIELDS)) {
			for (const value of spoiled) {
				expect(JSON.stringify(check({ [field]: value }) ?? {})).not.toContain(canary);
			}
		}
	});

	it.each(MEGABYTES)('comes to an end with a megabyte of %s in every field', (_label, text) => {
		for (const field of Object.keys(FIELDS)) check({ [field]: text });
	});
});

describe('toBasicAuthParams', () => {
	it("gives Adobe's parameters in the tutorial's order, all as text", () => {
		const params = toBasicAuthParams({
			sslMode: ' Verify Ca ',
			password: ' secret ',
			username: ' aep ',
			database: ' sales ',
			port: 5432,
			server: ' db.example.com\n',
		});
		expect(Object.entries(params)).toEqual([
			['server', 'db.example.com'],
			['port', '5432'],
			['database', ' sales '],
			['username', ' aep '],
			['password', ' secret '],
			['sslMode', 'Verify Ca'],
		]);
	});

	it.each([
		[5432, '5432'],
		['5432', '5432'],
		[' 5432 ', '5432'],
		['05432', '5432'],
		[1, '1'],
	])('writes port %j as %j', (port, written) => {
		expect(toBasicAuthParams({ ...FIELDS, port }).port).toBe(written);
	});

	it.each(HOSTILE_PASSWORDS)('leaves %s alone', (_label, password) => {
		expect(toBasicAuthParams({ ...FIELDS, password }).password).toBe(password);
	});

	it('takes nothing along that is not a parameter', () => {
		const fields = JSON.parse(
			JSON.stringify({ ...FIELDS, extra: 1 }).replace('{', '{"__proto__":{"polluted":1},'),
		) as BasicAuthFields;
		const params = toBasicAuthParams(fields);
		expect(Object.keys(params)).toHaveLength(6);
		expect((params as unknown as Record<string, unknown>).polluted).toBeUndefined();
	});
});
