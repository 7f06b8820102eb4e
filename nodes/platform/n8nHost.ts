import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { asRecord } from './json';

/** The kinds of n8n context that our nodes run in. */
export type NodeContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/**
 * The context as one request sees it. n8n ends an authenticated request with the signal of the context
 * that its helper is called on, the execution's, and takes no other (n8n 2.40 and 1.123,
 * `httpRequestWithAuthentication`). So each request is called on a context with a signal of its own: one
 * that ends sooner, or one that outlives the execution.
 */
export function endedBy(context: NodeContext, signal: AbortSignal): NodeContext {
	// Poll contexts have no such method, n8n 1.x's editor contexts neither.
	if (!('getExecutionCancelSignal' in context)) return context;
	return derived<NodeContext>(context, { getExecutionCancelSignal: () => signal });
}

/** What came of reading a credential for one item. */
export type CredentialReading = ({ data: ICredentialDataDecryptedObject } | { error: unknown }) & {
	/** The fields whose stored value is an expression; undefined where n8n does not let us see. */
	expressions?: ReadonlySet<string>;
};

/**
 * Reads a credential for an item: one database read and one decryption.
 *
 * n8n has no way to ask whether a credential holds expressions, and to read it again for each item would
 * cost a thousand decryptions for a thousand items. But n8n resolves the stored values with the
 * `getParameterValue` of the workflow that its context has, so the context handed in here has a
 * workflow that lets us look at them (n8n 2.40 and 1.123, `packages/cli/src/credentials-helper.ts`).
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
		// One that came before anything was resolved is not about expressions: it is the same for all items.
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

/** An object that has these members, and all others of another one. */
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
