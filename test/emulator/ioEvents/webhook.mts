import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

/** A webhook on this machine, which answers as it is told to. */
export interface Webhook {
	url: string;
	received: Received[];
	/** The status of its answers to deliveries; 200 at first. */
	status: number;
	/** Whether it repeats a challenge; so at first. */
	repeats: boolean;
	stop(): Promise<void>;
}

export async function startWebhook(): Promise<Webhook> {
	const server = createServer((request, response) => {
		void buffer(request).then((body) => {
			const { method = '', url = '/', headers } = request;
			webhook.received.push({ method, path: url, headers, body });
			const challenge = new URL(url, 'http://x').searchParams.get('challenge');
			if (challenge === null) response.writeHead(webhook.status).end();
			else if (webhook.repeats) response.setHeader('content-type', 'text/plain').end(challenge);
			else response.writeHead(404).end();
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const webhook: Webhook = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		received: [],
		status: 200,
		repeats: true,
		stop: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
	return webhook;
}
