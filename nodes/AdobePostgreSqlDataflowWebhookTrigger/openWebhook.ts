import type { IWebhookFunctions } from 'n8n-workflow';

import type { EventOrigins } from '../platform/auth/credential';
import { eventOriginsOf } from '../platform/auth/eventAccess';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import type { WebhookSettings } from './parameters';
import { readWebhookSettings } from './parameters';

const MAX_CONCURRENCY = 4;

/** For everything that one delivery leads to. */
const TIMEOUT_MS = 2 * 60_000;

/** What a delivery is handled with. */
export interface OpenWebhook {
	settings: WebhookSettings;
	platform: PlatformClient;
	client: ItemClient;
	/** The hosts that it may ask. */
	origins: EventOrigins;
}

/** @throws Problem or UserError where parameters or the credential can't be used */
export async function openWebhook(context: IWebhookFunctions): Promise<OpenWebhook> {
	const settings = readWebhookSettings(context);
	const platform = PlatformClient.open(context, MAX_CONCURRENCY);
	const transport = await platform.transportFor();
	const client = platform.forItem(transport, {
		sandboxName: settings.sandboxName,
		timeoutMs: TIMEOUT_MS,
	});
	const origins = eventOriginsOf(transport.settings, 'Receive an event');
	return { settings, platform, client, origins };
}
