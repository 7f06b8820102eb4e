/** What a database, its driver or a pooler says when somebody is not let in, and what to do about it. */
export interface DatabaseWords {
	/** Matched without the names in the text, so that no name can trigger it. */
	words: RegExp;
	advice: string;
}

const ADDRESSES = 'Adobe\'s addresses (Adobe lists them by region under "IP address allow list")';

const REQUIRE_TLS = "choose 'Require' as 'SSL Mode' (EncryptionMethod 1 in a connection string)";

const REACH = `Check 'Server' and 'Port' of the database details, and that the firewall in front of the database lets ${ADDRESSES} in.`;

const CREDENTIALS =
	"Check 'Username' and 'Password' (UID and Password in a connection string) of the database details.";

/** From the particular to the general: the first that fits is given. */
export const DATABASE_WORDS: readonly DatabaseWords[] = [
	// Poolers and hosted databases, whose words hold general ones as well.
	{
		words: /tenant\/user .*not found|tenant or user not found|no tenant identifier|invalid tenant/i,
		advice:
			"The pooler (Supabase) does not know this user: 'Username' must be postgres.<project reference>, 'Server' the pooler's host of the project's own region. If the project is paused, restore it in Supabase's dashboard.",
	},
	{
		words:
			/endpoint id is not specified|inconsistent project name|sni (?:is )?(?:not|missing)|does not support sni/i,
		advice:
			"Neon finds the database by the host name in the TLS session (SNI), which this driver does not send, or only with TLS: choose 'Require' as 'SSL Mode' and the full host name in 'Server'. If that fails, give Neon's endpoint ID in 'Password' as endpoint=<endpoint ID>;<password>, with Basic authentication.",
	},
	{
		words:
			/endpoint (?:is|has been) (?:disabled|suspended)|could ?n.t (?:wake|start) (?:up )?(?:the )?(?:compute|endpoint)|compute .*(?:suspended|disabled|not allowed)|project .*paused|(?:database|cluster|instance|server|branch) is (?:paused|stopped|suspended|hibernated|not (?:active|running))|compute time quota|exceeded the .*quota|data transfer quota/i,
		advice:
			'The hosted database is paused, disabled or over its quota: start it again, or raise the quota, at its provider.',
	},
	{
		words:
			/endpoint .*(?:not be found|not found|does not exist)|requested endpoint|branch .*not found/i,
		advice:
			"The provider knows no such endpoint or branch: check 'Server' of the database details; it changes when a branch or project is created again.",
	},
	{
		words:
			/invalid username specified|username should be in .*format|username.*@hostname|server name (?:is )?(?:not|missing).*username|username must be in the form/i,
		advice:
			"Azure's single server wants 'Username' as user@servername; the flexible server the user alone.",
	},
	{
		words:
			/no such (?:database|user): |no such user|bouncer config error|pgbouncer cannot connect|server_login_retry|server login has been failing/i,
		advice:
			"The pooler (pgbouncer) does not know this database or user, or can't reach the database behind it: check 'Database' and 'Username' against its configuration, or enter the host and port of the database itself.",
	},
	{
		words:
			/unsupported startup parameter|unrecognized configuration parameter|parameter .*cannot be changed/i,
		advice:
			"The pooler does not take a setting that Adobe's driver sends: add it to pgbouncer's ignore_startup_parameters, or enter the host and port of the database itself.",
	},
	{
		words:
			/query_wait_timeout|max_?client_?conn|max clients reached|maxclientsinsessionmode|pool_size|no more connections allowed|remaining connection slots|too many (?:connections|clients)|53300|connection limit exceeded|reserved for (?:roles|non-replication|superuser|replication)/i,
		advice:
			'The server has no connection left: raise max_connections (at a pooler its limits, for a role its CONNECTION LIMIT), or try again later.',
	},
	{
		words:
			/pam authentication failed|iam authentication|auth token|ldap authentication failed|gss(?:api)? authentication failed|azure ad|entra/i,
		advice:
			'The server wants this user to log in by a token or directory (IAM, Entra ID, LDAP, PAM), which Adobe cannot do: use a user of the database itself with a password.',
	},
	{
		words:
			/authentication type (?:10|scram)|scram|sasl|authentication method (?:10|not supported|requested by the server)|unsupported (?:or invalid )?authentication (?:method|type)|channel binding/i,
		advice:
			"Adobe's driver can't do the way of authentication that the server asks for (SCRAM): let this user log in by md5 (password_encryption = md5, a new ALTER ROLE … PASSWORD, md5 in pg_hba.conf), or choose the other 'Authentication' in the node, which has another driver.",
	},
	{
		words:
			/authentication (?:type|method) .*(?:not supported|unsupported)|no supported authentication|password (?:is )?(?:required|missing)|empty password|no password supplied|fe_sendauth/i,
		advice:
			"The server and Adobe's driver have no way of authentication in common, or there is no password: check 'Password', and let this user log in by password (scram-sha-256 or md5 in pg_hba.conf).",
	},
	{
		// As PostgreSQL sends it with the code 28000, and up to version 13 with "SSL off" behind.
		words:
			/pg_hba.*(?:no encryption|ssl off)|without (?:ssl|tls|encryption)|no encryption|(?:ssl|tls)(?: connection| encryption)? (?:is )?(?:required|mandatory)|requires? (?:an? )?(?:ssl|tls|secure|encrypt)|insecure (?:transport|connection)|connection is insecure|(?:only|must) .*(?:ssl|tls|secure connection)|force_ssl|require_secure_transport/i,
		advice: `The server does not let this user in without TLS, or not from there at all: ${REQUIRE_TLS}; or its pg_hba.conf must let ${ADDRESSES} in.`,
	},
	{
		words:
			/pg_hba|not let user .* in|client (?:with ip|address) .*not allowed|not allowed to (?:access|connect)|address not in tenant|\bip(?: address)? \S* ?(?:is |was )?(?:not allowed|blocked|restricted)|network restrictions?/i,
		advice: `The server does not let this user in from Adobe's address: its pg_hba.conf, allow list or firewall must let ${ADDRESSES} in. It may also insist on TLS: ${REQUIRE_TLS}.`,
	},
	{
		words:
			/password authentication failed|28P01|28000(?!\d)|invalid (?:password|authorization)|authentication failed|(?:role|user) \S* ?(?:does not exist|is not permitted|not found|unknown)|not permitted to log ?in|login failed|access denied for user|password (?:did not|does not) match|wrong password/i,
		advice: CREDENTIALS,
	},
	{
		words:
			/database \S* ?does not exist|3D000|unknown database|invalid catalog|database .*not found|cannot open database|no database .*with that name/i,
		advice: "Check 'Database' of the database details; PostgreSQL tells upper from lower case.",
	},
	{
		words:
			/not valid for the host ?name|host ?name.*(?:match|mismatch)|altname|does not match.*(?:host|certificate)|remotecertificatenamemismatch|name mismatch|server certificate for .*does not match/i,
		advice:
			"The server's certificate is for another host name: enter in 'Server' the name that is in the certificate, or choose 'Verify Ca' as 'SSL Mode' (ValidateServerCertificate 0 in a connection string).",
	},
	{
		words:
			/certificate (?:has |is )?(?:expired|not yet valid)|cert_has_expired|notafter|certificateexpired/i,
		advice:
			"The server's certificate is not valid any more, or not yet: renew it. Until then choose 'Require' as 'SSL Mode' (ValidateServerCertificate 0 in a connection string).",
	},
	{
		words: /client certificate|certificate authentication failed|requires a valid client/i,
		advice:
			'The server wants a certificate of the client, which Adobe does not have: let this user log in by password (clientcert=no in pg_hba.conf).',
	},
	{
		words:
			/certificate|self[- ]signed|unable to verify|pkix|sun\.security|trust anchor|remotecertificatechainerrors|not trusted|untrusted|trust relationship|unable_to_(?:get|verify)/i,
		advice:
			"Adobe does not trust the server's certificate: use one from a public authority, or choose 'Require' as 'SSL Mode' (ValidateServerCertificate 0 in a connection string).",
	},
	{
		words:
			/(?:ssl|tls) (?:is |connections? (?:is |are )?)?(?:off|not supported|unsupported|refused|not enabled|disabled)|not (?:support|offer|accept) (?:ssl|tls)|ssl was requested|no ssl support/i,
		advice:
			"The server offers no TLS: switch TLS on there, or choose 'Prefer' as 'SSL Mode' (EncryptionMethod 6 or 0 in a connection string).",
	},
	{
		words:
			/handshake|protocol[_ ]version|wrong version number|no protocols in common|cipher|ssl (?:error|syscall|negotiation)|tlsv1|alert (?:number|internal)|inappropriate fallback|could not (?:establish|negotiate) (?:an? )?(?:ssl|tls)/i,
		advice:
			"Server and Adobe find no common TLS: let the server offer TLS 1.2 (ssl_min_protocol_version), and check that 'Port' is the database's own and not that of a web server or proxy.",
	},
	{
		words:
			/(?:enetunreach|network (?:is )?unreachable|address family|cannot assign requested address|eaddrnotavail).*(?:[\da-f]{1,4}:){2,}|(?:[\da-f]{1,4}:){2,}[\da-f:]*.*(?:enetunreach|network (?:is )?unreachable|cannot assign requested address)|no aaaa|ipv6|address family not supported|address family for hostname/i,
		advice:
			"The server has an IPv6 address only, which Adobe does not reach: enter in 'Server' a host with an IPv4 address. At Supabase that is the pooler (Username postgres.<project reference>), or the IPv4 add-on.",
	},
	{
		words:
			/host ?name.*(?:unknown|resolve|not found)|unknown ?host|no such host|ENOTFOUND|EAI_AGAIN|name or service|could not translate host|nodename nor servname|getaddrinfo|temporary failure in name resolution|dns/i,
		advice: "Check 'Server' of the database details: no such host is known to Adobe.",
	},
	{
		words:
			/statement timeout|57014|canceling statement|query_timeout|lock timeout|55P03|idle[_ -]in[_ -]transaction|command timeout|while reading from (?:the )?stream/i,
		advice:
			"The database ended the query: raise statement_timeout (or lock_timeout) of the user in 'Username' (ALTER ROLE … SET statement_timeout), add an index on the delta column, or load fewer rows at a time.",
	},
	{
		words:
			/permission denied for (?:schema|table|relation|view|sequence|foreign|materialized)|select .*denied|insufficient[_ ]privilege|must be (?:owner|superuser)|row-level security|permission denied .*(?:schema|table|relation)/i,
		advice:
			"Let the user of 'Username' read it: GRANT USAGE ON SCHEMA … and GRANT SELECT ON … TO that user; for tables to come, ALTER DEFAULT PRIVILEGES.",
	},
	{
		words:
			/permission denied|may not connect|42501|does not have connect|not authorized|unauthorized/i,
		advice:
			"Give the user of 'Username' the right to connect to the database and to read its tables.",
	},
	{
		words:
			/(?:relation|table|view) \S* ?does not exist|42P01|undefined table|invalid object name|(?:column) \S* ?does not exist|42703|undefined column/i,
		advice:
			'The table or a column of it is not there any more, or the user may not see it: compare with Table: Get Many and Table: Get Columns, and create the dataflow again if it was renamed.',
	},
	{
		words:
			/the database system is (?:starting|shutting|in recovery)|57P0[123]|admin_shutdown|cannot_connect_now|terminating connection due to administrator|not (?:yet )?accepting connections|in recovery mode|hot standby|conflict with recovery|40001|server is in (?:failover|maintenance)/i,
		advice:
			'The database is starting, stopping, failing over or cancelled the query on a standby: try again in a few minutes. If it happens often on a replica, raise max_standby_streaming_delay or use the primary server.',
	},
	{
		words:
			/out of memory|53200|disk full|53100|no space left|could not (?:extend|write)|out of shared memory/i,
		advice:
			'The database is out of memory or disk space: see to that at the server, then try again.',
	},
	{
		words:
			/invalid byte sequence|22021|untranslatable|character with byte sequence|unsupported unicode|22P05/i,
		advice:
			'The table holds text that is not in the encoding of the database: repair these rows, or leave the column out by a view.',
	},
	{
		words:
			/received (?:unexpected|invalid) response|unexpected (?:packet|message|response)|invalid (?:packet|message) (?:length|type)|not a postgres|http\/1|protocol (?:error|violation)|08P01|server closed the connection unexpectedly/i,
		advice: `What answers at this port may be no PostgreSQL, or it closes the connection at once. ${REACH}`,
	},
	{
		words:
			/refused|unreachable|cannot be reached|did not (?:answer|properly respond)|failed to respond|timed? ?out|timeout|could not connect|unable to connect|failed to connect|connection attempt failed|no route|reset|terminated|actively refused|i\/o error|08001|08006|08S01|broken pipe|EHOSTUNREACH|ECONN|ETIMEDOUT|socket|communication link/i,
		advice: REACH,
	},
];
