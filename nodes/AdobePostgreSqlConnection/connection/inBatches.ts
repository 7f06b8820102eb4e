import type { Outcome } from '../../operations/operation';

/**
 * Does some work for many outcomes together, side by side, each batch within one sandbox. A batch
 * that fails stays as it is: its items have succeeded already.
 *
 * @param most outcomes a batch
 */
export async function inBatches(
	outcomes: Outcome[],
	most: number,
	work: (batch: Outcome[], first: Outcome) => Promise<void>,
): Promise<void> {
	const bySandbox = new Map<string, Outcome[]>();
	for (const outcome of outcomes) {
		const sandboxName = String(outcome.json.sandboxName);
		const others = bySandbox.get(sandboxName);
		if (others === undefined) bySandbox.set(sandboxName, [outcome]);
		else others.push(outcome);
	}
	const batches: Array<Promise<void>> = [];
	for (const ofSandbox of bySandbox.values()) {
		for (let start = 0; start < ofSandbox.length; start += most) {
			const batch = ofSandbox.slice(start, start + most);
			const [first] = batch;
			if (first !== undefined) batches.push(work(batch, first).catch(() => {}));
		}
	}
	await Promise.all(batches);
}
