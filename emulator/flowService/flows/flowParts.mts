import type { SourceSettings } from '../flowEnds/sourceConnectionInput.mts';
import type { TargetSettings } from '../flowEnds/targetConnectionInput.mts';
import type { FlowEntity, FlowEntityStore } from '../flowEntityStore.mts';
import type { FlowSettings } from './flowInput.mts';

/** The ID of a spec and its version. */
export interface SpecReference {
	id: string;
	version: string;
}

/** What a dataflow consists of besides its base connection: flow-service.md 5. */
interface FlowPart extends FlowEntity {
	state: 'enabled' | 'disabled';
}

/** A table of a base connection: flow-service.md 5.1. */
export interface StoredSourceConnection extends FlowPart, SourceSettings {
	baseConnectionId: string;
	connectionSpec: SpecReference;
}

/** A dataset of the data lake: flow-service.md 5.2. */
export interface StoredTargetConnection extends FlowPart, TargetSettings {
	connectionSpec: SpecReference;
}

/** A dataflow: flow-service.md 5.4. */
export interface StoredFlow extends FlowPart, FlowSettings {
	/** The last time at which its schedule was due, with or without a run; not shown. */
	lastDueAt?: number;
	/** Start of the next scheduled run's window; not shown. */
	windowEnd?: number;
	/** Until when it is shown as `updating`, the emulator's time; not shown itself. */
	updatingUntil?: number;
}

/** The three kinds of entities of which a dataflow consists, besides its base connection. */
export interface FlowParts {
	sourceConnections: FlowEntityStore<StoredSourceConnection>;
	targetConnections: FlowEntityStore<StoredTargetConnection>;
	flows: FlowEntityStore<StoredFlow>;
}
