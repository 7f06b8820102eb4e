import { UserError } from 'n8n-workflow';

import type { ItemParameters } from './parameters';

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

/** @throws UserError for half of a character, e.g. of a text that was cut */
export function checkName(name: string): void {
	if (!/\p{Surrogate}/u.test(name)) return;
	throw new UserError("'Name' contains a broken character", {
		description: "Type 'Name' anew. A text that was cut within an emoji looks like this.",
	});
}
