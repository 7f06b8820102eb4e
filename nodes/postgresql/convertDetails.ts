import type { BasicAuthFields } from './basicAuth';
import type { TlsKeys } from './connectionString';
import { buildConnectionString, withTlsKeys } from './connectionString';
import type { DatabaseDetails } from './pastedDetails';
import type { Problem } from './problem';
import { DEFAULT_SSL_MODE } from './sslMode';
import type { Tls, TlsMode } from './tlsWords';
import { modeOfKeys, tlsKeysFor, tlsModeOf } from './tlsWords';

/** The details as Adobe's connection string, or what can't be said in one. */
export type AsConnectionString =
	| {
			ok: true;
			connectionString: string;
			/** The fields that had to be quoted, which Adobe does not document. */
			quoted: Array<'database' | 'username' | 'password'>;
	  }
	| { ok: false; problem: Problem };

/** The details one by one, or what can't be said so. */
export type AsBasic = { ok: true; fields: BasicAuthFields } | { ok: false; problem: Problem };

/** Adobe's spelling of each mode. */
const SSL_MODE_OF: Readonly<Record<TlsMode, string>> = {
	disable: 'Disable',
	allow: 'Allow',
	prefer: 'Prefer',
	require: 'Require',
	'verify-ca': 'Verify Ca',
	'verify-full': 'Verify Full',
};

const NOT_IN_A_STRING: Problem = {
	message: "The SSL mode of the details can't be said in a connection string.",
	hint: "A connection string has EncryptionMethod and ValidateServerCertificate: off, on request, on, and on with the certificate checked, but not its host name (Verify Full), nor plain first (Allow). Choose another SSL mode, set both 'SSL Encryption' and 'Validate Server Certificate' in the node, or set 'Authentication' to Basic.",
};

const NOT_IN_BASIC: Problem = {
	message:
		"The connection string's EncryptionMethod and ValidateServerCertificate can't be said as one SSL mode.",
	hint: "With Basic, a certificate can be checked only where TLS is always on: write EncryptionMethod=1;ValidateServerCertificate=1 (Verify Ca), EncryptionMethod=1 (Require) or EncryptionMethod=6 (Prefer). Or set 'Authentication' to Account Key (Connection String).",
};

/**
 * The details as a connection string of Adobe's. One that was in Adobe's own words stays as it was,
 * byte for byte, but for the TLS keys that are chosen.
 *
 * @param chosen in the node; counts before what the details say
 */
export function toConnectionString(details: DatabaseDetails, chosen: TlsKeys): AsConnectionString {
	if (details.asIs !== undefined) {
		return { ok: true, connectionString: withTlsKeys(details.asIs, chosen), quoted: [] };
	}
	const isChosen =
		chosen.encryptionMethod !== 'asIs' && chosen.validateServerCertificate !== 'asIs';
	const meant = isChosen ? {} : keysOf(details.tls);
	if (meant === undefined) return { ok: false, problem: NOT_IN_A_STRING };
	const merged = { ...meant };
	if (chosen.encryptionMethod !== 'asIs') merged.encryptionMethod = chosen.encryptionMethod;
	if (chosen.validateServerCertificate !== 'asIs') {
		merged.validateServerCertificate = chosen.validateServerCertificate;
	}
	return buildConnectionString({ ...details, ...merged });
}

function keysOf({ mode, encryptionMethod, validateServerCertificate }: Tls) {
	if (mode !== undefined) return tlsKeysFor(mode);
	// Checked when they were read.
	return { encryptionMethod, validateServerCertificate } as Partial<TlsKeys>;
}

/** The details one by one, as Basic authentication takes them. */
export function toBasicFields(details: DatabaseDetails): AsBasic {
	const { server, port, database, username, password, tls } = details;
	const mode = tls.mode ?? modeOfKeys(tls);
	if (mode === undefined) return { ok: false, problem: NOT_IN_BASIC };
	const sslMode = mode === 'default' ? DEFAULT_SSL_MODE : SSL_MODE_OF[mode];
	return { ok: true, fields: { server, port, database, username, password, sslMode } };
}

/**
 * Details that were given one by one, and have been checked, for a connection string.
 *
 * @returns undefined for an SSL mode that is Adobe's own and that nobody here knows
 */
export function detailsOfFields(fields: BasicAuthFields): DatabaseDetails | undefined {
	const { server, port, database, username, password } = fields;
	// What AWS calls true, where there are no connection strings.
	const mode = fields.sslMode.trim() === 'true' ? 'require' : tlsModeOf(fields.sslMode);
	if (mode === undefined) return undefined;
	return { server, port: String(port), database, username, password, tls: { mode } };
}

export { NOT_IN_A_STRING };
