import type { INodePropertyMode } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { ItemParameters } from '../operations/parameters';

// Adobe's pages and API links of a resource all end in, or contain, its UUID.
const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

/** A text that is a UUID and nothing else. */
export const IS_UUID = new RegExp(`^${UUID}$`);

/** What a URL must look like to hold an ID. */
export const URL_WITH_ID = `^https://.*${UUID}.*$`;

/** Takes the ID out of such a URL: the last one, where there are several. */
const ID_IN_URL = `^https://.*(${UUID})`;

// Wider than a UUID, as Adobe does not promise one; nothing in it can change a path.
const ID = /^[\w-]{1,100}$/;

/** Whether a text can be the ID of one of Flow Service's resources. */
export function isId(text: string): boolean {
	return ID.test(text);
}

/**
 * What makes a mode of a locator take a URL that holds an ID.
 *
 * @param what the URL is to be of, with its article, e.g. `a connection`
 */
export function urlWithId(
	what: string,
): Required<Pick<INodePropertyMode, 'validation' | 'extractValue'>> {
	const errorMessage = `This URL holds no ID of ${what}`;
	return {
		validation: [{ type: 'regex', properties: { regex: URL_WITH_ID, errorMessage } }],
		extractValue: { type: 'regex', regex: ID_IN_URL },
	};
}

/**
 * The ID in a locator of one of Flow Service's resources.
 *
 * @param displayName of the locator
 * @param what it is to be the ID of, e.g. `a connection`
 * @param member of an item that holds such an ID, e.g. `connectionId`
 * @throws UserError when the locator is empty or holds something that can't be an ID
 */
export function readResourceId(
	parameters: ItemParameters,
	{ displayName, what, member }: { displayName: string; what: string; member: string },
): string {
	const id = parameters.locator(member, displayName);
	if (!isId(id)) {
		throw new UserError(`'${displayName}' is not the ID of ${what}`, {
			description: `Choose one from the list, or give an ID such as 2c15b1c5-73bf-47ab-9098-0467fcd854d9; a node of this package puts it out as ${member}. A name is not enough.`,
		});
	}
	return id;
}
