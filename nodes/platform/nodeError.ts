import type { Failure, INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { redact } from '../postgresql/secrets';
import type { ProblemDetails } from './problem';
import { Problem } from './problem';
import { asRecord, textOf } from './shape';

export interface NodeErrorOptions {
	/** Leave out where there are no items, as in a list of the editor. */
	itemIndex?: number;
	/** Values that must not appear in any text. */
	secrets: readonly string[];
	/** What the execution has done before this error, in words; n8n drops the finished items. */
	alreadyDone?: readonly string[];
}

const MOST_LISTED = 20;

/** Everything an error item or an error needs, cleaned of secrets. */
export interface ItemFailure {
	message: string;
	description: string;
	details: ProblemDetails;
	failure?: Failure;
}

/** Any thrown value in words; what is not ours is named without its inner parts. */
export function describeFailure(error: unknown, secrets: readonly string[]): ItemFailure {
	const clean = (text: string) => redact(text, secrets);
	if (error instanceof Problem) {
		return {
			message: clean(error.message),
			description: clean(error.description),
			details: cleanDetails(error.details, clean),
			failure: error.failure,
		};
	}
	const record = asRecord(error);
	return {
		message: clean(textOf(record?.message) ?? 'The operation ended for an unknown reason'),
		description: clean(textOf(record?.description) ?? ''),
		details: {},
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
	const {
		message,
		description: advice,
		details,
		failure,
	} = describeFailure(error, options.secrets);
	const { itemIndex, alreadyDone = [] } = options;
	const description = advice + listDone(alreadyDone);
	const titled = itemIndex === undefined ? message : `${message} [item ${itemIndex}]`;
	if (details.status === undefined && details.code === undefined) {
		return new NodeOperationError(node, titled, { description, itemIndex });
	}
	const nodeError = new NodeApiError(
		node,
		{},
		{
			message: titled,
			description,
			httpCode: details.status === undefined ? undefined : String(details.status),
			itemIndex,
			failure,
		},
	);
	// Handed over above, the code of a network fault would replace our message by n8n's own for it.
	if (details.status === undefined) nodeError.httpCode = details.code ?? null;
	nodeError.context.data = { ...details };
	return nodeError;
}

function listDone(done: readonly string[]): string {
	if (done.length === 0) return '';
	const more = done.length > MOST_LISTED ? `; and ${done.length - MOST_LISTED} more` : '';
	return ` Done before, and not on the output: ${done.slice(0, MOST_LISTED).join('; ')}${more}.`;
}
