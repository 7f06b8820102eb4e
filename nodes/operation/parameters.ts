import type {
	IDataObject,
	INodeParameterResourceLocator,
	INodeProperties,
	INodePropertyOptions,
	INodePropertyTypeOptions,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ParameterReader } from './parameterReader';
import { epochMsOf } from './time';

/** A parameter is read by its own description, so that its name and label stand in one place. */
export type Parameter = Pick<INodeProperties, 'displayName' | 'name'>;

/** A list to choose from, with the types of its values. */
export interface ChoiceParameter<T extends string> extends INodeProperties {
	options: Array<INodePropertyOptions & { value: T }>;
}

/** A number with the bounds that the editor shows and that values of expressions are held to. */
export interface NumberParameter extends INodeProperties {
	typeOptions: INodePropertyTypeOptions & { minValue: number };
}

/** Gives a description the types of its values, which an annotation would have to repeat. */
export function choiceParameter<T extends string>(
	description: ChoiceParameter<T>,
): ChoiceParameter<T> {
	return description;
}

/** How messages call a parameter: without what n8n's lint wants behind the name of a loaded list. */
export function labelOf({ displayName }: Pick<INodeProperties, 'displayName'>): string {
	return displayName.replace(/ Name or ID$/, '');
}

/** Reads the parameters of one item; what can't be used is reported by its label. */
export class ItemParameters {
	private readonly own = new Map<string, unknown>();

	/** @param reader shared by all items of an execution */
	constructor(
		private readonly reader: ParameterReader,
		private readonly itemIndex: number,
	) {}

	/** The value as it is, null where the parameter is not shown (n8n throws for undefined). */
	raw({ name }: Pick<Parameter, 'name'>): unknown {
		if (!this.own.has(name)) this.own.set(name, this.reader.read(name, 'raw', this.itemIndex));
		return this.own.get(name);
	}

	/**
	 * A string, '' where it is left empty. Numbers (ports, names from expressions) become strings.
	 *
	 * @throws UserError for objects, arrays and booleans
	 */
	text(parameter: Parameter): string {
		return asText(this.raw(parameter), labelOf(parameter));
	}

	/** @throws UserError when it is blank */
	requiredText(parameter: Parameter): string {
		const text = this.text(parameter);
		if (text.trim() === '') {
			const label = labelOf(parameter);
			throw new UserError(`'${label}' is empty`, {
				description: `Fill in '${label}'. If it is an expression, check that it gives a value for this item.`,
			});
		}
		return text;
	}

	/** @throws UserError when the value, which may come from an expression, is not one of the list */
	choice<T extends string>(parameter: ChoiceParameter<T>): T {
		return asChoice(this.raw(parameter), parameter);
	}

	/** @throws UserError when a value is not one of the list; [] where none is chosen */
	choices<T extends string>(parameter: ChoiceParameter<T>): T[] {
		const value = this.raw(parameter);
		return (Array.isArray(value) ? value : []).map((one: unknown) => asChoice(one, parameter));
	}

	/** @throws UserError for anything but true and false */
	boolean(parameter: Parameter): boolean {
		return asBoolean(this.raw(parameter), labelOf(parameter));
	}

	/** @throws UserError for what is not a whole number within the parameter's bounds */
	wholeNumber(parameter: NumberParameter): number {
		return asWholeNumber(this.raw(parameter), parameter);
	}

	/**
	 * Epoch milliseconds; undefined where it is left empty.
	 *
	 * @param timeZone of the workflow
	 * @throws UserError for what is not a date and time
	 */
	time(parameter: Parameter, timeZone: string): number | undefined {
		return epochMsOf(this.raw(parameter), labelOf(parameter), timeZone);
	}

	/** The value of a resource locator in whatever mode it is, trimmed. */
	locator(parameter: Parameter): string {
		const value = this.reader.read(parameter.name, 'extracted', this.itemIndex);
		const label = labelOf(parameter);
		const text = asText(isLocator(value) ? value.value : value, label).trim();
		if (text === '') {
			throw new UserError(`'${label}' is empty`, {
				description: `Choose one from the list, or give an ID. If it is an expression, check that it gives a value for this item.`,
			});
		}
		return text;
	}

	/** A collection such as Options; without members where nothing was added. */
	collection(parameter: Pick<Parameter, 'name'>): Collection {
		const value = this.raw(parameter);
		return new Collection(
			typeof value === 'object' && value !== null ? (value as IDataObject) : {},
		);
	}
}

/** The members of a collection parameter; undefined for those that were not added. */
export class Collection {
	constructor(private readonly values: IDataObject) {}

