import type { Failure } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { asRecord, textOf } from '../json';

/**
 * What kind of failure it is, for callers that go on differently after some of them. The status and
 * code behind it are read once, in `explain.ts`.
 */
export type ProblemKind =
	/** 404: it is not there, or not any more. */
	| 'notFound'
	/** 412: somebody else has changed it since it was read. */
	| 'conflict'
	/** Not deleted, as something else needs it. */
	| 'inUse'
	/** Not possible in the state that it is in. */
	| 'wrongState'
	/** Any other 4xx: what was sent does not suit Adobe. */
	| 'rejected'
	/** 401. */
	| 'unauthorized'
	/** 403. */
	| 'forbidden'
	/** 429, or the gateway's own 503: refused before it was processed. */
	| 'throttled'
	/** 5xx. */
	| 'unavailable'
	/** No answer in time: Adobe may still be working on it. */
	| 'timeOut'
	/** No answer, or not all of it, as the connection was lost. */
	| 'connectionLost'
	/** Never sent, as no connection was made. */
	| 'unreachable'
	/** Never sent, as the item's time was up. */
	| 'tooLate'
	/** The run that was waited for has failed. */
	| 'runFailed'
	/** The execution was cancelled, or ran out of the workflow's time. */
	| 'stopped'
	/** Adobe could not log in to the database. */
	| 'testFailed'
	| 'other';

const NETWORK_FAULTS: readonly ProblemKind[] = ['timeOut', 'connectionLost', 'unreachable'];

/** What is known about a failure besides its words; of use to programs. */
export interface ProblemDetails {
	/** HTTP status of Adobe's answer. */
	status?: number;
	/** Adobe's code, e.g. `FLOW-2120-403`, that of a network fault, or one of ours. */
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

/** A problem that came before, and the words that lead to it. */
interface Cause {
	problem: Problem;
	/** E.g. `Before that:`. */
	lead?: string;
}

/** Whole sentences; they are put together in one place, {@link renderDescription}. */
export interface ProblemParts {
	kind?: ProblemKind;
	/** What to do about it. */
	advice?: string;
	/** What became of things, in order. */
	notes?: readonly string[];
	/** Adobe's own words, where it gave any. */
	adobeMessage?: string;
	/** What led to it, in order. */
	causes?: readonly Cause[];
	details?: ProblemDetails;
	/** Why, in n8n's terms: its poll back-off reads it. */
	failure?: Failure;
	/** True when it is not known whether Adobe has done what was asked. */
	outcomeUnknown?: boolean;
	/** What n8n's editor shows beside its own error about an expression. */
	expressionContext?: Readonly<Record<string, unknown>>;
	/** True when its words are not ours, so that they may hold anything. */
	isForeign?: boolean;
}

/**
 * What went wrong for one item. Its message says what happened; its parts stay apart until an error of
 * n8n is made from it (`nodeError.ts`). Each method gives the same problem with more known about it.
 */
export class Problem extends Error {
	readonly kind: ProblemKind;
	readonly advice: string;
	readonly notes: readonly string[];
	readonly adobeMessage?: string;
	readonly causes: readonly Cause[];
	readonly details: ProblemDetails;
	readonly failure?: Failure;
	readonly outcomeUnknown: boolean;
	readonly expressionContext?: Readonly<Record<string, unknown>>;
	readonly isForeign: boolean;

	constructor(message: string, parts: ProblemParts) {
		super(message);
		this.name = 'Problem';
		this.kind = parts.kind ?? 'other';
		this.advice = parts.advice ?? '';
		this.notes = parts.notes ?? [];
		this.adobeMessage = parts.adobeMessage;
		this.causes = parts.causes ?? [];
		this.details = parts.details ?? {};
		this.failure = parts.failure;
		this.outcomeUnknown = parts.outcomeUnknown ?? false;
		this.expressionContext = parts.expressionContext;
		this.isForeign = parts.isForeign ?? false;
	}

	get description(): string {
		return renderDescription(this);
	}

	/** Says in other words what happened. */
	retitled(message: string): Problem {
		return new Problem(message, this);
	}

	/** Says what to do, in the place of what was said about that before. */
	advising(advice: string): Problem {
		return this.but({ advice });
	}

	/** Adds what became of something. */
	noting(note: string): Problem {
		return this.but({ notes: [...this.notes, note] });
	}

	/** Adds that what was asked for may have been done, by an attempt before the one that this is about. */
	leavingOpen(note: string): Problem {
		return this.but({ notes: [...this.notes, note], outcomeUnknown: true });
	}

