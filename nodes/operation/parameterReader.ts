import type { INode, INodeExecutionData } from 'n8n-workflow';

import { asRecord } from '../platform/json';
import { memberReading } from './memberExpression';

/** Where parameters are read from: n8n's context of an execution, or one of its kind. */
export interface ParameterSource {
	getNode(): Pick<INode, 'parameters'>;
	/** n8n throws where there is neither a value nor a fallback. */
	getNodeParameter(name: string, itemIndex: number, fallback: unknown): unknown;
	/** A poll has no items. */
	getInputData?(): INodeExecutionData[];
}

/** Gives the value of a parameter for an item. */
type Reading = (itemIndex: number) => unknown;

/**
 * Reads the parameters of all items of an execution. What has no expression in it is the same for all
 * of them, and n8n is asked for it once: that takes it a twentieth of a millisecond.
 */
export class ParameterReader {
	private readonly readings = new Map<string, Reading>();
	private items?: INodeExecutionData[];

	constructor(private readonly source: ParameterSource) {}

	read(name: string, itemIndex: number): unknown {
		const reading = this.readings.get(name) ?? this.readingOf(name);
		this.readings.set(name, reading);
		return reading(itemIndex);
	}

	/** Whether the workflow has an expression for a parameter or, further in, for a member of it. */
	isExpression(name: string, members: readonly string[] = []): boolean {
		let given: unknown = this.source.getNode().parameters[name];
		for (const member of members) {
			if (isExpression(given)) return true;
			given = asRecord(given)?.[member];
		}
		return isExpression(given);
	}

	private readingOf(name: string): Reading {
		const askN8n: Reading = (itemIndex) => this.source.getNodeParameter(name, itemIndex, null);
		const given = this.source.getNode().parameters[name];
		if (!hasExpression(given)) return once(askN8n);
		const ofMember = memberReading(given);
		if (ofMember === undefined) return askN8n;
		return (itemIndex) => ofMember(this.item(itemIndex), () => askN8n(itemIndex));
	}

	private item(itemIndex: number): INodeExecutionData | undefined {
		this.items ??= this.source.getInputData?.() ?? [];
		return this.items[itemIndex];
	}
}

function once(reading: Reading): Reading {
	let first: { value: unknown } | undefined;
	return (itemIndex) => (first ??= { value: reading(itemIndex) }).value;
}

function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

function hasExpression(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return isExpression(value);
	return Object.values(value).some(hasExpression);
}
