import { until } from '../support/until.mts';
import { startWebhook } from '../emulator/ioEvents/webhook.mts';
import { closeScenes, openScene, type Scene } from './scene.mts';

afterEach(closeScenes);

const failedRun = (flowId: string) => ({ flowId, status: 'failed' as const, failedRecordCount: 2 });

describe('The webhook trigger', () => {
	it('is registered, asked, starts for a run that ends, and is removed', async () => {
		const { adobe, host, flowId, settled } = await openScene({ triggerOn: ['failed'] });
		await host.publish();
		expect(adobe.registrations()).toMatchObject([
			{ webhookUrl: host.url, webhookStatus: 'verified', enabled: true },
		]);
		const run = adobe.seedRun(failedRun(flowId));
		await until(() => host.executions.length === 1);
		await settled();
		expect(host.items).toMatchObject([
			{
				event: 'failed',
				flowName: 'Orders',
				status: 'failed',
				eventId: `${run.id}:failed`,
				runId: run.id,
				flowId,
			},
		]);
		expect(await host.unpublish()).toBe(true);
		expect(adobe.registrations()).toEqual([]);
		expect(host.log).toEqual([]);
	});

	it('gives the same item as the polling trigger', async () => {
		const { adobe, host, flowId, settled } = await openScene();
		await host.publish();
		const { Poller } = await import('../support/poll.mts');
		const poller = new Poller(adobe, {
			triggerOn: ['failed', 'started', 'succeeded', 'rejectedRecords'],
			watch: 'all',
			simplify: true,
			options: {},
		});
		await poller.poll();
		adobe.seedRun(failedRun(flowId));
		adobe.seedRun({ flowId, status: 'success', outputRecordCount: 5 });
		adobe.seedRun({ flowId, status: 'success', failedRecordCount: 1 });
		await until(() => host.items.length === 6);
		await settled();
		const byId = (items: Array<Record<string, unknown>>) =>
			[...items].sort((a, b) => (String(a.eventId) < String(b.eventId) ? -1 : 1));
		expect(byId(host.items)).toEqual(byId((await poller.poll()) ?? []));
	});

	it.each(['run', 'message', 'alert'] as const)(
		'reads the form %s in both envelopes',
		async (form) => {
			const { adobe, host, flowId, settled } = await openScene(
				{ triggerOn: ['failed', 'succeeded'] },
				{ eventPayload: form, eventEnvelope: 'mixed', failureCode: 'sources_flow_run_failed' },
			);
			await host.publish();
			for (let count = 0; count < 4; count++) adobe.seedRun(failedRun(flowId));
			await until(() => host.items.length === 4);
			await settled();
			expect(host.items.every(({ event }) => event === 'failed')).toBe(true);
		},
	);

	it('confirms by the address that Adobe sends, where its GET gets no answer', async () => {
		const { adobe, host } = await openScene({}, { challengeBy: 'post' });
		await host.publish();
		await until(() => adobe.registrations()[0]?.webhookStatus === 'verified');
	});

	it('waits for a run that Flow Service does not show yet', async () => {
		const { adobe, host, flowId } = await openScene({ triggerOn: ['failed'] });
		await host.publish();
		adobe.addFault({
			kind: 'status',
			status: 404,
			path: '/data/foundation/flowservice/runs/{id}',
			times: 2,
		});
		adobe.seedRun(failedRun(flowId));
		await until(() => host.items.length === 1);
	});

	it.each([
		['another sandbox', { options: { sandboxName: 'dev' } }],
		[
			'another dataflow',
			{ watch: 'one', flowId: { mode: 'id', value: '11111111-1111-4111-8111-111111111111' } },
		],
		['another event', { triggerOn: ['succeeded', 'failed'] }],
	])('does not start for %s', async (_what, parameters) => {
		const { adobe, host, flowId, settled } = await openScene(parameters);
		await host.publish();
		adobe.seedRun({ flowId, status: 'success', failedRecordCount: 1 });
		await until(() => adobe.deliveries().length > 1);
		await settled();
		expect(host.items).toEqual([]);
	});
});

