import type { INodeParameters, ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { seedConnections, startAdobe } from '../support/adobe.mts';
import { until } from '../support/until.mts';
import { eventsCredential, WebhookHost } from '../support/webhook.mts';

/** All events of all dataflows, with the run as it is. */
export const EVERYTHING: INodeParameters = {
	triggerOn: ['failed', 'started', 'succeeded', 'rejectedRecords'],
	watch: 'all',
	registration: 'automatic',
	simplify: true,
	options: {},
};

/** Longer than deliveries that are out of order wait. */
const QUIET_LOOKS = 10;

export interface Scene {
	adobe: Emulator;
	host: WebhookHost;
	flowId: string;
	/** Waits until nothing is on its way any more. */
	settled(): Promise<void>;
	eventIds(): string[];
	/** Posts a body to the webhook; the status of the answer. */
	post(body: string, headers?: Record<string, string>): Promise<number>;
}

const open: Array<() => Promise<void>> = [];

/** For `afterEach`. */
export async function closeScenes(): Promise<void> {
	for (const close of open.splice(0)) await close();
}

export async function openScene(
	parameters: INodeParameters = {},
	options: Partial<EmulatorOptions> = {},
	credential: ICredentialDataDecryptedObject = {},
): Promise<Scene> {
	const adobe = await startAdobe(options);
	open.push(async () => await adobe.close());
	await seedConnections(adobe, ['of events']);
	const [connection] = adobe.connections();
	const [flow] = adobe.markInUse(connection?.id ?? '', ['Orders']);
	const host = await WebhookHost.start(
		{ ...EVERYTHING, ...parameters },
		eventsCredential(adobe, credential),
	);
	open.unshift(async () => await host.stop());
	return {
		adobe,
		host,
		flowId: flow?.id ?? '',
		settled: async () => {
			let last = -1;
			let quiet = 0;
			await until(() => {
				const count = adobe.deliveries().length;
				quiet = count === last && host.isIdle() ? quiet + 1 : 0;
				last = count;
				return quiet === QUIET_LOOKS;
			}, 120_000);
		},
		eventIds: () => host.items.map(({ eventId }) => String(eventId)),
		post: async (body, headers = {}) => {
			const response = await fetch(host.url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body,
			});
			await response.text();
			return response.status;
		},
	};
}
