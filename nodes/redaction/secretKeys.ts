/**
 * A key is secret when its name *ends* with one of these (the noun comes last: `clientSecret`,
 * `s3SessionToken`, `db_password`). A name that only begins with one describes the secret and is
 * kept: `tokenEndpointUrl`, `tokenType`, `passwordExpiresAt`, `accessKeyId`, `secretName`.
 * `sasuri` and `sasurl` carry a signature and are how Adobe's storage sources spell it.
 */
const SECRET_ENDINGS = [
	'password',
	'passwd',
	'passphrase',
	'passcode',
	'pwd',
	'secret',
	'token',
	'credential',
	'connectionstring',
	'connstring',
	'connstr',
	'privatekey',
	'apikey',
	'accesskey',
	'accountkey',
	'secretkey',
	'sharedkey',
	'signingkey',
	'encryptionkey',
	'masterkey',
	'subscriptionkey',
	'sshkey',
	'sasuri',
	'sasurl',
	'authorization',
	'cookie',
	'bearer',
	'jwt',
] as const;

/** Too short to be looked for at the end of a name (`bypass`, `compass`): the whole name only. */
const SECRET_NAMES: ReadonlySet<string> = new Set(['pass', 'psw', 'pw', 'sas']);

/** Tokens that open nothing: they mark a place in a list, or are counted. */
const HARMLESS_ENDINGS = [
	'continuationtoken',
	'nexttoken',
	'nextpagetoken',
	'pagetoken',
	'previoustoken',
	'prevtoken',
	'synctoken',
	'cancellationtoken',
	'totaltoken',
	'maxtoken',
	'mintoken',
	'prompttoken',
	'completiontoken',
	'inputtoken',
	'outputtoken',
] as const;

/** What may follow the noun without making the value less secret: `passwordValue`, `secret2`. */
const CARRIER =
	/(?:value|plaintext|text|hash|base64|content|pem|encrypted|decrypted|old|new|current|confirmation|confirm|repeat|s+|\d+)$/;

/** `hasPassword`, `IS_SECRET`: a yes or no about the secret. */
const QUESTION =
	/^(?:(?:has|is|use|uses|needs|require|requires|show|hide|allow)[A-Z_-]|(?:HAS|IS|USE|USES|NEEDS|REQUIRE|REQUIRES|SHOW|HIDE|ALLOW)[_-])/;

/** No name is longer; what comes before this many characters does not change what its end means. */
const MAX_NAME_LENGTH = 200;

/**
 * Whether a field of this name holds something that must never be shown: passwords, secrets, tokens,
 * keys that open something, credentials, and connection strings (they hold the password). Case and
 * separators (`_`, `-`, `.`, space) do not matter. In doubt the answer is yes, except for the names
 * documented above whose loss would hurt more than it protects. Anything but a string is not a name
 * and not secret.
 */
export function isSecretKey(key: string): boolean {
	if (typeof key !== 'string') return false;
	const end = key.slice(-MAX_NAME_LENGTH);
	if (QUESTION.test(end)) return false;
	let name = end.toLowerCase().replace(/[^a-z0-9]/g, '');
	for (;;) {
		if (HARMLESS_ENDINGS.some((ending) => name.endsWith(ending))) return false;
		if (SECRET_NAMES.has(name)) return true;
		if (SECRET_ENDINGS.some((ending) => name.endsWith(ending))) return true;
		const shorter = name.replace(CARRIER, '');
		if (shorter === name) return false;
		name = shorter;
	}
}
