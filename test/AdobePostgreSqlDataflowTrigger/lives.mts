import type { RunStatus } from '../../nodes/adobe/runModel';
import { randomFrom } from '../support/randomFrom.mts';

export const STEP_MS = 3 * 60_000;

/** What a run looks like from a step on. */
export interface Look {
	/** Which run, from 0 on. */
	run: number;
	status: RunStatus;
	createdAt: number;
	startedAtUTC?: number;
	completedAtUTC?: number;
	failedRecordCount: number;
}

/** The lives of many runs. */
export interface Lives {
	/** What changes in each step of three minutes. */
	steps: Look[][];
	/** `<run>:<event>` of everything that happens. */
	expected: string[];
}

const SECONDS_30 = 30_000;
const MAX_LATE_MS = 4 * 60_000;

/**
 * Runs that come in bursts, with equal times and in no order, shown up to four minutes late, some of
 * them when they have ended already; some end at once, some after hours.
 *
 * @param beginEpochMs nothing happens before
 */
export function livesOf(
	count: number,
	stepCount: number,
	seed: number,
	beginEpochMs: number,
): Lives {
	const random = randomFrom(seed);
	const steps: Look[][] = Array.from({ length: stepCount }, () => []);
	const expected: string[] = [];
	const bursts = Array.from({ length: 5 }, () => Math.floor(random() * stepCount * 0.8));
	for (let run = 0; run < count; run++) {
		const burst = bursts[Math.floor(random() * bursts.length)] ?? 0;
		const first = random() < 0.6 ? burst : Math.floor(random() * stepCount * 0.8);
		const shownAt = beginEpochMs + (first + 2) * STEP_MS;
		const late = Math.floor((random() * MAX_LATE_MS) / SECONDS_30) * SECONDS_30;
		const createdAt = shownAt - late;
		const startedAtUTC = createdAt - (random() < 0.3 ? 20_000 : 0);
		const takes = Math.floor(random() ** 3 * (stepCount - first));
		const last = first + takes;
		const failedRecordCount = random() < 0.2 ? 1 + Math.floor(random() * 9) : 0;
		const failed = random() < 0.3;
		const common = { run, createdAt, failedRecordCount };
		const ended: Look = {
			...common,
			status: failed ? 'failed' : 'success',
			startedAtUTC,
			completedAtUTC: startedAtUTC + takes * STEP_MS + 1_000,
		};
		if (last > first) {
			const begins = random() < 0.5 ? first : first + Math.floor(random() * takes);
			if (begins > first) steps[first]?.push({ ...common, status: 'scheduled' });
			steps[begins]?.push({ ...common, status: 'inProgress', startedAtUTC });
		}
		steps[last]?.push(ended);
		expected.push(`${run}:started`, `${run}:${endOf(failed, failedRecordCount)}`);
	}
	for (const step of steps) shuffle(step, random);
	return { steps, expected: expected.sort() };
}

function endOf(failed: boolean, failedRecordCount: number): string {
	if (failed) return 'failed';
	return failedRecordCount > 0 ? 'rejectedRecords' : 'succeeded';
}

function shuffle<T>(list: T[], random: () => number): void {
	for (let at = list.length - 1; at > 0; at--) {
		const other = Math.floor(random() * (at + 1));
		[list[at], list[other]] = [list[other] as T, list[at] as T];
	}
}
