import { toBasicFields, toConnectionString } from '../../nodes/postgresql/convertDetails.ts';
import { readDetails } from '../../nodes/postgresql/pastedDetails.ts';
import { isPlaceholder } from '../../nodes/postgresql/placeholders.ts';
import { reachOf } from '../../nodes/postgresql/serverReach.ts';

const AS_IS = { encryptionMethod: 'asIs', validateServerCertificate: 'asIs' } as const;

function stringOf(text: string): string {
	const read = readDetails(text);
	if (!read.ok) return `${read.problem.message} ${read.problem.hint}`;
	const converted = toConnectionString(read.details, AS_IS);
	return converted.ok
		? converted.connectionString
		: `${converted.problem.message} ${converted.problem.hint}`;
}

function basicOf(text: string): string {
	const read = readDetails(text);
	if (!read.ok) return `${read.problem.message} ${read.problem.hint}`;
	const converted = toBasicFields(read.details);
	if (!converted.ok) return `${converted.problem.message} ${converted.problem.hint}`;
	const { server, port, database, username, password, sslMode } = converted.fields;
	return [server, port, database, username, password, sslMode].join(' | ');
}

const H = 'Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=s3cret';
const REQUIRE = ';EncryptionMethod=1;ValidateServerCertificate=0';
const VERIFY = ';EncryptionMethod=1;ValidateServerCertificate=1';
const PREFER = ';EncryptionMethod=6;ValidateServerCertificate=0';
const withPassword = (password: string) => H.replace('s3cret', () => password);

