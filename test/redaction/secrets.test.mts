import {
	isSecretKey,
	maskPasswords,
	outputWithoutSecrets,
	redact,
	Redactor,
	withoutSecrets,
} from '../../nodes/redaction/secrets.ts';
import { buildConnectionString } from '../../nodes/postgresql/connectionString.ts';
import { HOSTILE_PASSWORDS, MEGABYTES, NOT_TEXT } from '../postgresql/hostile.mts';

describe('isSecretKey', () => {
	it.each([
		'password',
		'Password',
		'PASSWORD',
		'passwd',
		'pwd',
		'pass',
		'userPassword',
		'user_password',
		'db-password',
		'db password',
		'dbpassword',
		'password2',
		'oldPassword',
		'passwordOld',
		'passwordValue',
		'password_hash',
		'passwords',
		'auth.params.password',
		'/auth/params/password',
		'connectionString',
		'connection_string',
		'CONNECTION-STRING',
		'connStr',
		'clientSecret',
		'client_secret',
		'secret',
		'secrets',
		'secret_1',
		'token',
		'accessToken',
		'access_token',
		'refreshToken',
		'jwtToken',
		's3SessionToken',
		'sasToken',
		'sasUri',
		'authToken',
		'x-auth-token',
		'tokens',
		'privateKey',
		'private_key',
		'privateKeyContent',
		'apiKey',
		'api_key',
		'x-api-key',
		'passphrase',
		'passPhrase',
		'credential',
		'credentials',
		'serviceCredential',
		'secretKey',
		's3SecretKey',
		's3AccessKey',
		'accountKey',
		'sharedKey',
		'Authorization',
		'authorization',
		'cookie',
		'Set-Cookie',
		'jwt',
		'sas',
		'resetToken',
		`${'a'.repeat(1_000_000)}Password`,
	])('takes %.60s for secret', (key) => {
		expect(isSecretKey(key)).toBe(true);
	});

	it.each([
		'',
		'server',
		'port',
		'database',
		'username',
		'sslMode',
		'auth',
		'authMode',
		'specName',
		'params',
		'key',
		'keyId',
		'primaryKey',
		'foreignKey',
		'publicKey',
		'accessKeyId',
		'tokenEndpointUrl',
		'tokenType',
		'token_expires_in',
		'tokenUrl',
		'passwordExpiresAt',
		'passwordPolicy',
		'secretName',
		'secretId',
		'credentialId',
		'connectionId',
		'connectionSpec',
		'continuationToken',
		'nextPageToken',
		'totalTokens',
		'maxTokens',
		'hasPassword',
		'has_password',
		'HAS_PASSWORD',
		'isSecret',
		'useToken',
		'bypass',
		'compass',
		'surpass',
		'monkey',
		'etag',
		'authorizationUrl',
		'clientId',
		'__proto__',
		'constructor',
		'パスワード'.slice(0, 2),
		'a'.repeat(1_000_000),
		's'.repeat(1_000_000),
		'value'.repeat(200_000),
	])('does not take %.60s for secret', (key) => {
		expect(isSecretKey(key)).toBe(false);
	});

	it.each(NOT_TEXT)('does not take %s for a name', (_label, value) => {
		expect(isSecretKey(value as string)).toBe(false);
	});
});

