import { asRecord } from './json';

/** Codes of network faults that happen before a request can have reached the other side. */
const NEVER_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

/** Ours, for what n8n itself has refused to send. */
export const REFUSED_BY_N8N = 'REFUSED_BY_N8N';

/**
 * Node.js' codes for a certificate that was not trusted: those of OpenSSL (`X509_V_ERR_…` without that),
 * and its own for another host's.
 */
const CERTIFICATE =
	/CERT|CRL|^UNABLE_TO_(GET|DECRYPT|DECODE|VERIFY)|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$|^PATH_LENGTH_EXCEEDED$/;

/** True where a certificate was not trusted: then nothing was sent. */
export function isCertificateFault(code: string): boolean {
	return CERTIFICATE.test(code);
}

/** True where the same request would fail again. */
export function isLasting(code: string): boolean {
	return code === REFUSED_BY_N8N || isCertificateFault(code);
}

/**
 * The code of a failed request that got no complete answer, e.g. `ECONNRESET`.
 * n8n 1.x keeps it only as `httpCode`, plain HTTP helpers as `code`. An answer that was cut off
 * in its body carries its status there ('200'), which is no success: it becomes `BODY_CUT_OFF`.
 */
export function faultCode(error: unknown): string {
	const code = codeOf(error);
	return isAfterConnecting(code, error) ? 'CONNECTION_LOST' : code;
}

/** Codes that come while connecting, and later on a line that may have carried the request. */
const ANY_TIME = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED', 'EHOSTDOWN', 'ENETDOWN']);

/** Node.js begins the message with what it was about: `read EHOSTUNREACH`. */
function isAfterConnecting(code: string, error: unknown): boolean {
	if (!ANY_TIME.has(code)) return false;
	for (let one = asRecord(error); one !== undefined; one = asRecord(one.cause)) {
		if (typeof one.syscall === 'string') return one.syscall !== 'connect';
		const texts = [
			one.message,
			one.description,
			...(Array.isArray(one.messages) ? one.messages : []),
		];
		if (texts.some((text) => /\b(read|write|shutdown) E[A-Z]+\b/.test(String(text)))) return true;
	}
	return false;
}

function codeOf(error: unknown): string {
	const record = asRecord(error);
	const candidates = [record?.httpCode, record?.code, asRecord(record?.cause)?.code];
	for (const candidate of candidates) {
		if (typeof candidate !== 'string' || candidate === '') continue;
		return /^\d+$/.test(candidate) ? 'BODY_CUT_OFF' : candidate;
	}
	return 'NO_ANSWER';
}

/** The code of n8n's HTTP client for a request that timed out. */
export const NO_ANSWER_IN_TIME = 'ECONNABORTED';

/** A request that was never answered, and that the other side may still be working on. */
const TIME_OUT = /^(ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT)$/;

/** True where the time for an answer ran out; not where the connection was lost. */
export function isTimeOut(code: string): boolean {
	return TIME_OUT.test(code);
}

/** True where the answer was larger than may be read (see `answerBody.ts`). */
export function isTooLarge(code: string): boolean {
	return code === 'ANSWER_TOO_LARGE';
}

/** True where the request certainly was not processed, so that retrying it is safe. */
export function wasNeverSent(code: string): boolean {
	return NEVER_SENT.has(code) || isLasting(code);
}
