import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from './loopbackServer.mts';

/** Somebody else's incoming webhook, on loopback. */
export interface WebhookReceiver {
	/** Without a path; any path is taken. */
	url: string;
	/** What was posted, oldest first. */
	received: Array<{ path: string; body: unknown }>;
	stop: () => Promise<void>;
}

/** Starts a receiver that answers as Slack's incoming webhooks do, and refuses what is not JSON. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
	const received: WebhookReceiver['received'] = [];
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			try {
				received.push({ path: String(request.url), body: JSON.parse(body) });
				response.end('ok');
			} catch {
				response.writeHead(400).end('invalid_payload');
			}
		});
	});
	return { ...(await listenOnLoopback(server)), received };
}