describe('withoutSecrets', () => {
	it('leaves out secret members of a connection and keeps the rest', () => {
		const connection = {
			id: '2c15b1c5-73bf-47ab-9098-0467fcd854d9',
			createdAt: 1742555384000,
			description: null,
			auth: {
				specName: 'Basic Authentication',
				params: { server: 'db', port: '5432', password: 'hunter22', sslMode: 'Prefer' },
			},
			list: [{ clientSecret: 'x', ok: true }, 'text', 1, null, [{ token: 'y' }]],
		};
		const before = structuredClone(connection);
		expect(withoutSecrets(connection)).toEqual({
			id: '2c15b1c5-73bf-47ab-9098-0467fcd854d9',
			createdAt: 1742555384000,
			description: null,
			auth: {
				specName: 'Basic Authentication',
				params: { server: 'db', port: '5432', sslMode: 'Prefer' },
			},
			list: [{ ok: true }, 'text', 1, null, [{}]],
		});
		expect(connection).toEqual(before);
	});

	it.each([
		['text', { password: 'x' }],
		['nothing', { password: null }],
		['an object', { credentials: { anything: 'x' } }],
		['a list', { tokens: ['x'] }],
		['a number', { pwd: 1234 }],
	])('leaves out a secret member whatever it holds: %s', (_label, value) => {
		expect(withoutSecrets(value)).toEqual({});
	});

	it.each([
		['a pair by name', { name: 'Password', value: 'x' }, { name: 'Password' }],
		['a pair by key', { key: 'client_secret', value: 'x', n: 1 }, { key: 'client_secret', n: 1 }],
		[
			'a patch operation',
			{ op: 'replace', path: '/auth/params/password', value: 'x' },
			{ op: 'replace', path: '/auth/params/password' },
		],
	])('leaves out the value of %s', (_label, value, expected) => {
		expect(withoutSecrets(value)).toEqual(expected);
	});

	it.each([
		['a pair that names something else', { name: 'server', value: 'db' }],
		['a column that is called password', { name: 'password', type: 'string' }],
		['a pair whose name is not a text', { name: { password: 1 }.constructor.name, value: 'db' }],
		['an ordinary text', 'The password is wrong.'],
		['a text with an assignment', 'a=b;c=d'],
		['a filter', 'property=name==TestConn'],
		['a web address', 'https://platform.adobe.io:443/data/foundation?x=5C1@AdobeOrg'],
		['an address with a port', 'http://127.0.0.1:4010/connections/5C1@AdobeOrg'],
		['a continuation', '/connections?continuationToken=abc'],
		['a connection string without a password', 'Server=s;Database=d;UID=u'],
		['a number', 7],
		['nothing', undefined],
		['null', null],
		['yes', true],
		['an empty list', []],
		['an empty object', {}],
	])('keeps %s', (_label, value) => {
		expect(withoutSecrets(value)).toEqual(value);
	});

	it('masks only the password of a connection string that stands under a harmless name', () => {
		expect(
			withoutSecrets({
				note: 'Server=s;Database=d;Port=1;UID=u;Password="a;b";EncryptionMethod=1',
				list: ['postgres://u:p%40ss@h:5432/d?sslmode=require'],
			}),
		).toEqual({
			note: 'Server=s;Database=d;Port=1;UID=u;Password=***;EncryptionMethod=1',
			list: ['postgres://u:***@h:5432/d?sslmode=require'],
		});
	});

	it('is not led to the prototype', () => {
		const evil = JSON.parse(
			'{"a":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"n":{"__proto__":{"polluted":1}}}',
		) as Record<string, unknown>;
		const copy = withoutSecrets(evil);
		expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
		expect(copy.polluted).toBeUndefined();
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
		expect(Object.hasOwn(copy, '__proto__')).toBe(false);
		expect(copy.constructor).toEqual({ prototype: { polluted: 1 } });
		expect(copy.n).toEqual({});
	});

	it('takes objects without a prototype, and those that hide hasOwnProperty', () => {
		const bare = Object.assign(Object.create(null) as Record<string, unknown>, {
			a: 1,
			password: 'x',
			hasOwnProperty: 'mine',
		});
		expect(withoutSecrets(bare)).toEqual({ a: 1, hasOwnProperty: 'mine' });
	});

	it('breaks cycles', () => {
		const node: Record<string, unknown> = { name: 'a' };
		node.self = node;
		node.list = [node];
		expect(withoutSecrets(node)).toEqual({
			name: 'a',
			self: '[Circular]',
			list: ['[Circular]'],
		});
	});

	it('copies what is shared without a cycle', () => {
		const shared = { a: 1, password: 'x' };
		expect(withoutSecrets({ one: shared, two: shared })).toEqual({
			one: { a: 1 },
			two: { a: 1 },
		});
	});

	it('is done at once with a net of a billion paths', () => {
		let net: unknown = { end: true };
		for (let level = 0; level < 60; level++) net = [net, net];
		expect(JSON.stringify(JSON.stringify((withoutSecrets(net) as unknown[]).length))).toBe('"2"');
	});

	it('cuts what is nested beyond any sense, and does not run out of stack', () => {
		let deep: unknown = { password: 'hunter22' };
		for (let level = 0; level < 100_000; level++) deep = { deep };
		const text = JSON.stringify(withoutSecrets(deep));
		expect(text).toContain('[Too deep]');
		expect(text).not.toContain('hunter22');
		let list: unknown = ['end'];
		for (let level = 0; level < 100_000; level++) list = [list];
		expect(JSON.stringify(withoutSecrets(list))).toContain('[Too deep]');
		let fine: unknown = 'end';
		for (let level = 0; level <= 100; level++) fine = [fine];
		expect(withoutSecrets(fine)).toEqual(fine);
	});

	it('keeps dates and drops functions and symbols', () => {
		const date = new Date(0);
		const copy = withoutSecrets({ date, run: () => 1, mark: Symbol('x') });
		expect(copy).toEqual({ date });
		expect(copy.date).not.toBe(date);
	});

	it('keeps no reference into the original', () => {
		const original = { list: [{ a: 1 }], inner: { b: 2 } };
		const copy = withoutSecrets(original);
		copy.list.push({ a: 2 });
		copy.inner.b = 3;
		expect(original).toEqual({ list: [{ a: 1 }], inner: { b: 2 } });
	});

	it('does the same the second time as the first', () => {
		const value = { a: 'Server=s;Password=x;UID=u', b: [{ pwd: 1 }], c: 'postgres://u:p@h' };
		const once = withoutSecrets(value);
		expect(withoutSecrets(once)).toEqual(once);
	});
});

