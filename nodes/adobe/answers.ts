import type { ItemClient } from '../platform/client';
import { unexpectedBody } from '../platform/errors/explain';
import { Problem } from '../platform/errors/problem';
import { asRecord, textOf } from '../platform/json';
import type { PlatformAnswer, PlatformRequest } from '../platform/request';

/**
 * Sends a request and reads from its answer what it was sent for.
 *
 * @param expected what the answer has to hold, e.g. `the ID of the dataset`
 * @param read finds it; undefined where it is not there
 * @throws Problem, also for an answer without it
 */
export async function requestValue<T>(
	client: ItemClient,
	request: PlatformRequest,
	expected: string,
	read: (body: unknown, answer: PlatformAnswer) => T | undefined,
): Promise<T> {
	const answer = await client.request(request);
	const value = read(answer.body, answer);
	if (value === undefined) throw unexpectedBody(request, answer, expected);
	return value;
}

/**
 * The token of the next page, out of `_links.next.href`; undefined on the last page. Only the
 * token is taken, and our own query is sent again with it: whether the link repeats filters is not
 * documented.
 *
 * @throws Problem for a link to another host, which no page of this list can be on
 */
export function nextToken(
	request: PlatformRequest,
	answer: PlatformAnswer,
	platformOrigin: string,
): string | undefined {
	const link = nextLink(request, answer, platformOrigin);
	return link?.searchParams.get('continuationToken') ?? undefined;
}

/**
 * The address in `_links.next.href`; undefined where there is none.
 *
 * @throws Problem for a link to another host, which no page of this list can be on
 */
export function nextLink(
	request: PlatformRequest,
	answer: PlatformAnswer,
	platformOrigin: string,
): URL | undefined {
	const href = textOf(asRecord(asRecord(asRecord(answer.body)?._links)?.next)?.href);
	if (href === undefined) return undefined;
	const base = `${platformOrigin}/`;
	const url = URL.canParse(href, base) ? new URL(href, base) : undefined;
	if (url === undefined || url.origin !== platformOrigin) {
		throw new Problem(
			`Adobe's list in "${request.operation}" continues at a host that is not Adobe's`,
			{
				advice: 'Is a proxy in between?',
				notes: ['The link was not followed.'],
				details: { status: answer.status, operation: request.operation },
			},
		);
	}
	return url;
}
