import { readEnvelope, readRunSignals } from '../../../nodes/adobe/ioEvents/eventPayload';

const RUN = { id: 'run-1', flowId: 'flow-1', sandboxName: 'prod' };
const FOUND = { runId: 'run-1', flowId: 'flow-1', sandboxName: 'prod' };
const withCode = (eventCode: string) => ({ header: { _adobeio: { eventCode } } });
const messages = (type: string, ...values: object[]) => [
	{ messages: values.map((value) => ({ _eventNotificationMeta: { type }, value })) },
];
const alert = (code: string) => ({
	id: 'alert-1',
	status: 'FIRING',
	flowId: 'flow-1',
	flowRunId: 'run-1',
	sandboxName: 'prod',
	...withCode(code),
});

describe('An event', () => {
	it.each<[string, unknown, object[]]>([
		[
			'a run that succeeded',
			{ ...RUN, ...withCode('sources_flow_run_success') },
			[{ ...FOUND, kind: 'succeeded' }],
		],
		[
			'a run that failed',
			{ ...RUN, ...withCode('sources_flow_run_failure') },
			[{ ...FOUND, kind: 'failed' }],
		],
		['a run without a code', { ...RUN }, [{ ...FOUND, kind: 'other' }]],
		[
			'a run whose status alone says it',
			{ ...RUN, metrics: { statusSummary: { status: 'partialSuccess' } } },
			[{ ...FOUND, kind: 'succeeded' }],
		],
		[
			'a message around it',
			messages('sources_flow_run_failed', RUN),
			[{ ...FOUND, kind: 'failed' }],
		],
		[
			'a message with two of them',
			messages('sources_flow_run_start', RUN, { id: 'run-2', flowId: 'flow-2' }),
			[
				{ ...FOUND, kind: 'started' },
				{ runId: 'run-2', flowId: 'flow-2', kind: 'started' },
			],
		],
		['an alert', alert('sources_flow_run_start'), [{ ...FOUND, kind: 'started' }]],
		['an alert of a delay', alert('source_flow_run_error'), [{ ...FOUND, kind: 'other' }]],
		['an alert of an error rate', alert('sources_error_rate'), [{ ...FOUND, kind: 'other' }]],
		[
			'an alert that names no dataflow',
			{ flowRunId: 'run-1' },
			[{ runId: 'run-1', kind: 'other' }],
		],
		['something without a dataflow', { id: 'segment-job' }, []],
		['a message without a value', messages('sources_flow_run_failed', {}), []],
		['an ID that is none', { id: 'a,b', flowId: 'flow-1' }, []],
		['an ID as long as a book', { id: 'a'.repeat(201), flowId: 'flow-1' }, []],
		['a list of nothing', [], []],
		['a text', 'nothing', []],
		['a number', 5, []],
		['null', null, []],
	])('with %s', (_what, content, expected) => {
		for (const delivered of [
			content,
			{ event_id: 'e', event: content, recipient_client_id: 'c' },
			{ event_id: 'e', event: JSON.stringify(content) },
			{ specversion: '1.0', eventid: 'e', id: 'other', data: content },
		]) {
			const seen = readRunSignals(delivered).map(({ eventId, ...signal }) => {
				expect(eventId).toBe(delivered === content ? undefined : 'e');
				return signal;
			});
			expect(seen).toEqual(expected);
		}
	});

	it('is named by its envelope before it is by itself', () => {
		const delivered = {
			specversion: '1.0',
			type: 'sources_flow_run_failed',
			id: 'e',
			recipientclientid: 'client',
			data: { ...RUN, ...withCode('sources_flow_run_success') },
		};
		expect(readRunSignals(delivered)).toEqual([{ ...FOUND, eventId: 'e', kind: 'failed' }]);
		expect(readEnvelope(delivered)).toMatchObject({
			eventId: 'e',
			recipientClientId: 'client',
			code: 'sources_flow_run_failed',
		});
	});

	it('says for whom it is', () => {
		const delivered = { event_id: 'e', event: RUN, recipient_client_id: 'client' };
		expect(readEnvelope(delivered)).toEqual({
			eventId: 'e',
			recipientClientId: 'client',
			content: RUN,
		});
	});
});
