import type { ItemClient } from '../../platform/client';
import { asIs, ignoringNotFound, isProblem, Problem } from '../../platform/errors/problem';
import { asRecord, asRecords, booleanOf, recordsOf, textOf } from '../../platform/json';
import type { Method, PlatformRequest } from '../../platform/request';
import { requestValue } from '../answers';
import { sendOnce } from '../lostWrites/sendOnce';
import type { EventOfInterest } from './providers';

/** A registration for events as Adobe I/O shows it. */
export interface Registration {
	id: string;
	name: string;
	clientId?: string;
	webhookUrl?: string;
	/** Adobe's own word, e.g. `verified`. */
	status?: string;
	/** False where Adobe, or somebody, has switched it off. */
	enabled: boolean;
	events: EventOfInterest[];
	/** The address of its journal. */
	journalUrl?: string;
}

/** What to register for. */
export interface NewRegistration {
	/** 3 to 255 characters; unique among the registrations of a workspace. */
	name: string;
	description: string;
	events: readonly EventOfInterest[];
	/** Where to deliver; without one, events are in the journal only. */
	webhookUrl?: string;
}

const JOURNAL_ONLY = 'journal';

/**
 * `GET …/registrations`: all of the workspace, whoever made them.
 *
 * @throws Problem
 */
export async function findRegistrations(client: ItemClient): Promise<Registration[]> {
	const request = registrationRequest(client, 'GET', 'Get the event registrations');
	return await requestValue(client, request, 'the registrations', (body) => {
		const embedded = asRecord(asRecord(body)?._embedded);
		const listed = Array.isArray(body) ? body : (embedded?.registrations ?? []);
		return asRecords(listed)?.flatMap((one) => readRegistration(one) ?? []);
	});
}

/**
 * The one that this client has made under this name; undefined where there is none.
 *
 * @throws Problem
 */
export async function findRegistration(
	client: ItemClient,
	name: string,
): Promise<Registration | undefined> {
	const all = await findRegistrations(client);
	return all.find((one) => one.name === name && isOurs(client, one));
}

/**
 * Makes a registration, or takes the one that is there under this name for the same address and the same
 * events. One that is switched off, or is for something else, is deleted and made again: whether a PATCH
 * switches it on again is ⚠UNV.
 *
 * @throws Problem
 */
export async function ensureRegistration(
	client: ItemClient,
	wanted: NewRegistration,
): Promise<Registration> {
	const there = await findRegistration(client, wanted.name);
	if (there !== undefined) {
		if (isAsWanted(there, wanted)) return there;
		await deleteRegistration(client, there.id);
	}
	return await createRegistration(client, wanted);
}

/** Whether it is switched on, for the same address and the same events. */
export function isAsWanted(
	{ enabled, status, webhookUrl, events }: Registration,
	wanted: NewRegistration,
): boolean {
	return (
		enabled &&
		!isSwitchedOff(status) &&
		webhookUrl === wanted.webhookUrl &&
		keysOf(events) === keysOf(wanted.events)
	);
}

/** `DELETE …/registrations/{id}`: 204. One that is gone already need not be deleted. */
export async function deleteRegistration(client: ItemClient, id: string): Promise<void> {
	const request = {
		...registrationRequest(client, 'DELETE', 'Delete an event registration', id),
		subject: `The registration '${id}'`,
	};
	await ignoringNotFound(client.request(request).then(() => undefined));
}

/**
 * `POST …/registrations`: 201. The name is unique, so a second one is refused with 409 and tells of the
 * first: that one is taken if it is the same.
 *
 * @throws Problem
 */
