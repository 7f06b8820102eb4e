import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ItemClient } from '../platform/client';
import type { ItemMemory } from '../platform/itemMemory';
import type { LabelsOf } from '../platform/auth/credentialReadings';
import type { ReadOnce } from '../platform/keyed';
import type { TextFile } from './files';
import type { ItemParameters } from './parameters';

/**
 * What an operation is given for one item.
 *
 * @typeParam State what the items of an execution have in common
 */
export interface OperationCall<State = unknown> {
	readonly context: IExecuteFunctions;
	readonly itemIndex: number;
	readonly parameters: ItemParameters;
	/** A client for this item, whose time-out starts now. */
	openClient(): ItemClient;
	/** Another one, which outlives a cancelled execution: for rolling back what was created. */
	openCleanUpClient(): ItemClient;
	isCancelled(): boolean;
	/** Of earlier tries of this item, where the node has "Retry On Fail". */
	readonly memory: ItemMemory;
	/** What the items of this execution look up alike, e.g. the ID for a name. */
	readonly lookups: ReadOnce;
	/**
	 * Reads a credential for this item; decrypted once for all where it has no expressions.
	 *
	 * @param labelsOf how the editor calls the fields that are used
	 * @throws UserError for one of them whose expression gives nothing
	 */
	credential(type: string, labelsOf?: LabelsOf): Promise<IDataObject>;
	/** From now on this value is redacted from every text of this execution. */
	protect(secret: string): void;
	/**
	 * A text without the secrets that are known by now, for what is written in another form (HTML,
	 * Markdown) before the output as a whole is redacted.
	 */
	redact(text: string): string;
	/** Identifies the organization and the sandbox that the item works in. */
	readonly scope: string;
	/** From {@link Operation.begin}: the same for all items of this execution. */
	readonly state: State;
}

/** What an operation is given when all items are done. */
export interface RunEnd<State = unknown> {
	clientOf(itemIndex: number): ItemClient;
	/** Fails an item that seemed to have succeeded. */
	fail(itemIndex: number, error: unknown): void;
	/** As in {@link OperationCall}. */
	readonly state: State;
	/** Tells the user something that is not a failure, where the host can show it. */
	hint(message: string): void;
}

/**
 * The work of one item; it has been checked already and sends requests only when it is called. It
 * returns the output for the item: one object, or any number of them.
 */
export type PreparedWork = () => Promise<IDataObject | IDataObject[]>;

/** One object of the output, and the item that it is for. */
export interface Outcome {
	itemIndex: number;
	json: IDataObject;
}

/**
 * One operation of a node: its texts, its parameters and what it does.
 *
 * @typeParam State what the items of an execution have in common
 */
export interface Operation<State = unknown> {
	value: string;
	name: string;
	/** Sentence case with the resource, e.g. "Create a connection". */
	action: string;
	description: string;
	/** The parameter that says on the canvas what is worked on, e.g. the table; a list's ID says nothing. */
	subject?: Pick<INodeProperties, 'name'>;
	parameters: INodeProperties[];
	/** Creates what the items of an execution have in common; called once, before the first of them. */
	begin?(): State;
	/**
	 * Reads and checks the parameters of one item without sending anything, so that bad input in
	 * any item stops the execution before the first write.
	 *
	 * @throws UserError or Problem that names the parameter
	 */
	prepare(call: OperationCall<State>): Promise<PreparedWork>;
	/**
	 * Set where it returns the user's own rows, in which nothing is redacted but the columns' names; the names of
	 * the members where each output has such a row in them.
	 */
	outputsRows?: boolean | string | readonly string[];
	/** The files that an output item holds, made from its JSON as it is shown; none by default. */
	files?(json: IDataObject): TextFile[];
	/** Set where the work of one item is cheaper once all others are prepared. */
	looksAhead?: boolean;
	/**
	 * Called once when all items are done, to add to their results what is cheaper to ask for
	 * together. What it throws does not fail items that succeeded.
	 */
	complete?(outcomes: Outcome[], run: RunEnd<State>): Promise<void>;
}

/** A resource of a node with its operations, in the order they are shown. */
export interface Resource {
	value: string;
	name: string;
	defaultOperation: string;
	operations: Operation[];
}
