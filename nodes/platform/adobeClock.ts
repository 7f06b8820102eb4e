import { timeOf } from './json';

// The `Date` of an answer has whole seconds; the rest is for a server whose machines disagree.
const SLACK_MS = 2_000;

/** How Adobe's clock differs from this machine's, by the `Date` of its answers. */
export class AdobeClock {
	private aheadMs?: number;

	/** @param date the header of an answer that has just come */
	learn(date: unknown): void {
		const epochMs = timeOf(date);
		if (epochMs === undefined) return;
		const aheadMs = epochMs - Date.now();
		this.aheadMs = Math.abs(aheadMs) <= SLACK_MS ? 0 : aheadMs;
	}

	/** What Adobe's clock shows now, epoch milliseconds; undefined where no answer has said. */
	nowEpochMs(): number | undefined {
		return this.aheadMs === undefined ? undefined : Date.now() + this.aheadMs;
	}
}
