import { addIoManagement } from '../../platform/auth/eventAccess';
import type { ItemClient } from '../../platform/client';
import { unexpectedBody } from '../../platform/errors/explain';
import { asIs, isProblem, Problem } from '../../platform/errors/problem';
import { asRecord, asRecords, textOf } from '../../platform/json';
import type { PlatformAnswer, PlatformRequest } from '../../platform/request';
import type { RunSignal } from './eventPayload';
import { readRunSignals } from './eventPayload';

/** Where the journal of a registration is. */
export interface JournalAddress {
	/** Of the hosts of Adobe I/O; absent for that of its API. */
	origin?: string;
	organizationId: string;
	credentialId: string;
	registrationId: string;
}

/** Where to begin reading. */
export type JournalStart =
	/** Behind a position. */
	| { since: string }
	/** At the end, for what comes from now on. */
	| { latest: true }
	/** So long ago, milliseconds. */
	| { backMs: number };

/** A part of the journal. */
export interface JournalPage {
	signals: RunSignal[];
	/** Events in it, of whatever kind. */
	count: number;
	/** Where it goes on; absent where Adobe does not say. */
	position?: string;
}

/** What is asked for is older than the seven days that Adobe keeps. */
export const GONE = 'gone';

/** Of one answer; Adobe may give fewer. */
const PAGE_SIZE = 100;

const READ = 'Read the journal of events';

// Adobe prints `/events/organizations/…`, `/organizations/…` and `/events-fast/organizations/…`.
const PATH =
	/^\/(?:events(?:-fast)?\/)?organizations\/([\w.-]+)\/integrations\/([\w.-]+)\/([\w.-]+)\/?$/;

/**
 * The address in a registration's link, or as the Developer Console shows it. Only its IDs are taken, and of
 * its host no more than which of the known ones it is.
 *
 * @param eventOrigins see {@link ItemClient}
 * @returns undefined for what is no such address
 */
export function journalAddressOf(
	link: string | undefined,
	eventOrigins: readonly string[],
): JournalAddress | undefined {
	if (link === undefined || !URL.canParse(link)) return undefined;
	const url = new URL(link);
	const [, organizationId, credentialId, registrationId] = PATH.exec(url.pathname) ?? [];
	if (organizationId === undefined || credentialId === undefined) return undefined;
	if (registrationId === undefined) return undefined;
	const [api, ...others] = eventOrigins;
	const origin = url.origin !== api && others.includes(url.origin) ? url.origin : undefined;
	return { origin, organizationId, credentialId, registrationId };
}

/**
 * `GET` of a journal: 200 with events, 204 at its end, 410 for what is not kept any more. No link of an
 * answer is followed, so that the token never goes where a header says.
 *
 * @throws Problem
 */
export async function readJournal(
	client: ItemClient,
	journal: JournalAddress,
	start: JournalStart,
): Promise<JournalPage | typeof GONE> {
	const { origin, organizationId, credentialId, registrationId } = journal;
	const request: PlatformRequest = {
		method: 'GET',
		service: 'ioEvents',
		eventOrigin: origin,
		path: [
			...['events', 'organizations', organizationId],
			...['integrations', credentialId, registrationId],
		],
		query: [queryOf(start), ['limit', String(PAGE_SIZE)]],
		operation: READ,
		permission: 'I/O Management API',
		subject: `The event registration '${registrationId}'`,
	};
	let answer: PlatformAnswer;
	try {
		answer = await client.request(request);
	} catch (error) {
		if (isGone(error, start)) return GONE;
		throw inWordsOfJournals(error);
	}
	const position = nextPosition(answer);
	if (answer.status === 204) {
		const here = 'since' in start ? start.since : undefined;
		return { signals: [], count: 0, position: position ?? here };
	}
	const body = asRecord(answer.body);
	const events = asRecords(body?.events);
	if (events === undefined) throw unexpectedBody(request, answer, 'the events of the journal');
	return {
		signals: events.flatMap(({ event }) => readRunSignals(event)),
		count: events.length,
		position: textOf(asRecord(body?._page)?.last) ?? textOf(events.at(-1)?.position) ?? position,
	};
}

function queryOf(start: JournalStart): [name: string, value: string] {
	if ('since' in start) return ['since', start.since];
	if ('latest' in start) return ['latest', 'true'];
	return ['seek', `-PT${Math.ceil(start.backMs / 1000)}S`];
}

/** ⚠UNV what Adobe says of a position that it does not know at all: it is not of use any more, either. */
function isGone(error: unknown, start: JournalStart): boolean {
	if (!(error instanceof Problem) || 'latest' in start) return false;
	return error.details.status === 410 || error.details.status === 400;
}

/** What a 403 means here; whoever made the registration may still not read it. */
function inWordsOfJournals(error: unknown): unknown {
	if (!isProblem(error, 'forbidden')) return asIs(error);
	return error
		.retitled('The credential is not allowed to read the journal of events')
		.advising(addIoManagement());
}

/** Of the link to the next page, the position alone. */
function nextPosition({ headers }: PlatformAnswer): string | undefined {
	const { link } = headers;
	const links = Array.isArray(link) ? link.join(',') : (textOf(link) ?? '');
	for (const [, address = '', parameters = ''] of links.matchAll(/<([^>]*)>([^,<]*)/g)) {
		if (!/;\s*rel="?next"?/i.test(parameters)) continue;
		const mark = address.indexOf('?');
		return new URLSearchParams(mark === -1 ? '' : address.slice(mark)).get('since') ?? undefined;
	}
	return undefined;
}
