import {
	buildConnectionString,
	connectionStringSecrets,
	parseConnectionString,
	tlsKeysProblem,
	withTlsKeys,
} from '../../nodes/postgresql/connectionString.ts';
import type {
	CertificateKeyChoice,
	ConnectionStringFields,
	TlsKeyChoice,
	TlsKeys,
} from '../../nodes/postgresql/connectionString.ts';
import { detailsProblem } from '../../nodes/postgresql/pastedDetails.ts';
import { HOSTILE_PASSWORDS, MEGABYTES, NOT_TEXT } from './hostile.mts';

const GOOD = 'Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=secret';

const FIELDS: ConnectionStringFields = {
	server: 'db.example.com',
	port: 5432,
	database: 'sales',
	username: 'aep',
	password: 'secret',
};

function partsOf(text: string) {
	const result = parseConnectionString(text);
	if (!result.ok) throw new Error(`not parsed: ${result.problem.message}`);
	return result.parts;
}

function valueIn(text: string, canonical: string): string | undefined {
	return partsOf(text).find((part) => part.canonical === canonical)?.value;
}

function parseProblem(text: string): string {
	const result = parseConnectionString(text);
	return result.ok ? '' : `${result.problem.message} ${result.problem.hint}`;
}

function problemText(text: string): string {
	const problem = detailsProblem(text);
	return problem === undefined ? '' : `${problem.message} ${problem.hint}`;
}

function built(fields: Partial<ConnectionStringFields>): string {
	const result = buildConnectionString({ ...FIELDS, ...fields });
	if (!result.ok) throw new Error(`not built: ${result.problem.message}`);
	return result.connectionString;
}

