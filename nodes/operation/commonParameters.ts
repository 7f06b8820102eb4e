import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { checkSandboxName } from '../platform/auth/credential';
import type { ItemOptions } from '../platform/client';
import type { Collection, ItemParameters } from './parameters';

export const MAX_CONCURRENCY_DEFAULT = 200;
const MAX_CONCURRENCY_MOST = 500;
const TIMEOUT_DEFAULT_MS = 300_000;
const TIMEOUT_MOST_MS = 24 * 60 * 60_000;

/** What the editor calls the sandbox override, for error texts. */
export const SANDBOX_LABEL = 'Sandbox Name or ID';

const maxConcurrency: INodeProperties = {
	displayName: 'Max Concurrency',
	name: 'maxConcurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MAX_CONCURRENCY_MOST },
	default: MAX_CONCURRENCY_DEFAULT,
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

const timeout: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: TIMEOUT_DEFAULT_MS,
	description:
		'Time in milliseconds that one item may take at Adobe, with all waiting and repeating included',
};

/** The Options collection of an operation: what all have, and the operation's own. */
export function optionsCollection(own: INodeProperties[] = []): INodeProperties {
	const options = [maxConcurrency, sandboxNameOption, timeout, ...own];
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		// `localeCompare` loads the rules of all languages: a fifth of the time that the package takes to load.
		options: options.sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
	};
}

/** @throws UserError for a value out of its bounds */
export function readMaxConcurrency(parameters: ItemParameters): number {
	return (
		parameters
			.collection('options')
			.wholeNumber('maxConcurrency', 'Max Concurrency', 1, MAX_CONCURRENCY_MOST) ??
		MAX_CONCURRENCY_DEFAULT
	);
}

/** @throws UserError for a value that can't be used */
export function itemOptions(parameters: ItemParameters): ItemOptions {
	const options = parameters.collection('options');
	const sandbox = options.text('sandboxName', SANDBOX_LABEL)?.trim();
	return {
		sandboxName:
			sandbox === undefined || sandbox === ''
				? undefined
				: checkSandboxName(sandbox, `'${SANDBOX_LABEL}'`),
		timeoutMs: options.wholeNumber('timeout', 'Timeout', 1, TIMEOUT_MOST_MS) ?? TIMEOUT_DEFAULT_MS,
	};
}

/** Return All and Limit, as every Get Many has them. */
export const limitParameters: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/**
 * How many results are wanted; undefined for all.
 *
 * @throws UserError for what is not a whole number from 1 on
 */
export function readLimit(parameters: ItemParameters): number | undefined {
	return parameters.boolean('returnAll', 'Return All')
		? undefined
		: parameters.wholeNumber('limit', 'Limit', 1);
}

/** Simplify, as operations have it whose answers have many members. */
export const simplifyParameter: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/**
 * A name that was given, trimmed.
 *
 * @throws UserError for an empty name, and for one that can be part of no request's address
 */
export function readName(parameters: ItemParameters): string {
	const name = parameters.requiredText('name', 'Name').trim();
	checkName(name);
	return name;
}

/**
 * A new name among the fields of an update, trimmed; undefined where it was not added.
 *
 * @throws UserError as `readName`
 */
export function readNewName(fields: Collection): string | undefined {
	const name = fields.requiredText('name', 'Name')?.trim();
	if (name !== undefined) checkName(name);
	return name;
}

/** @throws UserError for half of a character, e.g. of a text that was cut */
export function checkName(name: string): void {
	if (!/\p{Surrogate}/u.test(name)) return;
	throw new UserError("'Name' contains a broken character", {
		description: "Type 'Name' anew. A text that was cut within an emoji looks like this.",
	});
}