async function createRegistration(
	client: ItemClient,
	wanted: NewRegistration,
): Promise<Registration> {
	const request: PlatformRequest = {
		...registrationRequest(client, 'POST', 'Register for events'),
		body: bodyOf(client, wanted),
	};
	return await sendOnce<Registration>(client, {
		repeatable: true,
		send: async () =>
			await requestValue(client, request, 'the registration', (body) =>
				readRegistration(asRecord(body)),
			),
		find: async (error) => {
			const there = await findRegistration(client, wanted.name);
			if (there !== undefined && isAsWanted(there, wanted)) return { done: there };
			return isConflict(error) ? { failed: explainConflict(error, wanted) } : undefined;
		},
		isConflict,
		unclear: (unknown) => unknown.leadingTo('It is not clear whether the registration was made'),
	}).catch((error: unknown) => {
		throw isRefusedUrl(error, wanted) ? urlRefused(error) : asIs(error);
	});
}

function bodyOf(
	client: ItemClient,
	{ name, description, events, webhookUrl }: NewRegistration,
): Record<string, unknown> {
	return {
		client_id: client.clientId,
		name,
		description,
		delivery_type: webhookUrl === undefined ? JOURNAL_ONLY : 'webhook',
		...(webhookUrl === undefined ? {} : { webhook_url: webhookUrl }),
		enabled: true,
		events_of_interest: events.map(({ providerId, code }) => ({
			provider_id: providerId,
			event_code: code,
		})),
	};
}

function registrationRequest(
	client: ItemClient,
	method: Method,
	operation: string,
	id?: string,
): PlatformRequest {
	const { organizationId, projectId, workspaceId } = client.consoleProject(operation);
	return {
		method,
		service: 'ioEvents',
		path: [
			...['events', organizationId, projectId, workspaceId, 'registrations'],
			...(id === undefined ? [] : [id]),
		],
		headers: { Accept: 'application/hal+json' },
		operation,
		permission: 'I/O Management API',
		subject: 'The project or its workspace',
	};
}

function readRegistration(record: Record<string, unknown> | undefined): Registration | undefined {
	const id = textOf(record?.registration_id);
	const name = textOf(record?.name);
	if (record === undefined || id === undefined || name === undefined) return undefined;
	return {
		id,
		name,
		clientId: textOf(record.client_id),
		webhookUrl: textOf(record.webhook_url),
		status: textOf(record.webhook_status),
		enabled: booleanOf(record.enabled) ?? true,
		events: recordsOf(record.events_of_interest).flatMap((event) => {
			const [providerId, code] = [textOf(event.provider_id), textOf(event.event_code)];
			return providerId === undefined || code === undefined ? [] : [{ providerId, code }];
		}),
		journalUrl: textOf(asRecord(asRecord(record._links)?.['rel:events'])?.href),
	};
}

/** ⚠UNV which words Adobe has for it besides `enabled`. */
function isSwitchedOff(status = ''): boolean {
	return /disabled|fail/i.test(status);
}

function isOurs({ clientId }: ItemClient, registration: Registration): boolean {
	return registration.clientId === undefined || registration.clientId === clientId;
}

function keysOf(events: readonly EventOfInterest[]): string {
	return [...new Set(events.map(({ providerId, code }) => `${providerId} ${code}`))]
		.sort()
		.join('\n');
}

function isConflict(refusal: Problem): boolean {
	return isProblem(refusal, 'rejected') && refusal.details.status === 409;
}

/** Adobe answers 409 for two reasons and says which in words alone. */
function explainConflict(refusal: Problem, { name }: NewRegistration): Problem {
	return refusal
		.retitled(`Adobe does not accept the registration '${name}'`)
		.advising(
			'Either somebody else has one of this name, or the limit is reached: 30 registrations for a client ID, 2,500 for an organization. In the Adobe Developer Console, delete those that are not used any more.',
		);
}

function isRefusedUrl(error: unknown, { webhookUrl }: NewRegistration): error is Problem {
	return isProblem(error, 'rejected') && error.details.status === 400 && webhookUrl !== undefined;
}

function urlRefused(refusal: Problem): Problem {
	return refusal
		.retitled('Adobe does not accept the webhook URL of this n8n')
		.advising(
			"Adobe needs an address that it can reach from the Internet, with https and a certificate that it trusts: n8n's WEBHOOK_URL says which one is used. Without such an address, use the trigger Adobe PostgreSQL Dataflow Trigger, which needs none.",
		);
}
