import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { POSTGRESQL_CONNECTION_SPEC } from '../nodes/adobe/connectionSpec';
import { withAdobeHeaders } from '../nodes/platform/auth/headers';
import { credentialTestRules } from '../nodes/platform/auth/credentialTest';
import { ADOBE_ORIGINS } from '../nodes/platform/auth/credential';
import { refreshToken } from '../nodes/platform/auth/accessToken';

const showForCustom = { show: { environment: ['custom'] } };

export class AdobeImsApi implements ICredentialType {
	name = 'adobeImsApi';

	displayName = 'Adobe Experience Platform API';

	icon = {
		light: 'file:../icons/adobePostgreSql.svg',
		dark: 'file:../icons/adobePostgreSql.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-adobe-postgresql/n8n-nodes-adobe-postgresql#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			description: 'Developer Console > your project > OAuth Server-to-Server > Client ID',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Developer Console > OAuth Server-to-Server > Retrieve client secret',
		},
		{
			displayName: 'Organization ID',
			name: 'orgId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 0123456789ABCDEF01234567@AdobeOrg',
			description:
				'Developer Console > OAuth Server-to-Server > Organization ID. Ends in @AdobeOrg.',
		},
		{
			displayName: 'Scopes',
			name: 'scopes',
			type: 'string',
			required: true,
			default: 'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext',
			description: 'Developer Console > OAuth Server-to-Server > Scopes. Separated by commas.',
		},
		{
			displayName: 'Sandbox',
			name: 'sandboxName',
			type: 'string',
			default: 'prod',
			placeholder: 'e.g. prod',
			description:
				'Name (not title) of the sandbox to use, e.g. prod. Each node can override it under Options.',
		},
		{
			displayName: 'Tenant Name',
			name: 'tenantName',
			type: 'string',
			default: '',
			placeholder: 'e.g. acme',
			description:
				'What follows @ in the address of Experience Platform (experience.adobe.com/#/@acme/…). Optional: makes the links in the output open your organization.',
		},
		{
			displayName: 'Developer Console Project',
			name: 'projectSecretJson',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. {"project":{"id":"…',
			description:
				'Only for triggers that register for events by themselves: Developer Console > your project > Download, pasted whole. The project needs the I/O Management API, and Scopes must include adobeio_api.',
		},
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'Other URLs, such as the emulator of this package',
				},
				{ name: 'Production', value: 'production', description: 'platform.adobe.io' },
				{
					name: 'Stage',
					value: 'stage',
					description: 'platform-stage.adobe.io, if Adobe gave you access',
				},
			],
			default: 'production',
			description: 'Adobe environment to connect to',
		},
		{
			displayName: 'Platform URL',
			name: 'platformUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://platform.adobe.io',
			displayOptions: showForCustom,
			description: 'Only scheme, host and port. Use https, or http for this machine.',
		},
		{
			displayName: 'IMS URL',
			name: 'imsUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://ims-na1.adobelogin.com',
			displayOptions: showForCustom,
			description: 'Only scheme, host and port. Use https, or http for this machine.',
		},
		{
			displayName: 'I/O URL',
			name: 'ioUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://api.adobe.io',
			displayOptions: showForCustom,
			description:
				'Where Adobe I/O Events is; only triggers that get events need it. Only scheme, host and port.',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Token Fingerprint',
			name: 'tokenFingerprint',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await refreshToken(this.helpers, credentials);
	}

	authenticate = withAdobeHeaders;

	// A list of one connection: it needs the organization, the sandbox and the right to view sources.
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ $credentials.environment === "custom" ? $credentials.platformUrl.trim() : $credentials.environment === "stage" ? "${ADOBE_ORIGINS.stage.platformOrigin}" : "${ADOBE_ORIGINS.production.platformOrigin}" }}`,
			url: `/data/foundation/flowservice/connections?limit=1&property=connectionSpec.id==${POSTGRESQL_CONNECTION_SPEC.id}`,
			ignoreHttpStatusErrors: true,
		},
		rules: credentialTestRules,
	};
}
