import type { ItemClient } from '../../platform/client';
import { Problem } from '../../platform/errors/problem';
import { asRecord, asRecords, recordsOf, textOf } from '../../platform/json';
import type { PlatformRequest } from '../../platform/request';
import { requestValue } from '../answers';
import type { RunSignalKind } from './eventPayload';

/** What the payloads of source runs call their catalogue (`header._adobeio.providerMetadata`). */
export const SOURCES_CATALOGUE = 'aep_observability_catalog_events';

/** A kind of event that an organization can register for. */
export interface EventMetadata {
	code: string;
	label?: string;
}

/** Who publishes events: for the runs of sources, "Platform notifications". */
export interface EventProvider {
	id: string;
	label?: string;
	events: EventMetadata[];
}

/** One event of one provider, as a registration names it. */
export interface EventOfInterest {
	providerId: string;
	code: string;
}

/** What events of a run may tell of it. */
export type SignalKind = Exclude<RunSignalKind, 'other'>;

/**
 * Adobe's documents spell the code of a failure in two ways and print none for the start, so the codes are
 * looked up and told by their words (⚠UNV what they are called).
 */
const CODE_PATTERNS: Readonly<Record<SignalKind, RegExp>> = {
	started: /flow_?run_?start/i,
	succeeded: /flow_?run_?success/i,
	failed: /flow_?run_?fail/i,
};

const ACCEPT = { Accept: 'application/hal+json' };

const FIND_PROVIDERS = 'Find the events of dataflow runs';

/**
 * `GET /events/{organization}/providers`: those of Experience Platform's alerts, with their events.
 *
 * @throws Problem
 */
export async function findProviders(client: ItemClient): Promise<EventProvider[]> {
	const { organizationId } = client.consoleProject(FIND_PROVIDERS);
	const request: PlatformRequest = {
		method: 'GET',
		service: 'ioEvents',
		path: ['events', organizationId, 'providers'],
		query: [
			['providerMetadataId', SOURCES_CATALOGUE],
			['eventmetadata', 'true'],
		],
		headers: ACCEPT,
		operation: FIND_PROVIDERS,
		permission: 'I/O Management API',
		subject: 'The organization of the project',
	};
	const providers = await requestValue(client, request, 'the event providers', (body) =>
		asRecords(asRecord(asRecord(body)?._embedded)?.providers ?? []),
	);
	return providers.flatMap((provider) => {
		const id = textOf(provider.id);
		return id === undefined
			? []
			: [{ id, label: textOf(provider.label), events: eventsOf(provider) }];
	});
}

function eventsOf(provider: Record<string, unknown>): EventMetadata[] {
	return recordsOf(asRecord(provider._embedded)?.eventmetadata).flatMap((event) => {
		const code = textOf(event.event_code);
		return code === undefined ? [] : [{ code, label: textOf(event.label) }];
	});
}

/**
 * The events that tell of runs in these ways, in both spellings where Adobe has both.
 *
 * @param codes in place of those that are found by their words
 * @throws Problem where Adobe offers none for one of them
 */
export async function findRunEvents(
	client: ItemClient,
	signals: readonly SignalKind[],
	codes: readonly string[] = [],
): Promise<EventOfInterest[]> {
	const providers = await findProviders(client);
	if (codes.length > 0) return codes.map((code) => namedEvent(code, providers));
	return signals.flatMap((signal) => {
		const found = providers.flatMap(({ id, events }) =>
			events.filter((event) => isFor(event, signal)).map(({ code }) => ({ providerId: id, code })),
		);
		if (found.length === 0) throw notOffered(`runs that have ${signal}`, providers);
		return found;
	});
}

function namedEvent(code: string, providers: readonly EventProvider[]): EventOfInterest {
	const provider = providers.find(({ events }) => events.some((event) => event.code === code));
	if (provider !== undefined) return { providerId: provider.id, code };
	throw notOffered(`the code '${code}'`, providers);
}

function isFor({ code, label = '' }: EventMetadata, signal: SignalKind): boolean {
	return isNamed({ code, label }, CODE_PATTERNS[signal]);
}

function isNamed({ code, label = '' }: EventMetadata, pattern: RegExp): boolean {
	return pattern.test(code) || pattern.test(label.replace(/\s+/g, '_'));
}

function notOffered(what: string, providers: readonly EventProvider[]): Problem {
	const codes = providers.flatMap(({ events }) => events.map(({ code }) => code));
	return new Problem(`Adobe offers no event for ${what}`, {
		advice:
			"Name the code under Options > 'Event Codes' if your organization calls it otherwise, or choose other events in 'Trigger On'.",
		notes: [
			codes.length === 0
				? 'It shows no events of Experience Platform to this credential at all.'
				: `It offers: ${codes.slice(0, 20).join(', ')}.`,
		],
		details: { operation: FIND_PROVIDERS },
		failure: { cause: 'configuration-invalid' },
	});
}

/**
 * The events that tell that a run has started or how it has ended: those of them that Adobe offers.
 *
 * @throws Problem where it offers none that tells how a run has ended
 */
export async function findOfferedRunEvents(client: ItemClient): Promise<EventOfInterest[]> {
	const providers = await findProviders(client);
	const found = providers.flatMap(({ id, events }) =>
		events
			.filter((event) => Object.values(CODE_PATTERNS).some((pattern) => isNamed(event, pattern)))
			.map((event) => ({ providerId: id, code: event.code })),
	);
	if (found.length > 0) return found;
	throw notOffered('failed', providers).advising(
		"In the Adobe Developer Console, register for the runs of sources by hand, and copy the journaling endpoint of that registration to 'Journaling Endpoint' of the trigger.",
	);
}
