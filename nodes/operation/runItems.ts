import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep, UnexpectedError } from 'n8n-workflow';

import type { ItemClient, ItemOptions } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { CredentialReadings, credentialOf } from '../platform/auth/credentialReadings';
import type { CredentialReading } from '../platform/n8nHost';
import { describeFailure, toNodeError } from '../platform/errors/nodeError';
import type { Transport } from '../platform/send';
import { Redactor } from '../redaction/secrets';
import { ParameterReader } from './parameterReader';
import { errorItem } from './errorItem';
import type { Operation, OperationCall, Outcome, PreparedWork } from './operation';
import { itemOptions, DEFAULT_MAX_CONCURRENCY, readMaxConcurrency } from './commonParameters';
import { ItemParameters } from './parameters';

const ITEMS_A_BREATH = 50;

type Result = { output: IDataObject[] } | { failed: unknown };

/**
 * Runs an operation over all input items, side by side and in order of output.
 *
 * Without "Continue", every item is checked before the first request, the run stops at the first
 * item that fails, and the error lists what earlier items have already done. With it, a failed
 * item becomes an error item and the others go on.
 *
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const itemCount = context.getInputData().length;
	if (itemCount === 0) return [];
	const run = new ItemRun(context, operation, itemCount);
	return await run.all();
}

class ItemRun {
	private readonly results: Array<Result | undefined>;
	private readonly options: ItemOptions[] = [];
	private readonly transports: Transport[] = [];
	private readonly credentials = new Map<string, CredentialReadings>();
	private readonly secrets = new Set<string>();
	private readonly state: unknown;
	private madeRedactor?: Redactor;
	private readonly goesOn: boolean;
	private readonly reader: ParameterReader;
	private platform?: PlatformClient;
	private stopped = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly operation: Operation,
		private readonly itemCount: number,
	) {
		this.results = new Array<Result | undefined>(itemCount);
		this.goesOn = context.continueOnFail();
		this.reader = new ParameterReader(context);
		this.state = operation.begin?.();
	}

	async all(): Promise<INodeExecutionData[]> {
		const maxConcurrency = await this.open();
		await this.runAll(await this.preparation(), maxConcurrency);
		await this.complete();
		this.throwFirstFailure();
		return this.results.flatMap((result, index) => this.toItems(result, index));
	}

	/** The options of the first item count for all: there is one pool. */
	private async open(): Promise<number> {
		let maxConcurrency = DEFAULT_MAX_CONCURRENCY;
		this.platform = await this.attempt(0, async () => {
			maxConcurrency = readMaxConcurrency(new ItemParameters(this.reader, 0));
			return PlatformClient.open(this.context, maxConcurrency);
		});
		if (this.platform === undefined) {
			// Nothing can be done for any item; each one says so.
			this.results.fill(this.results[0]);
			this.stopped = true;
		}
		return maxConcurrency;
	}

	/**
	 * Gives the work of an item. Everything is prepared first, so that bad input in any item stops the
	 * execution before the first write; where the others go on anyway, an item is prepared when its
	 * turn comes, while requests of others are under way.
	 */
	private async preparation(): Promise<(index: number) => Promise<PreparedWork | undefined>> {
		const prepared = async (index: number) =>
			await this.attempt(index, async () => {
				// n8n takes half a millisecond for an expression: thousands of them would stop everything.
				if (index % ITEMS_A_BREATH === ITEMS_A_BREATH - 1) await this.platform?.yieldToEventLoop();
				return await this.prepare(index);
			});
		if (this.goesOn && this.operation.looksAhead !== true) return prepared;
		const work: Array<PreparedWork | undefined> = [];
		for (let index = 0; index < this.itemCount && !this.stopped; index++) {
			work.push(await prepared(index));
		}
		return async (index) => work[index];
	}

	private async prepare(index: number): Promise<PreparedWork> {
		const parameters = new ItemParameters(this.reader, index);
		this.options[index] = itemOptions(parameters);
		if (this.platform !== undefined) {
			this.transports[index] = await this.platform.transportFor(index);
		}
		return await this.operation.prepare(this.callFor(index, parameters));
	}

	private async runAll(
		workOf: (index: number) => Promise<PreparedWork | undefined>,
		maxConcurrency: number,
	): Promise<void> {
		let next = 0;
		// While the first answer is awaited there is time to prepare other items. Node.js needs two turns
		// until that request is on its way: one to connect, one to write.
		const firstIsOut = sleep(0).then(async () => await sleep(0));
		const worker = async (place: number) => {
			if (place > 0) await firstIsOut;
			while (next < this.itemCount && !this.stopped) {
				const index = next++;
				const prepared = await workOf(index);
				if (prepared === undefined) continue;
				const output = await this.attempt(index, prepared);
				if (output !== undefined) this.results[index] = { output: [output].flat() };
			}
		};
		// Requests are limited by the door; twice as many items keep it busy while others wait.
		const workers = Math.min(this.itemCount, maxConcurrency * 2);
		await Promise.all(
			Array.from({ length: workers }, async (_worker, place) => await worker(place)),
		);
	}

	/** Runs one step of an item; its failure is kept and, without "Continue", stops the run. */
	private async attempt<T>(index: number, step: () => Promise<T>): Promise<T | undefined> {
		try {
			return await step();
		} catch (error) {
			this.results[index] = { failed: error };
			if (!this.goesOn) this.stopped = true;
			return undefined;
		}
	}

	private callFor(itemIndex: number, parameters: ItemParameters): OperationCall {
		return {
			context: this.context,
			itemIndex,
			parameters,
			openClient: () => this.clientFor(itemIndex),
			openCleanUpClient: () => this.clientFor(itemIndex, true),
			isCancelled: () => this.platform?.isCancelled() ?? false,
			credential: async (type, labelsOf = () => ({})) =>
				credentialOf(await this.reading(type, itemIndex), labelsOf),
			protect: (secret) => this.secrets.add(secret),
			scope: this.clientFor(itemIndex).scope,
			state: this.state,
		};
	}

	private clientFor(itemIndex: number, outlivesExecution = false): ItemClient {
		const options = this.options[itemIndex];
		const transport = this.transports[itemIndex];
		if (this.platform === undefined || options === undefined || transport === undefined) {
			throw new UnexpectedError('An item was started before it was prepared');
		}
		return this.platform.forItem(transport, options, outlivesExecution);
	}

	private async reading(type: string, itemIndex: number): Promise<CredentialReading> {
		const readings = this.credentials.get(type) ?? new CredentialReadings(this.context, type);
		this.credentials.set(type, readings);
		return await readings.read(itemIndex);
	}

	private async complete(): Promise<void> {
		const outcomes = this.results.flatMap((result, itemIndex): Outcome[] =>
			result !== undefined && 'output' in result
				? result.output.map((json) => ({ itemIndex, json }))
				: [],
		);
		if (outcomes.length === 0) return;
		try {
			await this.operation.complete?.(outcomes, {
				clientOf: (index) => this.clientFor(index),
				state: this.state,
				hint: (message) => this.context.addExecutionHints({ message, location: 'outputPane' }),
			});
		} catch {
			// It only adds to results that are there already.
			return;
		}
	}

	private throwFirstFailure(): void {
		if (this.goesOn) return;
		const index = this.results.findIndex((result) => result !== undefined && 'failed' in result);
		const result = this.results[index];
		if (result === undefined || !('failed' in result)) return;
		throw toNodeError(this.context.getNode(), result.failed, {
			itemIndex: index,
			secrets: this.redactor(),
			alreadyDone: this.alreadyDone(),
		});
	}

	/** What finished items would have put out: n8n drops it when a node throws. */
	private alreadyDone(): string[] {
		return this.results.flatMap((result, index) =>
			result !== undefined && 'output' in result
				? result.output
						.filter(({ action }) => typeof action === 'string')
						.map(({ action, id }) => `item ${index}: ${String(action)} ${String(id)}`)
				: [],
		);
	}

	private toItems(result: Result | undefined, index: number): INodeExecutionData[] {
		if (result !== undefined && 'output' in result) {
			return result.output.map((json) => ({ json, pairedItem: { item: index } }));
		}
		const failure = describeFailure(result?.failed, this.redactor());
		return [errorItem(failure, index, this.context.getNode().onError)];
	}

	/** Made for the first failure, when all work is done and so all secrets are known. */
	private redactor(): Redactor {
		this.madeRedactor ??= new Redactor([...this.secrets, ...(this.platform?.secrets() ?? [])]);
		return this.madeRedactor;
	}
}