describe('parseConnectionString', () => {
	it("reads the form of Adobe's tutorial", () => {
		expect(partsOf(GOOD)).toEqual([
			{ key: 'Server', canonical: 'Server', value: 'db.example.com', raw: 'Server=db.example.com' },
			{ key: 'Database', canonical: 'Database', value: 'sales', raw: 'Database=sales' },
			{ key: 'Port', canonical: 'Port', value: '5432', raw: 'Port=5432' },
			{ key: 'UID', canonical: 'UID', value: 'aep', raw: 'UID=aep' },
			{ key: 'Password', canonical: 'Password', value: 'secret', raw: 'Password=secret' },
		]);
	});

	it.each([
		['Server', 'Server'],
		['sErVeR', 'Server'],
		['Host', 'Server'],
		['Data Source', 'Server'],
		['data   source', 'Server'],
		['DataSource', 'Server'],
		['Address', 'Server'],
		['Addr', 'Server'],
		['Hostname', 'Server'],
		['Port', 'Port'],
		['Database', 'Database'],
		['DB', 'Database'],
		['Initial Catalog', 'Database'],
		['UID', 'UID'],
		['User ID', 'UID'],
		['UserId', 'UID'],
		['User', 'UID'],
		['Username', 'UID'],
		['User Name', 'UID'],
		['Password', 'Password'],
		['PWD', 'Password'],
		['encryptionmethod', 'EncryptionMethod'],
		['VALIDATESERVERCERTIFICATE', 'ValidateServerCertificate'],
	])('knows the key %s as %s', (key, canonical) => {
		expect(partsOf(`${key}=x`)).toEqual([{ key, canonical, value: 'x', raw: `${key}=x` }]);
	});

	it.each([
		'Pooling',
		'__proto__',
		'constructor',
		'toString',
		'ValidationServerCertificate',
		'Pass',
	])('keeps the unknown key %s without a meaning', (key) => {
		expect(partsOf(`${key}=x;Server=db`)[0]).toEqual({
			key,
			canonical: undefined,
			value: 'x',
			raw: `${key}=x`,
		});
	});

	it.each([
		['spaces around keys and values are dropped', ' UID = aep ', 'aep', ' UID = aep '],
		['spaces inside a value stay', 'UID=a  b', 'a  b', 'UID=a  b'],
		['a value may hold equals signs', 'UID=a=b==', 'a=b==', 'UID=a=b=='],
		['a value may be empty', 'UID=', '', 'UID='],
		['a value may be empty in quotes', 'UID=""', '', 'UID=""'],
		['single quotes are taken off', "UID='a;b'", 'a;b', "UID='a;b'"],
		['double quotes are taken off', 'UID="a;b"', 'a;b', 'UID="a;b"'],
		['braces are taken off', 'UID={a;b}', 'a;b', 'UID={a;b}'],
		['doubled single quotes are one', "UID='it''s'", "it's", "UID='it''s'"],
		['doubled double quotes are one', 'UID="a""b"', 'a"b', 'UID="a""b"'],
		['doubled closing braces are one', 'UID={a}}b}', 'a}b', 'UID={a}}b}'],
		['opening braces inside braces stay as they are', 'UID={a{{b}', 'a{{b', 'UID={a{{b}'],
		['other quotes inside quotes stay as they are', `UID="a''b"`, "a''b", `UID="a''b"`],
		['spaces inside quotes stay', 'UID= " a " ', ' a ', 'UID= " a " '],
		['a value of nothing but a doubled quote', "UID=''''", "'", "UID=''''"],
		['a quote in the middle is an ordinary character', `UID=a"b'c`, `a"b'c`, `UID=a"b'c`],
		['a brace in the middle is an ordinary character', 'UID=a{b', 'a{b', 'UID=a{b'],
		['an emoji is an ordinary character', 'UID=👩‍👧', '👩‍👧', 'UID=👩‍👧'],
		['a non-breaking space belongs to the value', 'UID=\u00a0a', '\u00a0a', 'UID=\u00a0a'],
	])('%s', (_label, part, value, raw) => {
		const [first, second] = partsOf(`${part};Server=db`);
		expect(first).toEqual({ key: 'UID', canonical: 'UID', value, raw });
		expect(second?.value).toBe('db');
	});

	it.each([
		['a semicolon at the end', 'Server=db;UID=u;'],
		['semicolons at the end', 'Server=db;UID=u;;;'],
		['a semicolon and spaces at the end', 'Server=db;UID=u;  '],
		['semicolons in the middle', 'Server=db;;;UID=u'],
		['blank parts in the middle', 'Server=db; ; ;UID=u'],
		['a semicolon in front', ';Server=db;UID=u'],
		['spaces in front', '   Server=db;UID=u'],
		['a space after the semicolon', 'Server=db; UID=u'],
		['a quoted value before the semicolon at the end', 'Server=db;UID="u";'],
	])('tolerates %s', (_label, text) => {
		expect(partsOf(text).map(({ key, value }) => `${key}=${value}`)).toEqual([
			'Server=db',
			'UID=u',
		]);
	});

	it('gives the text back when the raw parts are put together again', () => {
		const text = ` Server = db ;UID="a;""b";Password={x}}y} ;Pooling=${'z'.repeat(50)}`;
		expect(
			partsOf(text)
				.map(({ raw }) => raw)
				.join(';'),
		).toBe(text);
	});

	it.each([
		['an empty text', '', 'is empty'],
		['blanks', '   ', 'is empty'],
		['nothing but semicolons', '; ;;', 'is empty'],
		['a part without an equals sign', 'Server=db;sales;UID=u', 'Part 2 .* no equals sign'],
		['a part without an equals sign at the end', 'Server=db;UID', 'Part 2 .* no equals sign'],
		['empty parts are not counted', 'Server=db;;;sales', 'Part 2 .* no equals sign'],
		['a part without a key', 'Server=db;=x', 'Part 2 .* nothing before the equals sign'],
		['a blank key', 'Server=db;  =x', 'Part 2 .* nothing before the equals sign'],
		['an unclosed double quote', 'Server=db;Password="x;UID=u', 'Password .* never closed'],
		['an unclosed single quote', "Server=db;Password='x''", 'Password .* never closed'],
		['an unclosed brace', 'Server=db;Password={x}}', 'Password .* never closed'],
		['an unclosed quote of an unknown key', 'Server=db;Foo="x', 'part 2 .* never closed'],
		['text after a closing quote', 'Server=db;PWD="x"y', 'Password .* continues after'],
		['text after a closing brace', 'Server=db;Foo={x} y', 'part 2 .* continues after'],
		['a line break at the end', `${GOOD}\n`, 'line break'],
		['a line break inside quotes', 'Server="a\r\nb"', 'line break'],
		['a tab', 'Server=db;\tUID=u', 'control character'],
		['a null character', 'Server=d\u0000b', 'control character'],
		['an escape character', 'Server=d\u001bb', 'control character'],
		['a next-line character', 'Server=d\u0085b', 'control character'],
		['a line separator', 'Server=d\u2028b', 'control character'],
		['a postgres URL', 'postgres://u:p@h:5432/d?sslmode=require', 'is a URL'],
		['a postgresql URL in capitals', ' POSTGRESQL://u:p@h/d;x=y', 'is a URL'],
		['a JDBC URL', 'jdbc:postgresql://h/d?user=u&password=p', 'is a URL'],
		['a JDBC URL in capitals', 'JDBC:POSTGRESQL://h/d?user=u', 'is a URL'],
		['another URL', 'https://h/d?a=b', 'is a URL'],
		['another URL in capitals', 'HTTPS://h/d?a=b', 'is a URL'],
		["PostgreSQL's own form without a host", 'user=u password=p', 'separated by blanks'],
		["PostgreSQL's own form", 'host=h dbname=d user=u password=p', 'separated by blanks'],
		["PostgreSQL's own form, database first", 'dbname=d host=h', 'separated by blanks'],
		["PostgreSQL's own form with quotes", "host='h' dbname='d'", 'separated by blanks'],
		[
			"PostgreSQL's own form with a semicolon",
			'host=h dbname=d password=a;b',
			'separated by blanks',
		],
		['a text beyond any sane length', `${GOOD};X=${'x'.repeat(8192)}`, 'longer than 8192'],
	])('refuses %s', (_label, text, message) => {
		expect(parseProblem(text)).toMatch(new RegExp(message));
	});

	it.each([
		['a password that looks like the beginning of pairs', 'Password=my user=x;Server=db'],
		['a server called host', 'host=host;UID=u'],
		['a single pair', 'host=db'],
		['a single pair with a blank in its value', 'host=my db'],
		['a value with a pair in it', 'Foo=my host=x'],
		['a value that holds a URL', 'Server=db;Foo=postgres://x'],
		['exactly the longest text', `Server=${'x'.repeat(8192 - 7)}`],
	])('reads %s', (_label, text) => {
		expect(parseProblem(text)).toBe('');
	});

	it.each(NOT_TEXT)('says that %s is not text', (_label, value) => {
		expect(parseProblem(value as string)).toContain('not text');
		expect(problemText(value as string)).toContain('not text');
		expect(connectionStringSecrets(value as string)).toEqual([]);
	});
});

