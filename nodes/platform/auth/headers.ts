import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { readImsSettings } from './credential';
import { eventOriginsIn } from './eventAccess';

/**
 * n8n's `authenticate`: adds Adobe's headers, each only where the request has none of its own,
 * and only when the request goes to the credential's own platform origin, or to that of Adobe I/O
 * Events. To any other host (n8n's HTTP Request node lets people type one) nothing is added, so no
 * token leaves.
 */
export async function withAdobeHeaders(
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const settings = readImsSettings(credential);
	const origin = originOf(request);
	const isForEvents = origin !== undefined && eventOriginsIn(settings).includes(origin);
	if (origin !== settings.platformOrigin && !isForEvents) return request;
	const headers: IDataObject = { ...request.headers };
	const present = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
	const wanted: Array<[string, string]> = [
		['Authorization', `Bearer ${String(credential.accessToken ?? '')}`],
		['x-api-key', settings.clientId],
	];
	// One host may be both, as the emulator is.
	if (isForEvents) wanted.push(['x-ims-org-id', settings.orgId]);
	if (origin === settings.platformOrigin) {
		wanted.push(['x-gw-ims-org-id', settings.orgId], ['x-sandbox-name', settings.sandboxName]);
	}
	for (const [name, value] of wanted) {
		if (!present.has(name.toLowerCase())) headers[name] = value;
	}
	// Without this, n8n sends the headers to whatever host a redirect names, too.
	return { ...request, headers, sendCredentialsOnCrossOriginRedirect: false };
}

const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\//i;

function originOf(request: IHttpRequestOptions): string | undefined {
	// The HTTP Request node still speaks n8n's older dialect, where the address is called uri.
	const { url, baseURL, uri } = request as IHttpRequestOptions & { uri?: unknown };
	// n8n takes `url ?? uri`: an empty url, or one that is no text, still hides the uri.
	const address: unknown = url ?? uri;
	// "//host/path" names a host of its own, whatever the base is.
	if (typeof address !== 'string' || address === '' || /^[\\/]{2}/.test(address)) return undefined;
	const base = typeof baseURL === 'string' && baseURL !== '' ? baseURL : undefined;
	// n8n's newer dialect knows no uri and would send to the base alone, so both have to be the platform.
	if (isAbsent(url) && !isAbsent(baseURL)) return sameOrigin(address, base);
	// An address that is absolute for one parser and relative for another (" https://…", "https:…")
	// counts as relative, as n8n's HTTP client takes it: it would be sent to the base.
	return originAt(ABSOLUTE.test(address) ? address : base);
}

function sameOrigin(address: string, base: string | undefined): string | undefined {
	const origin = originAt(base);
	return ABSOLUTE.test(address) && originAt(address) !== origin ? undefined : origin;
}

function originAt(whole: string | undefined): string | undefined {
	return whole !== undefined && URL.canParse(whole) ? new URL(whole).origin : undefined;
}

function isAbsent(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}
