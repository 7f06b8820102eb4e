import { plainKey } from './connectionKeys';
import type { Problem } from './problem';

/** libpq's words for how a session is encrypted; the other drivers' and Adobe's come down to them. */
export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** How a session is to be encrypted, in libpq's words or in the keys of Adobe's connection string. */
export interface Tls {
	mode?: TlsMode;
	encryptionMethod?: string;
	validateServerCertificate?: string;
}

/** A TLS setting of another driver as it was found. */
export interface TlsSetting {
	key: string;
	/** As messages call it. */
	name: string;
	value: string;
}

const MODES: ReadonlyMap<string, TlsMode> = new Map<string, TlsMode>([
	['disable', 'disable'],
	['disabled', 'disable'],
	['allow', 'allow'],
	['prefer', 'prefer'],
	['preferred', 'prefer'],
	['require', 'require'],
	['required', 'require'],
	['verifyca', 'verify-ca'],
	['verifyfull', 'verify-full'],
]);

/** The mode that a word means; undefined for any other. */
export function tlsModeOf(word: string): TlsMode | undefined {
	return MODES.get(plainKey(word.trim()));
}

const ON = /^(?:true|1|yes|on)$/i;
const OFF = /^(?:false|0|no|off)$/i;

const SWITCHES = new Set(['ssl', 'usessl', 'requiressl', 'encrypt', 'encryption']);

/** What the way out names: Adobe's two keys, and where the node sets them. */
const WAY_OUT =
	"Adobe's own keys are EncryptionMethod (0 off, 1 on, 6 on request) and ValidateServerCertificate (0 or 1): write those at the end of the connection string, or set 'SSL Encryption' and 'Validate Server Certificate' in the node. Basic authentication has 'SSL Mode'.";

/** Of a setting that can't be said to Adobe, or not for certain. */
export function tlsProblem(name: string): Problem {
	return {
		message: `The details have the TLS setting ${name}, which can't be handed on to Adobe.`,
		hint: `Remove it, and say in Adobe's words what is wanted. ${WAY_OUT}`,
	};
}

/**
 * What the TLS settings of another driver ask for, all together.
 *
 * @param isJdbc whether they are those of PostgreSQL's JDBC driver, where `ssl=true` alone also checks
 *   the certificate and the host name
 * @returns a problem where one of them, or the sum of them, can't be said to Adobe
 */
export function readTls(
	settings: readonly TlsSetting[],
	isJdbc: boolean,
): { ok: true; tls: Tls } | { ok: false; problem: Problem } {
	let mode: TlsMode | undefined;
	let switchedOn: TlsSetting | undefined;
	let trust: { setting: TlsSetting; trusts: boolean } | undefined;
	const refused = (name: string) => ({ ok: false as const, problem: tlsProblem(name) });
	for (const setting of settings) {
		const key = plainKey(setting.key);
		const value = setting.value.trim();
		if (key === 'sslfactory') {
			// The JDBC driver's own name for "any certificate will do".
			if (!/NonValidatingFactory$/.test(value)) return refused(setting.name);
			trust = { setting, trusts: true };
		} else if (key === 'trustservercertificate') {
			if (!ON.test(value) && !OFF.test(value)) return refused(setting.name);
			trust = { setting, trusts: ON.test(value) };
		} else if (key === 'sslmode') {
			const found = tlsModeOf(value);
			if (found === undefined) return refused(setting.name);
			mode = found;
		} else if (SWITCHES.has(key)) {
			const word = tlsModeOf(value);
			if (word !== undefined) mode = word;
			else if (ON.test(value)) switchedOn = setting;
			else if (!OFF.test(value)) return refused(setting.name);
			else if (!isJdbc) mode ??= 'disable';
		} else {
			return refused(setting.name);
		}
	}
	if (switchedOn !== undefined) {
		if (mode === 'disable' || mode === 'allow' || mode === 'prefer') {
			return refused(switchedOn.name);
		}
		mode ??= isJdbc && trust?.trusts !== true ? 'verify-full' : 'require';
	}
	if (trust !== undefined) {
		const checks = mode === 'verify-ca' || mode === 'verify-full';
		// Whether "Require" checks the certificate then depends on the driver's version.
		const unclear = trust.trusts ? checks : mode === 'require';
		if (unclear) return refused(trust.setting.name);
	}
	return { ok: true, tls: mode === undefined ? {} : { mode } };
}

/** The keys of a connection string for a mode; undefined for one that they can't say. */
export function tlsKeysFor(
	mode: TlsMode,
): { encryptionMethod: '0' | '1' | '6'; validateServerCertificate?: '0' | '1' } | undefined {
	switch (mode) {
		case 'disable':
			return { encryptionMethod: '0' };
		case 'prefer':
			return { encryptionMethod: '6', validateServerCertificate: '0' };
		case 'require':
			return { encryptionMethod: '1', validateServerCertificate: '0' };
		case 'verify-ca':
			return { encryptionMethod: '1', validateServerCertificate: '1' };
		default:
			// Allow is plain first; Verify Full compares the host name, for which Adobe documents no key.
			return undefined;
	}
}

/** The mode that the keys of a connection string ask for; undefined for one that no mode can say. */
export function modeOfKeys({
	encryptionMethod: method,
	validateServerCertificate: validate,
}: Tls): TlsMode | 'default' | undefined {
	if (method === undefined) return validate === '1' ? undefined : 'default';
	if (method === '0') return 'disable';
	if (method === '1') return validate === '1' ? 'verify-ca' : 'require';
	return validate === '1' ? undefined : 'prefer';
}
