import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ItemMemory } from '../platform/itemMemory';
import { tryKeyOf } from '../platform/n8nHost';

interface Tried {
	outputs: Map<number, IDataObject[]>;
	kept: Map<string, unknown>;
	/** What items that have failed have left behind in one try or another, in words. */
	left: Map<number, string>;
}

/** Executions whose last try has failed; n8n says nothing when there is no further one. */
const failedTries = new Map<string, Tried>();
const MAX_FAILED_TRIES = 100;

/**
 * What earlier tries of a node with "Retry On Fail" have done. n8n executes all items again then, also
 * those that had succeeded: without this, each try would create their connections once more.
 */
export class Tries {
	private readonly key: string | undefined;
	private readonly tried: Tried;

	constructor(context: IExecuteFunctions) {
		this.key = tryKeyOf(context);
		this.tried = (this.key === undefined ? undefined : failedTries.get(this.key)) ?? {
			outputs: new Map(),
			kept: new Map(),
			left: new Map(),
		};
	}

	/** What the item has returned in an earlier try. */
	outputOf(itemIndex: number): IDataObject[] | undefined {
		return this.tried.outputs.get(itemIndex);
	}

	/** What the item has left behind in earlier tries that failed, in words. */
	leftBehindBy(itemIndex: number): string | undefined {
		return this.tried.left.get(itemIndex);
	}

	memoryOf(itemIndex: number): ItemMemory {
		const { kept } = this.tried;
		return {
			recall: <T>(key: string) => kept.get(`${itemIndex} ${key}`) as T | undefined,
			keep: (key, value) => kept.set(`${itemIndex} ${key}`, value),
		};
	}

	/** All items are done. */
	end(
		outcomes: ReadonlyArray<{ itemIndex: number; output: IDataObject[] }>,
		hasFailed: boolean,
		leftBehind: ReadonlyArray<readonly [itemIndex: number, what: string]> = [],
	): void {
		if (this.key === undefined) return;
		failedTries.delete(this.key);
		if (!hasFailed) return;
		for (const { itemIndex, output } of outcomes) this.tried.outputs.set(itemIndex, output);
		for (const [itemIndex, what] of leftBehind) {
			const before = this.tried.left.get(itemIndex) ?? what;
			this.tried.left.set(itemIndex, before.includes(what) ? before : `${before}; ${what}`);
		}
		failedTries.set(this.key, this.tried);
		const [oldest] = failedTries.keys();
		if (failedTries.size > MAX_FAILED_TRIES && oldest !== undefined) failedTries.delete(oldest);
	}
}
