import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { checkSandboxName } from '../platform/auth/credential';
import type { ItemOptions } from '../platform/client';
import type { Collection, ItemParameters, NumberParameter } from './parameters';

export const DEFAULT_MAX_CONCURRENCY = 200;
const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const MAX_TIMEOUT_MS = 24 * 60 * 60_000;

const maxConcurrencyOption: NumberParameter = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 500 },
	default: DEFAULT_MAX_CONCURRENCY,
	description:
		'How many requests may be under way at Adobe at a time, at the most; fewer when Adobe asks for that. The value of the first item counts for all.',
};

/** The sandbox override, as every node has it under Options. */
export const sandboxNameOption: INodeProperties = {
	displayName: 'Sandbox Name or ID',
	name: 'sandboxName',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getSandboxes' },
	default: '',
	description:
		'Sandbox to work in instead of the one in the credential; by expression, its name and not its title. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** Messages about the sandbox override call it by its full name in the editor. */
export const SANDBOX_LABEL = sandboxNameOption.displayName;

const timeoutOption: NumberParameter = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: DEFAULT_TIMEOUT_MS,
	description:
		'Time in milliseconds that one item may take at Adobe, with all waiting and repeating included',
};

export const OPTIONS = { displayName: 'Options', name: 'options' } as const;

/** The Options collection of an operation: the common ones and its own. */
export function optionsCollection(own: INodeProperties[] = []): INodeProperties {
	return optionsOf([maxConcurrencyOption, sandboxNameOption, timeoutOption, ...own]);
}

/** The Options collection of a trigger, which has neither items nor time-outs of its own. */
export const triggerOptionsCollection = optionsOf([sandboxNameOption]);

function optionsOf(options: INodeProperties[]): INodeProperties {
	return {
		...OPTIONS,
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		// `localeCompare` loads the rules of all languages: a fifth of the time that the package takes to load.
		options: options.sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
	};
}

export function readOptions(parameters: ItemParameters): Collection {
	return parameters.collection(OPTIONS);
}

/** @throws UserError for a value out of its bounds */
export function readMaxConcurrency(parameters: ItemParameters): number {
	return readOptions(parameters).wholeNumber(maxConcurrencyOption) ?? DEFAULT_MAX_CONCURRENCY;
}

/**
 * The sandbox override; undefined where there is none.
 *
 * @throws UserError for what can't be the name of a sandbox
 */
export function readSandboxName(parameters: ItemParameters): string | undefined {
	const name = readOptions(parameters).optionalText(sandboxNameOption, SANDBOX_LABEL);
	return name === undefined ? undefined : checkSandboxName(name, `'${SANDBOX_LABEL}'`);
}

/** @throws UserError for a value that can't be used */
export function itemOptions(parameters: ItemParameters): ItemOptions {
	return {
		sandboxName: readSandboxName(parameters),
		timeoutMs:
			readOptions(parameters).wholeNumber(timeoutOption, MAX_TIMEOUT_MS) ?? DEFAULT_TIMEOUT_MS,
	};
}

const returnAllParameter: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limitParameter: NumberParameter = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
};

/** Return All and Limit, as every Get Many has them. */
export const limitParameters: INodeProperties[] = [
	returnAllParameter,
	{ ...limitParameter, displayOptions: { show: { returnAll: [false] } } },
];

/**
 * The maximum number of results; undefined for all.
 *
 * @throws UserError for what is not a whole number from 1 on
 */
export function readLimit(parameters: ItemParameters): number | undefined {
	return parameters.boolean(returnAllParameter)
		? undefined
		: parameters.wholeNumber(limitParameter);
}

/** Simplify, as operations have it whose answers have many members. */
export const simplifyParameter: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

const NAME = { displayName: 'Name', name: 'name' } as const;

/** The name of something new. */
export function nameParameter(
	texts: Required<Pick<INodeProperties, 'placeholder' | 'description'>>,
): INodeProperties {
	return { ...NAME, type: 'string', required: true, default: '', ...texts };
}

/**
 * The name of something new, trimmed.
 *
 * @throws UserError for an empty name, and for one that can be part of no request's address
 */
export function readName(parameters: ItemParameters): string {
	const name = parameters.requiredText(NAME).trim();
	checkName(name);
	return name;
}

/**
 * A new name among the fields of an update, trimmed; undefined where it was not added.
 *
 * @throws UserError as `readName`
 */
export function readNewName(fields: Collection, nameField: INodeProperties): string | undefined {
	const name = fields.requiredText(nameField)?.trim();
	if (name !== undefined) checkName(name);
	return name;
}

/** @throws UserError for half an emoji (an unpaired surrogate), e.g. of a string that was cut */
export function checkName(name: string): void {
	if (!/\p{Surrogate}/u.test(name)) return;
	throw new UserError("'Name' contains half an emoji", {
		description: "Retype 'Name': it contains half an emoji, as happens when text is cut off.",
	});
}

/** A name in a collection, e.g. the new one under Update Fields. */
export function nameFieldOf(description: string): INodeProperties {
	return { ...NAME, type: 'string', default: '', description };
}

export function descriptionFieldOf(description: string): INodeProperties {
	return {
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		description,
	};
}

export function additionalFieldsCollection(fields: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: fields,
	};
}

export function updateFieldsCollection(fields: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: fields,
	};
}

export function filtersCollection(filters: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: filters,
	};
}