describe('detailsProblem', () => {
	it.each([
		["the form of Adobe's tutorial", GOOD],
		['another order', 'Password=p;UID=u;Port=1;Database=d;Server=s'],
		['other names', 'Host=s;Initial Catalog=d;User ID=u;PWD=p'],
		['no port', 'Server=s;Database=d;UID=u;Password=p'],
		['the highest port', 'Server=s;Database=d;Port=65535;UID=u;Password=p'],
		['the TLS keys', `${GOOD};EncryptionMethod=6;ValidateServerCertificate=0`],
		['settings of a driver that are of no consequence', `${GOOD};Pooling=true;Timeout=15`],
		['a password of blanks in quotes', 'Server=s;Database=d;UID=u;Password="  "'],
		['everything in quotes', `Server='s';Database="d";UID={u};Password='p';Port="1"`],
	])('accepts %s', (_label, text) => {
		expect(detailsProblem(text)).toBeUndefined();
	});

	it.each([
		['the server is missing', 'Database=d;UID=u;Password=p', 'has no Server\\.'],
		['the database is missing', 'Server=s;UID=u;Password=p', 'has no Database\\.'],
		['the user is missing', 'Server=s;Database=d;Password=p', 'has no UID\\.'],
		['the password is missing', 'Server=s;Database=d;UID=u', 'has no Password\\.'],
		['several are missing', 'Server=s', 'has no Database, no UID, no Password\\.'],
		['the server is empty', 'Server=;Database=d;UID=u;Password=p', '^Server .* is empty'],
		['the database is blank in quotes', 'Server=s;DB=" ";UID=u;PWD=p', '^Database .* is empty'],
		['the user is empty', 'Server=s;Database=d;UID=  ;Password=p', '^UID .* is empty'],
		['the password is empty', 'Server=s;Database=d;UID=u;Password=', '^Password .* is empty'],
		['the password is blank', 'Server=s;Database=d;UID=u;Password=  ', '^Password .* is empty'],
		[
			'the password is empty in quotes',
			"Server=s;Database=d;UID=u;PWD=''",
			'^Password .* is empty',
		],
		['the port is 0', `${GOOD.replace('5432', '0')}`, 'Port .* 1 to 65535'],
		['the port is too high', `${GOOD.replace('5432', '65536')}`, 'Port .* 1 to 65535'],
		['the port is a word', `${GOOD.replace('5432', 'five')}`, 'Port .* 1 to 65535'],
		['the port is a fraction', `${GOOD.replace('5432', '54.32')}`, 'Port .* 1 to 65535'],
		['the port is signed', `${GOOD.replace('5432', '+5432')}`, 'Port .* 1 to 65535'],
		['the port is empty', `${GOOD.replace('5432', '')}`, 'Port .* 1 to 65535'],
		['the port has Arabic digits', `${GOOD.replace('5432', '٥٤٣٢')}`, 'Port .* 1 to 65535'],
		['a key stands twice', `${GOOD};Server=x`, 'gives Server twice, in parts 1 and 6'],
		['a key stands twice in another case', `${GOOD};SERVER=x`, 'gives Server twice'],
		['a key stands twice under another name', `${GOOD};Host=x`, 'gives Server twice'],
		['the password stands twice under another name', `${GOOD};pwd=x`, 'gives Password twice'],
		['an unknown key stands twice', `Foo=1;${GOOD};foo=2`, 'same key in parts 1 and 7'],
		['a TLS key stands twice', `${GOOD};EncryptionMethod=1;EncryptionMethod=1`, 'twice'],
		['the encryption method is unknown', `${GOOD};EncryptionMethod=2`, 'not 0, 1 or 6'],
		['the encryption method is a word', `${GOOD};EncryptionMethod=true`, 'not 0, 1 or 6'],
		['the encryption method is empty', `${GOOD};EncryptionMethod=`, 'not 0, 1 or 6'],
		['the validation is unknown', `${GOOD};ValidateServerCertificate=6`, 'not 0 or 1'],
		[
			"the documentation's misspelling is used",
			`${GOOD};validationServerCertificate=1`,
			'ValidationServerCertificate, .* Write ValidateServerCertificate',
		],
		['a key holds a zero-width space', `\u200b${GOOD}`, 'key of part 1 .* invisible'],
		['a key holds a byte order mark', `${GOOD};\ufeffFoo=1`, 'key of part 6 .* invisible'],
		['a key holds a non-breaking space', `${GOOD};User\u00a0X=1`, 'key of part 6 .* invisible'],
	])('objects when %s', (_label, text, message) => {
		expect(problemText(text)).toMatch(new RegExp(message));
	});

	it('never puts a value or an unknown key into a problem', () => {
		const canary = 'kanarienvogel';
		const bad = [
			canary,
			`=${canary}`,
			`Password=${canary}`,
			`${canary}=x;${canary}=y`,
			`Server=${canary};${canary}`,
			`Server=s;Password="${canary}`,
			`Server=s;Password='${canary}'x`,
			`Server=s;Password="x"${canary}`,
			`Server=s;${canary}={${canary}`,
			`${GOOD};Password=${canary}`,
			`${GOOD};${canary}=1;${canary}=2`,
			`${GOOD};EncryptionMethod=${canary}`,
			`${GOOD};ValidateServerCertificate=${canary}`,
			`${GOOD};ValidationServerCertificate=${canary}`,
			`${GOOD};\u200b${canary}=1`,
			`Server=s;Database=d;UID=u;Password=x;${canary}`,
			`Server=s;Database=d;UID=u;Password=x;=${canary}`,
			`Server=s;Database=d;UID=u;Password=p;Port=${canary}`,
			`postgres://u:${canary}@h`,
			`postgres://u:${canary}@h/d?${canary}=1`,
			`${GOOD};${canary}=1`,
			`${canary}=1;${GOOD}`,
			`${GOOD};SSL Mode=${canary}`,
			`jdbc:postgresql://h/d?password=${canary}`,
			`https://u:${canary}@h`,
			`host=h dbname=d password=${canary}`,
			`${GOOD}\n${canary}`,
			`${canary}=${'x'.repeat(9000)}`,
		];
		for (const text of bad) {
			expect(problemText(text)).not.toBe('');
			expect(problemText(text).toLowerCase()).not.toContain(canary);
		}
	});
});

