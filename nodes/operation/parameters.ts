import type { INodeProperties, INodePropertyOptions, INodePropertyTypeOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { Problem, toProblem } from '../platform/errors/problem';
import { asRecord, textOf } from '../platform/json';
import { expressionContextOf } from '../platform/n8nHost';
import { locatorValue } from './locatorValue';
import type { ParameterReader } from './parameterReader';
import { epochMsOf } from './time';
import {
	asBoolean,
	asChoice,
	asNumber,
	asText,
	asWholeNumber,
	isNothing,
	labelOf,
	nothingGiven,
} from './values';

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

/** Reads the parameters of one item; what can't be used is reported by its label. */
export class ItemParameters {
	private readonly own = new Map<string, unknown>();

	/** @param reader shared by all items of an execution */
	constructor(
		private readonly reader: ParameterReader,
		private readonly itemIndex: number,
	) {}

	/** The value as it is, null where the parameter is not shown (n8n throws for undefined). */
	raw(parameter: Pick<Parameter, 'name'> & Partial<Parameter>): unknown {
		const { name } = parameter;
		if (!this.own.has(name)) this.own.set(name, this.read(parameter));
		return this.own.get(name);
	}

	/** @throws Problem that names the parameter where n8n can't work its expression out */
	private read({
		name,
		displayName = name,
	}: Pick<Parameter, 'name'> & Partial<Parameter>): unknown {
		try {
			return this.reader.read(name, this.itemIndex);
		} catch (error) {
			throw ofExpression(error, labelOf({ displayName }));
		}
	}

	/**
	 * Whether a parameter, or a member of it, has an expression. A default takes the place of what was left
	 * empty by hand, never of what an expression should have given.
	 */
	isExpression({ name }: Pick<Parameter, 'name'>, ...members: string[]): boolean {
		return this.reader.isExpression(name, members);
	}

	/**
	 * A string, '' where it is left empty. Numbers (ports, names from expressions) become strings.
	 *
	 * @throws UserError for objects, arrays and booleans
	 */
	text(parameter: Parameter): string {
		return asText(this.raw(parameter), labelOf(parameter));
	}

	/**
	 * The same, trimmed, of what may be left out; undefined where it was left empty by hand.
	 *
	 * @throws UserError also for an expression that gives nothing
	 */
	optionalText(parameter: Parameter): string | undefined {
		if (this.isLeftOut(parameter)) return undefined;
		return this.text(parameter).trim();
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
		if (isNothing(value)) return [];
		const chosen: unknown[] = Array.isArray(value) ? value : [value];
		return [...new Set(chosen.map((one) => asChoice(one, parameter)))];
	}

	/** @throws UserError for anything but true and false */
	boolean(parameter: Parameter): boolean {
		return asBoolean(this.raw(parameter), labelOf(parameter));
	}

	/** @throws UserError for what is not a whole number within the parameter's bounds */
	wholeNumber(parameter: NumberParameter): number {
		return asWholeNumber(this.raw(parameter), parameter);
	}

	/** @throws UserError for what is not a number, with decimals or without, within the parameter's bounds */
	number(parameter: NumberParameter): number {
		return asNumber(this.raw(parameter), parameter);
	}

	/**
	 * Epoch milliseconds; undefined where it is left empty by hand.
	 *
	 * @param timeZone of the workflow
	 * @throws UserError for what is not a date and time, and for an expression that gives nothing
	 */
	time(parameter: Parameter, timeZone: string): number | undefined {
		if (this.isLeftOut(parameter)) return undefined;
		return epochMsOf(this.raw(parameter), labelOf(parameter), timeZone);
	}

	/**
	 * The value of a resource locator in whatever mode it is, trimmed; out of a URL, the part that its mode
	 * takes.
	 *
	 * @throws UserError where it is empty, and for a URL without such a part
	 */
	locator(parameter: INodeProperties): string {
		const label = labelOf(parameter);
		const { given, value } = locatorValue(parameter, this.raw(parameter));
		const text = asText(value, label).trim();
		if (text !== '') return text;
		if (!isNothing(given)) {
			throw new UserError(`'${label}' holds no ID in its URL`, {
				description:
					'Copy the whole address from the browser, beginning with https://, choose one from the list, or give an ID.',
			});
		}
		throw new UserError(`'${label}' is empty`, {
			description: `Choose one from the list, or give an ID. If it is an expression, check that it gives a value for this item.`,
		});
	}

	/** The mode that a resource locator is in; undefined for a plain value in its place. */
	locatorMode(parameter: INodeProperties): string | undefined {
		return locatorValue(parameter, this.raw(parameter)).mode;
	}

	/** A collection such as Options; without members where nothing was added. */
	collection(parameter: Pick<Parameter, 'name'> & Partial<Parameter>): Collection {
		return new Collection(asRecord(this.raw(parameter)) ?? {}, (member) =>
			this.isExpression(parameter, member),
		);
	}

	/** @throws UserError where an expression gives nothing */
	private isLeftOut(parameter: Parameter): boolean {
		if (!isNothing(this.raw(parameter))) return false;
		if (this.isExpression(parameter)) throw nothingGiven(labelOf(parameter));
		return true;
	}
}

/** The members of a collection parameter; undefined for those that were not added. */
export class Collection {
	constructor(
		private readonly values: Record<string, unknown>,
		private readonly isExpression: (member: string) => boolean,
	) {}

	/**
	 * A text that may be empty on purpose, such as a description.
	 *
	 * @throws UserError when its expression gives nothing at all
	 */
	text(member: Parameter): string | undefined {
		const { name } = member;
		if (!(name in this.values)) return undefined;
		const value = this.values[name];
		const isGiven = value !== undefined && value !== null;
		if (!isGiven && this.isLeftOut(member)) return undefined;
		return asText(value, labelOf(member));
	}

	/**
	 * A text, trimmed; undefined also where it was left empty by hand.
	 *
	 * @param label where messages call it otherwise
	 * @throws UserError when its expression gives nothing, or blanks
	 */
	optionalText(member: Parameter, label: string = labelOf(member)): string | undefined {
		if (this.isLeftOut(member, label)) return undefined;
		return asText(this.values[member.name], label).trim();
	}

	/** @throws UserError when it was added and is blank */
	requiredText(member: Parameter): string | undefined {
		const text = this.text(member);
		if (text === undefined || text.trim() !== '') return text;
		throw emptyField(labelOf(member));
	}

	/**
	 * Undefined also where it was left empty by hand.
	 *
	 * @throws UserError when the value is not one of the list
	 */
	choice<T extends string>(member: ChoiceParameter<T>): T | undefined {
		return this.isLeftOut(member) ? undefined : asChoice(this.values[member.name], member);
	}

	/** @throws UserError when it was added, and its value is not one of the list */
	requiredChoice<T extends string>(member: ChoiceParameter<T>): T | undefined {
		const chosen = this.choice(member);
		if (chosen === undefined && member.name in this.values) throw emptyField(labelOf(member));
		return chosen;
	}

	/** @throws UserError when it was added, and is anything but true and false */
	boolean(member: Parameter): boolean | undefined {
		return member.name in this.values
			? asBoolean(this.values[member.name], labelOf(member))
			: undefined;
	}

	/**
	 * Undefined also where it was left empty by hand.
	 *
	 * @param maxValue where the editor has no such bound
	 * @throws UserError for what is not a whole number within the bounds
	 */
	wholeNumber(member: NumberParameter, maxValue?: number): number | undefined {
		return this.isLeftOut(member)
			? undefined
			: asWholeNumber(this.values[member.name], member, maxValue);
	}

	/**
	 * With decimals or without; undefined also where it was left empty by hand.
	 *
	 * @throws UserError for what is not a number within the bounds
	 */
	number(member: NumberParameter): number | undefined {
		return this.isLeftOut(member) ? undefined : asNumber(this.values[member.name], member);
	}

	/**
	 * Epoch milliseconds; undefined also where it was left empty by hand.
	 *
	 * @param timeZone of the workflow
	 * @throws UserError for what is not a date and time
	 */
	time(member: Parameter, timeZone: string): number | undefined {
		return this.isLeftOut(member)
			? undefined
			: epochMsOf(this.values[member.name], labelOf(member), timeZone);
	}

	/** @throws UserError where an expression gives nothing */
	private isLeftOut(member: Parameter, label: string = labelOf(member)): boolean {
		const { name } = member;
		if (!(name in this.values)) return true;
		if (!isNothing(this.values[name])) return false;
		if (this.isExpression(name)) throw nothingGiven(label);
		return true;
	}
}

function emptyField(label: string): UserError {
	return new UserError(`'${label}' is empty`, {
		description: `Fill in '${label}', or remove the field.`,
	});
}

/** n8n's own words about an expression, with the parameter that it is in. */
function ofExpression(error: unknown, label: string): unknown {
	const expressionContext = expressionContextOf(error);
	if (expressionContext === undefined) return error;
	const { message, advice } = toProblem(error);
	// What the editor shows in the place of a message such as "Invalid expression".
	const template = textOf(expressionContext.messageTemplate)?.replaceAll('%%PARAMETER%%', label);
	return new Problem(`The expression of '${label}' can't be worked out: ${template ?? message}`, {
		advice,
		expressionContext,
	});
}
