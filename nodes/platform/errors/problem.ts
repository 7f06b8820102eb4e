import type { Failure } from 'n8n-workflow';

import { asRecord, textOf } from '../json';

/** What went wrong for one item, in words; becomes n8n's error in one place (`nodeError.ts`). */
export interface ProblemDetails {
	/** HTTP status of Adobe's answer. */
	status?: number;
	/** Adobe's code, e.g. `FLOW-2120-403`, or that of a network fault. */
	code?: string;
	/** Adobe's request ID: what its support asks for. */
	requestId?: string;
	/** The operation in the words of the node, e.g. `Create a connection`. */
	operation?: string;
	sandboxName?: string;
	/** Set where the item left something behind at Adobe. */
	connectionId?: string;
	/** The same for everything else that was made, in words. */
	leftBehind?: string;
	/** The run that it is about, which goes on or is over at Adobe. */
	runId?: string;
}

export interface ProblemOptions {
	/** What to do about it. */
	description: string;
	details?: ProblemDetails;
	/** Why, in n8n's terms: its poll back-off reads it. */
	failure?: Failure;
	/** Adobe's own words, where it gave any. */
	adobeMessage?: string;
	/** True when it is not known whether Adobe has done what was asked. */
	outcomeUnknown?: boolean;
}

/** Thrown below the operations; `message` says what happened, `description` what to do. */
export class Problem extends Error {
	readonly description: string;
	readonly details: ProblemDetails;
	readonly failure?: Failure;
	readonly adobeMessage?: string;
	readonly outcomeUnknown: boolean;

	constructor(message: string, options: ProblemOptions) {
		super(message);
		this.name = 'Problem';
		this.description = options.description;
		this.details = options.details ?? {};
		this.failure = options.failure;
		this.adobeMessage = options.adobeMessage;
		this.outcomeUnknown = options.outcomeUnknown ?? false;
	}

	/** The same problem with more known about it. */
	with(changes: { message?: string; description?: string; details?: ProblemDetails }): Problem {
		return new Problem(changes.message ?? this.message, {
			description: changes.description ?? this.description,
			details: { ...this.details, ...changes.details },
			failure: this.failure,
			adobeMessage: this.adobeMessage,
			outcomeUnknown: this.outcomeUnknown,
		});
	}
}

/** A write of unknown outcome whose second attempt certainly failed: that says nothing about the first. */
export function stillUnknown(unknown: Problem, later: unknown): Problem {
	const { message, description } = toProblem(later);
	return unknown.with({
		description: `${unknown.description} A second attempt failed: ${message}. ${description}`,
	});
}

/** Any thrown value as a problem: its message and, where it has one, its description. */
export function toProblem(error: unknown): Problem {
	if (error instanceof Problem) return error;
	const record = asRecord(error);
	return new Problem(textOf(record?.message) ?? 'The operation ended for an unknown reason', {
		description: textOf(record?.description) ?? '',
	});
}

/** A caught error that goes on as it came; n8n's lint takes a bare `throw error` for an oversight. */
export function asIs(error: unknown): unknown {
	return error;
}
