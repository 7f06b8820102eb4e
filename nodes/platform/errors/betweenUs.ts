import { asRecord } from '../json';
import type { PlatformAnswer } from '../request';

/*
 * What stands between n8n and Adobe: proxies, and certificates that are not Adobe's. A proxy that refuses a
 * tunnel (CONNECT) answers in Adobe's place, and n8n's HTTP client passes that on as Adobe's answer.
 */

/** Headers that proxies answer with, and no service of Adobe's. */
const OF_PROXIES = ['proxy-authenticate', 'proxy-status', 'proxy-agent', 'x-squid-error'];

/** A proxy refuses with these; one that is only called away has no words of Adobe's beside it. */
const REFUSALS = [400, 403, 405, 502, 503, 504];

/**
 * How a message calls the proxy that has answered in Adobe's place; undefined for an answer of Adobe's.
 * Adobe answers in JSON, or names its request; a bare page is somebody else's, most likely a proxy's.
 */
export function refusingProxy({ status, headers, body }: PlatformAnswer): string | undefined {
	if (status < 400) return undefined;
	if (status === 407 || OF_PROXIES.some((name) => name in headers)) {
		return `The proxy in front of n8n (status ${status})`;
	}
	const isAdobes =
		asRecord(body) !== undefined ||
		Array.isArray(body) ||
		Object.keys(headers).some((name) =>
			/^(x-(request-id|adobe|gw|correlation)|www-authenticate)/.test(name),
		);
	const isNamed = /squid|proxy|zscaler|bluecoat|forcepoint|mitm|tinyproxy|envoy/i.test(
		String(headers.server ?? headers.via ?? ''),
	);
	if (isAdobes || !isNamed || !REFUSALS.includes(status)) return undefined;
	return `A proxy between n8n and Adobe (status ${status})`;
}

export function proxyAdvice(status: number): string {
	return status === 407
		? 'It wants a user name and a password: give them in HTTPS_PROXY of n8n (http://user:password@host:port), or ask for the hosts of Adobe to be let through without. The credential is not the cause.'
		: 'Ask whoever runs it to let n8n through to the hosts of Adobe, e.g. platform.adobe.io and ims-na1.adobelogin.com; n8n takes it from HTTPS_PROXY and NO_PROXY. The credential is not the cause.';
}

/** @param field of the credential that names the host, with 'Environment' Custom */
export function certificateAdvice(code: string, field: string): string {
	if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
		return `It has expired or is not valid yet. Check the clock of n8n's machine; if that is right, whoever stands in between (a proxy that looks into TLS) or, with 'Environment' Custom, the host in '${field}' needs a new one.`;
	}
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
		return `It is one of another host. With 'Environment' Custom, check '${field}' of the credential; otherwise somebody stands in between, e.g. a proxy that looks into TLS.`;
	}
	return `It comes from an authority that n8n does not know, most often that of a proxy which looks into TLS. Save that authority's certificate on n8n's machine, and name the file in NODE_EXTRA_CA_CERTS before n8n starts. With 'Environment' Custom, the same goes for the host in '${field}'.`;
}