describe('Pasted details become a connection string of Adobe', () => {
	it.each([
		// URLs
		['a URL', 'postgresql://aep:s3cret@db.example.com:5432/sales', H],
		['a URL of the short scheme', 'postgres://aep:s3cret@db.example.com:5432/sales', H],
		['a URL in capitals', 'POSTGRESQL://aep:s3cret@db.example.com/sales', H],
		['a URL without a port', 'postgresql://aep:s3cret@db.example.com/sales', H],
		['a URL of SQLAlchemy', 'postgresql+psycopg2://aep:s3cret@db.example.com/sales', H],
		[
			'a URL of asyncpg',
			'postgresql+asyncpg://aep:s3cret@db.example.com/sales?ssl=require',
			H + REQUIRE,
		],
		['a URL of Django', 'postgis://aep:s3cret@db.example.com/sales', H],
		[
			'a URL that demands TLS',
			'postgresql://aep:s3cret@db.example.com/sales?sslmode=require',
			H + REQUIRE,
		],
		['a URL with ssl=true', 'postgres://aep:s3cret@db.example.com/sales?ssl=true', H + REQUIRE],
		[
			'a URL without TLS',
			'postgres://aep:s3cret@db.example.com/sales?sslmode=disable',
			`${H};EncryptionMethod=0`,
		],
		[
			'a URL with TLS on request',
			'postgres://aep:s3cret@db.example.com/sales?sslmode=prefer',
			H + PREFER,
		],
		[
			'a URL that checks the certificate',
			'postgres://aep:s3cret@db.example.com/sales?sslmode=verify-ca',
			H + VERIFY,
		],
		[
			'a URL with all in the query',
			'postgresql:///sales?host=db.example.com&user=aep&password=s3cret',
			H,
		],
		[
			'a URL with settings of no consequence',
			'postgresql://aep:s3cret@db.example.com/sales?connect_timeout=10&application_name=x&pgbouncer=true',
			H,
		],
		[
			'a URL with an encoded password',
			'postgresql://aep:p%40s%3As%2F%23%25%3F@db.example.com/sales',
			withPassword('p@s:s/#%?'),
		],
		[
			'a URL with an encoded semicolon',
			'postgresql://aep:a%3Bb@db.example.com/sales',
			withPassword('"a;b"'),
		],
		[
			'a URL with a plus in the password',
			'postgresql://aep:a+b@db.example.com/sales',
			withPassword('a+b'),
		],
		[
			'a URL with a raw at sign in the password',
			'postgresql://aep:p@ss@db.example.com/sales',
			withPassword('p@ss'),
		],
		[
			'a URL with a raw colon in the password',
			'postgresql://aep:p:ss@db.example.com/sales',
			withPassword('p:ss'),
		],
		[
			'a URL with a raw slash in the password',
			'postgresql://aep:p/ss@db.example.com/sales',
			withPassword('p/ss'),
		],
		[
			'a URL with a raw hash in the password',
			'postgresql://aep:p#ss@db.example.com/sales',
			withPassword('p#ss'),
		],
		[
			'a URL with a raw question mark in the password',
			'postgresql://aep:p?ss@db.example.com/sales',
			withPassword('p?ss'),
		],
		[
			'a URL with an at sign in the user of the query',
			'postgresql://db.example.com/sales?user=aep@server&password=s3cret',
			H.replace('aep', 'aep@server'),
		],
		[
			'a URL with an encoded user',
			'postgresql://aep%40server:s3cret@db.example.com/sales',
			H.replace('aep', 'aep@server'),
		],
		[
			'a URL with an address in IPv6',
			'postgresql://aep:s3cret@[2001:db8::7]:5433/sales',
			'Server=2001:db8::7;Database=sales;Port=5433;UID=aep;Password=s3cret',
		],
		['a URL in quotes', '"postgresql://aep:s3cret@db.example.com/sales"', H],
		['a line of a settings file', 'DATABASE_URL="postgresql://aep:s3cret@db.example.com/sales"', H],
		['a line of a shell', 'export DATABASE_URL=postgresql://aep:s3cret@db.example.com/sales', H],
		['a line break at the end', 'postgresql://aep:s3cret@db.example.com/sales\n', H],
		// JDBC
		['a JDBC URL', 'jdbc:postgresql://db.example.com:5432/sales?user=aep&password=s3cret', H],
		[
			'a JDBC URL with TLS',
			'jdbc:postgresql://db.example.com/sales?user=aep&password=s3cret&sslmode=require',
			H + REQUIRE,
		],
		[
			'a JDBC URL with TLS and any certificate',
			'jdbc:postgresql://db.example.com/sales?user=aep&password=s3cret&ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory',
			H + REQUIRE,
		],
		[
			'a JDBC URL with an encoded password',
			'jdbc:postgresql://db.example.com/sales?user=aep&password=a%26b',
			withPassword('a&b'),
		],
		// libpq
		["libpq's form", 'host=db.example.com port=5432 dbname=sales user=aep password=s3cret', H],
		[
			"libpq's form with quotes",
			"host='db.example.com' dbname = 'sales' user=aep password='it\\'s; \\\\ x'",
			withPassword('"it\'s; \\ x"'),
		],
		[
			"libpq's form with TLS",
			'host=db.example.com dbname=sales user=aep password=s3cret sslmode=require',
			H + REQUIRE,
		],
		[
			"libpq's form, user first, with a semicolon",
			"user=aep password='a;b' host=db.example.com dbname=sales",
			withPassword('"a;b"'),
		],
		// psql
		[
			'a psql command with a URL',
			"psql 'postgresql://aep:s3cret@db.example.com/sales?sslmode=require'",
			H + REQUIRE,
		],
		[
			'a psql command with a URL in double quotes',
			'psql "postgresql://aep:s3cret@db.example.com/sales"',
			H,
		],
		['a psql command with a bare URL', 'psql postgresql://aep:s3cret@db.example.com/sales', H],
		[
			"a psql command with libpq's form",
			'psql "host=db.example.com port=5432 dbname=sales user=aep password=s3cret sslmode=require"',
			H + REQUIRE,
		],
		[
			'a psql command with flags',
			'PGPASSWORD=s3cret psql -h db.example.com -p 5432 -U aep -d sales',
			H,
		],
		['a psql command with glued flags', "PGPASSWORD='s3cret' psql -hdb.example.com -Uaep sales", H],
		[
			'a psql command with long flags',
			'PGPASSWORD=s3cret psql --host=db.example.com --port 5432 --username=aep --dbname=sales',
			H,
		],
		[
			'a psql command with the rest',
			'PGPASSWORD=s3cret PGSSLMODE=require psql -X -h db.example.com -U aep -c "select 1" sales',
			H + REQUIRE,
		],
		[
			'a psql command after export',
			'export PGPASSWORD=s3cret; psql -h db.example.com -U aep sales',
			H,
		],
		['a psql command after &&', 'set PGPASSWORD=s3cret&& psql -h db.example.com -U aep sales', H],
		[
			'a psql command behind a prompt',
			'$ PGPASSWORD=s3cret /usr/bin/psql -h db.example.com -U aep sales',
			H,
		],
		[
			'a psql command over lines',
			'PGPASSWORD=s3cret psql \\\n  -h db.example.com \\\n  -U aep sales',
			H,
		],
		[
			'a psql command with a semicolon in the password',
			"PGPASSWORD='a;b$c' psql -h db.example.com -U aep sales",
			withPassword('"a;b$c"'),
		],
		[
			'the variables of libpq',
			'PGHOST=db.example.com PGUSER=aep PGPASSWORD=s3cret PGDATABASE=sales',
			H,
		],
		// ADO.NET, ODBC
		['the words of Npgsql', 'Host=db.example.com;Username=aep;Password=s3cret;Database=sales', H],
		[
			'the words of ADO.NET',
			'Data Source=db.example.com;Initial Catalog=sales;User Id=aep;Pwd=s3cret',
			H,
		],
		[
			'the words of ODBC',
			'Driver={PostgreSQL Unicode};Server=db.example.com;Port=5432;Database=sales;Uid=aep;Pwd={s3cret};sslmode=require',
			H + REQUIRE,
		],
		[
			'Npgsql with TLS',
			'Host=db.example.com;Database=sales;Username=aep;Password=s3cret;SSL Mode=Require;Trust Server Certificate=true',
			H + REQUIRE,
		],
		[
			'Npgsql with TLS in its other spelling',
			'Host=db.example.com;Database=sales;Username=aep;Password=s3cret;SslMode=VerifyCA',
			H + VERIFY,
		],
		[
			'Npgsql with pooling',
			'Host=db.example.com;Database=sales;Username=aep;Password=s3cret;Pooling=true;Maximum Pool Size=20;Timeout=15',
			H,
		],
		["PHP's PDO", 'pgsql:host=db.example.com;port=5432;dbname=sales;user=aep;password=s3cret', H],
		[
			"Adobe's own with another driver's TLS",
			`${H};SSL Mode=Require;Trust Server Certificate=true`,
			H + REQUIRE,
		],
		["Adobe's own as it is", ` ${H};EncryptionMethod=1 `, `${H};EncryptionMethod=1`],
		[
			"Adobe's own in another order, as it is",
			'password=p;uid=u;DATABASE=d;server=s',
			'password=p;uid=u;DATABASE=d;server=s',
		],
	])('from %s', (_case, text, expected) => {
		expect(stringOf(text)).toBe(expected);
	});
});

