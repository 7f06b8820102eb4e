import type { Target } from './login.mts';

const NOT_TRUSTED = new Set([
	'SELF_SIGNED_CERT_IN_CHAIN',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'CERT_UNTRUSTED',
]);

/**
 * Explains a failed login in our own words, not the driver's: a driver may quote
 * what it was given.
 *
 * @param timeoutMs the timeout that applied, for the message
 */
export function explainFailure(error: unknown, target: Target, timeoutMs: number): string {
	const { server, port, database, username, password } = target;
	const text = words(error, timeoutMs);
	const named = text
		.replaceAll('{host}', () => `${server}:${port}`)
		.replaceAll('{name}', () => server)
		.replaceAll('{database}', () => `"${database}"`)
		.replaceAll('{user}', () => `"${username}"`);
	// Somebody may have typed the password into another field as well.
	return password.length < 4 ? named : named.replaceAll(password, '***');
}

function words(error: unknown, timeoutMs: number): string {
	const code = codeOf(error);
	const message = error instanceof Error ? error.message : '';
	if (code === '28P01') return 'Password authentication failed for user {user} at {host}.';
	if (code === '28000') {
		return message.includes('no encryption')
			? 'The server {host} does not let user {user} in without TLS: use an encrypted connection.'
			: 'The server {host} does not let user {user} in from this address.';
	}
	if (code === '3D000') return 'The database {database} does not exist on {host}.';
	if (code === '42501') return 'The user {user} may not connect to the database {database}.';
	if (code === '53300') return 'The server {host} has too many connections already.';
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
		return 'The host name {name} cannot be resolved.';
	if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
		return `The host {host} cannot be reached (${code}): check host, port and firewall.`;
	}
	if (code === 'ETIMEDOUT' || message.includes('timeout')) {
		return `The host {host} did not answer within ${timeoutMs / 1000} seconds: check the firewall.`;
	}
	if (message.includes('does not support SSL')) return 'The server {host} does not offer TLS.';
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
		return 'The certificate of {host} is not valid for the host name {name}.';
	}
	if (NOT_TRUSTED.has(code)) return `The certificate of {host} is not trusted (${code}).`;
	const hint = /^[A-Z0-9_]{3,40}$/.test(code) ? ` (${code})` : '';
	return `The log-in to {host} failed${hint}.`;
}

function codeOf(error: unknown): string {
	const code = (error as { code?: unknown } | undefined)?.code;
	if (typeof code === 'string') return code;
	// A host name with several addresses yields one error for each.
	if (error instanceof AggregateError) return codeOf(error.errors[0]);
	return '';
}
