/** What a key of another driver is to Adobe, which takes none of them. */
export type ForeignKey =
	/** How the session is encrypted; see `tlsWords.ts`. */
	| { kind: 'tls'; name: string }
	/** Of no consequence for which database Adobe reaches, and how safely: dropped. */
	| { kind: 'dropped' }
	/** Says something that Adobe can't do. */
	| { kind: 'refused'; name: string; why: string };

/** Two spellings of a key are the same for a driver: `SSL Mode`, `SslMode`, `ssl_mode`. */
export function plainKey(key: string): string {
	return key.toLowerCase().replace(/[ _.-]/g, '');
}

const TLS: Readonly<Record<string, string>> = {
	sslmode: 'SSL Mode',
	ssl: 'SSL',
	usessl: 'SSL',
	requiressl: 'SSL',
	encrypt: 'Encrypt',
	encryption: 'Encrypt',
	trustservercertificate: 'Trust Server Certificate',
	sslfactory: 'sslfactory',
};

/** TLS settings that neither of Adobe's forms has. */
const NO_TLS: Readonly<Record<string, string>> = {
	sslcert: 'sslcert',
	sslcertificate: 'SSL Certificate',
	clientcertificate: 'Client Certificate',
	clientcertificatekey: 'Client Certificate Key',
	sslkey: 'SSL Key',
	sslpassword: 'SSL Password',
	sslrootcert: 'sslrootcert',
	rootcertificate: 'Root Certificate',
	sslcrl: 'sslcrl',
	sslcrldir: 'sslcrldir',
	sslcertmode: 'sslcertmode',
	sslsni: 'sslsni',
	sslnegotiation: 'SSL Negotiation',
	sslhostnameverifier: 'sslhostnameverifier',
	sslpasswordcallback: 'sslpasswordcallback',
	sslminprotocolversion: 'ssl_min_protocol_version',
	sslmaxprotocolversion: 'ssl_max_protocol_version',
	checkcertificaterevocation: 'Check Certificate Revocation',
	channelbinding: 'channel_binding',
	gssencmode: 'gssencmode',
	hostnameincertificate: 'HostNameInCertificate',
	truststore: 'TrustStore',
	truststorepassword: 'TrustStorePassword',
	keystore: 'KeyStore',
	keystorepassword: 'KeyStorePassword',
	cryptoprotocolversion: 'CryptoProtocolVersion',
	sslaccept: 'sslaccept',
	sslidentity: 'sslidentity',
	servercompatibilitymode: 'Server Compatibility Mode',
};

/** Values with which such a setting demands nothing. */
const WITHOUT_DEMAND: Readonly<Record<string, RegExp>> = {
	channelbinding: /^(?:prefer|disable)$/i,
	gssencmode: /^(?:prefer|disable)$/i,
	sslnegotiation: /^postgres$/i,
	sslcertmode: /^(?:allow|disable)$/i,
	sslsni: /^1$/,
	checkcertificaterevocation: /^(?:false|0|no)$/i,
	integratedsecurity: /^(?:false|0|no)$/i,
	servercompatibilitymode: /^none$/i,
	targetsessionattributes: /^(?:any|prefer-?standby)$/i,
	targetsessionattrs: /^(?:any|prefer-?standby|read-write|primary)$/i,
	loadbalancehosts: /^(?:false|0|disable)$/i,
	replication: /^(?:false|0|off|no)$/i,
};

const DROPPED: ReadonlySet<string> = new Set([
	...['applicationname', 'fallbackapplicationname', 'clientencoding', 'encoding', 'timezone'],
	...['pooling', 'minpoolsize', 'maxpoolsize', 'minimumpoolsize', 'maximumpoolsize', 'poolsize'],
	...['poolmode', 'pooltimeout', 'connectionlimit', 'pgbouncer', 'supavisor', 'workaround'],
	...['connectionlifetime', 'connectionidlelifetime', 'connectionpruninginterval', 'enlist'],
	...['timeout', 'connecttimeout', 'connectiontimeout', 'logintimeout', 'commandtimeout'],
	...['internalcommandtimeout', 'cancellationtimeout', 'sockettimeout', 'statementtimeout'],
	...['keepalive', 'keepalives', 'keepalivesidle', 'keepalivesinterval', 'keepalivescount'],
	...['tcpkeepalive', 'tcpkeepalivetime', 'tcpkeepaliveinterval', 'tcpusertimeout'],
	...['persistsecurityinfo', 'includeerrordetail', 'includeerrordetails', 'logparameters'],
	...['maxautoprepare', 'autoprepareminusages', 'usageadvisor', 'readbuffersize', 'multiplexing'],
	...['writebuffersize', 'socketreceivebuffersize', 'socketsendbuffersize', 'noresetonclose'],
	...['preparethreshold', 'preparedstatementcachequeries', 'statementcachesize', 'preloadreader'],
	...['binarytransfer', 'stringtype', 'rewritebatchedinserts', 'defaultrowfetchsize', 'readonly'],
	...['loadtablecomposites', 'arraynullabilitymode', 'entityadmindatabase', 'provider', 'protocol'],
	...['searchpath', 'currentschema', 'schema', 'usedeclarefetch', 'fetch', 'byteaaslongvarbinary'],
	...['maxvarcharsize', 'maxlongvarcharsize', 'boolsaschar', 'unknownsizes', 'showsystemtables'],
	...['sslcompression', 'minpoolconnections', 'maxpoolconnections'],
]);

