import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ItemClient } from '../platform/client';
import type { LabelsOf } from '../platform/auth/credentialReadings';
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
	/** Opens the door to Adobe for this item; its time starts to run here. */
	openClient(): ItemClient;
	/** Another one, which stays open when the execution is cancelled: for taking down what was made. */
	openCleanUpClient(): ItemClient;
	isCancelled(): boolean;
	/**
	 * Reads a credential for this item; decrypted once for all where it has no expressions.
	 *
	 * @param labelsOf how the editor calls the fields that are used
	 * @throws UserError for one of them whose expression gives nothing
	 */
	credential(type: string, labelsOf?: LabelsOf): Promise<IDataObject>;
	/** From now on this value appears in no text of this execution. */
	protect(secret: string): void;
	/** Stands for the organization and the sandbox that the item works in. */
	readonly scope: string;
	/** From {@link Operation.begin}: the same for all items of this execution. */
	readonly state: State;
}

/** What an operation is given when all items are done. */
export interface RunEnd<State = unknown> {
	clientOf(itemIndex: number): ItemClient;
	/** As in {@link OperationCall}. */
	readonly state: State;
	/** Tells the user something that is no failure, where the host can show it. */
	hint(message: string): void;
}

/**
 * The work of one item; it has been checked already and sends requests only when it is called. It
 * gives what is put out for the item: one object, or any number of them.
 */
export type PreparedWork = () => Promise<IDataObject | IDataObject[]>;

/** One object that is put out, and the item that it is for. */
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
	/** Set where the work of one item gains from all others having been prepared. */
	looksAhead?: boolean;
	/**
	 * Called once when all items are done, to add to their results what is cheaper to ask for
	 * together. It must not fail items that succeeded.
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
