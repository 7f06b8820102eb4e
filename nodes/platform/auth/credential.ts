import { createHmac } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ConsoleProject } from './consoleProject';
import { PROJECT_FIELD, readConsoleProject } from './consoleProject';
import { noValue } from './credentialReadings';

export const IMS_CREDENTIAL = 'adobeImsApi';

/** What the `adobeImsApi` credential says, trimmed and checked. */
export interface ImsSettings extends AdobeOrigins {
	clientId: string;
	clientSecret: string;
	orgId: string;
	/** Comma-separated, without blanks, as IMS wants it. */
	scopes: string;
	sandboxName: string;
	/** What follows `@` in the addresses of Experience Platform's pages; only links need it. */
	tenantName?: string;
	/** Where Adobe I/O Events is; absent for a custom environment that does not say. */
	events?: EventOrigins;
	/** The project in the Developer Console; only what registers for events needs it. */
	project?: ConsoleProject;
}

const ORGANIZATION_ID = /^[^@\s]+@AdobeOrg$/;
// Header values. Both are far longer than real ones; beyond, a server would refuse the headers.
const SANDBOX_NAME = /^[a-z0-9][a-z0-9_-]{0,255}$/;
// Part of an address, so nothing that ends that part. People copy it with its `@`.
const TENANT_NAME = /^@?([a-z0-9][a-z0-9._-]{0,99})$/i;
// Printable ASCII only, so that no input can add a header line.
const HEADER_SAFE = /^[\x21-\x7e]{1,500}$/;

const DEFAULT_SANDBOX = 'prod';

/**
 * Reads and checks the credential before anything is sent.
 *
 * @throws UserError naming the field and what belongs in it; it never repeats the field's value.
 */
export function readImsSettings(credential: ICredentialDataDecryptedObject): ImsSettings {
	// n8n fills in the defaults of all fields, so what has no value is an expression that gave none.
	for (const name of ['environment', 'sandboxName', 'tenantName'] as const) {
		const value: unknown = credential[name];
		const isNothing = value === undefined || value === null;
		if (name in credential && isNothing) throw noValue(LABELS[name]);
	}
	const origins = resolveOrigins(credential.environment, credential.platformUrl, credential.imsUrl);
	const clientId = requiredText(
		credential.clientId,
		'Client ID',
		"Copy 'Client ID' from the OAuth Server-to-Server credential in the Adobe Developer Console.",
	);
	const clientSecret = requiredText(
		credential.clientSecret,
		'Client Secret',
		"Choose 'Retrieve client secret' at the OAuth Server-to-Server credential in the Adobe Developer Console and copy it.",
	);
	const orgId = requiredText(credential.orgId, 'Organization ID', ORGANIZATION_HINT);
	if (!ORGANIZATION_ID.test(orgId) || !HEADER_SAFE.test(orgId)) {
		throw new UserError("The credential's 'Organization ID' does not end in @AdobeOrg", {
			description: ORGANIZATION_HINT,
		});
	}
	if (!HEADER_SAFE.test(clientId)) {
		throw new UserError("The credential's 'Client ID' holds characters that no client ID has", {
			description: "Copy 'Client ID' again from the Adobe Developer Console.",
		});
	}
	return {
		...origins,
		clientId,
		clientSecret,
		orgId,
		scopes: requiredText(
			credential.scopes,
			'Scopes',
			'Copy the scopes from the OAuth Server-to-Server credential in the Adobe Developer Console, separated by commas.',
		).replace(/[\s,]+/g, ','),
		sandboxName: checkSandboxName(credential.sandboxName, "The credential's 'Sandbox'"),
		tenantName: readTenantName(credential.tenantName),
		events: resolveEventOrigins(credential.environment, credential.ioUrl),
		project: readConsoleProject(credential.projectSecretJson, { clientId, orgId }),
	};
}

const LABELS = {
	clientId: 'Client ID',
	clientSecret: 'Client Secret',
	orgId: 'Organization ID',
	scopes: 'Scopes',
	sandboxName: 'Sandbox',
	tenantName: 'Tenant Name',
	projectSecretJson: PROJECT_FIELD,
	environment: 'Environment',
};

