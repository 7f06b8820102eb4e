import { createVerify } from 'node:crypto';

import { consoleProjectOf } from '../../../emulator/ioEvents/consoleProjects.mts';
import type { Emulator, EmulatorOptions } from '../../../emulator/emulator.mts';
import { seedConnections, startAdobe } from '../../support/adobe.mts';
import { until } from '../../support/until.mts';
import { startWebhook, type Webhook } from './webhook.mts';

const MINUTE_MS = 60_000;
const FAILURE = 'sources_flow_run_failure';
const open: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const close of open.splice(0)) await close();
});

interface Api {
	emulator: Emulator;
	webhook: Webhook;
	flowId: string;
	call(
		method: string,
		path: string,
		body?: object,
	): Promise<{ status: number; headers: Headers; body: any }>;
	register(changes?: object): ReturnType<Api['call']>;
}

async function openApi(
	options: Partial<EmulatorOptions> = {},
	scope = 'openid,adobeio_api',
): Promise<Api> {
	const fair = { challengeBy: 'get', failureCode: FAILURE, eventEnvelope: 'adobe' } as const;
	const emulator = await startAdobe({ ...fair, ...options });
	const webhook = await startWebhook();
	open.push(webhook.stop, async () => await emulator.close());
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: emulator.clientId,
		client_secret: emulator.clientSecret,
		scope,
	});
	const token = await fetch(`${emulator.imsUrl}/ims/token/v3`, { method: 'POST', body: form });
	const { access_token: bearer } = (await token.json()) as { access_token: string };
	const { organizationId, projectId, workspaceId } = consoleProjectOf(emulator.clients()[0]!);
	const call: Api['call'] = async (method, path, body) => {
		const response = await fetch(
			`${emulator.platformUrl}/events/${path.replace('WORKSPACE', `${organizationId}/${projectId}/${workspaceId}/registrations`).replace('ORG', organizationId)}`,
			{
				method,
				headers: { authorization: `Bearer ${bearer}`, 'x-api-key': emulator.clientId },
				...(body && { body: JSON.stringify(body) }),
			},
		);
		const text = await response.text();
		return {
			status: response.status,
			headers: response.headers,
			body: text === '' ? undefined : JSON.parse(text),
		};
	};
	const providers = await call('GET', 'ORG/providers?eventmetadata=true');
	const provider: string = providers.body._embedded?.providers[0].id;
	const register: Api['register'] = async (changes = {}) =>
		await call('POST', 'WORKSPACE', {
			client_id: emulator.clientId,
			name: 'n8n',
			webhook_url: webhook.url,
			events_of_interest: [{ provider_id: provider, event_code: FAILURE }],
			...changes,
		});
	const [flow] = await flowsOf(emulator);
	return { emulator, webhook, flowId: flow, call, register };
}

async function flowsOf(emulator: Emulator): Promise<[string]> {
	await seedConnections(emulator, ['of events']);
	const [flow] = emulator.markInUse(emulator.connections()[0]!.id, ['Orders']);
	return [flow!.id];
}

describe('Providers and registrations', () => {
	it('show the events of runs, in one of two spellings', async () => {
		const { call } = await openApi({ failureCode: 'sources_flow_run_failed' });
		const { body } = await call(
			'GET',
			'ORG/providers?providerMetadataId=aep_observability_catalog_events&eventmetadata=true',
		);
		const [provider] = body._embedded.providers;
		const codes = provider._embedded.eventmetadata.map((one: any) => one.event_code);
		expect(codes).toContain('sources_flow_run_failed');
		const alone = await call('GET', `providers/${provider.id}/eventmetadata`);
		expect(alone.body._embedded.eventmetadata).toHaveLength(codes.length);
	});

	it('are made, listed, changed and deleted, and a webhook is asked first', async () => {
		const { call, register, webhook } = await openApi();
		const made = await register();
		expect(made).toMatchObject({
			status: 201,
			body: { webhook_status: 'verified', enabled: true },
		});
		expect(webhook.received[0]?.path).toMatch(/^\/hook\?challenge=/);
		const path = `WORKSPACE/${made.body.registration_id}`;
		expect((await call('GET', 'WORKSPACE')).body._embedded.registrations).toHaveLength(1);
		const { body } = await call('GET', path);
		const changed = await call('PUT', path, { ...body, name: 'other', enabled: false });
		expect(changed.body).toMatchObject({ name: 'other', enabled: false });
		expect((await call('DELETE', path)).status).toBe(204);
		expect((await call('GET', path)).status).toBe(404);
	});

	it('are refused for a name that is taken, and beyond thirty', async () => {
		const { register } = await openApi();
		const { body } = await register();
		const again = await register();
		expect(again.status).toBe(409);
		expect(again.headers.get('x-conflicting-id')).toBe(body.registration_id);
		for (let count = 1; count < 30; count++) await register({ name: `n8n ${count}` });
		const oneMore = await register({ name: 'one more' });
		expect(oneMore.status).toBe(409);
		expect(oneMore.headers.get('x-conflicting-id')).toBeNull();
	});

	it.each([
		['another client', { client_id: 'x' }],
		['a short name', { name: 'ab' }],
		['no events', { events_of_interest: [] }],
		['an unknown event', { events_of_interest: [{ provider_id: 'x', event_code: FAILURE }] }],
		['a foreign host', { webhook_url: 'https://n8n.example/hook' }],
		['an address that is none', { webhook_url: 'hook' }],
	])('are refused for %s', async (_what, changes) => {
		const { register } = await openApi();
		expect((await register(changes)).status).toBe(400);
	});

	it('want the API in the project, and its scope', async () => {
		const without = await openApi({}, 'openid');
		expect((await without.register()).status).toBe(403);
		const other = await openApi();
		other.emulator.clients()[0]!.ioManagement = false;
		expect((await other.register()).status).toBe(403);
		expect((await other.call('GET', '1/2/3/registrations')).status).toBe(403);
	});

	it('are switched off when a webhook confirms neither way within five minutes', async () => {
		const { emulator, register, webhook } = await openApi({ challengeBy: 'post' });
		await register();
		const { validationUrl } = JSON.parse(webhook.received[0]!.body.toString('utf8'));
		expect(validationUrl).toContain('/csm/registrations/validate?id=');
		expect(emulator.registrations()[0]).toMatchObject({ webhookStatus: 'unverified' });
		expect((await fetch(`${validationUrl}x`)).status).toBe(404);
		await emulator.advanceClock(5 * MINUTE_MS + 1);
		expect(emulator.registrations()[0]).toMatchObject({
			webhookStatus: 'disabled',
			enabled: false,
		});
		await register({ name: 'second' });
		const second = JSON.parse(webhook.received.at(-1)!.body.toString('utf8'));
		expect((await fetch(second.validationUrl)).status).toBe(200);
		await emulator.advanceClock(6 * MINUTE_MS);
		expect(emulator.registrations()[1]).toMatchObject({ webhookStatus: 'verified', enabled: true });
	});
});

