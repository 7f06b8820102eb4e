import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INode,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import * as host from 'n8n-workflow';

import { asRecord, textOf } from './json';
import { steadyEpochMs } from './clocks/steadyClock';

// Everything that depends on how n8n works inside, or on which of its two lines it is, is in this file.

/** The kinds of n8n context that our nodes run in. */
export type NodeContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| IPollFunctions
	| IWebhookFunctions;

/** Aborted when the execution is cancelled. Contexts of triggers have none, n8n 1.x's editor contexts neither. */
export function cancelSignalOf(context: NodeContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}

/**
 * The context as one request sees it. n8n ends an authenticated request with the signal of the context
 * that its helper is called on, the execution's, and takes no other (n8n 2.40 and 1.123,
 * `httpRequestWithAuthentication`). So each request is called on a context with a signal of its own: one
 * that ends sooner, or one that outlives the execution.
 */
export function endedBy(context: NodeContext, signal: AbortSignal): NodeContext {
	if (!('getExecutionCancelSignal' in context)) return context;
	return derived<NodeContext>(context, { getExecutionCancelSignal: () => signal });
}

const MAX_SLEEP_STEP_MS = 250;

/**
 * Waits, in steps short enough that a cancelled execution ends within a quarter of a second.
 * n8n 1.x's `sleep` knows no signal, so the signal is looked at between the steps.
 *
 * @throws whatever reason the signal was aborted with
 */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
	const endEpochMs = steadyEpochMs() + durationMs;
	for (;;) {
		signal?.throwIfAborted();
		const restMs = endEpochMs - steadyEpochMs();
		if (restMs <= 0) return;
		await host.sleep(Math.min(restMs, MAX_SLEEP_STEP_MS));
	}
}

/**
 * Yields to the event loop during long synchronous work.
 *
 * @throws whatever reason the signal was aborted with
 */
export async function yieldToEventLoop(signal?: AbortSignal): Promise<void> {
	await host.sleep(0);
	signal?.throwIfAborted();
}

/** What n8n grants a poll where it does not say so (its versions before 2.40). */
const DEFAULT_POLL_BUDGET_MS = 5 * 60_000;

/** Milliseconds that one poll may take. */
export function pollBudgetMs(context: IPollFunctions): number {
	return 'getPollBudgetMs' in context ? context.getPollBudgetMs() : DEFAULT_POLL_BUDGET_MS;
}

/**
 * Whether an error item with a third key besides `error` and `message` goes down the error branch; older
 * hosts take it for a success there (n8n-io/n8n, pull request 35939). No version can be asked for.
 */
export const KNOWS_ERROR_DETAILS = 'TIMED_CAUSES' in host;

/** Under this name n8n offers a node as a tool. Of an error, it passes the message alone to the agent. */
export function isTool({ type }: INode): boolean {
	return type.endsWith('Tool');
}

/**
 * The same for all tries of a node that n8n executes again when it fails; undefined for one that it does
 * not, and for a tool: an agent may call it again with other values.
 */
export function tryKeyOf(context: IExecuteFunctions): string | undefined {
	const node = context.getNode();
	const executionId = context.getExecutionId();
	if (node.retryOnFail !== true || !executionId || isTool(node)) return undefined;
	// In a loop, the same node has several runs in one execution. n8n shows it to expressions alone.
	const { runIndex } = context as unknown as { runIndex?: number };
	return [executionId, node.id, String(runIndex)].join(' ');
}

/** How deep n8n wraps an error: NodeApiError, axios' error, the error itself. */
const MAX_WRAPPINGS = 5;

/** n8n's mark on what must not be tried again (2.40, `@n8n/backend-network`, `retryability.ts`). */
const NOT_TO_BE_REPEATED = Symbol.for('n8n.backend-network.non-retryable-error');

/** What n8n says when it refuses an address; an error of axios keeps the message alone. */
const REFUSED_ADDRESS =
	/^The request was blocked because|^Cannot determine the host for this connection|domain.* (is )?not allowed/i;

/**
 * n8n's reason for refusing to send a request, e.g. its own protection against requests to internal
 * addresses; undefined for every other error.
 */