describe('Pasted details become single ones', () => {
	const all = (sslMode: string) => `db.example.com | 5432 | sales | aep | s3cret | ${sslMode}`;

	it.each([
		['no word about TLS', H, all('Prefer')],
		['encryption off', `${H};EncryptionMethod=0`, all('Disable')],
		['encryption on', `${H};EncryptionMethod=1`, all('Require')],
		['encryption on, any certificate', H + REQUIRE, all('Require')],
		['encryption on, certificate checked', H + VERIFY, all('Verify Ca')],
		['encryption on request', H + PREFER, all('Prefer')],
		[
			'verify-full',
			'postgresql://aep:s3cret@db.example.com/sales?sslmode=verify-full',
			all('Verify Full'),
		],
		['allow', 'postgresql://aep:s3cret@db.example.com/sales?sslmode=allow', all('Allow')],
		[
			'ssl=true of JDBC, which checks all',
			'jdbc:postgresql://db.example.com/sales?user=aep&password=s3cret&ssl=true',
			all('Verify Full'),
		],
		['a password with quotes', withPassword('"a;b"'), all('Prefer').replace('s3cret', 'a;b')],
	])('with %s', (_case, text, expected) => {
		expect(basicOf(text)).toBe(expected);
	});

	it.each([
		[
			'a certificate to be checked, with TLS on request',
			`${H};EncryptionMethod=6;ValidateServerCertificate=1`,
		],
		['a certificate to be checked, without a word about TLS', `${H};ValidateServerCertificate=1`],
	])('but not with %s', (_case, text) => {
		expect(basicOf(text)).toMatch(/EncryptionMethod.*can't be said as one SSL mode/);
	});
});

describe('Pasted details are refused', () => {
	const url = (query: string) => `postgresql://aep:s3cret@db.example.com/sales?${query}`;
	it.each([
		// TLS that can't be handed on
		[
			'sslmode=verify-full',
			url('sslmode=verify-full'),
			"can't be said in a connection string.*EncryptionMethod.*'SSL Encryption'",
		],
		[
			'sslmode=allow',
			url('sslmode=allow'),
			"can't be said in a connection string.*EncryptionMethod",
		],
		[
			'ssl=true of JDBC',
			'jdbc:postgresql://db.example.com/sales?user=aep&password=s3cret&ssl=true',
			'EncryptionMethod',
		],
		[
			'a certificate of the client',
			url('sslmode=require&sslcert=/a.crt'),
			"TLS setting sslcert.*EncryptionMethod.*'SSL Encryption'",
		],
		['a root certificate', url('sslmode=verify-ca&sslrootcert=/a.crt'), 'TLS setting sslrootcert'],
		[
			'channel binding',
			url('sslmode=require&channel_binding=require'),
			'TLS setting channel_binding',
		],
		['an unknown SSL mode', `${H};SSL Mode=Maybe`, 'TLS setting SSL Mode.*EncryptionMethod'],
		['Encrypt with an unknown value', `${H};Encrypt=strict`, 'TLS setting Encrypt'],
		['an SSL key', `${H};SSL Key=/k.pem`, 'TLS setting SSL Key.*EncryptionMethod'],
		[
			'Require and no trust',
			`${H};SSL Mode=Require;Trust Server Certificate=false`,
			'TLS setting Trust Server Certificate',
		],
		[
			'VerifyFull and trust',
			`${H};SSL Mode=VerifyFull;Trust Server Certificate=true`,
			'TLS setting Trust Server Certificate',
		],
		['ssl=true and sslmode=disable', url('ssl=true&sslmode=disable'), 'TLS setting SSL'],
		['two SSL modes', url('sslmode=require&sslmode=disable'), 'gives SSL Mode twice'],
		['both languages', `${H};EncryptionMethod=0;SSL Mode=Require`, 'TLS setting SSL Mode'],
		['a TLS setting that nobody knows', `SslFoo=1;${H}`, 'TLS setting in part 1.*EncryptionMethod'],
		// the semicolon
		[
			'a semicolon in the password',
			withPassword('ab;x=1'),
			'after Password.*most likely the password holds a semicolon.*double quotes',
		],
		[
			'a semicolon before other settings',
			'Host=h.io;Database=d;Username=u;Password=ab;x=1;Port=5432',
			'after Password.*semicolon',
		],
		['a semicolon and no equals sign', withPassword('ab;cd'), 'no equals sign.*semicolon'],
		[
			'an unknown key in front',
			`Größe=1;${H}`,
			'Part 1 of the connection string is a setting that is not known',
		],
		[
			'an unknown parameter of a URL',
			url('foo=1'),
			'Part 1 of the PostgreSQL URL is a setting that is not known',
		],
		// what Adobe can't do
		['options of Neon', url('options=endpoint%3Dep-1'), 'setting options.*host name alone'],
		[
			'Integrated Security',
			'Host=h.io;Database=d;Integrated Security=true;UID=u;Password=p',
			'Integrated Security.*user name and a password',
		],
		['a DSN', 'DSN=sales;UID=u;PWD=p', 'setting DSN'],
		[
			'another database',
			'Driver={ODBC Driver 17 for SQL Server};Server=h.io;Database=d;UID=u;PWD=p',
			'Driver.*another database',
		],
		[
			'a JDBC URL of another database',
			'jdbc:mysql://h.io/d?user=u&password=p',
			'JDBC URL of another database',
		],
		['a URL of another database', 'mysql://u:p@h.io/d', 'is a URL'],
		// servers
		[
			'tcp: and a comma',
			'Data Source=tcp:h.io,1433;Initial Catalog=d;User ID=u;Password=p',
			'protocol in front, as SQL Server',
		],
		[
			'a port behind a comma',
			'Server=h.io,1433;Database=d;UID=u;Password=p',
			'port behind a comma',
		],
		['a port glued to the server', 'Server=h.io:5432;Database=d;UID=u;Password=p', 'port glued'],
		['a URL as server', 'Server=https://h.io;Database=d;UID=u;Password=p', 'server is a URL'],
		['a blank in the server', 'Server=h .io;Database=d;UID=u;Password=p', 'contains a blank'],
		['several hosts', 'Host=a.io,b.io;Database=d;Username=u;Password=p', 'several hosts'],
		['several hosts of a URL', 'postgresql://u:p@a.io:5432,b.io:5433/d', 'several hosts'],
		['several ports', 'host=a.io port=5432,5433 dbname=d user=u password=p', 'several ports'],
		[
			'host and hostaddr',
			'host=a.io hostaddr=1.2.3.4 dbname=d user=u password=p',
			'gives Server twice',
		],
		['a Unix socket', 'postgresql://u:p@/d?host=/var/run/postgresql', 'Unix socket'],
		['an encoded Unix socket', 'postgresql://u:p@%2Fvar%2Frun/d', 'Unix socket'],
		// what is missing
		['a URL without a password', 'postgresql://u@h.io/d', 'The PostgreSQL URL has no password\\.'],
		['a URL without a database', 'postgresql://u:p@h.io', 'has no database\\.'],
		['a URL without a user', 'postgresql://h.io/d', 'has no user name, no password\\.'],
		['a URL without a host', 'postgresql://u:p@/d', 'has no host name\\.'],
		[
			'a psql command without a password',
			'psql -h h.io -U u d',
			'The psql command has no password\\..*PGPASSWORD',
		],
		['a password from the shell', 'PGPASSWORD="$(cat pw)" psql -h h.io -U u d', 'from the shell'],
		[
			'a psql command with an open quote',
			"PGPASSWORD='x psql -h h.io -U u d",
			'quote is not closed',
		],
		['two databases', 'psql postgresql://u:p@h.io/d -d e', 'gives Database twice'],
		['a port of words', 'postgresql://u:p@h.io:five/d', 'Port in the PostgreSQL URL is not'],
		['a stray per cent sign', 'postgresql://u:100%@h.io/d', 'per cent sign'],
		[
			'an unclear end of the password',
			'postgresql://u:p@ss/w@h.io/d',
			'not clear where the password ends',
		],
		[
			'a password that could be a port',
			'postgresql://u:12/3@h.io/d',
			'not clear where the password ends',
		],
		['an unclear encoding', 'postgresql://u:p@s%40@h.io/d', 'not clear where the password ends'],
		['a line break in an encoded password', 'postgresql://u:p%0Ax@h.io/d', 'line break'],
	])('for %s', (_case, text, message) => {
		expect(stringOf(text)).toMatch(new RegExp(message));
	});

	it.each([
		['Password={your_password}', 'Password'],
		['Password={PASSWORD}', 'Password'],
		['Password=<password>', 'Password'],
		['Password=[YOUR-PASSWORD]', 'Password'],
		['Password=your_password_here', 'Password'],
		['Password=$PASSWORD', 'Password'],
		['Password=${DB_PASSWORD}', 'Password'],
		['Password=%s', 'Password'],
		['Password={{ $json.password }}', 'Password'],
		['Password=********', 'Password'],
		['Password=…', 'Password'],
		['Server={SERVER}', 'Server'],
		['Server={your_server}.postgres.database.azure.com', 'Server'],
		['UID=postgres.[YOUR-PROJECT-REF]', 'UID'],
		['Database=<database name>', 'Database'],
		['Port={PORT}', 'Port'],
	])('while %s is still the placeholder', (part, name) => {
		const [key = '', ...value] = part.split('=');
		const text = H.replace(new RegExp(`${key}=[^;]*`), () => `${key}=${value.join('=')}`);
		expect(stringOf(text)).toContain(`${name} is still the placeholder`);
	});

	it.each([
		'postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres',
		'postgresql://postgres:%5BYOUR-PASSWORD%5D@db.abc.supabase.co:5432/postgres',
		'PGPASSWORD="$PASSWORD" psql -h h.io -U u d',
		'jdbc:postgresql://h.io/d?user=u&password=<password>',
	])('while the password of %s is', (text) => {
		expect(stringOf(text)).toContain('Password is still the placeholder');
	});
});

describe('A real password', () => {
	it.each([
		...[
			'{pass}',
			'{secret}',
			'a{PASSWORD}',
			'<b>x</b>',
			'[a-z]',
			'$ecret',
			'$5.00',
			'100%',
			'%s!x',
		],
		...[
			'your_password1x',
			'password',
			'changeme',
			'x',
			'xxx',
			'**',
			'{a1B2}',
			'$2a$10$abc',
			'<3',
			'%%',
		],
		...['pass%word%', '{"a":1}', '${', '$PATH2secure', 'yourself', 'youre-right-here'],
	])('such as %s is no placeholder', (password) => {
		expect(isPlaceholder(password)).toBe(false);
	});
});

describe('Where a server leads', () => {
	it.each([
		...[
			'localhost',
			'LOCALHOST.',
			'db.localhost',
			'127.0.0.1',
			'127.1.2.3',
			'::1',
			'[::1]',
			'0.0.0.0',
		],
		...['::', '::ffff:127.0.0.1', 'host.docker.internal', 'gateway.docker.internal', '127.1'],
		...['host.containers.internal', '0:0:0:0:0:0:0:1', 'localhost.localdomain'],
	])('%s is this machine', (server) => {
		expect(reachOf(server)).toBe('thisMachine');
	});

	it.each([
		...['10.0.0.5', '172.16.0.1', '172.31.255.255', '192.168.1.2', '169.254.1.1', '100.64.0.1'],
		...[
			'fd00::1',
			'fe80::1%eth0',
			'::ffff:10.0.0.1',
			'postgres',
			'db.local',
			'db.railway.internal',
		],
		...['db.default.svc.cluster.local', 'db.default.svc'],
	])('%s is in a private network', (server) => {
		expect(reachOf(server)).toBe('privateNetwork');
	});

	it.each([
		...['db.example.com', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2001:db8::7'],
		...[
			'localhost.example.com',
			'internal.example.com',
			'127.example.com',
			'fd.example.com',
			'2600:1f18::1',
		],
	])('%s is reached by anybody', (server) => {
		expect(reachOf(server)).toBe('public');
	});
});
