import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep, UnexpectedError } from 'n8n-workflow';

import { CredentialReadings, credentialOf } from '../platform/auth/credentialReadings';
import type { ItemClient, ItemOptions } from '../platform/client';
import { MAX_CLEAN_UP_MS, PlatformClient } from '../platform/client';
import { ReadOnce } from '../platform/keyed';
import type { CredentialReading } from '../platform/n8nHost';
import type { Transport } from '../platform/send';
import { steadyEpochMs } from '../platform/clocks/steadyClock';
import { itemOptions, readMaxConcurrency } from './commonParameters';
import { addFiles } from './files';
import { ItemResults } from './itemResults';
import { outputWithoutSecrets, redact, Redactor } from '../redaction/secrets';
import type { Operation, OperationCall, PreparedWork } from './operation';
import { ParameterReader } from './parameterReader';
import { ItemParameters } from './parameters';
import { Tries } from './tries';

// n8n takes a millisecond for an expression: those of thousands of items would stop everything else.
const ITEMS_PER_YIELD = 50;

// The client limits the requests in flight; twice as many items keep it busy while others wait.
const WORKERS_PER_REQUEST = 2;

/**
 * Runs an operation over all input items, in parallel and in order of output.
 *
 * Without "Continue", every item is checked before the first request, the run stops at the first
 * item that fails, and the error lists what earlier items have already done. With it, a failed
 * item becomes an error item and the others continue.
 *
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const itemCount = context.getInputData().length;
	if (itemCount === 0) return [];
	const results = new ItemResults(context, itemCount);
	const run = results.forAll(() => new ItemRun(context, operation, results, itemCount));
	await run?.all();
	const items = results.toItems(run?.secrets() ?? [], operation.outputsRows);
	const { files } = operation;
	return files === undefined ? items : await addFiles(context, items, files);
}

/** Gives the work of an item; undefined where it could not be prepared. */
type WorkOf = (index: number) => Promise<PreparedWork | undefined>;

class ItemRun {
	private readonly reader: ParameterReader;
	private readonly maxConcurrency: number;
	private readonly platform: PlatformClient;
	private readonly state: unknown;
	private readonly tries: Tries;
	private readonly clients: Array<{ transport: Transport; options: ItemOptions }> = [];
	private readonly credentials = new Map<string, CredentialReadings>();
	private readonly protectedSecrets = new Set<string>();
	private readonly lookups = new ReadOnce();

