import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.mts';
import type { RunStatus } from '../flowService/runs/runFacts.mts';
import type { StoredRun } from '../flowService/runs/runStore.mts';

/**
 * What Adobe I/O tells of a run: flow-service-more.md 8.1. Only the codes of success and failure are printed;
 * that of the start is ⚠UNV.
 */
export const EVENT_CODES = {
	started: 'sources_flow_run_start',
	succeeded: 'sources_flow_run_success',
	failed: 'sources_flow_run_failure',
} as const;

export type RunEventKind = keyof typeof EVENT_CODES;

/** One event of a run, as it was when it happened. */
export interface RunEvent {
	/** The same for whoever gets it, however often: flow-service-more.md 9.3. */
	id: string;
	/** Counts all events, from 1 on. */
	sequence: number;
	kind: RunEventKind;
	code: string;
	/** Epoch milliseconds. */
	at: number;
	/** A copy: the run itself goes on. */
	run: StoredRun;
	flowName: string;
}

type Listener = (event: RunEvent) => void;

/** Events are kept this long: flow-service-more.md 8. */
export const KEPT_MS = 7 * 24 * 60 * 60_000;

/** The events of all runs of all organizations and sandboxes, as Flow Service publishes them. */
export class EventLog {
	private events: RunEvent[] = [];
	private sequence = 0;
	private readonly listeners = new Set<Listener>();

	/** @param flowNameOf the name of a flow */
	constructor(
		private readonly clock: Clock,
		private readonly flowNameOf: (flowId: string) => string | undefined,
	) {}

	/** Calls for every event from now on, at once. Returns what ends that. */
	onEvent(listener: Listener): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/**
	 * Publishes what has happened to a run; one that is over without having been seen in progress has
	 * started as well.
	 *
	 * @param before its status until now; undefined for a new run
	 */
	runChanged(run: StoredRun, before: RunStatus | undefined): void {
		const [from, to] = [stageOf(before), stageOf(run.facts.status)];
		if (from < 1 && to >= 1) this.publish(run, 'started');
		if (from < 2 && to === 2) {
			this.publish(run, run.facts.status === 'failed' ? 'failed' : 'succeeded');
		}
	}

	/** Of the last seven days, oldest first. */
	all(): readonly RunEvent[] {
		return this.events;
	}

	reset(): void {
		this.events = [];
		this.sequence = 0;
	}

	private publish(run: StoredRun, kind: RunEventKind): void {
		const at = this.clock.now();
		const event: RunEvent = {
			id: randomUUID(),
			sequence: ++this.sequence,
			kind,
			code: EVENT_CODES[kind],
			at,
			run: structuredClone(run),
			flowName: this.flowNameOf(run.flowId) ?? '',
		};
		if ((this.events[0]?.at ?? at) < at - KEPT_MS) {
			this.events = this.events.filter((one) => one.at >= at - KEPT_MS);
		}
		this.events.push(event);
		for (const listener of this.listeners) listener(event);
	}
}

/** 0 not begun, 1 in progress, 2 over. */
function stageOf(status: RunStatus | undefined): number {
	if (status === undefined || status === 'scheduled') return 0;
	return status === 'inProgress' ? 1 : 2;
}
