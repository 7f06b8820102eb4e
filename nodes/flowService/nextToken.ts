import type { PlatformAnswer, PlatformRequest } from '../platform/answer';
import { Problem } from '../platform/problem';
import { asRecord, textOf } from '../platform/shape';

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
			`Adobe's list in "${request.operation}" goes on at a host that is not Adobe's`,
			{
				description: 'The link was not followed. Is a proxy in between?',
				details: { status: answer.status, operation: request.operation },
			},
		);
	}
	return url;
}
