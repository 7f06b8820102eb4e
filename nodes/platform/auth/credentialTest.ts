import type { IAuthenticateRuleResponseSuccessBody } from 'n8n-workflow';

import { ERROR_CODES } from '../adobeCodes';

/**
 * What the credential's test says for each of Adobe's errors. n8n's tester shows one sentence and can
 * compare single members of an answer's body, so the test request takes errors as answers.
 * The last rule catches whatever is not a list, so that no unknown error passes for a success.
 */
export const credentialTestRules: IAuthenticateRuleResponseSuccessBody[] = [
	...rules(
		ERROR_CODES.apiKey,
		"Adobe's gateway does not accept 'Client ID' as an API key: in the Adobe Developer Console, add the Experience Platform API to the project and choose a product profile",
	),
	...rules(
		ERROR_CODES.organizationAtGateway,
		"This client may not act for the organization in 'Organization ID': check it against the project in the Adobe Developer Console, and choose a product profile of Experience Platform for the API there",
	),
	...rules(
		['401013', ...ERROR_CODES.token],
		"Adobe does not accept the access token: check 'Client ID', 'Scopes' and 'Environment'",
	),
	...rules(
		['429001', '429002', '429050'],
		'Adobe limits the rate of requests at the moment: try again in a minute',
	),
	...rules(
		ERROR_CODES.organizationAtService,
		"This client has no access to the organization in 'Organization ID'",
	),
	...rules(
		ERROR_CODES.sandbox,
		"The sandbox in 'Sandbox' does not exist, or no role with this credential includes it: enter the sandbox's name (not its title), and check the role in Experience Platform under Permissions",
	),
	...rules(
		ERROR_CODES.permission,
		"Signed in, but not allowed to see sources in this sandbox: in Experience Platform under Permissions, give a role that lists this credential the permission 'View Sources' (and 'Manage Sources' to create connections)",
	),
	{
		type: 'responseSuccessBody',
		properties: {
			key: 'items',
			value: undefined,
			message:
				"Adobe's answer is not a list of connections: check 'Environment' (and with Custom 'Platform URL'), or try again later",
		},
	},
];

/** The gateway's codes are in a member of their own, Flow Service's at the end of an error's type. */
function rules(codes: readonly string[], message: string): IAuthenticateRuleResponseSuccessBody[] {
	return codes.map((code) => ({
		type: 'responseSuccessBody',
		properties: /^\d+$/.test(code)
			? { key: 'error_code', value: code, message }
			: { key: 'type', value: `https://ns.adobe.com/aep/errors/${code}`, message },
	}));
}