	/** @throws UserError; the options of the first item apply to all, as they share one client */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly operation: Operation,
		private readonly results: ItemResults,
		private readonly itemCount: number,
	) {
		this.reader = new ParameterReader(context);
		this.maxConcurrency = readMaxConcurrency(new ItemParameters(this.reader, 0));
		this.platform = PlatformClient.open(context, this.maxConcurrency);
		this.state = operation.begin?.();
		this.tries = new Tries(context);
	}

	/** Values that must not appear in any text; complete when all items are done. */
	secrets(): string[] {
		return [...this.protectedSecrets, ...this.platform.secrets()];
	}

	async all(): Promise<void> {
		// With "Continue", an item is prepared when its turn comes, while requests of others are in flight.
		const isPreparedFirst = !this.results.continues || this.operation.looksAhead === true;
		const workOf: WorkOf = isPreparedFirst
			? await this.prepareAll()
			: async (index) => await this.prepare(index);
		await this.workAll(workOf);
		await this.complete();
		for (let index = 0; index < this.itemCount; index++) {
			this.results.noteEarlier(index, this.tries.outputOf(index) ?? this.tries.leftBehindBy(index));
		}
		this.tries.end(this.results.outputs(), this.results.hasFailed(), this.results.leftBehind());
	}

	/** So that bad input in any item stops the execution before the first write. */
	private async prepareAll(): Promise<WorkOf> {
		const work: Array<PreparedWork | undefined> = [];
		for (let index = 0; index < this.itemCount && !this.results.isStopped; index++) {
			work.push(await this.prepare(index));
		}
		return async (index) => work[index];
	}

	private async prepare(index: number): Promise<PreparedWork | undefined> {
		return await this.results.attempt(index, async () => {
			if (index % ITEMS_PER_YIELD === ITEMS_PER_YIELD - 1) await this.platform.yieldToEventLoop();
			const parameters = new ItemParameters(this.reader, index);
			const options = itemOptions(parameters);
			const transport = await this.platform.transportFor(index);
			this.clients[index] = { transport, options };
			return await this.operation.prepare(this.callFor(index, parameters));
		});
	}

	private async workAll(workOf: WorkOf): Promise<void> {
		let next = 0;
		// While the first answer is awaited there is time to prepare other items. Node.js needs two turns
		// until that request is on its way: one to connect, one to write.
		const firstIsSent = sleep(0).then(async () => await sleep(0));
		const worker = async (place: number) => {
			if (place > 0) await firstIsSent;
			while (next < this.itemCount && !this.results.isStopped) {
				const index = next++;
				const work = await workOf(index);
				if (work === undefined) continue;
				const before = this.tries.outputOf(index);
				const output = before ?? (await this.results.attempt(index, work));
				if (output !== undefined) this.results.succeed(index, [output].flat());
			}
		};
		const workers = Math.min(this.itemCount, this.maxConcurrency * WORKERS_PER_REQUEST);
		await Promise.all(
			Array.from({ length: workers }, async (_worker, place) => await worker(place)),
		);
	}

	private async complete(): Promise<void> {
		const isNew = ({ itemIndex }: { itemIndex: number }) =>
			this.tries.outputOf(itemIndex) === undefined;
		const outcomes = this.results.outcomes().filter(isNew);
		// The items have had their time; all that comes after them shares one clock.
		const endsEpochMs = steadyEpochMs() + MAX_CLEAN_UP_MS;
		try {
			await this.operation.complete?.(outcomes, {
				clientOf: (index) => this.clientUntil(endsEpochMs, index),
				state: this.state,
				fail: (index, error) => this.results.fail(index, error),
				hint: (message) =>
					this.context.addExecutionHints({
						message: redact(message, this.secrets(), 'us'),
						location: 'outputPane',
					}),
			});
		} catch {
			// It only adds to results that are there already.
			return;
		}
	}

	private callFor(itemIndex: number, parameters: ItemParameters): OperationCall {
		// One for all texts: building it takes time.
		let redactor: Redactor | undefined;
		return {
			context: this.context,
			itemIndex,
			parameters,
			openClient: () => this.clientFor(itemIndex),
			openCleanUpClient: () => this.clientFor(itemIndex, true),
			isCancelled: () => this.platform.isCancelled(),
			memory: this.tries.memoryOf(itemIndex),
			lookups: this.lookups,
			credential: async (type, labelsOf = () => ({})) =>
				credentialOf(await this.readCredential(type, itemIndex), labelsOf),
			protect: (secret) => this.protectedSecrets.add(secret),
			redact: (text) => outputWithoutSecrets(text, (redactor ??= new Redactor(this.secrets()))),
			scope: this.clientFor(itemIndex).scope,
			state: this.state,
		};
	}

	private clientFor(itemIndex: number, outlivesExecution = false): ItemClient {
		const { transport, options } = this.opened(itemIndex);
		return this.platform.forItem(transport, options, outlivesExecution);
	}

	private opened(itemIndex: number): { transport: Transport; options: ItemOptions } {
		const client = this.clients[itemIndex];
		if (client === undefined) {
			throw new UnexpectedError('An item was started before it was prepared');
		}
		return client;
	}

	private clientUntil(endsEpochMs: number, itemIndex: number): ItemClient {
		const { transport, options } = this.opened(itemIndex);
		const leftMs = Math.max(0, endsEpochMs - steadyEpochMs());
		const timeoutMs = Math.min(options.timeoutMs, leftMs);
		return this.platform.forItem(transport, { ...options, timeoutMs });
	}

	private async readCredential(type: string, itemIndex: number): Promise<CredentialReading> {
		const readings = this.credentials.get(type) ?? new CredentialReadings(this.context, type);
		this.credentials.set(type, readings);
		return await readings.read(itemIndex);
	}
}
