import { thrownBy } from '../support/connectionNode.mts';
import { until } from '../support/until.mts';
import { closeScenes, openScene } from './scene.mts';

afterEach(closeScenes);

const failedRun = (flowId: string) => ({ flowId, status: 'failed' as const });
const codesOf = (events: ReadonlyArray<{ event_code: string }> = []) =>
	events.map(({ event_code: code }) => code).sort();

describe('The registration', () => {
	it.each([
		['failed', ['sources_flow_run_failure']],
		['started', ['sources_flow_run_start']],
		['succeeded', ['sources_flow_run_success']],
		['rejectedRecords', ['sources_flow_run_failure', 'sources_flow_run_success']],
	])('for %s is for the events that tell of it', async (event, codes) => {
		const failureCode = 'sources_flow_run_failure';
		const { adobe, host } = await openScene({ triggerOn: [event] }, { failureCode });
		await host.publish();
		expect(codesOf(adobe.registrations()[0]?.events)).toEqual(codes);
		expect(adobe.registrations()[0]?.name).toMatch(/^n8n: dataflow runs, webhook [0-9a-f]{16}$/);
	});

	it('takes the other spelling of a failure, and a code that is given', async () => {
		const failureCode = 'sources_flow_run_failed';
		const { adobe, host } = await openScene({ triggerOn: ['failed'] }, { failureCode });
		await host.publish();
		expect(codesOf(adobe.registrations()[0]?.events)).toEqual([failureCode]);
		host.parameters = {
			...host.parameters,
			options: { eventCodes: 'sources_flow_run_delay, sources_flow_run_failed' },
		};
		await host.publish();
		expect(adobe.registrations()).toHaveLength(1);
		expect(codesOf(adobe.registrations()[0]?.events)).toEqual([
			'sources_flow_run_delay',
			failureCode,
		]);
		host.parameters = { ...host.parameters, options: { eventCodes: 'no_such_code' } };
		const error = await thrownBy(async () => await host.publish());
		expect(error.message).toBe("Adobe offers no event for the code 'no_such_code'");
		expect(error.description).toContain('sources_flow_run_failed');
	});

	it('is left as it is when n8n starts again, and made again when Adobe has switched it off', async () => {
		const { adobe, host } = await openScene();
		await host.publish();
		const [first] = adobe.registrations();
		await host.publish('init');
		expect(adobe.registrations()).toEqual([first]);
		// It does not matter by then whether Adobe still shows its events.
		adobe.addFault({
			kind: 'status',
			status: 200,
			body: {},
			path: '/events/{organizationId}/providers',
		});
		await host.publish('init');
		expect(adobe.registrations()).toEqual([first]);
		const error = await thrownBy(async () => await host.publish());
		expect(error.message).toMatch(/^Adobe offers no event/);
		Object.assign(first ?? {}, { enabled: false, webhookStatus: 'disabled' });
		await host.publish('init');
		expect(adobe.registrations()).toMatchObject([{ enabled: true, webhookStatus: 'verified' }]);
		expect(adobe.registrations()[0]?.registrationId).not.toBe(first?.registrationId);
	});

	it('is used when a lost answer has made it', async () => {
		const { adobe, host } = await openScene();
		adobe.addFault({
			kind: 'reset',
			when: 'after',
			method: 'POST',
			path: '/events/{organizationId}/{projectId}/{workspaceId}/registrations',
		});
		await host.publish();
		expect(adobe.registrations()).toHaveLength(1);
	});

	it('is taken for granted when n8n starts and Adobe does not answer', async () => {
		const { adobe, host } = await openScene();
		await host.publish();
		const down = { kind: 'status', status: 503, path: '/events/*', times: 100 } as const;
		adobe.addFault(down);
		jest.useFakeTimers({
			advanceTimers: 200,
			doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
		});
		try {
			await host.publish('init');
		} finally {
			jest.useRealTimers();
		}
		expect(host.log.at(-1)).toContain('it is taken for granted');
		expect(adobe.registrations()).toHaveLength(1);
	});

	it('cannot be removed while Adobe does not answer, which does not stop anybody', async () => {
		const { adobe, host } = await openScene();
		await host.publish();
		adobe.revokeTokens();
		adobe.clients()[0]!.clientSecret = 'changed';
		expect(await host.unpublish()).toBe(false);
		expect(host.log.at(-1)).toContain('could not be removed');
		expect(host.log.join()).not.toContain(adobe.clientSecret);
	});

	it('is not touched where the user registers by hand', async () => {
		const { adobe, host } = await openScene(
			{ registration: 'manual' },
			{},
			{ projectSecretJson: '' },
		);
		const before = adobe.journal.length;
		await host.publish();
		expect(await host.unpublish()).toBe(true);
		expect(adobe.journal).toHaveLength(before);
	});

	it.each([
		[
			'no project',
			{ projectSecretJson: '' },
			"The credential's 'Developer Console Project' is empty",
		],
		['no address', { ioUrl: '' }, "The credential's 'I/O URL' is empty"],
		[
			'no scope',
			{ scopes: 'openid' },
			'The credential is not allowed to manage event registrations',
		],
	])('says what is missing: %s', async (_what, credential, message) => {
		const { host } = await openScene({}, {}, credential);
		const error = await thrownBy(async () => await host.publish());
		expect(error.message).toBe(message);
	});

	it('says that the API is missing in the project', async () => {
		const { adobe, host } = await openScene();
		adobe.clients()[0]!.ioManagement = false;
		const error = await thrownBy(async () => await host.publish());
		expect(error.message).toBe('The credential is not allowed to manage event registrations');
		expect(error.description).toContain('add the I/O Management API to the project');
		expect(error.description).toContain('adobeio_api');
	});

	it('says that the limit is reached', async () => {
		const { adobe, host } = await openScene();
		await host.publish();
		const [one] = adobe.registrations();
		const { organizationId, projectId, workspaceId } = one!;
		await host.unpublish();
		const form = new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: adobe.clientId,
			client_secret: adobe.clientSecret,
			scope: 'adobeio_api',
		});
		const token = await fetch(`${adobe.imsUrl}/ims/token/v3`, { method: 'POST', body: form });
		const { access_token: bearer } = (await token.json()) as { access_token: string };
		for (let count = 0; count < 30; count++) {
			const made = await fetch(
				`${adobe.platformUrl}/events/${organizationId}/${projectId}/${workspaceId}/registrations`,
				{
					method: 'POST',
					headers: { authorization: `Bearer ${bearer}`, 'x-api-key': adobe.clientId },
					body: JSON.stringify({
						client_id: adobe.clientId,
						name: `journal ${count}`,
						delivery_type: 'journal',
						events_of_interest: one?.events,
					}),
				},
			);
			expect(made.status).toBe(201);
		}
		const error = await thrownBy(async () => await host.publish());
		expect(error.message).toMatch(/^Adobe does not accept the registration/);
		expect(error.description).toContain('30 registrations for a client ID');
	});

	it('says that Adobe cannot reach this n8n', async () => {
		const { host } = await openScene();
		Object.assign(host, { origin: 'http://n8n.example' });
		const error = await thrownBy(async () => await host.publish());
		expect(error.message).toBe('Adobe does not accept the webhook URL of this n8n');
		expect(error.description).toContain('WEBHOOK_URL');
	});

	it('for the test URL has a name of its own', async () => {
		const { adobe, host, flowId } = await openScene({ triggerOn: ['failed'] });
		await host.publish();
		host.mode = 'manual';
		await host.publish('manual');
		expect(new Set(adobe.registrations().map(({ name }) => name)).size).toBe(2);
		await host.unpublish();
		host.mode = 'webhook';
		adobe.seedRun(failedRun(flowId));
		await until(() => host.items.length === 1);
		expect(adobe.registrations()).toHaveLength(1);
	});
});