const LOGS_IN = 'Adobe logs in with a user name and a password only.';

const REFUSED: Readonly<Record<string, { name: string; why: string }>> = {
	integratedsecurity: { name: 'Integrated Security', why: LOGS_IN },
	trustedconnection: { name: 'Trusted_Connection', why: LOGS_IN },
	krbsrvname: { name: 'krbsrvname', why: LOGS_IN },
	kerberosservicename: { name: 'Kerberos Service Name', why: LOGS_IN },
	kerberosservername: { name: 'kerberosServerName', why: LOGS_IN },
	requireauth: { name: 'require_auth', why: 'Adobe chooses how it logs in.' },
	passfile: {
		name: 'passfile',
		why: 'Adobe can’t read a file of yours: give the password itself.',
	},
	service: {
		name: 'service',
		why: 'It names details in a file of yours, which Adobe can’t read: give the details themselves.',
	},
	servicefile: { name: 'servicefile', why: 'Adobe can’t read a file of yours.' },
	dsn: {
		name: 'DSN',
		why: 'It names details that are stored on your machine: give the details themselves.',
	},
	filedsn: { name: 'FileDSN', why: 'Adobe can’t read a file of yours.' },
	options: {
		name: 'options',
		why: 'Adobe can’t send them. A Neon endpoint is found by its host name alone; settings such as search_path can be stored with the user (ALTER ROLE … SET).',
	},
	role: { name: 'role', why: 'Adobe can’t change the role: let it log in as that role.' },
	replication: { name: 'replication', why: 'Adobe reads tables, not the replication stream.' },
	targetsessionattributes: {
		name: 'Target Session Attributes',
		why: 'Adobe takes one host, and whatever it is.',
	},
	targetsessionattrs: {
		name: 'target_session_attrs',
		why: 'Adobe takes one host, and whatever it is.',
	},
	targetservertype: { name: 'targetServerType', why: 'Adobe takes one host, and whatever it is.' },
	loadbalancehosts: { name: 'Load Balance Hosts', why: 'Adobe takes one host.' },
	attachdbfilename: {
		name: 'AttachDbFilename',
		why: 'This is a setting of SQL Server, which is another source of Adobe.',
	},
	failoverpartner: {
		name: 'Failover Partner',
		why: 'This is a setting of SQL Server, which is another source of Adobe.',
	},
	multipleactiveresultsets: {
		name: 'MultipleActiveResultSets',
		why: 'This is a setting of SQL Server, which is another source of Adobe.',
	},
};

/** The drivers of PostgreSQL, by what ODBC and OLE DB call them. */
const POSTGRES_DRIVER = /postgres|psql|pgsql|pgoledb|npgsql/i;

const OTHER_DATABASE = {
	kind: 'refused',
	name: 'Driver',
	why: 'This driver is for another database, and Adobe has another source for that.',
} as const;

/** What a key means to the driver that it comes from; undefined for one that is not known here. */
export function foreignKey(key: string, value: string): ForeignKey | undefined {
	const plain = plainKey(key);
	if (plain === 'driver' || plain === 'provider') {
		return POSTGRES_DRIVER.test(value) ? { kind: 'dropped' } : OTHER_DATABASE;
	}
	if (lookUp(WITHOUT_DEMAND, plain)?.test(value.trim()) === true || DROPPED.has(plain)) {
		return { kind: 'dropped' };
	}
	const tls = lookUp(TLS, plain) ?? lookUp(NO_TLS, plain);
	if (tls !== undefined) return { kind: 'tls', name: tls };
	const refused = lookUp(REFUSED, plain);
	return refused === undefined ? undefined : { kind: 'refused', ...refused };
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
	return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Whether a key that nobody knows is about encryption by its sound, and must not be ignored. */
export function soundsLikeTls(key: string): boolean {
	return /ssl|tls|certif|encrypt|truststore|keystore/i.test(key);
}