export function refusalOfHost(error: unknown): string | undefined {
	let one: unknown = error;
	let reason: string | undefined;
	for (let depth = 0; depth < MAX_WRAPPINGS; depth++) {
		const record = asRecord(one);
		if (record === undefined) break;
		const message = textOf(record.message) ?? '';
		const isRefusal = NOT_TO_BE_REPEATED in record || REFUSED_ADDRESS.test(message);
		if (isRefusal && message !== '') {
			const said = [message, textOf(record.description)].filter((part) => part !== undefined);
			// The innermost one has a description of its own.
			const whole = said.map((part) => part.replace(/[.]?$/, '.')).join(' ');
			reason = reason === undefined || whole.length > reason.length ? whole : reason;
		}
		one = record.cause;
	}
	return reason;
}

const EXPRESSION_CONTEXT = [
	'causeDetailed',
	'descriptionKey',
	'descriptionTemplate',
	'messageTemplate',
	'nodeCause',
	'parameter',
	'runIndex',
	'type',
];

/**
 * What n8n's editor shows of an expression that could not be worked out: the node that it is about, the
 * parameter and more; undefined for every other error.
 */
export function expressionContextOf(error: unknown): Record<string, unknown> | undefined {
	const record = asRecord(error);
	if (record?.name !== 'ExpressionError' && !(error instanceof host.ExpressionError))
		return undefined;
	const context = asRecord(record?.context) ?? {};
	return Object.fromEntries(
		EXPRESSION_CONTEXT.filter((name) => context[name] !== undefined).map((name) => [
			name,
			context[name],
		]),
	);
}

/** What came of reading a credential for one item. */
export type CredentialReading = ({ data: ICredentialDataDecryptedObject } | { error: unknown }) & {
	/** The fields whose stored value is an expression; undefined where n8n does not let us see. */
	expressions?: ReadonlySet<string>;
};

/**
 * Reads a credential for an item: one database read and one decryption.
 *
 * n8n can't be asked whether a credential holds expressions, and reading it again for each item would
 * cost a thousand decryptions for a thousand items. But n8n resolves the stored values with the
 * `getParameterValue` of its context's workflow, so the context that it gets here has a workflow that
 * lets us see them (n8n 2.40 and 1.123, `packages/cli/src/credentials-helper.ts`).
 */
export async function readCredential(
	context: NodeContext,
	type: string,
	itemIndex: number,
): Promise<CredentialReading> {
	let expressions: ReadonlySet<string> | undefined;
	const watched = withResolverWatched(context, (stored) => {
		expressions = expressionsIn(stored);
	});
	try {
		const data = await (watched as IExecuteFunctions).getCredentials(type, itemIndex);
		return { data, expressions };
	} catch (error) {
		// An error before anything was resolved is not about expressions: it is the same for all items.
		return { error, expressions: expressions ?? new Set() };
	}
}

type Resolver = (stored: unknown, ...more: unknown[]) => unknown;

function withResolverWatched(context: NodeContext, watch: (stored: unknown) => void): NodeContext {
	const workflow = asRecord((context as { workflow?: unknown }).workflow);
	const expression = asRecord(workflow?.expression);
	if (workflow === undefined || expression === undefined) return context;
	const resolve = expression.getParameterValue;
	if (typeof resolve !== 'function') return context;
	const getParameterValue: Resolver = (stored, ...more) => {
		watch(stored);
		return (resolve as Resolver).call(expression, stored, ...more);
	};
	return derived(context, {
		workflow: derived(workflow, { expression: derived(expression, { getParameterValue }) }),
	});
}

/** An object with these members, and all others inherited from another one. */
function derived<T extends object>(base: T, members: Record<string, unknown>): T {
	return Object.create(
		base,
		Object.fromEntries(Object.entries(members).map(([name, value]) => [name, { value }])),
	) as T;
}

function expressionsIn(stored: unknown): ReadonlySet<string> {
	return new Set(
		Object.entries(asRecord(stored) ?? {})
			.filter(([, value]) => typeof value === 'string' && value.startsWith('='))
			.map(([name]) => name),
	);
}
