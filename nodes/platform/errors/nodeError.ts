import type { Failure, INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Redactor } from '../../redaction/secrets';
import { redact } from '../../redaction/secrets';
import type { ProblemDetails } from './problem';
import { renderDescription, toProblem } from './problem';

export interface NodeErrorOptions {
	/** Leave out where there are no items, as in a list of the editor. */
	itemIndex?: number;
	/** Values that must not appear in any text. */
	secrets: readonly string[] | Redactor;
	/** What the execution has done before this error, in words; n8n drops the finished items. */
	alreadyDone?: readonly string[];
}

const MOST_LISTED = 20;
const LONGEST_TEXT = 2_000;

/** Everything an error item or an error needs, cleaned of secrets. */
export interface ItemFailure {
	message: string;
	description: string;
	details: ProblemDetails;
	failure?: Failure;
}

/** Any thrown value in words; what is not ours is named without its inner parts. */
export function describeFailure(
	error: unknown,
	secrets: readonly string[] | Redactor,
	alreadyDone: readonly string[] = [],
): ItemFailure {
	const clean = (text: string) => redact(text, secrets).slice(0, LONGEST_TEXT);
	const problem = toProblem(error);
	return {
		message: clean(problem.message),
		description: renderDescription(problem, {
			clean: (text) => redact(text, secrets),
			maxLength: LONGEST_TEXT,
			lastNote: listDone(alreadyDone),
		}),
		details: cleanDetails(problem.details, clean),
		failure: problem.failure,
	};
}

/** Adobe's code and request ID are taken from its answer, where anything may stand. */
function cleanDetails(details: ProblemDetails, clean: (text: string) => string): ProblemDetails {
	return Object.fromEntries(
		Object.entries(details).map(([name, value]: [string, unknown]) => [
			name,
			typeof value === 'string' ? clean(value) : value,
		]),
	);
}

/**
 * The one place where n8n's errors are made. A fresh error is built without the cause: the cause
 * of a failed request holds its headers and body, and n8n stores what hangs on an error.
 */
export function toNodeError(node: INode, error: unknown, options: NodeErrorOptions): Error {
	const { itemIndex, secrets, alreadyDone } = options;
	const { message, description, details, failure } = describeFailure(error, secrets, alreadyDone);
	const titled = itemIndex === undefined ? message : `${message} [item ${itemIndex}]`;
	const nodeError =
		details.status === undefined && details.code === undefined
			? new NodeOperationError(node, titled, { description, itemIndex })
			: apiError(node, { message: titled, description, itemIndex, failure }, details);
	// n8n puts a text of its own in the place of a message that contains, say, EEXIST: the sandbox
	// "preexisting" would do.
	nodeError.message = isTool(node) ? `${titled}: ${description}` : titled;
	return nodeError;
}

/** Under this name n8n offers a node as a tool. Of an error, it passes the message alone to the agent. */
function isTool({ type }: INode): boolean {
	return type.endsWith('Tool');
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
	const more = done.length > MOST_LISTED ? `; and ${done.length - MOST_LISTED} more` : '';
	return `Done before, and not on the output: ${done.slice(0, MOST_LISTED).join('; ')}${more}.`;
}