const METHODS: TlsKeyChoice[] = ['asIs', '0', '1', '6'];
const VALIDATIONS: CertificateKeyChoice[] = ['asIs', '0', '1'];
const ALL_TLS: TlsKeys[] = METHODS.flatMap((encryptionMethod) =>
	VALIDATIONS.map((validateServerCertificate) => ({ encryptionMethod, validateServerCertificate })),
);

describe('withTlsKeys', () => {
	it.each([
		['appends both', GOOD, '1', '1', `${GOOD};EncryptionMethod=1;ValidateServerCertificate=1`],
		['appends one', GOOD, '6', 'asIs', `${GOOD};EncryptionMethod=6`],
		['appends the other', GOOD, 'asIs', '0', `${GOOD};ValidateServerCertificate=0`],
		['appends after a semicolon', `${GOOD};`, '1', 'asIs', `${GOOD};EncryptionMethod=1`],
		[
			'appends after a semicolon and spaces',
			`${GOOD};  `,
			'1',
			'0',
			`${GOOD};  EncryptionMethod=1;ValidateServerCertificate=0`,
		],
		['replaces in place', `EncryptionMethod=0;${GOOD}`, '1', 'asIs', `EncryptionMethod=1;${GOOD}`],
		[
			'keeps case, spaces and the semicolon at the end',
			`${GOOD}; ENCRYPTIONMETHOD = 0 ;`,
			'6',
			'asIs',
			`${GOOD}; ENCRYPTIONMETHOD = 6 ;`,
		],
		[
			'replaces a quoted value with its quotes',
			`EncryptionMethod="0";${GOOD}`,
			'1',
			'asIs',
			`EncryptionMethod=1;${GOOD}`,
		],
		[
			'fills in an empty value',
			`EncryptionMethod=;${GOOD}`,
			'1',
			'asIs',
			`EncryptionMethod=1;${GOOD}`,
		],
		[
			'replaces one and appends the other',
			`ValidateServerCertificate=1;${GOOD}`,
			'1',
			'0',
			`ValidateServerCertificate=0;${GOOD};EncryptionMethod=1`,
		],
		[
			'replaces each where a key stands twice',
			`EncryptionMethod=0;${GOOD};encryptionmethod={0}`,
			'1',
			'asIs',
			`EncryptionMethod=1;${GOOD};encryptionmethod=1`,
		],
		[
			'does not touch a key inside a quoted password',
			'Password="x;EncryptionMethod=0";UID=u',
			'1',
			'asIs',
			'Password="x;EncryptionMethod=0";UID=u;EncryptionMethod=1',
		],
		[
			'does not take a semicolon inside quotes for one at the end',
			'UID=u;Password=";"',
			'1',
			'asIs',
			'UID=u;Password=";";EncryptionMethod=1',
		],
	])('%s', (_label, text, method, validation, expected) => {
		const tls = {
			encryptionMethod: method as TlsKeyChoice,
			validateServerCertificate: validation as CertificateKeyChoice,
		};
		expect(withTlsKeys(text, tls)).toBe(expected);
	});

	const TEXTS = [
		GOOD,
		`${GOOD};`,
		` ${GOOD.replaceAll(';', ' ; ')} ;; `,
		`EncryptionMethod=0;${GOOD};ValidateServerCertificate="1" ;`,
		`validateservercertificate=0;;Password='a;''EncryptionMethod=9';encryptionMethod= 6`,
		...HOSTILE_PASSWORDS.map(([, password]) => built({ password, encryptionMethod: '0' })),
	];

	describe.each(ALL_TLS)(
		'with encryption $encryptionMethod and validation $validateServerCertificate',
		(tls) => {
			it('leaves every other part as it is, byte for byte', () => {
				const others = (text: string) =>
					partsOf(text)
						.filter(({ canonical }) => !/^(Encryption|Validate)/.test(canonical ?? ''))
						.map(({ raw }) => raw);
				for (const text of TEXTS) expect(others(withTlsKeys(text, tls))).toEqual(others(text));
			});

			it('sets what was asked for and keeps what was not', () => {
				for (const text of TEXTS) {
					const after = withTlsKeys(text, tls);
					expect(valueIn(after, 'EncryptionMethod')).toBe(
						tls.encryptionMethod === 'asIs'
							? valueIn(text, 'EncryptionMethod')
							: tls.encryptionMethod,
					);
					expect(valueIn(after, 'ValidateServerCertificate')).toBe(
						tls.validateServerCertificate === 'asIs'
							? valueIn(text, 'ValidateServerCertificate')
							: tls.validateServerCertificate,
					);
				}
			});

			it('changes nothing the second time', () => {
				for (const text of TEXTS) {
					const once = withTlsKeys(text, tls);
					expect(withTlsKeys(once, tls)).toBe(once);
				}
			});
		},
	);

	it('gives back the very text when both are as is', () => {
		for (const text of [...TEXTS, '', 'nonsense', '\n']) {
			expect(
				withTlsKeys(text, { encryptionMethod: 'asIs', validateServerCertificate: 'asIs' }),
			).toBe(text);
		}
	});

	it.each(['', 'nonsense', 'Server=db;Password="x', 'postgres://u:p@h', `${GOOD}\nx`])(
		'gives back unchanged what cannot be read: %j',
		(text) => {
			const tls: TlsKeys = { encryptionMethod: '1', validateServerCertificate: '1' };
			expect(withTlsKeys(text, tls)).toBe(text);
			expect(detailsProblem(withTlsKeys(text, tls))).toBeDefined();
		},
	);

	it.each([
		['a number', 1, 'EncryptionMethod=1'],
		['nothing', undefined, undefined],
		['null', null, undefined],
	])('takes %s from an expression', (_label, value, added) => {
		const tls = {
			encryptionMethod: value,
			validateServerCertificate: 'asIs',
		} as unknown as TlsKeys;
		expect(withTlsKeys(GOOD, tls)).toBe(added === undefined ? GOOD : `${GOOD};${added}`);
	});

	it.each([
		['an unknown number', 'encryptionMethod', 2],
		['a yes or no', 'encryptionMethod', true],
		['an empty text', 'encryptionMethod', ''],
		['more parts', 'encryptionMethod', '1;Password=kanarienvogel'],
		['an object', 'encryptionMethod', {}],
		['a value of the other key', 'validateServerCertificate', '6'],
		['more parts', 'validateServerCertificate', '1;Password=kanarienvogel'],
	])('refuses %s as %s', (_label, field, value) => {
		const tls = {
			encryptionMethod: 'asIs',
			validateServerCertificate: 'asIs',
			[field]: value,
		} as TlsKeys;
		expect(() => withTlsKeys(GOOD, tls)).toThrow(RangeError);
		expect(() => withTlsKeys(GOOD, tls)).not.toThrow(/kanarienvogel/);
		expect(tlsKeysProblem(tls)?.field).toBe(field);
	});

	it('has no objection to any of the documented choices', () => {
		for (const tls of ALL_TLS) expect(tlsKeysProblem(tls)).toBeUndefined();
	});
});