describe('maskPasswords', () => {
	it.each([
		['the end of a connection string', 'Server=s;Password=hunter22', 'Server=s;Password=***'],
		['another name', 'Server=s;PWD = hunter22;UID=u', 'Server=s;PWD = ***;UID=u'],
		['a password with a blank', 'Password=hunter 22;UID=u', 'Password=***;UID=u'],
		['a password with a semicolon', 'Password=hun;ter22;UID=u', 'Password=***;UID=u'],
		['a password with a semicolon and signs', 'Password=a;!!=22;UID=u', 'Password=***;UID=u'],
		['single quotes', "Password='hun;ter''22';UID=u", 'Password=***;UID=u'],
		['double quotes', 'Password="hun;UID=22";UID=u', 'Password=***;UID=u'],
		['braces', 'Password={hun;}}UID=22};UID=u', 'Password=***;UID=u'],
		['an unclosed quote', 'Password="hunter22', 'Password=***'],
		['an unclosed quote before a semicolon', 'Password="hun;UID=ter22', 'Password=***'],
		['an unclosed quote up to its line', 'Password={hun;UID=ter22\nb', 'Password=***\nb'],
		['a semicolon in a quote that goes on', `Password='a;UID=b'c;UID=u`, 'Password=***;UID=u'],
		['a quote of endless length', `Password="${'x'.repeat(9000)};UID=y";UID=u`, 'Password=***'],
		[
			'a part within the list that looks like a pair',
			'UID=u;Password=a b=22;X=y',
			'UID=u;Password=***;X=y',
		],
		['a pair at the beginning of a line', 'a\nPassword=a b=22\nc', 'a\nPassword=***\nc'],
		['a pair after a carriage return', 'a\rPassword=a b=22\rc', 'a\rPassword=***\rc'],
		['text after a quote', `Password='hun'ter22;UID=u`, 'Password=***;UID=u'],
		['a semicolon at the end', 'Password=hunter22; ;', 'Password=***; ;'],
		['several passwords', 'Password=a1;PWD=b2;UID=u', 'Password=***;PWD=***;UID=u'],
		['an empty password', 'Password=;UID=u', 'Password=;UID=u'],
		[
			'one in a sentence',
			'cannot connect: Password=hunter22;UID=u',
			'cannot connect: Password=***;UID=u',
		],
		['one in lines', 'a\nPassword=hunter22\nb', 'a\nPassword=***\nb'],
		["PostgreSQL's own form", 'host=h password=hunter22 dbname=d', 'host=h password=*** dbname=d'],
		[
			"PostgreSQL's own form with quotes",
			String.raw`host=h password='it\'s 22' dbname=d`,
			'host=h password=*** dbname=d',
		],
		['a list after a space', 'UID=u; Password=a b=22; X=y', 'UID=u; Password=***; X=y'],
		['a URL in capitals', 'POSTGRES://u:h@u/n#t@h', 'POSTGRES://u:***@h'],
		['a URL', 'postgres://u:hunter22@h/d', 'postgres://u:***@h/d'],
		['a URL with a raw password', 'postgres://u:h@u/n#t?22@h/d', 'postgres://u:***@h/d'],
		['another URL', 'see https://u:hunter22@h/d', 'see https://u:***@h/d'],
		['a URL in a URL', 'https://x/?u=postgres://u:p@h', 'https://x/?u=postgres://u:***@h'],
		[
			'a JDBC URL',
			'jdbc:postgresql://h/d?user=u&password=p22&a=b',
			'jdbc:postgresql://h/d?user=u&password=***&a=b',
		],
		[
			'a form body',
			'grant_type=client_credentials&client_id=ID&client_secret=S22&scope=a',
			'grant_type=client_credentials&client_id=ID&client_secret=***&scope=a',
		],
		['a JSON text', '{"password":"hun\\"ter22","a":"b"}', '{"password":"***","a":"b"}'],
		['a JSON text with blanks', '{"clientSecret" : "x22"}', '{"clientSecret" : "***"}'],
		[
			'an access token that nobody knows any more',
			'not possible with eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjNlNDgzZmU2In0.AE7BE5SToRAo-p_b.',
			'not possible with ***.',
		],
		[
			'what follows Bearer',
			'Authorization: bearer 0123456789abcdef01',
			'Authorization: bearer ***',
		],
		['no token in an ordinary word', 'the bearer of eyJust.a.name', 'the bearer of eyJust.a.name'],
	])('finds %s', (_label, text, expected) => {
		expect(maskPasswords(text)).toBe(expected);
		expect(maskPasswords(expected)).toBe(expected);
	});

	it('keeps what follows a quoted password in brackets', () => {
		expect(maskPasswords("wrong (password='hun 22') again")).toBe('wrong (password=***) again');
	});

	it.each(HOSTILE_PASSWORDS)(
		'leaves nothing of %s in what was built with it',
		(_label, password) => {
			const result = buildConnectionString({
				server: 's',
				port: 1,
				database: 'd',
				username: 'u',
				password,
				encryptionMethod: '1',
			});
			expect(result.ok && maskPasswords(result.connectionString)).toBe(
				'Server=s;Database=d;Port=1;UID=u;Password=***;EncryptionMethod=1',
			);
		},
	);

	it.each(NOT_TEXT)('makes %s an empty text', (_label, value) => {
		expect(maskPasswords(value as string)).toBe('');
	});

	it.each(MEGABYTES)('comes to an end with a megabyte of %s', (_label, text) => {
		maskPasswords(text);
		withoutSecrets({ a: text, b: [`Password=${text}`] });
	});
});