describe('Deliveries', () => {
	it('are signed with keys that are published, over the very bytes', async () => {
		const { emulator, register, webhook, flowId } = await openApi();
		await register();
		emulator.seedRun({ flowId, status: 'failed' });
		await until(() => webhook.received.length === 2);
		const { headers, body } = webhook.received[1]!;
		for (const which of [1, 2]) {
			const path = String(headers[`x-adobe-public-key${which}-path`]);
			expect(path).toMatch(/^\/prod\/keys\/[A-Za-z0-9-]+\.pem$/);
			const pem = await (await fetch(emulator.platformUrl + path)).text();
			const signature = String(headers[`x-adobe-digital-signature-${which}`]);
			expect(createVerify('RSA-SHA256').update(body).verify(pem, signature, 'base64')).toBe(true);
		}
		expect(JSON.parse(body.toString('utf8'))).toMatchObject({
			recipient_client_id: emulator.clientId,
		});
		const [{ headers: first }] = [webhook.received[1]!];
		emulator.rotateEventKeys();
		const old = await fetch(emulator.platformUrl + String(first['x-adobe-public-key1-path']));
		expect(old.status).toBe(404);
	});

	it('are tried again after 1, 2, 4, 8 and 15 minutes, and not after another refusal', async () => {
		const { emulator, register, webhook, flowId } = await openApi();
		await register();
		webhook.status = 503;
		emulator.seedRun({ flowId, status: 'failed' });
		await until(() => emulator.deliveries().length === 1);
		await emulator.advanceClock(50 * MINUTE_MS);
		const times = emulator.deliveries().map(({ at }) => at);
		const minutes = times.slice(1).map((at, index) => Math.round((at - times[index]!) / MINUTE_MS));
		expect(minutes).toEqual([1, 2, 4, 8, 15, 15]);
		webhook.status = 401;
		emulator.seedRun({ flowId, status: 'failed' });
		const before = emulator.deliveries().length;
		await until(() => emulator.deliveries().length > before);
		await emulator.advanceClock(MINUTE_MS * 3);
		expect(emulator.deliveries().filter(({ status }) => status === 401)).toHaveLength(1);
	});

	it('end when a day has failed: the registration is switched off', async () => {
		const { emulator, register, webhook, flowId } = await openApi();
		await register();
		webhook.status = 500;
		emulator.seedRun({ flowId, status: 'failed' });
		await until(() => emulator.deliveries().length === 1);
		expect(emulator.registrations()[0]?.webhookStatus).toBe('unstable');
		await emulator.advanceClock(25 * 60 * MINUTE_MS);
		expect(emulator.registrations()[0]).toMatchObject({
			webhookStatus: 'disabled',
			enabled: false,
		});
		const count = emulator.deliveries().length;
		emulator.seedRun({ flowId, status: 'failed' });
		await emulator.advanceClock(MINUTE_MS);
		expect(emulator.deliveries()).toHaveLength(count);
	});

	it('have every kind of weather', async () => {
		const { emulator, register, flowId } = await openApi({
			deliveries: ['twice', 'tampered', 'staleKey', 'wrongClient', 'outOfOrder', 'late', 'lost'],
		});
		await register();
		for (let count = 0; count < 5; count++) emulator.seedRun({ flowId, status: 'failed' });
		// Of ten events (five starts), the tenth is lost.
		await until(() => emulator.deliveries().length === 4 * 5);
		const forged = emulator.deliveries().map((one) => one.forged ?? 'good');
		expect(new Set(forged)).toEqual(new Set(['good', 'tampered', 'staleKey', 'wrongClient']));
	});
});
