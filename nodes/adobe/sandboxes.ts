import type { PlatformAnswer, PlatformRequest } from '../platform/request';
import type { ItemClient } from '../platform/client';
import type { Page } from '../platform/pages';
import { collectPages } from '../platform/pages';
import { Problem } from '../platform/errors/problem';
import { asRecord, asRecords, textOf } from '../platform/json';
import { nextLink, requestValue } from './answers';

/** A sandbox as Sandbox Management lists it. */
export interface Sandbox {
	/** What every request names it by, e.g. `prod`. */
	name: string;
	/** What people call it, e.g. `Production`. */
	title?: string;
	/** `production` or `development`. */
	type?: string;
	/** active, creating, resetting, deleting, deleted or failed. */
	state?: string;
}

// The page size of Adobe's own sample; no greatest one is documented.
const PAGE_SIZE = 50;

/**
 * `GET /sandbox-management/`: the sandboxes that the credential may use, in whatever state they
 * are. (`/sandbox-management/sandboxes` has all of the organization, for its administrators only.)
 *
 * @throws Problem
 */
export async function listSandboxes(client: ItemClient): Promise<Sandbox[]> {
	return await collectPages(async (offset) => await sandboxPage(client, offset));
}

async function sandboxPage(client: ItemClient, offset: string | undefined): Promise<Page<Sandbox>> {
	const request: PlatformRequest = {
		method: 'GET',
		path: ['data', 'foundation', 'sandbox-management'],
		trailingSlash: true,
		query: [
			['limit', String(PAGE_SIZE)],
			...(offset === undefined ? [] : [['offset', offset] as const]),
		],
		operation: 'List the sandboxes',
		// The list asks for none of its own: whoever has a permission in a sandbox finds it there.
		permission: 'View Sources',
		subject: 'The list of sandboxes',
	};
	return await requestValue(
		client,
		request,
		'a list of sandboxes in "sandboxes"',
		(body, answer) => {
			const sandboxes = asRecords(asRecord(body)?.sandboxes);
			return (
				sandboxes && {
					items: sandboxes.flatMap(readSandbox),
					next: nextOffset(request, answer, client.platformOrigin),
				}
			);
		},
	);
}

/**
 * What the link to the next page holds is not documented, and an offset is likely. Without one the
 * list must not end in silence: a sandbox would be missing from it.
 */
function nextOffset(
	request: PlatformRequest,
	answer: PlatformAnswer,
	platformOrigin: string,
): string | undefined {
	const link = nextLink(request, answer, platformOrigin);
	if (link === undefined) return undefined;
	const offset = textOf(link.searchParams.get('offset'));
	if (offset !== undefined) return offset;
	throw new Problem('Adobe has more sandboxes than this node can list', {
		advice: "Give the sandbox's name by an expression instead, e.g. {{ 'dev' }}.",
		notes: ["Adobe's link to the next page holds no offset."],
		details: { status: answer.status, operation: request.operation },
	});
}

function readSandbox({ name: named, title, type, state }: Record<string, unknown>): Sandbox[] {
	const name = textOf(named);
	if (name === undefined) return [];
	return [{ name, title: textOf(title), type: textOf(type), state: textOf(state) }];
}
