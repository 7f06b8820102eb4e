import type { RunEvent } from '../../../emulator/ioEvents/eventLog.mts';
import type { EventEnvelope, EventPayload } from '../../../emulator/ioEvents/payloads.mts';
import { envelopeOf, payloadOf } from '../../../emulator/ioEvents/payloads.mts';
import { basicBody, closeWires, openWire } from '../wire.mts';

afterAll(closeWires);

async function withFlow() {
	const { emulator, create } = await openWire({ eventPayload: 'run', eventEnvelope: 'adobe' });
	const [flow] = emulator.markInUse(await create(basicBody({}, 'of events')), ['Orders']);
	return { emulator, flowId: flow?.id ?? '' };
}

const kindsOf = (events: readonly RunEvent[]) => events.map(({ kind }) => kind);

describe('The events of runs', () => {
	it('tell once that a run has started, and how it has ended', async () => {
		const { emulator, flowId } = await withFlow();
		const run = emulator.seedRun({ flowId, status: 'scheduled' });
		expect(emulator.events()).toEqual([]);
		emulator.updateRun(run.id, { status: 'inProgress' });
		emulator.updateRun(run.id, { status: 'inProgress' });
		expect(kindsOf(emulator.events())).toEqual(['started']);
		emulator.updateRun(run.id, { status: 'partialSuccess', failedRecordCount: 1 });
		expect(kindsOf(emulator.events())).toEqual(['started', 'succeeded']);
		emulator.seedRun({ flowId, status: 'failed' });
		expect(kindsOf(emulator.events()).slice(2)).toEqual(['started', 'failed']);
	});

	it('show the run as it was then, and are gone after seven days', async () => {
		const { emulator, flowId } = await withFlow();
		const heard: string[] = [];
		const stop = emulator.onEvent(({ kind }) => heard.push(kind));
		const run = emulator.seedRun({ flowId, status: 'inProgress' });
		emulator.updateRun(run.id, { status: 'success' });
		const [started] = emulator.events();
		expect(started?.run.facts.status).toBe('inProgress');
		stop();
		await emulator.advanceClock(8 * 24 * 60 * 60_000);
		emulator.seedRun({ flowId, status: 'inProgress' });
		expect(kindsOf(emulator.events())).toEqual(['started']);
		expect(heard).toEqual(['started', 'succeeded']);
	});

	it.each<[EventPayload, object]>([
		['run', { id: 'RUN', flowId: 'FLOW', flowName: 'Orders', sandboxName: 'prod' }],
		[
			'message',
			[
				{
					messages: [
						{
							schema: { name: 'run-notification' },
							_eventNotificationMeta: { type: 'sources_flow_run_failed' },
							value: { id: 'RUN', flowId: 'FLOW', sandboxName: 'prod' },
						},
					],
				},
			],
		],
		['alert', { status: 'FIRING', flowRunId: 'RUN', flowId: 'FLOW', sandboxName: 'prod' }],
	])('have the printed form %s', async (form, expected) => {
		const { emulator, flowId } = await withFlow();
		const { id } = emulator.seedRun({ flowId, status: 'failed' });
		const event = emulator.events().at(-1);
		if (event === undefined) throw new Error('no event');
		const payload = payloadOf(event, form);
		const known = JSON.stringify(payload).replaceAll(id, 'RUN').replaceAll(flowId, 'FLOW');
		expect(JSON.parse(known)).toMatchObject(expected);
	});

	it.each<[EventEnvelope, object]>([
		['adobe', { event_id: 'ID', event: { a: 1 }, recipient_client_id: 'client' }],
		[
			'cloudEvents',
			{
				specversion: '1.0',
				type: 'sources_flow_run_failure',
				eventid: 'ID',
				recipientclientid: 'client',
				data: { a: 1 },
			},
		],
	])('come in the envelope %s', async (form, expected) => {
		const { emulator, flowId } = await withFlow();
		emulator.seedRun({ flowId, status: 'failed' });
		const event = emulator.events().at(-1);
		if (event === undefined) throw new Error('no event');
		const text = JSON.stringify(envelopeOf(event, { a: 1 }, form, 'client'));
		expect(JSON.parse(text.replaceAll(event.id, 'ID'))).toMatchObject(expected);
	});
});
