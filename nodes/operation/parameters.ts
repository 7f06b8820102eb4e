import type { IDataObject, INodeParameterResourceLocator } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ParameterReader } from './parameterReader';

/** Where parameters are read from: n8n's context of an execution, or one of its kind. */
export interface ParameterSource {
	/** n8n throws where there is neither a value nor a fallback. */
	getNodeParameter(
		name: string,
		itemIndex: number,
		fallback: unknown,
		options?: { extractValue?: boolean },
	): unknown;
}

/** Reads the parameters of one item; what can't be used is reported by its display name. */
export class ItemParameters {
	private readonly own = new Map<string, unknown>();

	constructor(
		private readonly context: ParameterSource,
		private readonly itemIndex: number,
		/** Shared by all items of an execution. */
		private readonly reader: ParameterReader,
	) {}

	/** The value as it is, null where the parameter is not shown (n8n throws for undefined). */
	raw(name: string): unknown {
		if (!this.own.has(name)) {
			const value = this.reader.read(name, 'raw', this.itemIndex, () =>
				this.context.getNodeParameter(name, this.itemIndex, null),
			);
			this.own.set(name, value);
		}
		return this.own.get(name);
	}

	/**
	 * A text, '' where it is left empty. Numbers (ports, names by expression) become texts.
	 *
	 * @throws UserError for objects, lists and booleans
	 */
	text(name: string, displayName: string): string {
		return asText(this.raw(name), displayName);
	}

	/** @throws UserError when there is nothing but blanks */
	requiredText(name: string, displayName: string): string {
		const text = this.text(name, displayName);
		if (text.trim() === '') {
			throw new UserError(`'${displayName}' is empty`, {
				description: `Fill in '${displayName}'. If it is an expression, check that it gives a value for this item.`,
			});
		}
		return text;
	}

	/** @throws UserError when the value, which may come from an expression, is none of the choices */
	choice<T extends string>(name: string, displayName: string, choices: readonly T[]): T {
		return oneOf(this.raw(name), displayName, choices);
	}

	/** @throws UserError for anything but true and false */
	boolean(name: string, displayName: string): boolean {
		return asBoolean(this.raw(name), displayName);
	}

	/** The value of a resource locator in whatever mode it is, trimmed. */
	locator(name: string, displayName: string): string {
		const value = this.reader.read(name, 'extracted', this.itemIndex, () =>
			this.context.getNodeParameter(name, this.itemIndex, '', { extractValue: true }),
		);
		const plain = isLocator(value) ? value.value : value;
		const text = asText(plain, displayName).trim();
		if (text === '') {
			throw new UserError(`'${displayName}' is empty`, {
				description: `Choose one from the list, or give an ID. If it is an expression, check that it gives a value for this item.`,
			});
		}
		return text;
	}

	/** @throws UserError for what is not a whole number from `least` on */
	wholeNumber(name: string, displayName: string, least: number): number {
		const number = Number(this.text(name, displayName));
		if (!Number.isSafeInteger(number) || number < least) {
			throw new UserError(`'${displayName}' is not a whole number from ${least} on`, {
				description: `Enter a whole number from ${least} on in '${displayName}'.`,
			});
		}
		return number;
	}

	/** A collection such as Options; {} where nothing was added. */
	collection(name: string): Collection {
		const value = this.raw(name);
		return new Collection(
			typeof value === 'object' && value !== null ? (value as IDataObject) : {},
		);
	}
}

/** The members of a collection parameter; undefined for those that were not added. */
export class Collection {
	constructor(private readonly values: IDataObject) {}

	/** Whatever it is, e.g. a date object of an expression. */
	any(name: string): unknown {
		return this.values[name];
	}

	/** @throws UserError when it was added, and its expression gives nothing */
	text(name: string, displayName: string): string | undefined {
		if (!(name in this.values)) return undefined;
		const value = this.values[name];
		if (value === undefined || value === null) {
			throw new UserError(`'${displayName}' has no value`, {
				description: `The expression of '${displayName}' gives nothing for this item. Let it give a text, or remove the field.`,
			});
		}
		return asText(value, displayName);
	}

	/** @throws UserError when it was added and is empty */
	requiredText(name: string, displayName: string): string | undefined {
		const text = this.text(name, displayName);
		if (text === undefined || text.trim() !== '') return text;
		throw new UserError(`'${displayName}' is empty`, {
			description: `Fill in '${displayName}', or remove the field.`,
		});
	}

	/** @throws UserError when it was added, is not empty, and is none of the choices */
	choice<T extends string>(
		name: string,
		displayName: string,
		choices: readonly T[],
	): T | undefined {
		const text = this.text(name, displayName);
		return text === undefined || text === '' ? undefined : oneOf(text, displayName, choices);
	}

	/** @throws UserError when it was added, and is anything but true and false */
	boolean(name: string, displayName: string): boolean | undefined {
		return name in this.values ? asBoolean(this.values[name], displayName) : undefined;
	}

	/** @throws UserError for what is not a whole number within the bounds */
	wholeNumber(name: string, displayName: string, least: number, most: number): number | undefined {
		const value = this.values[name];
		if (value === undefined || value === '') return undefined;
		const number = typeof value === 'string' ? Number(value) : value;
		if (
			typeof number !== 'number' ||
			!Number.isInteger(number) ||
			number < least ||
			number > most
		) {
			throw new UserError(`'${displayName}' is not a whole number from ${least} to ${most}`, {
				description: `Enter a whole number from ${least} to ${most} in '${displayName}'.`,
			});
		}
		return number;
	}
}

/** @throws UserError naming the field when the value is none of the choices */
export function oneOf<T extends string>(
	value: unknown,
	displayName: string,
	choices: readonly T[],
): T {
	const found = choices.find((choice) => choice === value);
	if (found === undefined) {
		throw new UserError(`'${displayName}' has a value that does not exist`, {
			description: `Use one of these values: ${choices.join(', ')}.`,
		});
	}
	return found;
}

/** An expression gives text where anything stands beside it, a line break for one. */
function asBoolean(value: unknown, displayName: string): boolean {
	const plain = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (plain === true || plain === 'true') return true;
	if (plain === false || plain === 'false') return false;
	throw new UserError(`'${displayName}' is neither true nor false`, {
		description: `Switch '${displayName}' on or off, or let its expression give true or false.`,
	});
}

function asText(value: unknown, displayName: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	throw new UserError(`'${displayName}' is not a text`, {
		description: `Enter a text in '${displayName}'. If it is an expression, let it give a text and not a list or an object.`,
	});
}

function isLocator(value: unknown): value is INodeParameterResourceLocator {
	return typeof value === 'object' && value !== null && '__rl' in value && 'value' in value;
}
