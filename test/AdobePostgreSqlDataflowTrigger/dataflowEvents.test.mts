import { readFileSync } from 'node:fs';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import type { EmulatorOptions } from '../../emulator/options.mts';
import { weatherOptions } from '../../emulator/weather.mts';
import { DAY, HOUR, MINUTE, runsOf, seedFlows } from '../AdobePostgreSqlDataflow/healthScene.mts';
import { withAdobe } from '../support/adobe.mts';
import { thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import type { OutputSchema } from '../support/outputSchema.mts';
import { expectOutput } from '../support/outputSchema.mts';
import { Poller } from '../support/poll.mts';

const RUNS = '/data/foundation/flowservice/runs';
const DAILY = { frequency: 'day', interval: 1 } as const;
const ALL: INodeParameters = { watch: 'all' };
const one = (flowId: string): INodeParameters => ({
	watch: 'one',
	flowId: { __rl: true, mode: 'id', value: flowId },
});

const WEATHERS: Array<[string, Partial<EmulatorOptions>]> = [
	['fair', {}],
	['foul', weatherOptions('foul')],
	['of a clock that is ahead', { dateSkewMs: 300_000 }],
	['without times', { timesInGet: 'absent' }],
	['of dates', { timesInGet: 'dates' }],
];

/** A trigger that was activated just now. */
async function activated(adobe: Emulator, parameters: INodeParameters): Promise<Poller> {
	const poller = new Poller(adobe, parameters);
	expect(await poller.poll()).toBeNull();
	adobe.journal.length = 0;
	return poller;
}

const setState = async (adobe: Emulator, operation: 'enable' | 'disable', flowId: string) =>
	await runDataflowNode(adobe, { operation, flowId });

const told = (items: IDataObject[] | null) =>
	(items ?? []).map(({ flowName, event }) => `${String(flowName)}: ${String(event)}`);

const requests = (adobe: Emulator) => adobe.journal.map(({ method, path }) => `${method} ${path}`);

describe('The trigger on Dataflow Disabled', () => {
	const onDisabled: INodeParameters = { triggerOn: ['dataflowDisabled'] };

	it.each(WEATHERS)(
		'reports each change once, and nothing old, in weather %s',
		async (_name, options) => {
			await withAdobe(options, async (adobe) => {
				const [, orders] = await seedFlows(adobe, [
					{ name: 'Long off', state: 'disabled', every: DAILY },
					{ name: 'Orders', every: DAILY, runs: runsOf(2, DAY, { status: 'failed' }) },
					{ name: 'Customers', every: DAILY },
				]);
				const flowId = orders?.id ?? '';
				await adobe.advanceClock(MINUTE);
				const poller = await activated(adobe, { ...onDisabled, ...ALL });
				expect(await poller.poll()).toBeNull();
				await adobe.advanceClock(MINUTE);
				await setState(adobe, 'disable', flowId);
				const [first] = (await poller.poll()) ?? [];
				expect(first).toMatchObject({
					summary: expect.stringMatching(
						/^The dataflow was disabled at .* UTC and does not run\. Its last run failed/,
					),
					event: 'dataflowDisabled',
					flowName: 'Orders',
					state: 'disabled',
					advice: expect.stringContaining('30 days'),
					flowId,
				});
				expect(await poller.poll()).toBeNull();
				await adobe.advanceClock(MINUTE);
				await setState(adobe, 'enable', flowId);
				expect(await poller.poll()).toBeNull();
				await adobe.advanceClock(MINUTE);
				await setState(adobe, 'disable', flowId);
				const again = (await poller.poll()) ?? [];
				expect(told(again)).toStrictEqual(['Orders: dataflowDisabled']);
				expect(again[0]?.eventId).not.toBe(first?.eventId);
				expect(await poller.poll()).toBeNull();
			});
		},
		60_000,
	);

	it('asks for nothing but the list of dataflows, and for the ends of the one that was disabled', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [{ name: 'Orders', every: DAILY }]);
			const poller = await activated(adobe, { ...onDisabled, ...ALL });
			await poller.poll();
			expect(requests(adobe)).toHaveLength(1);
			expect(requests(adobe)[0]).toMatch(/GET .*\/flows\?/);
			await setState(adobe, 'disable', orders?.id ?? '');
			adobe.journal.length = 0;
			const [item] = (await poller.poll()) ?? [];
			expect(requests(adobe)).toHaveLength(3);
			expect(item).toHaveProperty('table');
			expect(item).toHaveProperty('datasetId');
		});
	});

	it('gives the same eventId again when n8n ends before it has stored what it has seen', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [{ name: 'Orders', every: DAILY }]);
			const poller = await activated(adobe, { ...onDisabled, ...one(orders?.id ?? '') });
			const { stored } = poller;
			await setState(adobe, 'disable', orders?.id ?? '');
			const [first] = (await poller.poll()) ?? [];
			poller.stored = stored;
			const [again] = (await poller.poll()) ?? [];
			expect(again?.eventId).toBe(first?.eventId);
		});
	});

	it('takes an older view of a dataflow for no change', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [{ name: 'Orders', every: DAILY }]);
			const flow = adobe.flows().find(({ id }) => id === orders?.id);
			const poller = await activated(adobe, { ...onDisabled, ...ALL });
			await adobe.advanceClock(MINUTE);
			const before = { state: flow?.state, updatedAt: flow?.updatedAt };
			await setState(adobe, 'disable', orders?.id ?? '');
			const after = { state: flow?.state, updatedAt: flow?.updatedAt };
			expect(await poller.poll()).toHaveLength(1);
			Object.assign(flow ?? {}, before);
			expect(await poller.poll()).toBeNull();
			Object.assign(flow ?? {}, after);
			expect(await poller.poll()).toBeNull();
		});
	});
});