describe('buildConnectionString', () => {
	it("keeps the order of Adobe's tutorial and leaves out the TLS keys", () => {
		expect(buildConnectionString(FIELDS)).toEqual({
			ok: true,
			connectionString: GOOD,
			quoted: [],
		});
	});

	it.each(ALL_TLS)(
		'adds encryption $encryptionMethod and validation $validateServerCertificate at the end',
		(tls) => {
			expect(built(tls)).toBe(withTlsKeys(GOOD, tls));
		},
	);

	it('does not depend on the order of the fields, and trims the server and the port', () => {
		expect(built({ password: 'secret', port: ' 05432 ', server: ' db.example.com ' })).toBe(GOOD);
	});

	it.each(HOSTILE_PASSWORDS)('gives back %s as password, user and database', (_label, password) => {
		const text = built({ password });
		expect(valueIn(text, 'Password')).toBe(password);
		expect(partsOf(text)).toHaveLength(5);
		expect(detailsProblem(text)).toBeUndefined();
		if (password.trim() === '') return;
		const everywhere = built({ password, username: password, database: password });
		expect(partsOf(everywhere).map(({ value }) => value)).toEqual([
			'db.example.com',
			password,
			'5432',
			password,
			password,
		]);
		expect(detailsProblem(everywhere)).toBeUndefined();
	});

	it.each([
		['plainly where nothing is special', 'abc', 'abc', false],
		['plainly with an equals sign', 'a=b', 'a=b', false],
		['plainly with quotes in the middle', `a"b'c`, `a"b'c`, false],
		['plainly with braces in the middle', 'a{b}c', 'a{b}c', false],
		['plainly with a space in the middle', 'a b', 'a b', false],
		['in double quotes with a semicolon', 'a;b', '"a;b"', true],
		['in single quotes when it holds double ones', 'a;"b', `'a;"b'`, true],
		['with doubled quotes when it holds both', `a;'"b`, `"a;'""b"`, true],
		['in quotes when it begins with a brace', '{a', '"{a"', true],
		['in quotes with a space in front', ' a', '" a"', true],
		['in quotes with a space at the end', 'a ', '"a "', true],
	])('writes a password %s', (_label, password, written, quoted) => {
		expect(buildConnectionString({ ...FIELDS, password })).toEqual({
			ok: true,
			connectionString: `Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=${written}`,
			quoted: quoted ? ['password'] : [],
		});
	});

	it('names every field it had to quote', () => {
		const result = buildConnectionString({
			...FIELDS,
			database: 'a;b',
			username: ' u',
			password: "'",
		});
		expect(result).toMatchObject({ ok: true, quoted: ['database', 'username', 'password'] });
	});

	it.each([
		['the server is empty', 'server', ''],
		['the server brings its own parts', 'server', 'db;Password=x'],
		['the server is a URL', 'server', 'postgres://db'],
		['the port is 0', 'port', 0],
		['the port is missing', 'port', undefined],
		['the database is blank', 'database', ' '],
		['the database holds a line break', 'database', 'a\nb'],
		['the user is missing', 'username', undefined],
		['the user is a number', 'username', 7],
		['the password is empty', 'password', ''],
		['the password holds a line break', 'password', 'a\n'],
		['the password is an object', 'password', {}],
		['the password is far too long', 'password', 'x'.repeat(5000)],
		['the quotes make the text too long', 'password', `${`"'`.repeat(2000)};`],
		['the encryption method is unknown', 'encryptionMethod', '2'],
		['the validation is unknown', 'validateServerCertificate', 'yes'],
	])('refuses when %s', (label, field, value) => {
		const big = label.startsWith('the quotes') ? 'd'.repeat(4000) : 'sales';
		const result = buildConnectionString({ ...FIELDS, database: big, [field]: value } as never);
		expect(result).toMatchObject({
			ok: false,
			problem: { field, message: expect.any(String), hint: expect.any(String) },
		});
	});

	it.each(NOT_TEXT)('does not throw when it is given %s', (_label, value) => {
		expect(buildConnectionString(value as never)).toMatchObject({ ok: false });
	});
});

describe('connectionStringSecrets', () => {
	it.each([
		['a plain password', 'Server=s;Password=hunter22', ['hunter22']],
		['a password under another name', 'Server=s;PWD = hunter22 ;UID=u', ['hunter22']],
		['a quoted password, both ways', `Password='it''s';Server=s`, ["it's", `'it''s'`]],
		['a password in braces, both ways', 'Password={a;b}', ['a;b', '{a;b}']],
		['two passwords', 'Password=first1;PWD=second2', ['first1', 'second2']],
		['an encoded password in a URL', 'postgres://u:p%40ss@h/d', ['p%40ss', 'p@ss']],
		['a password with @ and / in a URL', 'postgres://u:p@s/s#1@h/d', ['p@s/s#1']],
		[
			'a password in a JDBC URL',
			'jdbc:postgresql://h/d?user=u&password=hunter22&x=y',
			['hunter22'],
		],
		["a password in PostgreSQL's own form", 'host=h password=hunter22 dbname=d', ['hunter22']],
		[
			"a quoted one in PostgreSQL's own form",
			"host=h password='hunter 22' dbname=d",
			['hunter 22'],
		],
		['a password that is never closed', 'Server=s;Password="hunter22', ['"hunter22']],
		['a password with text after the quote', 'Server=s;Password="hun"ter22;UID=u', ['"hun"ter22']],
		['a password cut by its semicolon', 'Server=s;Password=hun;ter22;UID=u', ['hun;ter22']],
		[
			'a password before a semicolon, its quote never closed',
			'Server=s;Password="hunter22;UID=u',
			['hunter22', '"hunter22', '"hunter22;UID=u'],
		],
		[
			'a password before a semicolon and a blank, its quote never closed',
			'Server=s;Password="hunter22 ;UID=u',
			['hunter22', '"hunter22'],
		],
		['a password before a part that is none', 'Password=hunter22 ;Database', ['hunter22']],
		['a password in the wrong field with blanks around it', ' hunter22 ', ['hunter22']],
		['a password in place of a host in a URL', 'https://hunter22/', ['https://hunter22/']],
		['a password in the wrong field', 'hunter22', ['hunter22']],
		['a password with a line break', 'Server=s;Password=hunter22\n', ['hunter22']],
	])('finds %s', (_label, text, expected) => {
		expect(connectionStringSecrets(text)).toEqual(expect.arrayContaining(expected));
	});

	it('finds nothing else in a string that can be read', () => {
		expect(connectionStringSecrets(GOOD)).toEqual(['secret']);
		expect(connectionStringSecrets('Server=s;UID=u')).toEqual([]);
		expect(connectionStringSecrets('Server=s;Password="  "')).toEqual(['"  "']);
		expect(connectionStringSecrets('Server=s;Password=;UID=u')).toEqual([]);
	});

	it.each(HOSTILE_PASSWORDS)('finds %s in what was built with it', (_label, password) => {
		const secrets = connectionStringSecrets(built({ password }));
		if (password.trim() === '') return;
		expect(secrets).toContain(password);
	});
});

describe('a megabyte', () => {
	it.each(MEGABYTES)('of %s is dealt with at once', (_label, text) => {
		const started = performance.now();
		for (const long of [text, `Password="${text}`, `Server=s;Password=${text};UID=u`]) {
			parseConnectionString(long);
			detailsProblem(long);
			connectionStringSecrets(long);
			withTlsKeys(long, { encryptionMethod: '1', validateServerCertificate: '1' });
		}
		expect(performance.now() - started).toBeLessThan(3000);
	});
});
