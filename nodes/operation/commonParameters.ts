import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { checkSandboxName } from '../platform/auth/credential';
import type { ItemOptions } from '../platform/client';
import type { Collection, ItemParameters, NumberParameter } from './parameters';

export const DEFAULT_MAX_CONCURRENCY = 200;
const DEFAULT_TIMEOUT_SECONDS = 5 * 60;
const MAX_TIMEOUT_SECONDS = 24 * 60 * 60;

const maxConcurrencyOption: NumberParameter = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 500 },
	default: DEFAULT_MAX_CONCURRENCY,
	description:
		"Maximum parallel requests. Lowered automatically when Adobe limits the rate. The first item's value applies to all items.",
};

/** The sandbox override, as every node has it under Options. */
export const sandboxNameOption: INodeProperties = {
	displayName: 'Sandbox Name or ID',
	name: 'sandboxName',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getSandboxes' },
	default: '',
	description:
		'Sandbox to use instead of the one in the credential. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** Messages about the sandbox override call it by its full name in the editor. */
export const SANDBOX_LABEL = sandboxNameOption.displayName;

const timeoutOption: NumberParameter = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 0.1, maxValue: MAX_TIMEOUT_SECONDS, numberPrecision: 1 },
	default: DEFAULT_TIMEOUT_SECONDS,
	description: 'Maximum time per item in seconds, retries included',
};

/** The common options that an operation has only where they mean something; every one has the sandbox. */
const CHOSEN_OPTIONS = { maxConcurrency: maxConcurrencyOption, timeout: timeoutOption };

export const OPTIONS = { displayName: 'Options', name: 'options' } as const;

type CommonOption = keyof typeof CHOSEN_OPTIONS;

/**
 * The Options collection of an operation: the sandbox first, then the others by name.
 *
 * @param own options of the operation itself
 * @param common those that mean something for it, e.g. no concurrency where it is run for one item only
 */
export function optionsCollection(
	own: INodeProperties[] = [],
	common: readonly CommonOption[] = ['maxConcurrency', 'timeout'],
): INodeProperties {
	return optionsOf([...common.map((name) => CHOSEN_OPTIONS[name]), ...own]);
}

/** The Options collection of a trigger, which has neither items nor time-outs of its own. */
export const triggerOptionsCollection = optionsOf([]);

function optionsOf(others: INodeProperties[]): INodeProperties {
	// `localeCompare` loads the rules of all languages: a fifth of the time that the package takes to load.
	const sorted = others.sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
	return {
		...OPTIONS,
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [sandboxNameOption, ...sorted],
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
	const timeoutSeconds = readOptions(parameters).number(timeoutOption) ?? DEFAULT_TIMEOUT_SECONDS;
	return { sandboxName: readSandboxName(parameters), timeoutMs: timeoutSeconds * 1000 };
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
		description: "Retype 'Name': text that was cut off can end like this.",
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
