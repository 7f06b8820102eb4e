import { createHash } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';

import type { SignalKind } from '../adobe/ioEvents/providers';
import { findRunEvents } from '../adobe/ioEvents/providers';
import type { NewRegistration } from '../adobe/ioEvents/registrations';
import {
	deleteRegistration,
	ensureRegistration,
	findRegistration,
	isAsWanted,
} from '../adobe/ioEvents/registrations';
import { requestSample } from '../adobe/ioEvents/sampleEvent';
import type { RunEventName } from '../operation/runEventParameters';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { describeFailure, toNodeError } from '../platform/errors/nodeError';
import type { ProblemKind } from '../platform/errors/problem';
import { asIs, Problem } from '../platform/errors/problem';
import type { WebhookSettings } from './parameters';
import { readWebhookSettings } from './parameters';

const MAX_CONCURRENCY = 1;
/** n8n waits for it while the workflow is published. */
const TIMEOUT_MS = 60_000;

/** Which of Adobe's events tell of what the user has chosen. */
const SIGNALS: Readonly<Record<RunEventName, readonly SignalKind[]>> = {
	started: ['started'],
	failed: ['failed'],
	succeeded: ['succeeded'],
	// Adobe does not say which of the two a run has that succeeded in part.
	rejectedRecords: ['succeeded', 'failed'],
};

/** Adobe can't be asked now; that says nothing about the registration. */
const PASSING: readonly ProblemKind[] = [
	'throttled',
	'unavailable',
	'timeOut',
	'connectionLost',
	'unreachable',
	'tooLate',
];

/** When n8n starts, it only looks whether everything is as it was left. */
function isStart(context: IHookFunctions): boolean {
	return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

/**
 * Whether Adobe has a registration as it should be; one that is not, or that Adobe has switched off, is
 * deleted.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	return await withClient(context, true, async (client, settings) => {
		try {
			const there = await findRegistration(client, registrationName(webhookUrlOf(context)));
			if (there === undefined) return false;
			// What it is for has not changed since, and can't have become wrong.
			const wanted = isStart(context)
				? { ...there, description: '', webhookUrl: webhookUrlOf(context) }
				: await wantedRegistration(context, client, settings);
			if (!isAsWanted(there, wanted)) {
				await deleteRegistration(client, there.id);
				return false;
			}
			// n8n was away: what it has missed is caught up with the next event.
			await askForSample(context, client, wanted, there.id);
			return true;
		} catch (error) {
			const passes = error instanceof Problem && PASSING.includes(error.kind);
			if (!isStart(context) || !passes) throw asIs(error);
			// Without the webhook, n8n would answer 404, after which Adobe does not try again.
			context.logger.warn(
				'Adobe could not be asked whether the webhook is still registered; it is taken for granted',
				{ node: context.getNode().name },
			);
			return true;
		}
	});
}

/**
 * Registers the webhook with Adobe, which asks it at once whether it wants the events.
 *
 * @throws NodeApiError or NodeOperationError
 */
export async function register(context: IHookFunctions): Promise<boolean> {
	return await withClient(context, true, async (client, settings) => {
		const wanted = await wantedRegistration(context, client, settings);
		const { id, status } = await ensureRegistration(client, wanted);
		if (status !== undefined && /unverified|pending/i.test(status)) {
			context.logger.warn(
				'Adobe has not confirmed the webhook URL yet; it has five minutes to reach it',
				{ node: context.getNode().name },
			);
		}
		await askForSample(context, client, wanted, id);
		return true;
	});
}

/** What can't be removed now must not keep the workflow from being unpublished: n8n answers 404 from then on. */
export async function unregister(context: IHookFunctions): Promise<boolean> {
	let secrets: string[] = [];
	try {
		return await withClient(context, true, async (client, _settings, platform) => {
			secrets = platform.secrets();
			const there = await findRegistration(client, registrationName(webhookUrlOf(context)));
			if (there !== undefined) await deleteRegistration(client, there.id);
			return true;
		});
	} catch (error) {
		const { message } = describeFailure(error, secrets);
		context.logger.warn(`The event registration at Adobe could not be removed: ${message}`, {
			node: context.getNode().name,
		});
		return false;
	}
}

/**
 * @param byHand the answer where the user registers
 */
async function withClient<T>(
	context: IHookFunctions,
	byHand: T,
	work: (client: ItemClient, settings: WebhookSettings, platform: PlatformClient) => Promise<T>,
): Promise<T> {
	let platform: PlatformClient | undefined;
	try {
		const settings = readWebhookSettings(context);
		if (settings.isByHand) return byHand;
		platform = PlatformClient.open(context, MAX_CONCURRENCY);
		const client = platform.forItem(await platform.transportFor(), {
			sandboxName: settings.sandboxName,
			timeoutMs: TIMEOUT_MS,
		});
		return await work(client, settings, platform);
	} catch (error) {
		throw toNodeError(context.getNode(), error, { secrets: platform?.secrets() ?? [] });
	}
}

async function wantedRegistration(
	context: IHookFunctions,
	client: ItemClient,
	{ triggerOn, eventCodes }: WebhookSettings,
): Promise<NewRegistration> {
	const webhookUrl = webhookUrlOf(context);
	const signals = [...new Set(triggerOn.flatMap((event) => SIGNALS[event]))];
	return {
		name: registrationName(webhookUrl),
		description:
			'Made by the n8n node Adobe PostgreSQL Dataflow Webhook Trigger, and removed when its workflow is unpublished.',
		events: await findRunEvents(client, signals, eventCodes),
		webhookUrl,
	};
}

/** The test URL, while n8n listens for a test event. */
function webhookUrlOf(context: IHookFunctions): string {
	const url = context.getNodeWebhookUrl('default');
	if (url !== undefined) return url;
	throw new Problem('n8n has no webhook URL for this node', {
		advice: 'Save the workflow and publish it again.',
	});
}

/** Tells the registrations of several triggers apart, and those of a copied workflow on another n8n. */
function registrationName(webhookUrl: string): string {
	const hash = createHash('sha256').update(webhookUrl).digest('hex').slice(0, 16);
	return `n8n: dataflow runs, webhook ${hash}`;
}

/**
 * A webhook has no clock of its own, so that Adobe is asked to call it now: with that call it catches up what
 * has happened while it was not registered. It is no harm when Adobe does not.
 */
async function askForSample(
	context: IHookFunctions,
	client: ItemClient,
	{ events }: NewRegistration,
	registrationId: string,
): Promise<void> {
	const [event] = events;
	if (event === undefined || context.getMode() === 'manual') return;
	try {
		await requestSample(client, event, registrationId);
	} catch (error) {
		if (!(error instanceof Problem)) throw asIs(error);
		context.logger.debug('Adobe sends no sample event; the next one will do', {
			node: context.getNode().name,
		});
	}
}
