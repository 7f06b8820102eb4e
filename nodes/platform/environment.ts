import { UserError } from 'n8n-workflow';

export type AdobeEnvironment = 'production' | 'stage' | 'custom';

/** Scheme, host and port of Adobe's two services; nothing else of a URL is configurable. */
export interface AdobeOrigins {
	platformOrigin: string;
	imsOrigin: string;
}

/** The fixed origins; `custom` has those that the credential names. */
export const ADOBE_ORIGINS: Record<Exclude<AdobeEnvironment, 'custom'>, AdobeOrigins> = {
	production: {
		platformOrigin: 'https://platform.adobe.io',
		imsOrigin: 'https://ims-na1.adobelogin.com',
	},
	stage: {
		platformOrigin: 'https://platform-stage.adobe.io',
		imsOrigin: 'https://ims-na1-stg1.adobelogin.com',
	},
};

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The origins that a credential stands for.
 *
 * @throws UserError that names the field, when a custom URL is not an https origin
 *   (or an http origin on a loopback host).
 */
export function resolveOrigins(
	environment: unknown,
	platformUrl: unknown,
	imsUrl: unknown,
): AdobeOrigins {
	if (environment === 'stage') return ADOBE_ORIGINS.stage;
	if (environment === 'custom') {
		return {
			platformOrigin: customOrigin('Platform URL', platformUrl),
			imsOrigin: customOrigin('IMS URL', imsUrl),
		};
	}
	if (environment !== undefined && environment !== 'production') {
		throw new UserError("The credential's 'Environment' has a value that does not exist", {
			description: 'Choose Production, Stage or Custom.',
		});
	}
	return ADOBE_ORIGINS.production;
}

function customOrigin(field: string, value: unknown): string {
	const text = typeof value === 'string' ? value.trim() : '';
	const description = `In the credential, enter only the scheme, host and port in '${field}', e.g. https://platform.adobe.io. Plain http is accepted for a host on this machine only (localhost, 127.0.0.1).`;
	if (text === '') {
		throw new UserError(`The credential's '${field}' is empty`, { description });
	}
	const url = parseUrl(text);
	if (url === undefined) {
		throw new UserError(`The credential's '${field}' is not a URL`, { description });
	}
	if (
		url.protocol !== 'https:' &&
		!(url.protocol === 'http:' && LOOPBACK_HOST.test(url.hostname))
	) {
		throw new UserError(`The credential's '${field}' does not use https`, { description });
	}
	if (
		url.pathname !== '/' ||
		url.search !== '' ||
		url.hash !== '' ||
		url.username !== '' ||
		url.password !== ''
	) {
		throw new UserError(`The credential's '${field}' holds more than a host`, { description });
	}
	return url.origin;
}

function parseUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}
