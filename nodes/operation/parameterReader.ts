import type { INode, INodeExecutionData } from 'n8n-workflow';

import { memberReading } from './memberExpression';

/** Where parameters are read from: n8n's context of an execution, or one of its kind. */
export interface ParameterSource {
	getNode(): Pick<INode, 'parameters'>;
	/** n8n throws where there is neither a value nor a fallback. */
	getNodeParameter(
		name: string,
		itemIndex: number,
		fallback: unknown,
		options?: { extractValue?: boolean },
	): unknown;
	/** A poll has no items. */
	getInputData?(): INodeExecutionData[];
}

/** Ways of reading the same parameter: as it is, or with the value taken out of a locator. */
export type Way = 'raw' | 'extracted';

/** Gives the value of a parameter for an item. */
type Reading = (itemIndex: number) => unknown;

/**
 * Reads the parameters of all items of an execution. What has no expression in it is the same for all
 * of them, and n8n is asked for it once: that takes it a twentieth of a millisecond.
 */
export class ParameterReader {
	private readonly readings: Record<Way, Map<string, Reading>> = {
		raw: new Map(),
		extracted: new Map(),
	};
	private items?: INodeExecutionData[];

	constructor(private readonly source: ParameterSource) {}

	read(name: string, way: Way, itemIndex: number): unknown {
		const reading = this.readings[way].get(name) ?? this.readingOf(name, way);
		this.readings[way].set(name, reading);
		return reading(itemIndex);
	}

	private readingOf(name: string, way: Way): Reading {
		const askN8n: Reading = (itemIndex) => this.askN8n(name, way, itemIndex);
		const given = this.source.getNode().parameters[name];
		if (!hasExpression(given)) return once(askN8n);
		const ofMember = memberReading(given, way);
		if (ofMember === undefined) return askN8n;
		return (itemIndex) => ofMember(this.item(itemIndex), () => askN8n(itemIndex));
	}

	private askN8n(name: string, way: Way, itemIndex: number): unknown {
		return way === 'raw'
			? this.source.getNodeParameter(name, itemIndex, null)
			: this.source.getNodeParameter(name, itemIndex, '', { extractValue: true });
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

function hasExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(hasExpression);
}
