import type { Failure, INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Redactor } from '../../redaction/secrets';
import { redact } from '../../redaction/secrets';
import { isTool } from '../n8nHost';
import type { ProblemDetails } from './problem';
import { renderDescription, toProblem } from './problem';

export interface NodeErrorOptions {
	/** Leave out where there are no items, as in a list of the editor. */
	itemIndex?: number;
	/** Values that must not appear in any text. */
	secrets: readonly string[] | Redactor;
	/** What the execution did before this error, in words; n8n drops the finished items. */
	alreadyDone?: readonly string[];
}

const MAX_LISTED = 20;
const MAX_TEXT_LENGTH = 2_000;

/** Everything an error item or an error needs, without secrets. */
export interface ItemFailure {
	message: string;
	description: string;
	details: ProblemDetails;
	failure?: Failure;
	expressionContext?: Readonly<Record<string, unknown>>;
}

/** Any thrown value in words. Of errors that are not ours, only message and description are taken. */
export function describeFailure(
	error: unknown,
	secrets: readonly string[] | Redactor,
	alreadyDone: readonly string[] = [],
): ItemFailure {
	const problem = toProblem(error);
	const cleanAdobes = (text: string) => redact(text, secrets, 'adobe');
	// Not so much as an ID may be lost from our own words: they say what has become of things.
	const clean = problem.isForeign ? cleanAdobes : (text: string) => redact(text, secrets, 'us');
	return {
		message: clean(problem.message).slice(0, MAX_TEXT_LENGTH),
		description: renderDescription(problem, {
			clean,
			cleanAdobes,
			maxLength: MAX_TEXT_LENGTH,
			lastNote: listDone(alreadyDone),
		}),
		details: cleanDetails(problem.details, (text) => cleanAdobes(text).slice(0, MAX_TEXT_LENGTH)),
		failure: problem.failure,
		expressionContext:
			problem.expressionContext === undefined
				? undefined
				: cleanDetails(problem.expressionContext, clean),
	};
}

/** Code and request ID come from Adobe's answer, which may contain anything. */
function cleanDetails<T extends object>(details: T, clean: (text: string) => string): T {
	return Object.fromEntries(
		Object.entries(details).map(([name, value]: [string, unknown]) => [
			name,
			typeof value === 'string' ? clean(value) : value,
		]),
	) as T;
}

/**
 * The one place where n8n's errors are made. A fresh error is built without the cause: the cause
 * of a failed request holds its headers and body, and n8n stores what hangs on an error.
 */
export function toNodeError(node: INode, error: unknown, options: NodeErrorOptions): Error {
	const { itemIndex, secrets, alreadyDone } = options;
	const described = describeFailure(error, secrets, alreadyDone);
	const { message, description, details, failure, expressionContext } = described;
	const titled = itemIndex === undefined ? message : `${message} [item ${itemIndex}]`;
	const nodeError =
		details.status === undefined && details.code === undefined
			? new NodeOperationError(node, titled, { description, itemIndex })
			: apiError(node, { message: titled, description, itemIndex, failure }, details);
	// Names and keys, no values: what the editor shows of n8n's own error is to be shown of this one.
	Object.assign(nodeError.context, expressionContext);
	// n8n replaces a message that contains, say, EEXIST by one of its own: the sandbox "preexisting"
	// is enough.
	nodeError.message = isTool(node) ? `${titled}: ${description}` : titled;
	return nodeError;
}

function apiError(
	node: INode,
	options: { message: string; description: string; itemIndex?: number; failure?: Failure },
	details: ProblemDetails,
): NodeApiError {
	const nodeError = new NodeApiError(node, {}, options);
	nodeError.httpCode =
		details.status === undefined ? (details.code ?? null) : String(details.status);
	nodeError.context.data = { ...details };
	return nodeError;
}

function listDone(done: readonly string[]): string {
	if (done.length === 0) return '';
	const more = done.length > MAX_LISTED ? `; and ${done.length - MAX_LISTED} more` : '';
	return `Done before, and not on the output: ${done.slice(0, MAX_LISTED).join('; ')}${more}.`;
}
