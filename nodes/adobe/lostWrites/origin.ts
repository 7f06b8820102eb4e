import type { ItemClient } from '../../platform/client';
import { steadyEpochMs } from '../../platform/clocks/steadyClock';
import { textOf } from '../../platform/json';
import type { Resource, ResourcePage } from '../collection';
import { createdEpochMs } from '../collection';

/** Whether something on a list has come of an attempt: it has, it may have, or it certainly has not. */
export type Origin = 'ours' | 'doubtful' | 'foreign';

/** When attempts began, and what Adobe's clock said about it. */
export class AttemptTime {
	private beganEpochMs = Infinity;
	private answeredEpochMs?: number;
	/** By then, whatever comes of the attempts without an answer has been created. */
	private overEpochMs = -Infinity;
	private earliestEpochMs?: number;

	/** The first attempt is on its way; what waits for its turn before cannot have made anything. */
	begin(): void {
		this.beganEpochMs = Math.min(this.beganEpochMs, steadyEpochMs());
	}

	/** @param workMs how long Adobe may still work on an attempt that was lost just now */
	lost(workMs: number): void {
		this.overEpochMs = Math.max(this.overEpochMs, steadyEpochMs() + workMs);
	}

	/** Learns Adobe's clock from a page that was just answered. */
	learn<T>({ answeredAtEpochMs }: ResourcePage<T>): void {
		if (answeredAtEpochMs === undefined) return;
		this.earliestEpochMs = answeredAtEpochMs - (steadyEpochMs() - this.beganEpochMs);
	}

	/** An attempt was answered just now. */
	answered(): void {
		this.answeredEpochMs = steadyEpochMs();
	}

	/** Learns Adobe's clock from what came of the attempt that was answered. */
	calibrate(createdAtEpochMs: number | undefined): void {
		if (createdAtEpochMs === undefined || this.answeredEpochMs === undefined) return;
		this.earliestEpochMs = createdAtEpochMs - (this.answeredEpochMs - this.beganEpochMs);
	}

	/**
	 * Whether something was certainly created after the first attempt began, and no later than what comes of the
	 * attempts without an answer, as far as clocks are known.
	 */
	isWithin(createdAtEpochMs: number | undefined): boolean {
		const { earliestEpochMs } = this;
		if (createdAtEpochMs === undefined || earliestEpochMs === undefined) return false;
		const latestEpochMs = earliestEpochMs + (this.overEpochMs - this.beganEpochMs);
		return (
			createdAtEpochMs >= earliestEpochMs + DATE_STEP_MS &&
			createdAtEpochMs <= latestEpochMs + CLOCK_SLACK_MS
		);
	}

	/**
	 * Whether something was created since then. Clocks disagree, so what is a little older is in doubt;
	 * so is all that is not long past where Adobe's clock is not known.
	 */
	originOf(createdAtEpochMs: number | undefined): Origin {
		if (createdAtEpochMs === undefined) return 'doubtful';
		const earliestEpochMs = this.earliestEpochMs ?? Infinity;
		if (createdAtEpochMs >= earliestEpochMs - CLOCK_SLACK_MS) return 'ours';
		const known = this.earliestEpochMs ?? this.beganEpochMs;
		return createdAtEpochMs >= known - CLOCK_DOUBT_MS ? 'doubtful' : 'foreign';
	}
}

/** The `Date` of an answer has whole seconds, and is earlier than the answer by up to one. */
const DATE_STEP_MS = 1_000;

// That, and the rest for a server whose machines disagree.
const CLOCK_SLACK_MS = 2_000;

/** No clock is further off than this. */
const CLOCK_DOUBT_MS = 15 * 60_000;

/**
 * Whether the credential's client has created something: `createdClient` is its client ID then, and
 * `exc_app` for Adobe's own pages (Flow Service's API description).
 */
export function makerOf({ clientId }: Pick<ItemClient, 'clientId'>, { raw }: Resource): Origin {
	const maker = textOf(raw.createdClient);
	if (maker === undefined) return 'doubtful';
	return maker === clientId ? 'ours' : 'foreign';
}

/** Whether another client, e.g. the user interface, was the last to change it; not where Adobe does not show that. */
export function isChangedByOthers(
	{ clientId }: Pick<ItemClient, 'clientId'>,
	{ raw }: Resource,
): boolean {
	const changer = textOf(raw.updatedClient);
	return changer !== undefined && changer !== clientId;
}

/** When it was created and by whom, taken together. */
export function originOf(client: ItemClient, resource: Resource, time: AttemptTime): Origin {
	return least(makerOf(client, resource), time.originOf(createdEpochMs(resource)));
}

/** The more careful of some judgements. */
export function least(...origins: Origin[]): Origin {
	if (origins.includes('foreign')) return 'foreign';
	return origins.includes('doubtful') ? 'doubtful' : 'ours';
}