/** What the editor calls the fields of the credential that are used. */
export function imsLabels({ environment }: IDataObject): Readonly<Record<string, string>> {
	const isCustom = environment === 'custom';
	return isCustom
		? { ...LABELS, platformUrl: 'Platform URL', imsUrl: 'IMS URL', ioUrl: 'I/O URL' }
		: LABELS;
}

/** Identifies the organization that the requests are for. */
export function organizationOf({ platformOrigin, orgId }: ImsSettings): string {
	return `${platformOrigin}\n${orgId}`;
}

/** HMAC-SHA-256 under the client secret, 128 bits of it as base64url. */
export function keyedHash({ clientSecret }: ImsSettings, text: string): string {
	const digest = createHmac('sha256', clientSecret).update(text).digest();
	return digest.subarray(0, 16).toString('base64url');
}

/**
 * A sandbox name as Adobe writes it, `prod` for an empty field.
 *
 * @param field how the message names the place, e.g. `'Sandbox Name or ID'`
 * @throws UserError when it can't be a sandbox's name.
 */
export function checkSandboxName(value: unknown, field: string): string {
	const name = typeof value === 'string' ? value.trim() : value;
	if (name === undefined || name === '') return DEFAULT_SANDBOX;
	if (typeof name !== 'string' || !SANDBOX_NAME.test(name)) {
		throw new UserError(`${field} is not a sandbox name`, {
			description:
				'Use the name in lower case, e.g. prod, not the title. Experience Platform lists it under Sandboxes.',
		});
	}
	return name;
}

/** Undefined where the field is empty. */
function readTenantName(value: unknown): string | undefined {
	const text = typeof value === 'string' ? value.trim() : value;
	if (text === undefined || text === '') return undefined;
	const name = typeof text === 'string' ? TENANT_NAME.exec(text)?.[1] : undefined;
	if (name !== undefined) return name;
	throw new UserError("The credential's 'Tenant Name' is not a tenant name", {
		description:
			'Enter what follows @ in the address of Experience Platform, e.g. acme for https://experience.adobe.com/#/@acme/…, or leave the field empty.',
	});
}

const ORGANIZATION_HINT =
	"Copy 'Organization ID' from the project in the Adobe Developer Console. It looks like 0123456789ABCDEF01234567@AdobeOrg.";

function requiredText(value: unknown, field: string, description: string): string {
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') {
		throw new UserError(`The credential's '${field}' is empty`, { description });
	}
	return text;
}

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

/** The hosts of Adobe I/O Events. Where they are fixed, nothing that arrives in a request can name another one. */
export interface EventOrigins {
	/** The I/O Management API, and journals too. */
	apiOrigin: string;
	/** Where else journals are, by the addresses that Adobe prints. */
	journalOrigins: readonly string[];
	/** The public keys that deliveries are signed with. */
	keysOrigin: string;
	/** Where a webhook confirms that it wants the events. */
	challengeOrigin: string;
}

const EVENT_ORIGINS: EventOrigins = {
	apiOrigin: 'https://api.adobe.io',
	journalOrigins: ['https://events.adobe.io', 'https://events-va6.adobe.io'],
	keysOrigin: 'https://static.adobeioevents.com',
	challengeOrigin: 'https://csm.adobe.io',
};

/**
 * Where Adobe I/O Events is. Adobe documents one set of hosts, which counts for its stage as well.
 *
 * @throws UserError when a custom URL is not an origin, see {@link resolveOrigins}
 */
export function resolveEventOrigins(
	environment: unknown,
	ioUrl: unknown,
): EventOrigins | undefined {
	if (environment !== 'custom') return EVENT_ORIGINS;
	const isEmpty = ioUrl === undefined || ioUrl === null || ioUrl === '';
	if (isEmpty) return undefined;
	const origin = customOrigin('I/O URL', ioUrl);
	return { apiOrigin: origin, journalOrigins: [], keysOrigin: origin, challengeOrigin: origin };
}

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
		throw new UserError(`The credential's '${field}' must contain only scheme, host and port`, {
			description,
		});
	}
	return url.origin;
}

function parseUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}
