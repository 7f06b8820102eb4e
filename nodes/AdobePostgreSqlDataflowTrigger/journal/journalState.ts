import type { JournalAddress } from '../../adobe/ioEvents/journal';
import { asRecord } from '../../platform/json';
import type { Stage } from '../../outputs/runEvents';

/** A run that an event has told of, and that Flow Service has not shown as far as that yet. */
export interface WaitingRun {
	id: string;
	/** Absent where the event did not name it. */
	flowId?: string;
	/** How far it must have come. */
	stage: Stage;
	/** When the event was read, epoch milliseconds. */
	toldEpochMs: number;
	/** Unknown runs created before have been reported, and forgotten: the ledger's limit at that time. */
	knownFromEpochMs: number;
}

/** What the trigger remembers of a journal from poll to poll. Times are epoch milliseconds of this machine. */
export interface JournalState {
	address: JournalAddress;
	/** Everything up to here was read; absent where Adobe has not said where it goes on. */
	position?: string;
	readEpochMs: number;
	/** When all runs were listed last. */
	sweptEpochMs: number;
	/** Set where the journal has lost something, so that the lists have to tell it. */
	hasGap?: true;
	waiting: WaitingRun[];
}

export function isJournalState(value: unknown): value is JournalState {
	const state = asRecord(value);
	return (
		state !== undefined &&
		isAddress(state.address) &&
		isTextOrAbsent(state.position) &&
		isTime(state.readEpochMs) &&
		isTime(state.sweptEpochMs) &&
		(state.hasGap === undefined || state.hasGap === true) &&
		Array.isArray(state.waiting) &&
		state.waiting.every(isWaitingRun)
	);
}

function isAddress(value: unknown): value is JournalAddress {
	const address = asRecord(value);
	if (address === undefined || !isTextOrAbsent(address.origin)) return false;
	const { organizationId, credentialId, registrationId } = address;
	return [organizationId, credentialId, registrationId].every((id) => typeof id === 'string');
}

function isWaitingRun(value: unknown): value is WaitingRun {
	const run = asRecord(value);
	return (
		run !== undefined &&
		typeof run.id === 'string' &&
		isTextOrAbsent(run.flowId) &&
		[0, 1, 2].includes(run.stage as number) &&
		isTime(run.toldEpochMs) &&
		isTime(run.knownFromEpochMs)
	);
}

function isTextOrAbsent(value: unknown): boolean {
	return value === undefined || typeof value === 'string';
}

function isTime(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}