describe('The trigger on No Run Since', () => {
	const noRun = (hours: number): INodeParameters => ({
		triggerOn: ['noRunSince'],
		noRunSinceHours: hours,
	});

	it.each(WEATHERS.filter(([name]) => name !== 'without times'))(
		'reports a dataflow once, until a run of it is seen again, in weather %s',
		async (_name, options) => {
			await withAdobe(options, async (adobe) => {
				const [orders, fresh] = await seedFlows(adobe, [
					{ name: 'Orders', every: DAILY, runs: [{ ago: 20 * HOUR }] },
					{ name: 'Never ran', every: DAILY, startedAgo: 10 * HOUR },
					{ name: 'Runs', every: DAILY, runs: [{ ago: HOUR }] },
					{ name: 'Once', runs: [{ ago: 20 * HOUR }] },
					{ name: 'Off', state: 'disabled', every: DAILY, runs: [{ ago: 20 * HOUR }] },
				]);
				const poller = await activated(adobe, { ...noRun(26), ...ALL });
				expect(await poller.poll()).toBeNull();
				await adobe.advanceClock(7 * HOUR);
				const [quiet, ...more] = (await poller.poll()) ?? [];
				expect(more).toStrictEqual([]);
				expect(quiet).toMatchObject({
					summary: expect.stringMatching(
						/^The dataflow has not run since .* UTC\. Its last run succeeded/,
					),
					event: 'noRunSince',
					flowName: 'Orders',
					hoursWithoutRun: expect.any(Number),
					since: expect.any(String),
					flowId: orders?.id,
				});
				expect(Math.abs(Number(quiet?.hoursWithoutRun) - 27)).toBeLessThanOrEqual(1);
				expect(await poller.poll()).toBeNull();
				await adobe.advanceClock(10 * HOUR);
				const never = (await poller.poll()) ?? [];
				expect(told(never)).toStrictEqual(['Never ran: noRunSince']);
				expect(never[0]).toMatchObject({
					summary: expect.stringContaining('has never run'),
					eventId: `${fresh?.id}:noRunSince:never`,
				});
				adobe.seedRun({ flowId: orders?.id ?? '', status: 'success', createdAt: adobe.now() });
				expect(await poller.poll()).toBeNull();
				await adobe.advanceClock(27 * HOUR);
				const again = (await poller.poll()) ?? [];
				expect(told(again).sort()).toStrictEqual(['Orders: noRunSince', 'Runs: noRunSince'].sort());
				expect(again.map(({ eventId }) => eventId)).not.toContain(quiet?.eventId);
				expect(await poller.poll()).toBeNull();
			});
		},
		60_000,
	);

	it('reports what was without a run before only when as much time has passed again', async () => {
		await withAdobe({}, async (adobe) => {
			await seedFlows(adobe, [{ name: 'Orders', every: DAILY, runs: [{ ago: 5 * DAY }] }]);
			const poller = await activated(adobe, { ...noRun(26), ...ALL });
			expect(await poller.poll()).toBeNull();
			await adobe.advanceClock(27 * HOUR);
			expect(told(await poller.poll())).toStrictEqual(['Orders: noRunSince']);
		});
	});

	it('counts a dataflow that was enabled from then', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [
				{ name: 'Orders', state: 'disabled', every: DAILY, runs: [{ ago: 20 * HOUR }] },
			]);
			const poller = await activated(adobe, { ...noRun(26), ...ALL });
			await adobe.advanceClock(30 * HOUR);
			await setState(adobe, 'enable', orders?.id ?? '');
			expect(await poller.poll()).toBeNull();
			await adobe.advanceClock(20 * HOUR);
			expect(await poller.poll()).toBeNull();
			await adobe.advanceClock(7 * HOUR);
			expect(told(await poller.poll())).toStrictEqual(['Orders: noRunSince']);
		});
	});

	it('does not report a run that is in progress for long', async () => {
		await withAdobe({}, async (adobe) => {
			await seedFlows(adobe, [
				{ name: 'Orders', every: DAILY, runs: [{ ago: HOUR, status: 'inProgress' }] },
			]);
			const poller = await activated(adobe, { ...noRun(2), ...ALL });
			await adobe.advanceClock(5 * HOUR);
			expect(await poller.poll()).toBeNull();
		});
	});

	it('watches one that runs on demand when just that one was chosen', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [{ name: 'Orders', runs: [{ ago: HOUR }] }]);
			const all = await activated(adobe, { ...noRun(2), ...ALL });
			const mine = await activated(adobe, { ...noRun(2), ...one(orders?.id ?? '') });
			await adobe.advanceClock(2 * HOUR);
			expect(await all.poll()).toBeNull();
			expect(told(await mine.poll())).toStrictEqual(['Orders: noRunSince']);
		});
	});

	it('asks the list of runs only when a dataflow seems to be without any, fifty with one request', async () => {
		await withAdobe({}, async (adobe) => {
			const names = Array.from({ length: 120 }, (_flow, index) => `Flow ${index}`);
			await seedFlows(
				adobe,
				names.map((name) => ({ name, every: DAILY, runs: [{ ago: 20 * HOUR }] })),
			);
			const poller = await activated(adobe, { ...noRun(26), ...ALL });
			expect(await poller.poll()).toBeNull();
			const asked = () => requests(adobe).filter((request) => request.includes(RUNS));
			expect(asked()).toStrictEqual([]);
			await adobe.advanceClock(7 * HOUR);
			expect(await poller.poll()).toHaveLength(120);
			expect(asked()).toHaveLength(3);
			adobe.journal.length = 0;
			expect(await poller.poll()).toBeNull();
			expect(asked()).toStrictEqual([]);
		});
	}, 60_000);

	it('reports nobody wrongly, and nobody twice, when the list of runs fails', async () => {
		await withAdobe({}, async (adobe) => {
			await seedFlows(adobe, [{ name: 'Orders', every: DAILY, runs: [{ ago: 20 * HOUR }] }]);
			const poller = await activated(adobe, { ...noRun(26), ...ALL });
			await adobe.advanceClock(7 * HOUR);
			adobe.addFault({ path: RUNS, kind: 'status', status: 403 });
			const thrown = await thrownBy(async () => await poller.poll());
			expect(thrown.message).toContain('is not allowed to do this');
			expect(await poller.poll()).toHaveLength(1);
			expect(await poller.poll()).toBeNull();
		});
	});

	it.each([
		[0, 'is not a whole number from 1 to 8760'],
		[2.5, 'is not a whole number from 1 to 8760'],
		[9000, 'is not a whole number from 1 to 8760'],
		['', 'is not a whole number from 1 to 8760'],
		['a day', 'is not a whole number from 1 to 8760'],
	])('refuses %j hours by the name of the parameter', async (noRunSinceHours, says) => {
		await withAdobe({}, async (adobe) => {
			const poller = new Poller(adobe, { triggerOn: ['noRunSince'], noRunSinceHours, ...ALL });
			const thrown = await thrownBy(async () => await poller.poll());
			expect(thrown.message).toBe(`'No Run Since (Hours)' ${says}`);
			expect(adobe.journal).toHaveLength(0);
		});
	});

	it('begins again when the hours are changed', async () => {
		await withAdobe({}, async (adobe) => {
			await seedFlows(adobe, [{ name: 'Orders', every: DAILY, runs: [{ ago: 20 * HOUR }] }]);
			const poller = await activated(adobe, { ...noRun(26), ...ALL });
			await adobe.advanceClock(7 * HOUR);
			poller.parameters = { ...noRun(25), ...ALL };
			expect(await poller.poll()).toBeNull();
			expect(poller.state).toMatchObject({ revision: 0 });
		});
	});
});

