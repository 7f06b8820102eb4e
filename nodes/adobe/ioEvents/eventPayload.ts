import { asRecord, asRecords, recordsOf, textOf } from '../../platform/json';

/**
 * What an event of Adobe I/O says of a run. It is a signal and no more: the run itself is read from Flow
 * Service, so that a stale or forged event can't say anything wrong about it.
 */
export interface RunSignal {
	/** Adobe's ID of the event, the same in every copy; absent where it has none. */
	eventId?: string;
	runId: string;
	/** Absent where the event does not name it. */
	flowId?: string;
	sandboxName?: string;
	/** `other` for what tells something else of a run, such as a delay, and for unknown words. */
	kind: RunSignalKind;
}

export type RunSignalKind = 'started' | 'succeeded' | 'failed' | 'other';

/** What is around an event: Adobe I/O's own envelope, that of CloudEvents, or nothing. */
export interface EventEnvelope {
	eventId?: string;
	/** The client that the event was meant for. */
	recipientClientId?: string;
	/** E.g. `sources_flow_run_failure`. */
	code?: string;
	/** The event itself. */
	content: unknown;
}

/** Takes an event out of its envelope. */
export function readEnvelope(delivered: unknown): EventEnvelope {
	const value = parsed(delivered);
	const record = asRecord(value);
	if (record === undefined) return { content: value };
	if (record.specversion !== undefined) {
		return {
			eventId: textOf(record.eventid) ?? textOf(record.id),
			recipientClientId: textOf(record.recipientclientid),
			code: textOf(record.type),
			content: parsed(record.data),
		};
	}
	if (record.event === undefined) return { content: value };
	return {
		eventId: textOf(record.event_id),
		recipientClientId: textOf(record.recipient_client_id),
		content: parsed(record.event),
	};
}

/**
 * The runs that an event is about, in whichever of Adobe's forms it comes: the run itself ("Flow run
 * notifications", success), messages of Flow Service around runs (failure), or an alert that names one
 * ("Alert rules"). Empty for whatever else is delivered.
 */
export function readRunSignals(delivered: unknown): RunSignal[] {
	const { eventId, code, content } = readEnvelope(delivered);
	const batches = asRecords(content) ?? recordsOf([content]);
	return batches
		.flatMap((one) => {
			const messages = asRecords(one.messages);
			if (messages === undefined) return [signalOf(one, code)];
			return messages.map((message) =>
				signalOf(asRecord(message.value) ?? {}, code ?? typeOf(message)),
			);
		})
		.flatMap((signal) => (signal === undefined ? [] : [{ eventId, ...signal }]));
}

function typeOf(message: Record<string, unknown>): string | undefined {
	return textOf(asRecord(message._eventNotificationMeta)?.type);
}

function signalOf(
	content: Record<string, unknown>,
	envelopeCode: string | undefined,
): Omit<RunSignal, 'eventId'> | undefined {
	const flowId = idOf(content.flowId);
	// An alert has an ID of its own.
	const ownId = flowId === undefined ? undefined : content.id;
	const runId = idOf(content.flowRunId ?? ownId);
	if (runId === undefined) return undefined;
	const code = envelopeCode ?? textOf(asRecord(asRecord(content.header)?._adobeio)?.eventCode);
	const status = textOf(asRecord(asRecord(content.metrics)?.statusSummary)?.status);
	return {
		runId,
		flowId,
		sandboxName: textOf(content.sandboxName),
		kind: kindOf(code ?? status ?? ''),
	};
}

/**
 * By its words, as Adobe's documents disagree on them (`…_failure`, `…_failed`) and do not name them all. The
 * words of a run's status serve as well.
 */
function kindOf(code: string): RunSignalKind {
	// An error rate or a delay is no end of a run.
	if (/delay|rate|error/i.test(code)) return 'other';
	if (/succe/i.test(code)) return 'succeeded';
	if (/fail/i.test(code)) return 'failed';
	return /start|progress/i.test(code) ? 'started' : 'other';
}

/** Becomes part of a filter, so nothing that means something there. */
const ID = /^[\w.-]{1,200}$/;

function idOf(value: unknown): string | undefined {
	const text = textOf(value);
	return text !== undefined && ID.test(text) ? text : undefined;
}

/** The content may be a text of JSON within JSON. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return value;
	}
}
