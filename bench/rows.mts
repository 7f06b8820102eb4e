import type { WorkflowNode } from '../e2e/n8n/workflow.mts';
import type { EmulatorProcess } from './emulatorProcess.mts';

/** What does the work; `floor` is outside n8n. */
export type RowName = 'node' | 'httpRequestCredential' | 'httpRequestHeader' | 'floor';

export const ROW_MEANINGS: Record<RowName, string> = {
	node: 'our Connection node',
	httpRequestCredential: 'n8n’s HTTP Request node with our credential, as it comes',
	httpRequestHeader: 'n8n’s HTTP Request node with the token as a plain header, as it comes',
	floor:
		'a keep-alive HTTP client outside n8n, with as many requests at a time as our node may send',
};

export const SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };
const HTTP_REQUEST = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
const CONNECTIONS = '/data/foundation/flowservice/connections';

type Measured = Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'> & {
	usesCredential: boolean;
};

/** What a POST of these measurements carries, for item `name`. */
export function createBody(name: string, description?: string): object {
	return {
		name,
		description,
		auth: {
			specName: 'Basic Authentication',
			params: {
				server: 'db',
				port: '5432',
				database: 'd',
				username: 'u',
				password: 'p',
				sslMode: 'Prefer',
			},
		},
		connectionSpec: SPEC,
	};
}

/** The node that is measured, for a run of creates, upserts or lists. */
export function measuredNode(
	row: Exclude<RowName, 'floor'>,
	work: 'create' | 'upsert' | 'list',
	emulator: EmulatorProcess,
	token: string,
): Measured {
	if (row === 'node') return ourNode(work);
	const headers: Record<string, string> = {
		Authorization: `Bearer ${token}`,
		'x-api-key': emulator.clientId,
		'x-gw-ims-org-id': emulator.orgId,
		'x-sandbox-name': 'prod',
	};
	const url = `${emulator.platformUrl}${CONNECTIONS}`;
	return {
		...HTTP_REQUEST,
		usesCredential: row === 'httpRequestCredential',
		parameters: {
			...(row === 'httpRequestCredential'
				? { authentication: 'predefinedCredentialType', nodeCredentialType: 'adobeImsApi' }
				: {
						sendHeaders: true,
						headerParameters: {
							parameters: Object.entries(headers).map(([name, value]) => ({ name, value })),
						},
					}),
			...(work === 'list' ? listParameters(url) : createParameters(url)),
		},
	};
}

function ourNode(work: 'create' | 'upsert' | 'list'): Measured {
	const type = { type: 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection', typeVersion: 1 };
	if (work === 'list') {
		const parameters = { resource: 'connection', operation: 'getAll', returnAll: true };
		return { ...type, usesCredential: true, parameters };
	}
	return {
		...type,
		usesCredential: true,
		parameters: {
			resource: 'connection',
			operation: work,
			name: '={{ $json.name }}',
			cloud: 'azure',
			authMode: 'basic',
			databaseDetails: 'parameters',
			server: 'db',
			port: 5432,
			database: 'd',
			username: 'u',
			password: 'p',
			sslMode: 'Prefer',
			// One expression, as in the body of HTTP Request: n8n takes long for each.
			additionalFields: work === 'upsert' ? { description: '={{ $json.description }}' } : {},
		},
	};
}

function createParameters(url: string): Record<string, unknown> {
	const body = JSON.stringify(createBody('NAME')).replace('NAME', '{{ $json.name }}');
	return {
		method: 'POST',
		url,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `=${body}`,
		options: {},
	};
}

function listParameters(url: string): Record<string, unknown> {
	const first = `${url}?property=connectionSpec.id==${SPEC.id}&limit=100`;
	// Adobe's link is relative to Flow Service and has nothing but the token, encoded as it has to be.
	const next = `"${first}&" + ($response.body._links?.next?.href ?? "").split("?")[1]`;
	return {
		url: first,
		options: {
			pagination: {
				pagination: {
					paginationMode: 'responseContainsNextURL',
					nextURL: `={{ ${next} }}`,
					paginationCompleteWhen: 'other',
					completeExpression: '={{ !$response.body._links?.next?.href }}',
				},
			},
		},
	};
}
