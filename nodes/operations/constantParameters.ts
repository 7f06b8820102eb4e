import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * What is the same for all items of an execution, because no expression is in it. n8n takes a
 * twentieth of a millisecond to find that out, for every parameter of every item.
 */
export class ConstantParameters {
	private readonly given: Readonly<Record<string, unknown>>;
	private readonly values = new Map<string, unknown>();

	constructor(context: Pick<IExecuteFunctions, 'getNode'>) {
		this.given = context.getNode().parameters;
	}

	/**
	 * The value of a parameter, read once where it is the same for all items.
	 *
	 * @param how tells ways of reading the same parameter apart
	 */
	read(name: string, how: 'raw' | 'extracted', readIt: () => unknown): unknown {
		const key = `${how} ${name}`;
		if (this.values.has(key)) return this.values.get(key);
		const value = readIt();
		if (!hasExpression(this.given[name])) this.values.set(key, value);
		return value;
	}
}

function hasExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(hasExpression);
}
