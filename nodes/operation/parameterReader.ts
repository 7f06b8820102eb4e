import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameterResourceLocator,
} from 'n8n-workflow';

import type { MemberReading } from './memberExpression';
import { readingOf, UNCLEAR } from './memberExpression';

/** Ways of reading the same parameter: as it is, or with the value taken out of a locator. */
export type Way = 'raw' | 'extracted';

interface Parameter {
	/** Its value for all items, where no expression is in it and n8n has been asked for it. */
	constant?: { value: unknown };
	hasExpression: boolean;
	/** Gives its value for an item without n8n. */
	reading?: MemberReading;
	/** Whether n8n has given for one item what the reading gave. */
	isProven: boolean;
}

/**
 * Reads the parameters of all items of an execution, and asks n8n no more often than it must. n8n takes
 * a twentieth of a millisecond for a parameter and half of one for an expression; for a thousand creates
 * that was a third of all time.
 *
 * - What has no expression in it is the same for all items, and is read once.
 * - What only names members of the item is taken from the item: a text at once, as n8n passes texts on
 *   as they are; anything else as soon as n8n has given the same for one of the items. Before that, and
 *   for all that is less plain, n8n is asked.
 */
export class ParameterReader {
	private readonly given: Readonly<Record<string, unknown>>;
	private readonly parameters: Record<Way, Map<string, Parameter>> = {
		raw: new Map(),
		extracted: new Map(),
	};
	private items?: INodeExecutionData[];

	/** @param context of an execution; that of a poll has no items */
	constructor(
		private readonly context: Pick<IExecuteFunctions, 'getNode'> &
			Partial<Pick<IExecuteFunctions, 'getInputData'>>,
	) {
		this.given = context.getNode().parameters;
	}

	/**
	 * The value of a parameter for an item.
	 *
	 * @param askN8n gives n8n's value for this item
	 */
	read(name: string, way: Way, itemIndex: number, askN8n: () => unknown): unknown {
		const parameter = this.parameter(name, way);
		if (parameter.constant !== undefined) return parameter.constant.value;
		const own = this.ownValue(parameter, itemIndex);
		if (way === 'raw' && typeof own === 'string') return own;
		if (parameter.isProven && own !== UNCLEAR) return own;
		const value = askN8n();
		if (!parameter.hasExpression) parameter.constant = { value };
		if (own !== UNCLEAR) {
			parameter.isProven = JSON.stringify(own) === JSON.stringify(value);
			if (!parameter.isProven) parameter.reading = undefined;
		}
		return value;
	}

	private parameter(name: string, way: Way): Parameter {
		const known = this.parameters[way].get(name);
		if (known !== undefined) return known;
		const given = this.given[name];
		const parameter = {
			hasExpression: hasExpression(given),
			reading: hasExpression(given) ? readingFor(given, way) : undefined,
			isProven: false,
		};
		this.parameters[way].set(name, parameter);
		return parameter;
	}

	private ownValue({ reading }: Parameter, itemIndex: number): unknown {
		if (reading === undefined) return UNCLEAR;
		this.items ??= this.context.getInputData?.() ?? [];
		const item = this.items[itemIndex];
		return item === undefined ? UNCLEAR : reading(item.json);
	}
}

function hasExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(hasExpression);
}

function readingFor(given: unknown, way: Way): MemberReading | undefined {
	if (way === 'raw' || typeof given !== 'object' || given === null) return readingOf(given);
	const { mode, value } = given as Partial<INodeParameterResourceLocator>;
	// Out of a URL, n8n takes a part.
	return mode === 'url' ? undefined : readingOf(value);
}
