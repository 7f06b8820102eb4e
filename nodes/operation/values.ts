import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { isBlank } from '../platform/json';
import type { ChoiceParameter, NumberParameter } from './parameters';

/** How messages call a parameter: without what n8n's lint wants behind the name of a loaded list. */
export function labelOf({ displayName }: Pick<INodeProperties, 'displayName'>): string {
	return displayName.replace(/ Name or ID$/, '');
}

/*
 * What each type of parameter takes, whether it was typed in or comes from an expression. Everything else
 * is refused by the parameter's label, and no message repeats the value: it may be a secret.
 */

/** Whether it is what an expression gives that finds nothing: nothing, null, or a blank text. */
export function isNothing(value: unknown): boolean {
	return value === undefined || value === null || isBlank(value);
}

/** For an expression that gives nothing where a value may be left out by hand. */
export function nothingGiven(label: string): UserError {
	return new UserError(`'${label}' has no value`, {
		description: `The expression of '${label}' gives nothing for this item. Let it give a value, or remove it and leave '${label}' out.`,
	});
}

/** Numbers (ports, names from expressions) become strings, and nothing becomes ''. */
export function asText(value: unknown, label: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	const isNumber = typeof value === 'bigint' || Number.isFinite(value);
	if (isNumber) return String(value);
	throw new UserError(`'${label}' must be text`, {
		description: `Enter text in '${label}'. If it is an expression, let it give a string and not a list or an object.`,
	});
}

export function asChoice<T extends string>(value: unknown, parameter: ChoiceParameter<T>): T {
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
export function asBoolean(value: unknown, label: string): boolean {
	const plain = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (plain === true || plain === 'true') return true;
	if (plain === false || plain === 'false') return false;
	throw new UserError(`'${label}' is neither true nor false`, {
		description: `Switch '${label}' on or off, or let its expression give true or false.`,
	});
}

// Neither `0x1f` nor `1,000`, which means one thing here and another there.
const WHOLE_NUMBER = /^\+?\d+(\.0+)?(e\+?\d+)?$/i;

export function asWholeNumber(
	value: unknown,
	parameter: NumberParameter,
	maxValue = parameter.typeOptions.maxValue,
): number {
	const { minValue } = parameter.typeOptions;
	const text = typeof value === 'string' ? value.trim() : undefined;
	const number = text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : value;
	if (
		typeof number === 'number' &&
		Number.isSafeInteger(number) &&
		number >= minValue &&
		number <= (maxValue ?? Infinity)
	) {
		return number;
	}
	const label = labelOf(parameter);
	const bounds = maxValue === undefined ? `from ${minValue} on` : `from ${minValue} to ${maxValue}`;
	throw maxValue === undefined
		? new UserError(`'${label}' is not a whole number from ${minValue} on`, {
				description: `Enter a whole number ${bounds} in '${label}', in digits only.`,
			})
		: new UserError(`'${label}' is not a whole number from ${minValue} to ${maxValue}`, {
				description: `Enter a whole number ${bounds} in '${label}', in digits only.`,
			});
}

const DECIMAL_NUMBER = /^\+?(\d+(\.\d+)?|\.\d+)$/;

/** With decimals or without, for what has both bounds. */
export function asNumber(value: unknown, parameter: NumberParameter): number {
	const { minValue, maxValue = Infinity } = parameter.typeOptions;
	const text = typeof value === 'string' ? value.trim() : undefined;
	const number = text !== undefined && DECIMAL_NUMBER.test(text) ? Number(text) : value;
	if (typeof number === 'number' && number >= minValue && number <= maxValue) return number;
	const label = labelOf(parameter);
	throw new UserError(`'${label}' is not a number from ${minValue} to ${maxValue}`, {
		description: `Enter a number from ${minValue} to ${maxValue} in '${label}', in digits only.`,
	});
}
