import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.mts';
import type { Origin } from '../../identity/caller.mts';
import { EntityStore, type Stored } from '../../store/entityStore.mts';
import type { StoredFlow } from '../flows/flowParts.mts';
import type { RunFacts, RunStatus } from './runFacts.mts';
import { describeRun, type RunDescription, type RunReferences } from './runItem.mts';

/** A run of a flow: flow-service.md 5.5. */
export interface StoredRun extends Origin, Stored, RunDescription {
	id: string;
	flowId: string;
	flowSpec: { id: string; version: string };
	updatedAt: number;
	providerRefId: string;
	etag: string;
	/** flow-service.md 2.7: a field to filter by; not shown. */
	state: RunStatus;
	/** What `metrics` and `activities` are derived from; not shown. */
	facts: RunFacts;
	references: RunReferences;
}

/** What of a run is not derived. */
export interface RunChanges {
	facts?: Partial<RunFacts>;
	createdAt?: number;
	updatedAt?: number;
}

/** All runs of all organizations and sandboxes, in memory. */
export class RunStore extends EntityStore<StoredRun> {
	private readonly byFlow = new Map<string, StoredRun[]>();

	constructor(
		clock: Clock,
		private readonly makeEtag: () => string,
		/** Whether activities have IDs and names of their own: flow-service-more.md 1. */
		private readonly namesActivities: boolean,
		/** Is shown every run that is new or changed, with its status until then. */
		private readonly changed: (run: StoredRun, before: RunStatus | undefined) => void = () =>
			undefined,
	) {
		super(clock);
	}

	create(flow: StoredFlow, facts: RunFacts, by: Origin, createdAt = this.clock.now()): StoredRun {
		const references = {
			sourceConnectionId: flow.sourceConnectionIds[0],
			targetConnectionId: flow.targetConnectionIds[0],
			copyId: randomUUID(),
			...(this.namesActivities && {
				activities: {
					copy: { id: randomUUID(), name: 'PostgreSQL Copy Activity' },
					promotion: { id: randomUUID(), name: 'Promotion Activity' },
				},
			}),
		};
		const { sandboxId, sandboxName, imsOrgId } = flow;
		const { createdBy, updatedBy, createdClient, updatedClient } = by;
		const run: StoredRun = {
			id: randomUUID(),
			flowId: flow.id,
			...this.stamp(createdAt),
			updatedAt: createdAt,
			...{ createdBy, updatedBy, createdClient, updatedClient },
			...{ sandboxId, sandboxName, imsOrgId },
			flowSpec: flow.flowSpec,
			providerRefId: randomUUID(),
			etag: this.makeEtag(),
			state: facts.status,
			facts,
			references,
			...describeRun(facts, references),
		};
		this.keep(run.id, run);
		const siblings = this.byFlow.get(flow.id) ?? [];
		this.byFlow.set(flow.id, siblings);
		siblings.push(run);
		this.changed(run, undefined);
		return run;
	}

	/** Changes a run, as it progresses or as a test asks for; every change gives a new etag. */
	update(run: StoredRun, { facts, createdAt, updatedAt }: RunChanges): void {
		const before = run.facts.status;
		run.facts = { ...run.facts, ...facts };
		Object.assign(run, describeRun(run.facts, run.references), {
			state: run.facts.status,
			createdAt: createdAt ?? run.createdAt,
			updatedAt: updatedAt ?? this.clock.now(),
			etag: this.makeEtag(),
		});
		this.changed(run, before);
	}

	/** Whether a run of a flow has not ended. */
	isAnyOpen(flowId: string): boolean {
		return (this.byFlow.get(flowId) ?? []).some(({ state }) => isOpen(state));
	}

	/** The run of a flow that was started last, as GET of the flow shows it: flow-service.md 5.4. */
	lastStarted(flowId: string) {
		let last: StoredRun | undefined;
		for (const run of this.byFlow.get(flowId) ?? []) {
			const { startedAtUTC } = run.facts;
			if (startedAtUTC !== undefined && startedAtUTC >= (last?.facts.startedAtUTC ?? -Infinity)) {
				last = run;
			}
		}
		if (last === undefined) return undefined;
		return { id: last.id, state: last.state, ...last.metrics.durationSummary };
	}

	override reset(): void {
		super.reset();
		this.byFlow.clear();
	}
}

function isOpen(status: RunStatus): boolean {
	return status === 'scheduled' || status === 'inProgress';
}

/** A run as the API shows it: flow-service.md 5.5. */
export function viewRun(run: StoredRun): object {
	const { sequence: _, state: __, facts: ___, references: ____, ...shown } = run;
	return shown;
}