describe('The trigger on both kinds of events', () => {
	it('gives runs and dataflows in the order that it happened, and one output schema for all', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [
				{ name: 'Orders', every: DAILY, runs: [{ ago: HOUR }] },
			]);
			const flowId = orders?.id ?? '';
			const triggerOn = ['failed', 'dataflowDisabled'];
			const poller = await activated(adobe, { triggerOn, ...ALL });
			expect(await poller.poll()).toBeNull();
			await adobe.advanceClock(MINUTE);
			adobe.seedRun({ flowId, status: 'failed', createdAt: adobe.now() });
			await adobe.advanceClock(MINUTE);
			await setState(adobe, 'disable', flowId);
			const items = (await poller.poll()) ?? [];
			expect(told(items)).toStrictEqual(['Orders: failed', 'Orders: dataflowDisabled']);
			const file = 'nodes/AdobePostgreSqlDataflowTrigger/__schema__/v1.0.0.json';
			const schema = JSON.parse(readFileSync(file, 'utf8')) as OutputSchema;
			for (const item of items) expectOutput(item, schema);
			const raw = await activated(adobe, { triggerOn, ...ALL, simplify: false });
			await setState(adobe, 'enable', flowId);
			await raw.poll();
			await adobe.advanceClock(MINUTE);
			await setState(adobe, 'disable', flowId);
			const [whole] = (await raw.poll()) ?? [];
			expect(whole).toMatchObject({
				event: 'dataflowDisabled',
				scheduleParams: expect.any(Object),
			});
		});
	});

	it('tells what happened once when two polls go on at once', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [{ name: 'Orders', every: DAILY }]);
			const poller = await activated(adobe, { triggerOn: ['dataflowDisabled'], ...ALL });
			await setState(adobe, 'disable', orders?.id ?? '');
			const polls = await poller.pollTwiceAtOnce();
			expect(polls.filter((items) => items === null)).toHaveLength(1);
			expect(await poller.poll()).toBeNull();
		});
	});

	it('gives a sample of what is so now when it is tried by hand, and says when there is none', async () => {
		await withAdobe({}, async (adobe) => {
			const [orders] = await seedFlows(adobe, [
				{ name: 'Orders', every: DAILY, runs: [{ ago: HOUR }] },
			]);
			const triggerOn = ['dataflowDisabled', 'noRunSince'];
			const poller = new Poller(adobe, { triggerOn, noRunSinceHours: 26, ...ALL });
			const none = await thrownBy(async () => await poller.poll({ mode: 'manual' }));
			expect(none.message).toBe('No matching dataflow now');
			await adobe.advanceClock(26 * HOUR);
			expect(told(await poller.poll({ mode: 'manual' }))).toStrictEqual(['Orders: noRunSince']);
			await setState(adobe, 'disable', orders?.id ?? '');
			expect(told(await poller.poll({ mode: 'manual' }))).toStrictEqual([
				'Orders: dataflowDisabled',
			]);
			expect(poller.state).toStrictEqual({});
			poller.parameters = { ...poller.parameters, triggerOn: ['failed', 'dataflowDisabled'] };
			expect(told(await poller.poll({ mode: 'manual' }))).toStrictEqual([
				'Orders: dataflowDisabled',
			]);
		});
	});
});
