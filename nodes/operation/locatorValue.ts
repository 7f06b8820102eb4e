import type { INodeProperties } from 'n8n-workflow';

import { asRecord, textOf } from '../platform/json';

/** What a resource locator holds. */
interface LocatorValue {
	/** As it was given. */
	given: unknown;
	/** What its mode takes of it: out of a URL the part that is the ID, '' where there is none. */
	value: unknown;
	/** E.g. `list` or `id`; undefined for a plain value. */
	mode?: string;
}

/**
 * Takes the value out of a locator as n8n does. n8n itself (`extractValue`) says of an empty URL "Please
 * enter a valid mode", in the editor as well.
 *
 * @param raw a locator, or a plain value in its place
 */
export function locatorValue({ modes = [] }: INodeProperties, raw: unknown): LocatorValue {
	const locator = asRecord(raw);
	if (locator === undefined || !('__rl' in locator || 'mode' in locator)) {
		return { given: raw, value: raw };
	}
	const given = locator.value ?? '';
	const mode = textOf(locator.mode);
	const extract = modes.find(({ name }) => name === mode)?.extractValue;
	if (extract?.type !== 'regex' || typeof given !== 'string') return { given, value: given, mode };
	const [, value = ''] = new RegExp(extract.regex).exec(given.trim()) ?? [];
	return { given, value, mode };
}
