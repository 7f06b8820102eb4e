import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { imsCredential, sourceCredential, type Adobe } from './n8n/adobe.mts';
import type { CredentialInput, Workflow } from './n8n/workflow.mts';

/** Name of the trigger in the workflow. */
export const TRIGGER = 'A run failed';

const SCOPES =
	'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext,adobeio_api';

const TIMEOUT_MS = 60_000;

/** Waits until something is found. */
export async function until<T>(
	what: string,
	find: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	const deadlineMs = Date.now() + TIMEOUT_MS;
	for (;;) {
		const found = await find();
		if (found !== undefined) return found;
		assert.ok(Date.now() < deadlineMs, `not in time: ${what}`);
		await sleep(50);
	}
}

/** A credential whose project may register for events. */
export function eventsCredential(adobe: Adobe): CredentialInput {
	const credential = imsCredential(adobe);
	const { platformUrl } = adobe.emulator;
	return {
		...credential,
		name: 'Adobe with events',
		data: {
			...credential.data,
			scopes: SCOPES,
			ioUrl: platformUrl,
			projectSecretJson: adobe.emulator.projectJson(),
		},
	};
}

/** A workflow that starts when a run fails, and does nothing. */
export function webhookWorkflow(adobeImsApi: { id: string; name: string }): Workflow {
	return {
		name: 'Webhook trigger',
		nodes: [
			{
				id: '1d6c8a54-8c1b-4c2c-9f6a-0a6d0d7d9c01',
				name: TRIGGER,
				type: 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflowWebhookTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: { triggerOn: ['failed'], watch: 'all' },
				credentials: { adobeImsApi },
				webhookId: '5f0f4c0e-2f3c-4b65-8d5c-7c8c5a1d2e03',
			},
			{
				id: '1d6c8a54-8c1b-4c2c-9f6a-0a6d0d7d9c02',
				name: 'Next',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** A dataflow that exists to have runs; gives its ID. */
export async function dataflowWithRuns(
	{ emulator, postgres }: Adobe,
	name = 'Orders by webhook',
): Promise<string> {
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: emulator.clientId,
		client_secret: emulator.clientSecret,
		scope: SCOPES,
	});
	const token = await fetch(`${emulator.imsUrl}/ims/token/v3`, { method: 'POST', body: form });
	const { access_token: bearer } = (await token.json()) as { access_token: string };
	const { connectionString } = sourceCredential({ emulator, postgres }).data;
	const made = await fetch(`${emulator.platformUrl}/data/foundation/flowservice/connections`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${bearer}`,
			'x-api-key': emulator.clientId,
			'x-gw-ims-org-id': emulator.orgId,
			'x-sandbox-name': 'prod',
			'content-type': 'application/json',
		},
		body: JSON.stringify({
			name: `Connection of ${name}`,
			auth: {
				specName: 'Connection String Based Authentication',
				params: { connectionString },
			},
			connectionSpec: { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' },
		}),
	});
	const { id } = (await made.json()) as { id: string };
	const [flow] = emulator.markInUse(id, [name]);
	assert.ok(flow);
	return flow.id;
}