describe('What nobody but Adobe may send', () => {
	let scene: Scene;
	let body: string;
	let runId: string;
	let before: number;
	beforeEach(async () => {
		scene = await openScene({ triggerOn: ['failed'], registration: 'manual' });
		const { adobe, flowId } = scene;
		const run = adobe.seedRun(failedRun(flowId));
		runId = run.id;
		body = JSON.stringify({
			event_id: 'event-1',
			event: {
				id: run.id,
				flowId,
				header: { _adobeio: { eventCode: 'sources_flow_run_failure' } },
			},
			recipient_client_id: adobe.clientId,
		});
		before = adobe.journal.length;
	});

	async function expectNothing(): Promise<void> {
		await until(() => scene.host.isIdle());
		expect(scene.host.executions).toEqual([]);
		const asked = scene.adobe.journal.filter(({ path }) => path.includes('/runs'));
		expect(asked).toEqual([]);
	}

	it('is told from what Adobe sends, once', async () => {
		const headers = scene.adobe.signedHeaders(body);
		expect(await scene.post(body, headers)).toBe(200);
		await until(() => scene.host.items.length === 1);
		expect(scene.host.items[0]).toMatchObject({ runId });
		const asked = scene.adobe.journal.length;
		expect(await scene.post(body, headers)).toBe(200);
		await until(() => scene.host.isIdle());
		expect(scene.host.items).toHaveLength(1);
		// A replay is known by its ID: nothing is asked for.
		expect(scene.adobe.journal.length).toBe(asked);
	});

	it('a replay of the same run under another event ID', async () => {
		await scene.post(body, scene.adobe.signedHeaders(body));
		const other = body.replace('event-1', 'event-2');
		expect(await scene.post(other, scene.adobe.signedHeaders(other))).toBe(200);
		await until(() => scene.host.isIdle());
		expect(scene.host.items).toHaveLength(1);
	});

	it('a body that was changed by a byte', async () => {
		const headers = scene.adobe.signedHeaders(body);
		expect(await scene.post(`${body} `, headers)).toBe(401);
		expect(await scene.post(body.replace('event-1', 'event-2'), headers)).toBe(401);
		await expectNothing();
	});

	it('a body without a signature, or with half of one', async () => {
		expect(await scene.post(body)).toBe(401);
		const {
			'x-adobe-digital-signature-1': _,
			'x-adobe-digital-signature-2': __,
			...rest
		} = scene.adobe.signedHeaders(body);
		expect(await scene.post(body, rest)).toBe(401);
		await expectNothing();
	});

	it('an event for another client', async () => {
		const other = body.replace(scene.adobe.clientId, 'somebody');
		expect(await scene.post(other, scene.adobe.signedHeaders(other))).toBe(401);
		await expectNothing();
		// Not even a key was asked for.
		expect(scene.adobe.journal.length).toBe(before);
	});

	it.each([
		'null',
		'7',
		'"text"',
		'"{\\"id\\":1}"',
		'[]',
		'[[[]]]',
		'[{"messages":[null,7,{"value":null}]}]',
		'{"flowId":{},"id":[]}',
		'{"flowId":"x","id":"../../connections"}',
		'{"flowRunId":"a,b","flowId":"a==b"}',
		'{"__proto__":{"flowRunId":"x"}}',
		`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
	])('is harmless also in a signed envelope: %#', async (event) => {
		const { adobe, host, post } = scene;
		for (const text of [
			`{"event_id":"e","event":${event},"recipient_client_id":"${adobe.clientId}"}`,
			`{"specversion":"1.0","id":"e","data":${event},"recipientclientid":"${adobe.clientId}"}`,
		]) {
			expect(await post(text, adobe.signedHeaders(text))).toBe(200);
		}
		await expectNothing();
		expect(host.log).toEqual([]);
	});

	it('five megabytes', async () => {
		const large = body.replace('event-1', 'x'.repeat(5 * 1024 * 1024));
		expect(await scene.post(large, scene.adobe.signedHeaders(large))).toBe(413);
		await expectNothing();
		expect(scene.adobe.journal.length).toBe(before);
	});

	it.each([
		'',
		'null',
		'[]',
		'"x"',
		'{"event":',
		'{}',
		'{"validationUrl":7}',
		'{"validationUrl":""}',
	])('%s', async (text) => {
		expect([400, 401]).toContain(await scene.post(text));
		await expectNothing();
	});

	describe('with an address of its own', () => {
		it.each([
			(origin: string) => `${origin}/prod/keys/key.pem`,
			(origin: string) => `@${origin.slice(7)}/prod/keys/key.pem`,
			(origin: string) => `//${origin.slice(7)}/prod/keys/key.pem`,
			() => '/prod/keys/../../key.pem',
			() => '/prod/keys/a/b.pem',
			() => '/prod/keys/key.pem?x=.pem',
			() => '/prod/keys/key.pem#.pem',
			() => '/stage/keys/key.pem',
			() => '/prod/keys/%2e%2e.pem',
			() => '\\prod\\keys\\key.pem',
		])('as the path of a key: %#', async (pathAt) => {
			const witness = await startWebhook();
			try {
				const path = pathAt(new URL(witness.url).origin);
				const headers = {
					...scene.adobe.signedHeaders(body),
					'x-adobe-public-key1-path': path,
					'x-adobe-public-key2-path': path,
				};
				expect(await scene.post(body, headers)).toBe(401);
				await expectNothing();
				expect(scene.adobe.journal.length).toBe(before);
				expect(witness.received).toEqual([]);
			} finally {
				await witness.stop();
			}
		});

		it.each([
			(witness: string) => `${witness}/csm/registrations/validate?id=1&challenge=2`,
			(witness: string, own: string) => `${own}@${witness.slice(7)}/csm/registrations/validate`,
			(witness: string) => `//${witness.slice(7)}/csm/registrations/validate`,
			(_: string, own: string) => `${own}/csm/registrations/validate/../../../runs`,
			(_: string, own: string) => `${own}/other?id=1`,
			(_: string, own: string) => own.replace('//', '//user:word@') + '/csm/registrations/validate',
			() => 'https://csm.adobe.io/csm/registrations/validate?id=1&challenge=2',
			() => 'file:///etc/passwd',
			() => 'javascript:alert(1)',
		])('as a challenge: %#', async (addressOf) => {
			const witness = await startWebhook();
			try {
				const validationUrl = addressOf(new URL(witness.url).origin, scene.adobe.platformUrl);
				expect(await scene.post(JSON.stringify({ validationUrl }))).toBe(400);
				await expectNothing();
				expect(scene.adobe.journal.length).toBe(before);
				expect(witness.received).toEqual([]);
			} finally {
				await witness.stop();
			}
		});
	});

	it('a challenge that is no word', async () => {
		for (const challenge of ['', '<script>alert(1)</script>', 'x'.repeat(600)]) {
			const response = await fetch(`${scene.host.url}?challenge=${encodeURIComponent(challenge)}`);
			expect(response.status).toBe(400);
		}
		const good = await fetch(`${scene.host.url}?challenge=a-B_1.2`);
		expect(good.headers.get('content-type')).toMatch(/^text\/plain/);
		expect(await good.text()).toBe('a-B_1.2');
	});
});
