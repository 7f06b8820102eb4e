import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Client, Emulator, EmulatorOptions, Fault } from '../../emulator/emulator.mts';
import { startAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { Poller } from '../support/poll.mts';
import type { Look } from './lives.mts';
import { livesOf, randomFrom, STEP_MS } from './lives.mts';

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
});
