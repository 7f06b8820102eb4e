import { createHash } from 'node:crypto';
import type { Client } from '../identity/clients.mts';

/** The IDs by which Adobe I/O Events addresses a project: flow-service-more.md 9.1. */
export interface ConsoleProject {
	organizationId: string;
	projectId: string;
	workspaceId: string;
	credentialId: string;
}

/** Always the same for a client; those of one organization share its ID. */
export function consoleProjectOf({ clientId, orgId }: Client): ConsoleProject {
	return {
		organizationId: digitsOf(`organization ${orgId}`, 6),
		projectId: digitsOf(`project ${clientId}`, 19),
		workspaceId: digitsOf(`workspace ${clientId}`, 19),
		credentialId: digitsOf(`credential ${clientId}`, 6),
	};
}

/** What the Developer Console offers for download; which members it has besides the IDs is ⚠UNV. */
export function projectJsonOf(client: Client): object {
	const { organizationId, projectId, workspaceId, credentialId } = consoleProjectOf(client);
	return {
		project: {
			id: projectId,
			name: 'n8n',
			title: 'n8n',
			org: { id: organizationId, name: 'Emulator', ims_org_id: client.orgId },
			workspace: {
				id: workspaceId,
				name: 'Production',
				details: {
					credentials: [
						{
							id: credentialId,
							name: 'OAuth Server-to-Server',
							integration_type: 'oauth_server_to_server',
							oauth_server_to_server: {
								client_id: client.clientId,
								client_secrets: [client.clientSecret],
								technical_account_id: client.technicalAccountId,
								scopes: client.scopes,
							},
						},
					],
					services: [
						{ code: 'ACPAPIServices', name: 'Experience Platform API' },
						...(client.ioManagement
							? [{ code: 'AdobeIOManagementAPISDK', name: 'I/O Management API' }]
							: []),
					],
				},
			},
		},
	};
}

function digitsOf(text: string, count: number): string {
	const digits = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`).toString();
	return digits.slice(1, count + 1).replace(/^0/, '4');
}
