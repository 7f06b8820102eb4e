import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { Dataflow } from '../adobe/dataflows';
import { asIs } from '../platform/errors/problem';
import type { ItemClient } from '../platform/client';
import type { RunEvent } from '../outputs/runEvents';
import { eventItem, inOrder } from '../outputs/runEvents';
import { outputWithoutSecrets, Redactor } from '../redaction/secrets';
import { catchUp } from './catchUp';
import type { Delivered } from './delivery';
import type { Followed } from './followSignal';
import { followSignal } from './followSignal';
import type { OpenWebhook } from './openWebhook';
import { flowsOfRuns } from './runFlows';
import type { SeenEvents } from './seenEvents';
import { seenBy, store } from './seenEvents';

/**
 * What a delivery leads to: the events of the runs that it names, as Flow Service shows these, and whatever
 * deliveries before have missed. Each comes once.
 *
 * @throws what Adobe can't be asked for; it is caught up with the next delivery
 */
export async function followDelivery(
	context: IWebhookFunctions,
	webhook: OpenWebhook,
	delivered: Delivered,
): Promise<INodeExecutionData[]> {
	// Who listens for a test event wants to see one, also one that has started the workflow already.
	if (context.getMode() === 'manual') {
		const { events } = await followSignals(webhook, delivered);
		return await toItems(webhook, events);
	}
	const data = context.getWorkflowStaticData('node');
	const trigger = `${context.getWorkflow().id} ${context.getNode().id}`;
	const seen = seenBy(trigger, data, webhook.settings.target, nowOf(webhook.client));
	const deliveryId = delivered.eventId === undefined ? undefined : `delivery ${delivered.eventId}`;
	// A copy, or a replay: the event has been handled, with success.
	if (deliveryId !== undefined && seen.has(deliveryId)) return [];
	try {
		const items = await news(webhook, delivered, seen);
		if (deliveryId !== undefined) seen.take(deliveryId, nowOf(webhook.client));
		return items;
	} catch (error) {
		seen.isBehind = true;
		throw asIs(error);
	} finally {
		// Other deliveries may have been handled meanwhile: what all have seen is written.
		store(seen, data);
	}
}

async function news(
	webhook: OpenWebhook,
	delivered: Delivered,
	seen: SeenEvents,
): Promise<INodeExecutionData[]> {
	const { client, settings } = webhook;
	const taken: RunEvent[] = [];
	const take = (event: RunEvent): void => {
		if (!settings.triggerOn.includes(event.event)) return;
		if (seen.take(event.eventId, nowOf(client))) taken.push(event);
	};
	try {
		const { events, isMissing } = await followSignals(webhook, delivered);
		for (const event of events) {
			if (seen.isNews(event.atEpochMs, nowOf(client))) take(event);
		}
		if (isMissing) seen.isBehind = true;
		await seen.catchUpOnce(nowOf(client), async (nowEpochMs) => {
			await catchUp(webhook, seen, nowEpochMs, take);
		});
		return await toItems(webhook, taken);
	} catch (error) {
		// They start nothing now, so they are not seen.
		for (const { eventId } of taken) seen.giveBack(eventId);
		throw asIs(error);
	}
}

async function followSignals(webhook: OpenWebhook, { signals }: Delivered): Promise<Followed> {
	const followed = await Promise.all(
		signals.map(async (signal) => await followSignal(webhook, signal)),
	);
	return {
		events: followed.flatMap(({ events }) => events),
		isMissing: followed.some(({ isMissing }) => isMissing),
	};
}

async function toItems(
	{ client, settings, platform }: OpenWebhook,
	events: readonly RunEvent[],
): Promise<INodeExecutionData[]> {
	const wanted = events.filter(({ event }) => settings.triggerOn.includes(event));
	const flows: ReadonlyMap<string, Dataflow> = await flowsOfRuns(client, wanted);
	const items = inOrder(wanted).flatMap((event) => {
		const flow = flows.get(event.run.flowId ?? '');
		return flow === undefined ? [] : [eventItem(client, event, flow.name, settings.simplify)];
	});
	return outputWithoutSecrets(items, new Redactor(platform.secrets()));
}

/** What is new at Adobe is told by Adobe's clock, as soon as it has shown one. */
function nowOf(client: ItemClient): number {
	return client.adobeEpochMs() ?? Date.now();
}
