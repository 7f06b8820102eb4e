import type { IAuthenticateRuleResponseSuccessBody } from 'n8n-workflow';

/**
 * What the credential's test says for each refusal. n8n's tester shows one sentence and can
 * compare single members of an answer's body, so the test request takes refusals as answers.
 * The last rule catches whatever is not a list, so that no unknown refusal passes for a success.
 */
export const credentialTestRules: IAuthenticateRuleResponseSuccessBody[] = [
	...gateway(
		['403000', '403003'],
		"Adobe's gateway does not accept 'Client ID' as an API key: in the Adobe Developer Console, add the Experience Platform API to the project and choose a product profile",
	),
	...gateway(
		['400003', '403023', '403025'],
		"This client may not act for the organization in 'Organization ID': check it against the project in the Adobe Developer Console, and choose a product profile of Experience Platform for the API there",
	),
	...gateway(
		['401013', '403010', '403011', '403020'],
		"Adobe does not accept the access token: check 'Client ID', 'Scopes' and 'Environment'",
	),
	...gateway(
		['429001', '429002', '429050'],
		'Adobe asks for fewer requests at the moment: try again in a minute',
	),
	...flowService(
		['2000-401', '2001-401', '2002-401'],
		"This client has no access to the organization in 'Organization ID'",
	),
	...flowService(
		['2100-404', '2101-404', '2103-404', '2106-404'],
		"The sandbox in 'Sandbox' does not exist, or no role with this credential includes it: enter the sandbox's name (not its title), and check the role in Experience Platform under Permissions",
	),
	...flowService(
		['2118-403', '2120-403', '2121-403'],
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

function gateway(codes: string[], message: string): IAuthenticateRuleResponseSuccessBody[] {
	return codes.map((value) => ({
		type: 'responseSuccessBody',
		properties: { key: 'error_code', value, message },
	}));
}

function flowService(codes: string[], message: string): IAuthenticateRuleResponseSuccessBody[] {
	return codes.map((code) => ({
		type: 'responseSuccessBody',
		properties: { key: 'type', value: `https://ns.adobe.com/aep/errors/FLOW-${code}`, message },
	}));
}
