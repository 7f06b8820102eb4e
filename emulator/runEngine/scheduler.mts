import type { Appointment, Clock } from '../clock.mts';
import type { FlowEntityStore } from '../flowService/flowEntityStore.mts';
import type { StoredFlow } from '../flowService/flows/flowParts.mts';
import { nextTime } from '../flowService/flows/schedule.mts';
import { deltaColumnOf } from '../flowService/flows/transformations.mts';
import type { RunFacts, RunWindow } from '../flowService/runs/runFacts.mts';

/** Starts the runs of flows by their schedules: flow-service.md 5.3, 5.4. */
export class Scheduler {
	private readonly planned = new Map<string, Appointment>();

	/**
	 * @param begin starts a run of a flow
	 */
	constructor(
		private readonly clock: Clock,
		private readonly flows: FlowEntityStore<StoredFlow>,
		private readonly begin: (flow: StoredFlow, facts: RunFacts) => void,
	) {}

	/** Plans the next run of a flow, also when its schedule has changed. */
	plan(flow: StoredFlow): void {
		this.forget(flow.id);
		const due = nextTime(flow.scheduleParams, flow.lastDueAt);
		if (due === undefined) return;
		this.planned.set(
			flow.id,
			this.clock.at(due, () => {
				this.planned.delete(flow.id);
				if (this.flows.find(flow.id) !== flow) return;
				flow.lastDueAt = due;
				// flow-service.md 5.4 ⚠UNV: a disabled flow keeps its schedule and has no runs.
				if (flow.state === 'enabled') this.begin(flow, this.factsOf(flow, due));
				this.plan(flow);
			}),
		);
	}

	forget(flowId: string): void {
		this.clock.cancel(this.planned.get(flowId));
		this.planned.delete(flowId);
	}

	reset(): void {
		for (const flowId of [...this.planned.keys()]) this.forget(flowId);
	}

	private factsOf(flow: StoredFlow, due: number): RunFacts {
		const isOnce = flow.scheduleParams.frequency === 'once';
		// Once is the whole table as it is now; later rows are for runs on demand.
		const window = isOnce ? { start: 0, end: this.clock.now() } : this.windowOf(flow, due);
		const deltaColumn = isOnce ? undefined : deltaColumnOf(flow.transformations)?.name;
		return { status: 'scheduled', oneTime: isOnce, window, ...(deltaColumn && { deltaColumn }) };
	}

	/**
	 * The first window has no start, or with backfill off starts at the start time; each later one
	 * starts where the previous one ended, also when a run has failed or was missed while the
	 * flow was disabled. flow-service.md 11 (21, 22) ⚠UNV
	 */
	private windowOf(flow: StoredFlow, due: number): RunWindow {
		const { backfill } = flow.scheduleParams;
		const start = flow.windowEnd ?? (backfill === 'false' ? due : 0);
		flow.windowEnd = due;
		return { start, end: due };
	}
}
