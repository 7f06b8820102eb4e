import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Client, Emulator, EmulatorOptions, Fault } from '../../emulator/emulator.mts';
import { startAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { Poller } from '../support/poll.mts';
import type { Look } from './lives.mts';
import { randomFrom } from '../support/randomFrom.mts';
import { livesOf, STEP_MS } from './lives.mts';

const FLOWS = '/data/foundation/flowservice/flows';
const RUNS = '/data/foundation/flowservice/runs';
const JOURNAL = '/events/organizations/{org}/integrations/{credential}/{registration}';
const EVERYTHING = ['failed', 'started', 'succeeded', 'rejectedRecords'];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SCOPES =
	'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext,adobeio_api';

function credential(
	adobe: Emulator,
	changes: ICredentialDataDecryptedObject = {},
): ICredentialDataDecryptedObject {
	return {
		ioUrl: adobe.platformUrl,
		projectSecretJson: adobe.projectJson(),
		scopes: SCOPES,
		...changes,
	};
}

const ofClient = (adobe: Emulator, client: Client) =>
	credential(adobe, {
		clientId: client.clientId,
		clientSecret: client.clientSecret,
		projectSecretJson: adobe.projectJson(client),
	});

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

const idsOf = (items: IDataObject[] | null) => (items ?? []).map(({ eventId }) => eventId);

describe('The trigger by the journal', () => {
	let adobe: Emulator;
	let flowId: string;
	let other: string;

	async function start(options: Partial<EmulatorOptions> = {}): Promise<void> {
		adobe = await startAdobe(options);
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Of orders' });
		const flows = adobe.markInUse(String(made?.json.connectionId), ['Orders', 'Customers']);
		[flowId = '', other = ''] = flows.map(({ id }) => id);
	}

	const triggerOf = (parameters: INodeParameters = {}, ims = credential(adobe)) =>
		new Poller(
			adobe,
			{ triggerOn: EVERYTHING, watch: 'all', delivery: 'journal', ...parameters },
			ims,
		);

	async function activated(parameters: INodeParameters = {}): Promise<Poller> {
		const poller = triggerOf(parameters);
		expect(await poller.poll()).toBeNull();
		// Clocks count milliseconds: what comes now is later.
		await new Promise((resolve) => setTimeout(resolve, 5));
		adobe.journal.length = 0;
		return poller;
	}

	/** Moves both clocks, n8n's and Adobe's, to a time. */
	async function moveTo(epochMs: number): Promise<void> {
		const began = performance.now();
		jest
			.spyOn(Date, 'now')
			.mockImplementation(() => epochMs + Math.floor(performance.now() - began));
		await adobe.advanceClock(0);
	}

	const pass = async (ms: number) => await moveTo(Date.now() + ms);

	async function deleteRegistrations(): Promise<void> {
		const token = adobe.issuedTokens().at(-1);
		const headers = { authorization: `Bearer ${token}`, 'x-api-key': adobe.clientId };
		for (const one of adobe.registrations()) {
			const { organizationId, projectId, workspaceId, registrationId } = one;
			const path = `${organizationId}/${projectId}/${workspaceId}/registrations/${registrationId}`;
			const url = `${adobe.platformUrl}/events/${path}`;
			expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
		}
	}

	const asked = () =>
		adobe.journal
			.filter(({ path }) => !path.startsWith('/ims/'))
			.map(
				({ method, path }) => `${method} ${path.split('?')[0]?.replace(/[^/]*-[^/]*$/, '{id}')}`,
			);

	afterEach(async () => {
		jest.restoreAllMocks();
		await adobe.close();
	});

	it('asks once a poll for all dataflows as long as nothing happens', async () => {
		await start();
		const poller = await activated();
		for (let count = 0; count < 5; count++) expect(await poller.poll()).toBeNull();
		expect(asked()).toHaveLength(5);
		expect(new Set(asked()).size).toBe(1);
		expect(asked()[0]).toMatch(/^GET \/events\/organizations\//);
	});

	it('tells what happened in one poll, as the lists would', async () => {
		await start();
		const journal = await activated();
		const lists = triggerOf({ delivery: 'flowService' });
		await lists.poll();
		await new Promise((resolve) => setTimeout(resolve, 5));
		adobe.seedRun({ flowId, status: 'success', outputRecordCount: 5, failedRecordCount: 1 });
		adobe.seedRun({ flowId: other, status: 'failed' });
		const items = await journal.poll();
		expect(items).toHaveLength(4);
		expect(items).toStrictEqual(await lists.poll());
		expect(await journal.poll()).toBeNull();
	});

	it('tells every event of 2,000 runs exactly once, whatever the journal does', async () => {
		// What the server's clock shows is not moved.
		await start({
			dateHeader: false,
			eventPayload: 'mixed',
			eventEnvelope: 'mixed',
			journalEvents: 'mixed',
			journalLateMs: 4 * MINUTE_MS,
			journalDoubles: true,
			journalLost: 7,
		});
		const stepCount = 40;
		const poller = await activated();
		const begin = Date.now();
		const lives = livesOf(2_000, stepCount, 7, begin);
		const random = randomFrom(9);
		const numbers = new Map<string, number>();
		const ids = new Map<number, string>();
		const told: string[] = [];
		let failed = 0;
		let saved = poller.stored;
		const pollOnce = async (budgetMs: number | 'none') => {
			try {
				const items = await poller.poll({ budgetMs });
				for (const item of items ?? []) {
					told.push(`${numbers.get(String(item.runId))}:${String(item.event)}`);
					expect(item.eventId).toBe(`${String(item.runId)}:${String(item.event)}`);
				}
				if (items !== null) saved = poller.stored;
			} catch {
				failed++;
			}
		};
		const live = ({ run, ...look }: Look) => {
			const known = ids.get(run);
			if (known !== undefined) return adobe.updateRun(known, look);
			const { id } = adobe.seedRun({ ...look, flowId: run % 2 === 0 ? flowId : other });
			ids.set(run, id);
			return numbers.set(id, run);
		};
		const faults: Array<Fault | undefined> = [
			{ path: JOURNAL, kind: 'status', status: 503 },
			{ path: JOURNAL, kind: 'status', status: 410 },
			{ path: JOURNAL, kind: 'malformed' },
			{ path: JOURNAL, kind: 'reset', skip: 1 },
			{ path: RUNS, kind: 'status', status: 403 },
			{ path: RUNS, kind: 'malformed', skip: 1 },
			{ path: FLOWS, kind: 'reset' },
			{ path: JOURNAL, kind: 'delay', delayMs: 60, skip: 1, times: 2 },
			undefined,
			undefined,
		];
		for (const [number, step] of lives.steps.entries()) {
			await moveTo(begin + (number + 2) * STEP_MS);
			for (const look of step) live(look);
			const fault = faults[Math.floor(random() * faults.length)];
			if (fault !== undefined) adobe.addFault(fault);
			await pollOnce(fault?.kind === 'delay' ? 100 : random() < 0.5 ? 3_000 : 'none');
			// n8n keeps what a poll without items has remembered in its memory alone.
			if (random() < 0.15) poller.stored = saved;
		}
		expect(failed).toBeGreaterThan(0);
		for (let quiet = 0; quiet < 6; quiet++) {
			await pass(30 * MINUTE_MS);
			await pollOnce('none');
		}
		expect(told.toSorted()).toStrictEqual(lives.expected);
		expect(poller.stored.length).toBeLessThan(200_000);
	}, 240_000);

	describe('registers for events', () => {
		const registrations = () =>
			adobe.registrations().map(({ name, deliveryType, events }) => ({
				name,
				deliveryType,
				codes: events.map(({ event_code: code }) => code).toSorted(),
			}));

		it('once for all triggers of a client, for the journal, and for every event of runs', async () => {
			await start({ failureCode: 'sources_flow_run_failed' });
			await activated();
			await activated({ watch: 'one', flowId: byId(flowId), triggerOn: ['failed'] });
			expect(registrations()).toEqual([
				{
					name: `n8n: journal of source runs ${adobe.clientId.slice(0, 8)}`,
					deliveryType: 'journal',
					codes: ['sources_flow_run_failed', 'sources_flow_run_start', 'sources_flow_run_success'],
				},
			]);
		});

		it('anew where the registration was deleted, and misses nothing', async () => {
			await start({ dateHeader: false });
			const poller = await activated();
			adobe.seedRun({ flowId, status: 'failed' });
			await poller.poll();
			const lost = adobe.seedRun({ flowId, status: 'success' });
			await deleteRegistrations();
			expect(idsOf(await poller.poll())).toEqual([`${lost.id}:started`, `${lost.id}:succeeded`]);
			expect(poller.warnings).toEqual([
				expect.stringContaining('The event registration of the journal was gone'),
			]);
			expect(adobe.registrations()).toHaveLength(1);
			const next = adobe.seedRun({ flowId, status: 'failed' });
			adobe.journal.length = 0;
			expect(idsOf(await poller.poll())).toEqual([`${next.id}:started`, `${next.id}:failed`]);
			expect(asked().filter((one) => one.includes('/runs'))).toHaveLength(1);
		});

		it('anew within the hour where the registration was switched off', async () => {
			await start({ dateHeader: false });
			const poller = await activated();
			const [before] = adobe.registrations();
			Object.assign(before ?? {}, { enabled: false });
			expect(await poller.poll()).toBeNull();
			await pass(61 * MINUTE_MS);
			const { id } = adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() });
			expect(idsOf(await poller.poll())).toEqual([`${id}:started`, `${id}:failed`]);
			const after = adobe.registrations();
			expect(after.map(({ enabled }) => enabled)).toEqual([true]);
			expect(after[0]?.registrationId).not.toBe(before?.registrationId);
			expect(poller.warnings).toHaveLength(1);
			expect(await poller.poll()).toBeNull();
		});

		it('and asks no host for the journal that is not the credential’s own', async () => {
			await start();
			const poller = await activated();
			const { journal } = poller.state as { journal: { address: object } };
			const address = { ...journal.address, origin: 'https://evil.example' };
			poller.state = { ...poller.state, journal: { ...journal, address } };
			const { id } = adobe.seedRun({ flowId, status: 'failed' });
			expect(idsOf(await poller.poll())).toEqual([`${id}:started`, `${id}:failed`]);
		});

		it('not at all where it is given a journaling endpoint', async () => {
			await start();
			await activated();
			const [registration] = adobe.registrations();
			const { organizationId, credentialId, registrationId } = registration ?? {};
			const path = `organizations/${organizationId}/integrations/${credentialId}/${registrationId}`;
			for (const prefix of ['/events/', '/']) {
				const journalUrl = adobe.platformUrl + prefix + path;
				const poller = triggerOf({ journalUrl }, credential(adobe, { projectSecretJson: '' }));
				expect(await poller.poll()).toBeNull();
				await new Promise((resolve) => setTimeout(resolve, 5));
				adobe.journal.length = 0;
				const { id } = adobe.seedRun({ flowId, status: 'failed' });
				expect(idsOf(await poller.poll())).toEqual([`${id}:started`, `${id}:failed`]);
				expect(asked().some((one) => one.includes('registrations'))).toBe(false);
				expect(await poller.poll()).toBeNull();
			}
		});

		it.each([
			'https://evil.example/events/organizations/1/integrations/2/3',
			'https://api.adobe.io.evil.example/events/organizations/1/integrations/2/3',
			'https://api.adobe.io/events/organizations/1',
			'nonsense',
		])('refuses the endpoint %s, and sends nothing', async (journalUrl) => {
			await start();
			const poller = triggerOf({ journalUrl });
			const thrown = await thrownBy(async () => await poller.poll());
			expect(thrown.message).toBe(
				"'Journaling Endpoint' is not the address of a journal of Adobe I/O",
			);
			expect(asked().filter((one) => one.includes('/events'))).toEqual([]);
			expect(poller.state).toEqual({});
		});
	});

	describe('refuses to be activated, with clear words, where', () => {
		it.each<[string, Partial<Client>, ICredentialDataDecryptedObject, string, string]>([
			[
				'the project has no I/O Management API',
				{ ioManagement: false },
				{},
				'The credential is not allowed to manage event registrations',
				'I/O Management API',
			],
			[
				'the scope is missing in the credential',
				{},
				{ scopes: SCOPES.replace(',adobeio_api', '') },
				'The credential is not allowed to manage event registrations',
				'adobeio_api',
			],
			[
				'the scope is missing in the project',
				{ scopes: SCOPES.replace(',adobeio_api', '').split(',') },
				{},
				"Adobe IMS does not grant the credential's 'Scopes'",
				'I/O Management API',
			],
			[
				'the project is not named',
				{},
				{ projectSecretJson: '' },
				"The credential's 'Developer Console Project' is empty",
				'Developer Console',
			],
			[
				'the address is missing',
				{},
				{ ioUrl: '' },
				"The credential's 'I/O URL' is empty",
				'Custom',
			],
		])('%s', async (_what, client, changes, message, advice) => {
			await start();
			const made = adobe.addClient(client);
			const poller = triggerOf({}, { ...ofClient(adobe, made), ...changes });
			const thrown = await thrownBy(async () => await poller.poll());
			expect(thrown.message).toBe(message);
			expect(thrown.description).toContain(advice);
			expect(poller.state).toEqual({});
		});
	});

	it('tells what no event has told within the hour, by the lists', async () => {
		await start({ dateHeader: false, journalLost: 2 });
		const poller = await activated();
		const { id } = adobe.seedRun({ flowId, status: 'inProgress' });
		expect(idsOf(await poller.poll())).toEqual([`${id}:started`]);
		adobe.updateRun(id, { status: 'failed' });
		await pass(59 * MINUTE_MS);
		expect(await poller.poll()).toBeNull();
		await pass(2 * MINUTE_MS);
		expect(idsOf(await poller.poll())).toEqual([`${id}:failed`]);
		adobe.journal.length = 0;
		expect(await poller.poll()).toBeNull();
		expect(asked()).toHaveLength(1);
	});

	it('catches up with days in the journal', async () => {
		await start({ dateHeader: false });
		const poller = await activated();
		const ids: string[] = [];
		for (let day = 0; day < 6; day++) {
			await pass(DAY_MS);
			ids.push(adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() }).id);
		}
		expect(idsOf(await poller.poll())).toEqual(
			ids.flatMap((id) => [`${id}:started`, `${id}:failed`]),
		);
		expect(poller.warnings).toEqual([]);
		expect(await poller.poll()).toBeNull();
	});

	it('takes from the lists what the journal does not have any more, and says so', async () => {
		await start({ dateHeader: false });
		const poller = await activated();
		await pass(HOUR_MS);
		const { id } = adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() });
		await pass(8 * DAY_MS);
		const late = adobe.seedRun({ flowId, status: 'success', createdAt: Date.now() });
		expect(idsOf(await poller.poll())).toEqual([
			...[`${id}:started`, `${id}:failed`],
			...[`${late.id}:started`, `${late.id}:succeeded`],
		]);
		expect(poller.warnings).toEqual([
			expect.stringContaining('no longer has what came after the last poll'),
		]);
		const next = adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() });
		adobe.journal.length = 0;
		expect(idsOf(await poller.poll())).toEqual([`${next.id}:started`, `${next.id}:failed`]);
		expect(asked()[0]).toContain('/events/');
	});

	it('keeps a run that Flow Service does not list yet, and asks again', async () => {
		await start({ dateHeader: false, listLagMs: 2 * MINUTE_MS });
		const poller = await activated();
		await pass(3 * MINUTE_MS);
		const { id } = adobe.seedRun({ flowId, status: 'failed', createdAt: Date.now() });
		expect(await poller.poll()).toBeNull();
		await pass(3 * MINUTE_MS);
		expect(idsOf(await poller.poll())).toEqual([`${id}:started`, `${id}:failed`]);
	});

	it('of one dataflow tells nothing of another, by its ID or its name', async () => {
		await start();
		const pollers = [
			await activated({ watch: 'one', flowId: byId(flowId) }),
			await activated({ watch: 'one', flowId: { __rl: true, mode: 'name', value: 'Orders' } }),
		];
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		adobe.seedRun({ flowId: other, status: 'failed' });
		for (const poller of pollers) {
			adobe.journal.length = 0;
			const items = await poller.poll();
			expect(idsOf(items)).toEqual([`${id}:started`, `${id}:failed`]);
			expect(items?.[0]?.flowName).toBe('Orders');
			adobe.journal.length = 0;
			expect(await poller.poll()).toBeNull();
			expect(asked()).toHaveLength(1);
		}
	});

	it('tells nothing of another sandbox', async () => {
		await start();
		const poller = await activated({ options: { sandboxName: 'dev' } });
		adobe.seedRun({ flowId, status: 'failed' });
		expect(await poller.poll()).toBeNull();
		expect(asked().every((one) => one.includes('/events/'))).toBe(true);
	});

	it('tells by the lists when a dataflow is disabled, and of its runs by the journal', async () => {
		await start();
		const poller = await activated({ triggerOn: ['dataflowDisabled', 'failed'] });
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		const flow = adobe.flows().find((one) => one.id === other);
		Object.assign(flow ?? {}, { state: 'disabled', updatedAt: Date.now() });
		const items = await poller.poll();
		expect(items?.map(({ event }) => event).toSorted()).toEqual(['dataflowDisabled', 'failed']);
		expect(idsOf(items)).toContain(`${id}:failed`);
		expect(await poller.poll()).toBeNull();
	});

	it('reads no journal where only dataflows themselves are watched', async () => {
		await start();
		const poller = triggerOf({ triggerOn: ['dataflowDisabled'] }, credential(adobe, { ioUrl: '' }));
		expect(await poller.poll()).toBeNull();
		expect(adobe.registrations()).toEqual([]);
	});

	it('begins anew where the state is damaged, or of the other delivery', async () => {
		await start();
		const poller = await activated();
		adobe.seedRun({ flowId, status: 'failed' });
		for (const journal of [
			undefined,
			5,
			{ ...Object(poller.state.journal), waiting: [{ id: 1 }] },
		]) {
			poller.state = { ...poller.state, journal };
			expect(await poller.poll()).toBeNull();
			expect(poller.state).toMatchObject({ revision: 0, journal: { waiting: [] } });
		}
		poller.parameters = { ...poller.parameters, delivery: 'flowService' };
		expect(await poller.poll()).toBeNull();
		expect(poller.state.journal).toBeUndefined();
	});

	it('fails where the journal does, and tells by the lists all the same', async () => {
		await start({ dateHeader: false });
		const poller = await activated();
		adobe.addFault({ path: JOURNAL, kind: 'status', status: 403, times: 3 });
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		const thrown = await thrownBy(async () => await poller.poll());
		expect(thrown.message).toBe('The credential is not allowed to read the journal of events');
		await pass(61 * MINUTE_MS);
		expect(idsOf(await poller.poll())).toEqual([`${id}:started`, `${id}:failed`]);
		await thrownBy(async () => await poller.poll());
		expect(await poller.poll()).toBeNull();
	});

	it('gives a sample when it is tried by hand, and needs no journal for it', async () => {
		await start();
		const { id } = adobe.seedRun({ flowId, status: 'failed' });
		const poller = triggerOf({ triggerOn: ['failed'] }, credential(adobe, { ioUrl: '' }));
		expect(idsOf(await poller.poll({ mode: 'manual' }))).toEqual([`${id}:failed`]);
	});
});