	/**
	 * @param label where messages call it otherwise
	 * @throws UserError when it was added, and its expression gives nothing
	 */
	text(member: Parameter, label: string = labelOf(member)): string | undefined {
		const { name } = member;
		if (!(name in this.values)) return undefined;
		const value = this.values[name];
		if (value === undefined || value === null) {
			throw new UserError(`'${label}' has no value`, {
				description: `The expression of '${label}' gives nothing for this item. Let it give a text, or remove the field.`,
			});
		}
		return asText(value, label);
	}

	/** @throws UserError when it was added and is blank */
	requiredText(member: Parameter): string | undefined {
		const text = this.text(member);
		if (text === undefined || text.trim() !== '') return text;
		const label = labelOf(member);
		throw new UserError(`'${label}' is empty`, {
			description: `Fill in '${label}', or remove the field.`,
		});
	}

	/**
	 * Undefined also where it is empty.
	 *
	 * @throws UserError when the value is not one of the list
	 */
	choice<T extends string>(member: ChoiceParameter<T>): T | undefined {
		const text = this.text(member);
		return text === undefined || text === '' ? undefined : asChoice(text, member);
	}

	/** @throws UserError when it was added, and its value is not one of the list */
	requiredChoice<T extends string>(member: ChoiceParameter<T>): T | undefined {
		const text = this.requiredText(member);
		return text === undefined ? undefined : asChoice(text, member);
	}

	/** @throws UserError when it was added, and is anything but true and false */
	boolean(member: Parameter): boolean | undefined {
		return member.name in this.values
			? asBoolean(this.values[member.name], labelOf(member))
			: undefined;
	}

	/**
	 * Undefined also where it is empty.
	 *
	 * @param maxValue where the editor has no such bound
	 * @throws UserError for what is not a whole number within the bounds
	 */
	wholeNumber(member: NumberParameter, maxValue?: number): number | undefined {
		const value = this.values[member.name];
		return value === undefined || value === '' ? undefined : asWholeNumber(value, member, maxValue);
	}

	/**
	 * Epoch milliseconds; undefined also where it is empty.
	 *
	 * @param timeZone of the workflow
	 * @throws UserError for what is not a date and time
	 */
	time(member: Parameter, timeZone: string): number | undefined {
		return epochMsOf(this.values[member.name], labelOf(member), timeZone);
	}
}

function asChoice<T extends string>(value: unknown, parameter: ChoiceParameter<T>): T {
	const choices = parameter.options.map((option) => option.value);
	const found = choices.find((choice) => choice === value);
	if (found !== undefined) return found;
	// The default first, as the likeliest one; the editor's order is the alphabet's.
	const usual = choices.filter((choice) => choice === parameter.default);
	const others = choices.filter((choice) => choice !== parameter.default);
	throw new UserError(`'${labelOf(parameter)}' has a value that does not exist`, {
		description: `Use one of these values: ${[...usual, ...others].join(', ')}.`,
	});
}

/** An expression gives a string where anything stands beside it, even a line break. */
function asBoolean(value: unknown, label: string): boolean {
	const plain = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (plain === true || plain === 'true') return true;
	if (plain === false || plain === 'false') return false;
	throw new UserError(`'${label}' is neither true nor false`, {
		description: `Switch '${label}' on or off, or let its expression give true or false.`,
	});
}

function asWholeNumber(
	value: unknown,
	parameter: NumberParameter,
	maxValue = parameter.typeOptions.maxValue,
): number {
	const { minValue } = parameter.typeOptions;
	const number = typeof value === 'string' ? Number(value) : value;
	if (
		typeof number === 'number' &&
		Number.isSafeInteger(number) &&
		number >= minValue &&
		number <= (maxValue ?? Infinity)
	) {
		return number;
	}
	const label = labelOf(parameter);
	throw maxValue === undefined
		? new UserError(`'${label}' is not a whole number from ${minValue} on`, {
				description: `Enter a whole number from ${minValue} on in '${label}'.`,
			})
		: new UserError(`'${label}' is not a whole number from ${minValue} to ${maxValue}`, {
				description: `Enter a whole number from ${minValue} to ${maxValue} in '${label}'.`,
			});
}

function asText(value: unknown, label: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	throw new UserError(`'${label}' is not a text`, {
		description: `Enter a text in '${label}'. If it is an expression, let it give a text and not a list or an object.`,
	});
}

function isLocator(value: unknown): value is INodeParameterResourceLocator {
	return typeof value === 'object' && value !== null && '__rl' in value && 'value' in value;
}