	/** Adds what led to it, or what came of it. */
	because(problem: Problem, lead?: string): Problem {
		return this.but({ causes: [...this.causes, { problem, lead }] });
	}

	detailing(details: ProblemDetails): Problem {
		return this.but({ details: { ...this.details, ...details } });
	}

	/** What this one means for the whole operation: of the same kind, with this one as the cause. */
	leadingTo(message: string): Problem {
		const { kind, details, failure, outcomeUnknown } = this;
		return new Problem(message, {
			kind,
			details,
			failure,
			outcomeUnknown,
			causes: [{ problem: this }],
		});
	}

	private but(changes: ProblemParts): Problem {
		return new Problem(this.message, { ...this, ...changes });
	}
}

interface Rendering {
	/** Takes secrets out of a sentence of ours. */
	clean?: (text: string) => string;
	/** The same for Adobe's words. */
	cleanAdobes?: (text: string) => string;
	/** Of the problem's own sentences; the rest is never cut off. */
	maxLength?: number;
	/** A sentence about the whole execution, behind those of the problem. */
	lastNote?: string;
}

/**
 * All that is to be said besides the message: what to do, what became of things, Adobe's words and what
 * came before, and at the end what Adobe's support asks for.
 */
export function renderDescription(
	problem: Problem,
	{
		clean = (text) => text,
		cleanAdobes = clean,
		maxLength = Infinity,
		lastNote = '',
	}: Rendering = {},
): string {
	const said = sentences(problem)
		.map(({ text, isAdobes }) => (isAdobes ? cleanAdobes(text) : clean(text)))
		.join(' ')
		.slice(0, maxLength);
	const trace = [...new Set(traces(problem))].map(cleanAdobes).join('; ');
	return [said, lastNote, trace === '' ? '' : `(${trace})`].filter((part) => part !== '').join(' ');
}

interface Sentence {
	text: string;
	isAdobes: boolean;
}

function sentences({ advice, notes, adobeMessage, causes }: Problem): Sentence[] {
	const ours = (text: string): Sentence => ({ text, isAdobes: false });
	const adobes =
		adobeMessage === undefined
			? []
			: [ours('Adobe says:'), { text: ended(adobeMessage), isAdobes: true }];
	return [
		ours(advice),
		...notes.map(ours),
		...adobes,
		...causes.flatMap(({ problem, lead }) => [
			ours(lead ?? ''),
			{ text: ended(problem.message), isAdobes: problem.isForeign },
			...sentences(problem),
		]),
	].filter(({ text }) => text !== '');
}

function ended(sentence: string): string {
	return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function traces({ kind, details, causes }: Problem): string[] {
	const { status, code, requestId } = details;
	// Any other code is one of ours, and of no use to Adobe's support.
	const isAdobes = status !== undefined || NETWORK_FAULTS.includes(kind);
	const own = [
		status === undefined ? '' : `status ${status}`,
		code ?? '',
		requestId === undefined ? '' : `request ID ${requestId}`,
	].filter((part) => part !== '');
	return [
		...(isAdobes && own.length > 0 ? [own.join(', ')] : []),
		...causes.flatMap(({ problem }) => traces(problem)),
	];
}

/** Whether an error is one of ours, of that kind. */
export function isProblem(error: unknown, kind: ProblemKind): error is Problem {
	return error instanceof Problem && error.kind === kind;
}

/** A deletion; what is gone already need not be deleted. */
export async function ignoringNotFound(deletion: Promise<void>): Promise<void> {
	await deletion.catch((error: unknown) => {
		if (!isProblem(error, 'notFound')) throw asIs(error);
	});
}

/** Whether an error leaves open whether Adobe has done what was asked. */
export function hasUnknownOutcome(error: unknown): error is Problem {
	return error instanceof Problem && error.outcomeUnknown;
}

/** A write of unknown outcome whose second attempt certainly failed: that says nothing about the first. */
export function stillUnknown(unknown: Problem, later: unknown): Problem {
	return unknown.because(toProblem(later), 'A second attempt failed:');
}

/** Any thrown value as a problem: its message and, where it has one, its description. */
export function toProblem(error: unknown): Problem {
	if (error instanceof Problem) return error;
	const record = asRecord(error);
	return new Problem(textOf(record?.message) ?? 'The operation ended for an unknown reason', {
		advice: textOf(record?.description),
		isForeign: !(error instanceof UserError),
	});
}

/** A caught error that goes on as it came; n8n's lint takes a bare `throw error` for an oversight. */
export function asIs(error: unknown): unknown {
	return error;
}
