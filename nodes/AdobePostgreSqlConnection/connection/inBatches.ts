import type { Outcome } from '../../operations/operation';

/**
 * Does some work for many outcomes together, side by side, each batch within one organization and
 * sandbox. A batch that fails stays as it is: its items have succeeded already.
 *
 * @param most outcomes a batch
 * @param scopeOf gives the scope of an outcome's client
 */
export async function inBatches(
	outcomes: Outcome[],
	most: number,
	scopeOf: (outcome: Outcome) => string,
	work: (batch: Outcome[], first: Outcome) => Promise<void>,
): Promise<void> {
	const byScope = new Map<string, Outcome[]>();
	for (const outcome of outcomes) {
		const scope = scopeOf(outcome);
		const others = byScope.get(scope);
		if (others === undefined) byScope.set(scope, [outcome]);
		else others.push(outcome);
	}
	const batches: Array<Promise<void>> = [];
	for (const ofScope of byScope.values()) {
		for (let start = 0; start < ofScope.length; start += most) {
			const batch = ofScope.slice(start, start + most);
			const [first] = batch;
			if (first !== undefined) batches.push(work(batch, first).catch(() => {}));
		}
	}
	await Promise.all(batches);
}
