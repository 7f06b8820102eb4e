import { adviceFor } from '../../nodes/adobe/errors/databaseErrors.ts';
import { runErrorAdvice } from '../../nodes/adobe/errors/runErrorAdvice.ts';

const GENERAL = adviceFor('');

describe('the advice by the words of', () => {
	it.each<[string, string, RegExp]>([
		[
			'Supavisor',
			'(ENOTFOUND) tenant/user postgres.abc not found',
			/postgres\.<project reference>/,
		],
		[
			'Supabase, paused',
			'FATAL: Tenant or user not found',
			/postgres\.<project reference>.*paused/,
		],
		['Supabase, full', 'MaxClientsInSessionMode: max clients reached', /no connection left/],
		['Supabase, IPv6', 'connect ENETUNREACH 2600:1f18:2e13::1:5432 - Local (:::0)', /IPv4/],
		['Java, IPv6', 'java.net.SocketException: Network is unreachable: 2a05:d018::1', /IPv4/],
		[
			'Neon, no SNI',
			'ERROR: Endpoint ID is not specified. Either please upgrade the postgres client library (libpq) for SNI support',
			/SNI.*endpoint=/,
		],
		[
			'Neon, disabled',
			'ERROR: The endpoint has been disabled. Enable it using Neon API and retry.',
			/paused, disabled/,
		],
		['Neon, quota', 'Your account or project has exceeded the compute time quota.', /quota/],
		['Neon, plain', 'connection is insecure (try using `sslmode=require`)', /'Require'/],
		['Neon, unknown', 'ERROR: The requested endpoint could not be found', /endpoint or branch/],
		[
			'JDBC, SCRAM',
			'The authentication type 10 is not supported. Check that you have configured the pg_hba.conf file',
			/SCRAM/,
		],
		['libpq, SCRAM', 'SCRAM authentication requires libpq version 10 or above', /SCRAM/],
		['ODBC, SCRAM', 'authentication method 10 not supported', /SCRAM/],
		[
			'Npgsql, password',
			'28P01: password authentication failed for user "aep"',
			/'Username' and 'Password'/,
		],
		['libpq, no password', 'fe_sendauth: no password supplied', /'Password'/],
		['RDS, IAM', 'PAM authentication failed for user "aep"', /token or directory/],
		[
			'Azure, single server',
			'Invalid Username specified. Please check the Username and retry connection. The Username should be in <username@hostname> format.',
			/user@servername/,
		],
		[
			'Azure, plain',
			'SSL connection is required. Please specify SSL options and retry.',
			/'Require'/,
		],
		[
			'RDS, plain',
			'no pg_hba.conf entry for host "1.2.3.4", user "aep", database "d", no encryption',
			/without TLS.*pg_hba/,
		],
		[
			'RDS, from elsewhere',
			'no pg_hba.conf entry for host "1.2.3.4", user "aep", database "d", SSL encryption',
			/pg_hba/,
		],
		[
			'Azure, firewall',
			'Client with IP address 1.2.3.4 is not allowed to connect to this PostgreSQL server.',
			/allow list/,
		],
		['pgbouncer, database', 'no such database: sales', /pgbouncer.*'Database'/],
		[
			'pgbouncer, parameter',
			'unsupported startup parameter: extra_float_digits',
			/ignore_startup_parameters/,
		],
		['pgbouncer, full', 'query_wait_timeout', /no connection left/],
		[
			'the server, full',
			'FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute',
			/no connection left/,
		],
		['the server, role full', 'too many connections for role "aep"', /no connection left/],
		['the server, database', 'FATAL: database "nope" does not exist', /'Database'/],
		['the server, role', 'FATAL: role "nope" does not exist', /'Username'/],
		['the server, right', 'permission denied for database "sales"', /right to connect/],
		['the server, schema', 'ERROR: permission denied for schema crm', /GRANT USAGE/],
		['the server, table', '42501: permission denied for table orders', /GRANT USAGE.*SELECT/],
		[
			'the server, time',
			'ERROR: canceling statement due to statement timeout',
			/statement_timeout/,
		],
		[
			'the server, gone table',
			'ERROR: relation "public.orders" does not exist',
			/table or a column/,
		],
		['the server, starting', 'FATAL: the database system is starting up', /few minutes/],
		['a standby', 'canceling statement due to conflict with recovery', /./],
		[
			'Node, host name',
			"Hostname/IP does not match certificate's altnames: Host: db. is not in the cert's altnames",
			/host name/,
		],
		[
			'Java, certificate',
			'PKIX path building failed: unable to find valid certification path to requested target',
			/does not trust/,
		],
		[
			'.NET, certificate',
			'The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot',
			/does not trust/,
		],
		['an expired certificate', 'certificate has expired', /renew it/],
		['libpq, no TLS', 'server does not support SSL, but SSL was required', /./],
		['ODBC, no TLS', 'The server does not support SSL connections', /offers no TLS/],
		['a TLS alert', 'SSL error: tlsv1 alert protocol version', /TLS 1\.2/],
		[
			'libpq, host',
			'could not translate host name "db.x" to address: Name or service not known',
			/no such host/,
		],
		['.NET, host', 'System.Net.Sockets.SocketException: No such host is known.', /no such host/],
		[
			'JDBC, refused',
			'Connection to db.example.com:5432 refused. Check that the hostname and port are correct',
			/'Server' and 'Port'/,
		],
		['Npgsql, time', 'Exception while connecting: The operation has timed out', /firewall/],
		[
			'JDBC, time',
			'The connection attempt failed. java.net.SocketTimeoutException: connect timed out',
			/firewall/,
		],
		[
			'Windows, time',
			'A connection attempt failed because the connected party did not properly respond after a period of time',
			/firewall/,
		],
		['localhost', 'connect ECONNREFUSED 127.0.0.1:5432 (refused)', /Adobe, not n8n/],
		['localhost by name', 'Connection to localhost:5432 refused.', /Adobe, not n8n/],
	])('%s', (_case, reason, advice) => {
		expect(adviceFor(reason)).not.toBe(GENERAL);
		expect(adviceFor(reason)).toMatch(advice);
	});

	it.each([
		['trust-db.example.com', /no such host/],
		['certificate.example.com', /no such host/],
		['no-encryption-db', /no such host/],
		['ssl-required.example.com', /no such host/],
		['password.example.com', /no such host/],
	])('the server, whatever its name is: %s', (name, advice) => {
		expect(adviceFor(`getaddrinfo ENOTFOUND ${name}`)).toMatch(advice);
		expect(adviceFor(`The host name ${name} cannot be resolved.`)).toMatch(advice);
	});

	it.each(['timeout', 'certificate', 'SCRAM', 'too many connections', 'tenant or user not found'])(
		'the database or user, whatever its name is: %s',
		(name) => {
			expect(adviceFor(`database "${name}" does not exist`)).toContain("'Database'");
			expect(adviceFor(`password authentication failed for user "${name}"`)).toContain(
				"'Password'",
			);
			expect(adviceFor(`nothing about '${name}' here`)).toBe(GENERAL);
		},
	);
});

