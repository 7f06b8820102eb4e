import { createHash } from 'node:crypto';

import type { Database } from './database/databases.mts';
import { useDatabases } from './database/databases.mts';
import { useNetwork } from './engine/httpClient.mts';
import type { Process } from './engine/processes.mts';
import { Random, useRandomness } from './engine/randomness.mts';
import { useTime, VirtualTime } from './engine/virtualTime.mts';
import type { Violation } from './invariants.mts';

/** 2026-07-01T12:00:00Z */
const START_EPOCH_MS = 1_782_907_200_000;

interface Setting {
	processes: Process[];
	databases: Database[];
	/** The seed's streams of random numbers and of IDs. */
	streams: { numbers: number; ids: number };
}

interface Told {
	violations: Violation[];
	/** What happened, a line each; the same for the same seed. */
	trace: string[];
	/** Stands for the trace. */
	digest: string;
}

/**
 * Runs a story in virtual time, with all that is random decided by the seed.
 *
 * @param begin runs it; `say` adds a line to the trace
 * @param judge what was violated, while time is still the story's
 * @throws Error where the story fails or comes to a standstill
 */
export async function inVirtualTime<T>(
	seed: number,
	{ processes, databases, streams }: Setting,
	begin: (time: VirtualTime, say: (line: string) => void) => Promise<T>,
	judge: (story: T) => Violation[],
): Promise<Told> {
	const trace: string[] = [];
	const time = new VirtualTime(START_EPOCH_MS);
	const say = (line: string) => {
		trace.push(`${((time.now - START_EPOCH_MS) / 1000).toFixed(3).padStart(9)} ${line}`);
	};
	useTime(time);
	useRandomness({ numbers: new Random(seed, streams.numbers), ids: new Random(seed, streams.ids) });
	useDatabases(databases);
	for (const process of processes) process.restart();
	try {
		let ended: { story: T } | undefined;
		let failure: unknown;
		begin(time, say).then(
			(story) => (ended = { story }),
			(error: unknown) => (failure = error ?? new Error('no reason')),
		);
		await time.run(() => ended !== undefined || failure !== undefined);
		if (failure !== undefined) {
			const reason = failure instanceof Error ? failure.message : String(failure);
			throw new Error(`Seed ${seed}: ${reason}\n${trace.slice(-12).join('\n')}`);
		}
		if (ended === undefined) throw new Error(`Seed ${seed} came to a standstill`);
		const violations = judge(ended.story);
		for (const { invariant, what } of violations) say(`VIOLATION ${invariant}: ${what}`);
		const digest = createHash('sha256').update(trace.join('\n')).digest('hex');
		return { violations, trace, digest };
	} finally {
		useNetwork(undefined);
		useRandomness(undefined);
		useTime(undefined);
	}
}
