import type { Emulator, RunOutcome, StoredFlow } from '../../emulator/emulator.mts';
import { seedConnections } from '../support/adobe.mts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When a dataflow of a scene runs, and how its runs ended, the newest first. */
export interface SceneFlow {
	name: string;
	state?: 'enabled' | 'disabled' | 'draft';
	/** Without it, once and over. */
	every?: { frequency: 'minute' | 'hour' | 'day' | 'week'; interval: number };
	/** Milliseconds ago that it first started; a month by default. */
	startedAgo?: number;
	/** Of its runs, the newest first, each as long ago as it says. */
	runs?: Array<Partial<RunOutcome> & { ago: number }>;
}

/** Puts dataflows into an emulator that has none, all of one connection, and with the runs given. */
export async function seedFlows(
	adobe: Emulator,
	scene: readonly SceneFlow[],
): Promise<StoredFlow[]> {
	await seedConnections(adobe, ['Sales']);
	const connectionId = adobe.connections().at(-1)?.id ?? '';
	const now = adobe.now();
	const flows = adobe.markInUse(
		connectionId,
		scene.map(({ name }) => name),
	);
	for (const [
		place,
		{ state = 'enabled', every, startedAgo = 31 * DAY, runs = [] },
	] of scene.entries()) {
		const flow = flows[place];
		if (flow === undefined) throw new Error('A dataflow of the scene was not made');
		const startTime = String(Math.floor((now - startedAgo) / 1000));
		Object.assign(flow, {
			state,
			createdAt: now - startedAgo,
			updatedAt: now - startedAgo,
			scheduleParams:
				every === undefined
					? { startTime, frequency: 'once' }
					: { startTime, frequency: every.frequency, interval: String(every.interval) },
		});
		// As they came: the one that was started last is the one that the dataflow shows.
		for (const { ago, ...outcome } of [...runs].reverse()) {
			const createdAt = now - ago;
			const run = { status: 'success' as const, ...outcome, createdAt, updatedAt: createdAt };
			adobe.seedRun({ flowId: flow.id, ...run });
		}
	}
	adobe.journal.length = 0;
	return flows;
}

/** Runs one after the other, the newest first. */
export function runsOf(
	count: number,
	every: number,
	outcome: Partial<RunOutcome> = {},
	newestAgo = every / 2,
): Array<Partial<RunOutcome> & { ago: number }> {
	return Array.from({ length: count }, (_run, place) => ({
		...outcome,
		ago: newestAgo + place * every,
	}));
}