describe('the advice for a run that failed', () => {
	it.each<[string | undefined, string, RegExp]>([
		[
			'DCVS-1106-400',
			'The message cannot be validated: required key [a] not found',
			/required field/,
		],
		['DCVS-1101-400', 'expected type: String, found: Null', /dataset's schema/],
		['DCVS-1104-400', 'something new', /dataset's schema/],
		[
			'INGEST-1555-400',
			'A required field is either missing or has a value of null.',
			/required field/,
		],
		['INGEST-1401-400', 'The row has corrupted data', /control characters/],
		['INGEST-1212-400', 'Encountered 5 errors in the data.', /Error Diagnostics/],
		['INGEST-9999-400', 'new', /Run: Retry/],
		['MAPPER-3700-400', 'Mapper Transform Error', /mapping/],
		[
			'MAPPER-3700-400',
			'NaN cannot be converted to double',
			/no NaN.*Partial Ingestion.*calculation.*type/,
		],
		['DCVS-1101-400', 'Infinity is no valid number', /no NaN and no infinity/],
		[
			'DCVS-1101-400',
			'value 9223372036854775808 out of range',
			/beyond what the field's type holds/,
		],
		['FLOW-1100-400', 'Not entitled', /no right to this source/],
		['CONNECTOR-1001-500', 'Error occurred while copying data from source', /Connection: Test/],
		['2200', 'permission denied for table orders', /GRANT USAGE/],
		[undefined, 'password authentication failed for user "u"', /'Password'/],
	])('by %s, "%s"', (code, message, advice) => {
		expect(runErrorAdvice({ code, message })).toMatch(advice);
	});
});
