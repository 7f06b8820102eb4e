import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { describeFailure, toNodeError } from '../platform/errors/nodeError';
import { Problem, toProblem } from '../platform/errors/problem';
import {
	outputWithoutSecrets,
	outputWithRows,
	Redactor,
	rowWithoutSecretNames,
} from '../redaction/secrets';
import { errorItem } from './errorItem';
import type { Outcome } from './operation';

type Result = { output: IDataObject[] } | { failed: unknown };

/** What became of the items of an execution, and how n8n is told of it. */
export class ItemResults {
	/** Whether no other item is to begin: one has failed, and n8n does not continue then. */
	isStopped = false;
	/** Whether a failed item becomes an error item while the others continue. */
	readonly continues: boolean;
	private readonly results: Array<Result | undefined>;
	/** What earlier tries have done or left behind for items that have no output now, in words. */
	private readonly earlier = new Map<number, string>();

	constructor(
		private readonly context: IExecuteFunctions,
		itemCount: number,
	) {
		this.continues = context.continueOnFail();
		this.results = new Array<Result | undefined>(itemCount);
	}

	/** Does what every item needs; where it fails, all items have failed. */
	forAll<T>(step: () => T): T | undefined {
		try {
			return step();
		} catch (error) {
			this.results.fill({ failed: error });
			this.isStopped = true;
			return undefined;
		}
	}

	/** Does one step of an item; undefined where it fails. */
	async attempt<T>(index: number, step: () => Promise<T>): Promise<T | undefined> {
		try {
			return await step();
		} catch (error) {
			this.fail(index, error);
			if (!this.continues) this.isStopped = true;
			return undefined;
		}
	}

	succeed(index: number, output: IDataObject[]): void {
		this.results[index] = { output };
	}

	fail(index: number, error: unknown): void {
		this.results[index] = { failed: error };
	}

	/** What each item that succeeded returns. */
	outputs(): Array<{ itemIndex: number; output: IDataObject[] }> {
		return this.results.flatMap((result, itemIndex) =>
			result !== undefined && 'output' in result ? [{ itemIndex, output: result.output }] : [],
		);
	}

	/**
	 * An earlier try has done something for an item: it is told where this one has no output for it.
	 *
	 * @param what its output, or what it has left behind, in words
	 */
	noteEarlier(index: number, what: IDataObject[] | string | undefined): void {
		const result = this.results[index];
		if (what === undefined || (result !== undefined && 'output' in result)) return;
		const words = typeof what === 'string' ? what : what.flatMap(doneIn).join('; ');
		if (words === '') return;
		this.earlier.set(index, words);
		if (result === undefined || tells(result.failed, words)) return;
		const problem = toProblem(result.failed).noting(`From an earlier try: ${words}.`);
		this.results[index] = { failed: problem };
	}

	/** What the items that have failed leave behind at Adobe, in words. */
	leftBehind(): Array<readonly [itemIndex: number, what: string]> {
		return [...this.results.entries()].flatMap(([index, result]) => {
			if (result === undefined || !('failed' in result)) return [];
			const behind = leftBehindBy(result.failed);
			return behind === undefined ? [] : [[index, behind] as const];
		});
	}

	hasFailed(): boolean {
		return this.firstFailure() !== undefined;
	}

	/** The same one by one. */
	outcomes(): Outcome[] {
		return this.outputs().flatMap(({ itemIndex, output }) =>
			output.map((json) => ({ itemIndex, json })),
		);
	}

	/**
	 * @param secrets of the whole execution, which no text may repeat
	 * @param outputsRows whether the output is the user's own rows, whose values are passed on untouched; or its
	 *   members that are such rows
	 * @throws NodeApiError or NodeOperationError for the first item that failed, unless n8n continues
	 */
	toItems(
		secrets: readonly string[],
		outputsRows: boolean | string | readonly string[] = false,
	): INodeExecutionData[] {
		const failure = this.firstFailure();
		// One for all texts: building it takes time.
		const redactor = new Redactor([...secrets]);
		const clean = (json: IDataObject) => {
			if (typeof outputsRows !== 'boolean') {
				return outputWithRows(json, redactor, [outputsRows].flat());
			}
			return outputsRows
				? rowWithoutSecretNames(json, redactor)
				: outputWithoutSecrets(json, redactor);
		};
		if (failure !== undefined && !this.continues) {
			throw toNodeError(this.context.getNode(), failure.error, {
				itemIndex: failure.itemIndex,
				secrets: redactor,
				alreadyDone: this.alreadyDone(failure.itemIndex),
			});
		}
		return this.results.flatMap((result, index) => {
			if (result !== undefined && 'output' in result) {
				return result.output.map((json) => ({
					json: clean(json),
					pairedItem: { item: index },
				}));
			}
			const described = describeFailure(result?.failed, redactor);
			return [errorItem(described, index, this.context.getNode().onError)];
		});
	}

	private firstFailure(): { itemIndex: number; error: unknown } | undefined {
		for (const [itemIndex, result] of this.results.entries()) {
			if (result !== undefined && 'failed' in result) return { itemIndex, error: result.failed };
		}
		return undefined;
	}

	/**
	 * What finished items would have returned, and what others that have failed leave behind: n8n drops it
	 * when a node throws.
	 *
	 * @param toldIndex of the item whose error is thrown
	 */
	private alreadyDone(toldIndex: number): string[] {
		const done = this.outcomes().flatMap(({ itemIndex, json }) =>
			doneIn(json).map((what) => [itemIndex, what] as const),
		);
		const left = this.leftBehind().filter(([index]) => index !== toldIndex);
		const told = [...done, ...left, ...this.earlier];
		return [...new Set(told.map(([index, what]) => `item ${index}: ${what}`))];
	}
}

/** Whether an error says all that an earlier try has left behind. */
function tells(error: unknown, words: string): boolean {
	return leftBehindBy(error) === words;
}

function doneIn(json: IDataObject): string[] {
	if (typeof json.action !== 'string') return [];
	return [`${json.action} ${idOf(json)}${besides(json)}`];
}

/** What may have come of an item besides, where an answer was lost; '' where nothing has. */
function besides({ possibleDuplicates, possiblyLeftBehind }: IDataObject): string {
	const parts = Array.isArray(possiblyLeftBehind) ? possiblyLeftBehind.map(String) : [];
	if (parts.length > 0) return ` (perhaps also: ${parts.join('; ')})`;
	if (possibleDuplicates === undefined) return '';
	return Array.isArray(possibleDuplicates)
		? ` (perhaps also ${possibleDuplicates.join(', ')})`
		: ' (it is not clear whether Adobe has made another one)';
}

/** What a failed item has left at Adobe, or may have; undefined where it has not. */
function leftBehindBy(error: unknown): string | undefined {
	if (!(error instanceof Problem)) return undefined;
	const { connectionId, runId, leftBehind } = error.details;
	const named = [
		connectionId === undefined ? '' : `the connection ${connectionId}`,
		runId === undefined ? '' : `the run ${runId}`,
		leftBehind ?? '',
	].filter((part) => part !== '');
	if (named.length === 0 && !error.outcomeUnknown) return undefined;
	return [error.message, ...named].join(', ');
}

/** What an operation was about: a run, or the dataflow, or the connection. */
function idOf({ runId, flowId, connectionId }: IDataObject): string {
	return String(runId ?? flowId ?? connectionId);
}