describe('redact', () => {
	const secret = `p@ss w;"ö'/1+!`;

	it.each([
		['as it is', secret],
		['twice', `${secret} and ${secret}`],
		['side by side', `${secret}${secret}`],
		['URL-encoded', encodeURIComponent(secret)],
		['URL-encoded in lower case', encodeURIComponent(secret).toLowerCase()],
		['encoded for a whole URL', encodeURI(secret)],
		['encoded for a form', new URLSearchParams({ a: secret }).toString().slice(2)],
		['escaped for JSON', JSON.stringify(secret).slice(1, -1)],
		['escaped for JSON twice', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
		['escaped for JSON in ASCII', JSON.stringify(secret).slice(1, -1).replace('ö', '\\u00f6')],
		['base64-encoded', Buffer.from(secret).toString('base64')],
		['base64-encoded without padding', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
		['base64-encoded for a URL', Buffer.from(secret).toString('base64url')],
	])('finds a secret %s', (_label, text) => {
		expect(redact(`before ${text} after`, [secret])).toMatch(
			/^before \*\*\*(?:\*\*\*| and \*\*\*)? after$/,
		);
	});

	it.each(HOSTILE_PASSWORDS.filter(([, password]) => password.trim().length > 3))(
		'finds %s in every form',
		(_label, password) => {
			const wellFormed = Buffer.from(password).toString();
			for (const form of [
				password,
				encodeURIComponent(wellFormed),
				JSON.stringify(password).slice(1, -1),
				Buffer.from(password).toString('base64'),
			]) {
				expect(redact(`<${form}>`, [password])).toBe('<***>');
			}
		},
	);

	it.each(['', 'u', 'us', 'user', 'user:', 'longer-user:'])(
		'finds a secret behind %j in base64',
		(before) => {
			const text = Buffer.from(`${before}hunter2-hunter2:x`).toString('base64');
			const result = redact(text, ['hunter2-hunter2']);
			expect(result).toContain('***');
			expect(Buffer.from(result.replace('***', ''), 'base64').toString()).not.toContain('unter');
			expect(result.length).toBeLessThan(text.length - 12);
		},
	);

	it.each([
		['the longer of two that begin alike', 'abcd abcdef', ['abcd', 'abcdef'], '*** ***'],
		['the longer whatever the order', 'abcd abcdef', ['abcdef', 'abcd'], '*** ***'],
		['one within another', 'xxabcdxx', ['abcd', 'xxabcdxx'], '***'],
		['two that overlap', 'abcdefgh', ['abcde', 'defgh'], '***'],
		['two side by side', 'abcdefgh', ['abcd', 'efgh'], '******'],
		['a secret given twice', 'abcd', ['abcd', 'abcd'], '***'],
		['a secret of stars', 'a **** b', ['****'], 'a *** b'],
		['a secret that looks like a pattern', 'a.*b axxb', ['a.*b'], '*** axxb'],
		['a secret that looks like a replacement', "x$&$1$'y", ["$&$1$'"], 'x***y'],
		['a secret within a word', 'myhunter22s', ['hunter22'], 'my***s'],
		['a secret across lines', 'a\nbcd', ['a\nbcd'], '***'],
		['a secret in another case', 'ABCD aBcD', ['abcd'], '*** ***'],
		['a short secret in its own case only', 'ABC', ['abc'], 'ABC'],
		['a short secret as a word', 'pw=abc;', ['abc'], 'pw=***;'],
		['a short secret in quotes', '"abc"', ['abc'], '"***"'],
		['a short secret at both ends', 'abc abc', ['abc'], '*** ***'],
		[
			'not a short secret within a word',
			'abcd xabc 1abc abc_ äabc',
			['abc'],
			'abcd xabc 1abc abc_ äabc',
		],
		['a short secret right after one within a word', 'xa-a-a', ['a-a'], 'xa-***'],
		['a short secret of signs anywhere', 'x;-y', [';-'], 'x***y'],
		['a short secret, URL-encoded', 'p=%3B%3B', [';;'], 'p=***'],
		['a secret of one character as a word', 'a cat', ['a'], '*** cat'],
		['no empty secret', 'abc', [''], 'abc'],
		['no blank secret', 'a    b', ['    '], 'a    b'],
		['nothing in an empty text', '', ['abcd'], ''],
		['nothing without secrets', 'abcd', [], 'abcd'],
	])('replaces %s', (_label, text, secrets, expected) => {
		expect(redact(text, secrets)).toBe(expected);
	});

	it.each(NOT_TEXT)('makes %s an empty text, and ignores it as a secret', (_label, value) => {
		expect(redact(value as string, ['abcd'])).toBe('');
		expect(redact('abcd efgh', [value as string, 'abcd'])).toBe('*** efgh');
		expect(redact('abcd', value as string[])).toBe('abcd');
	});

	it.each(MEGABYTES)('comes to an end with a megabyte of %s', (_label, text) => {
		redact(text, ['aaaa', 'password', "'&", ' ', ';;;;;', text.slice(0, 100)]);
		redact('short', [text]);
	});

	it('takes a thousand secrets', () => {
		const secrets = Array.from({ length: 1000 }, (_, index) => `secret-${index}-x`);
		expect(redact(secrets.join(' '), secrets)).toBe(secrets.map(() => '***').join(' '));
	});
});

describe('redact, in the readings of a text', () => {
	const secret = 'Gr\u00fcn"&=;pa55';
	const json = (text: string) => JSON.stringify(text).slice(1, -1);
	const html = (text: string) =>
		text.replace(/[&"=;]/g, (character) => `&#${character.charCodeAt(0)};`);
	const named = (text: string) =>
		text.replace(
			/[&"=;]/g,
			(one) => ({ '&': '&amp;', '"': '&quot;', '=': '&equals;' })[one] ?? one,
		);
	const unicode = (text: string) =>
		text.replace(/[^]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const base64 = (text: string) => Buffer.from(text).toString('base64');

	it.each<[string, string]>([
		['JSON within JSON within JSON', json(json(json(secret)))],
		['JSON with every character as a code', unicode(secret)],
		['JSON with codes within JSON', json(unicode(secret))],
		['HTML by number', html(secret)],
		['HTML by name', named(secret)],
		['HTML within JSON', json(html(secret))],
		['a URL within a URL', encodeURIComponent(encodeURIComponent(secret))],
		['a URL within JSON', json(encodeURIComponent(secret))],
		['JSON within a URL', encodeURIComponent(json(secret))],
		['another case', secret.toUpperCase()],
		['another case, as JSON', json(secret.toLowerCase())],
		['base64 of JSON', base64(JSON.stringify({ a: secret, b: 'long enough' }))],
		['base64 of base64', base64(base64(`${secret} and more`))],
	])('finds a secret as %s', (_case, written) => {
		const text = redact(`before ${written} after`, [secret]);
		expect(text).toMatch(/^before .*\*\*\*.* after$/s);
		expect(text.length).toBeLessThan('before  after'.length + 20);
	});

	it.each([
		['JSON in JSON', '{\\"password\\":\\"X22\\"}', '{\\"password\\":\\"***\\"}'],
		['JSON with a coded equals sign', 'Server=a;Password\\u003dX22;UID\\u003du', 'X22'],
		['HTML', 'Server=a;Password&#61;X22;UID&#61;u', 'X22'],
		['HTML by name', '&quot;password&quot;:&quot;X22&quot;', 'X22'],
		['a URL', 'Server%3Da%3BPassword%3DX22%3BUID%3Du', 'X22'],
		['base64', `see ${Buffer.from('Server=a;Password=X22;UID=u').toString('base64')}`, 'see ***'],
	])('masks by its form a password that nobody knows, in %s', (_case, text, wanted) => {
		const masked = maskPasswords(text);
		expect(masked).toContain('***');
		if (wanted === 'X22') expect(masked).not.toContain('X22');
		else expect(masked).toBe(wanted);
	});

	it.each([
		['an ID', '00001111-0000-4000-8000-000000000000', '0000'],
		['our words', 'The connection is kept.', 'connection'],
		['a label', "Check 'Password'.", 'Password'],
	])('leaves a common secret within %s of ours', (_case, text, common) => {
		expect(redact(text, [common], 'us')).toBe(text);
	});

	it.each([
		[
			'that is a quoted value',
			"The table '0000' was not found",
			'0000',
			"The table '***' was not found",
		],
		['that is no common one', 'The host s3cret-Pa55 x', 's3cret-Pa55', 'The host *** x'],
	])('masks one in our words %s', (_case, text, value, expected) => {
		expect(redact(text, [value], 'us')).toBe(expected);
	});

	it('masks a secret that is a whole UUID', () => {
		const id = '0f0e0d0c-1111-4222-8333-444455556666';
		expect(redact(`a ${id} b`, [id])).toBe('a *** b');
	});
});

describe('outputWithoutSecrets', () => {
	it.each([
		['a name', { name: 'x hunter-2222 y' }, { name: 'x *** y' }],
		['a member at any depth', { a: [{ b: 'HUNTER-2222' }] }, { a: [{ b: '***' }] }],
		['the name of a member', { 'hunter-2222': 1 }, { '***': 1 }],
		['a password by its form', { name: 'Password=abc' }, { name: 'Password=***' }],
		['a common secret in words of Adobe', { reason: 'no 0000 here' }, { reason: 'no *** here' }],
		['no common secret in a value', { state: 'enabled', id: '0000-1' }, undefined],
	])('cleans %s', (_case, output, expected) => {
		const cleaned = outputWithoutSecrets(output, new Redactor(['hunter-2222', '0000', 'enabled']));
		expect(cleaned).toStrictEqual(expected ?? output);
	});

	it('redacts before it cuts', () => {
		const reason = `${'x'.repeat(19_995)} hunter-2222 and more`;
		const cleaned = outputWithoutSecrets({ reason }, new Redactor(['hunter-2222']));
		expect(cleaned.reason).toHaveLength(20_000);
		expect(cleaned.reason).not.toContain('hunt');
	});
});
