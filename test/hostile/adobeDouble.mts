import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** A request as it went over the wire. */
export interface Sent {
	method: string;
	/** The request line's target, as sent. */
	target: string;
	/** Names in lower case, with every value that was sent under them. */
	headers: Record<string, string[]>;
	body: string;
}

/** What goes over the wire as an answer; a body that is no text is sent as JSON. */
export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: unknown;
}

/** Something that listens on loopback and keeps what it was sent. */
export class Listener {
	readonly sent: Sent[] = [];
	private readonly server: Server;
	origin = '';

	constructor(private readonly answer: (sent: Sent) => Answer) {
		this.server = createServer(this.onRequest);
	}

	async open(): Promise<this> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
		return this;
	}

	get host(): string {
		return new URL(this.origin).host;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private readonly onRequest: RequestListener = async (request, response) => {
		const sent: Sent = {
			method: request.method ?? '',
			target: request.url ?? '',
			headers: headersOf(request),
			body: await bodyOf(request),
		};
		this.sent.push(sent);
		const { status, headers = {}, body = '' } = this.answer(sent);
		const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(text);
	};
}

function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
	const headers: Record<string, string[]> = Object.create(null);
	for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
		const name = String(rawHeaders[at]).toLowerCase();
		(headers[name] ??= []).push(String(rawHeaders[at + 1]));
	}
	return headers;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}

export const TOKEN = 'token-that-only-the-platform-may-see';
export const CLIENT_SECRET = 'p8e-client-secret-of-the-tests';
export const CLIENT_ID = 'client-of-the-tests';
export const ORGANIZATION = '0123456789ABCDEF01234567@AdobeOrg';

/**
 * Adobe's two services at one address, which answer whatever they are told, and a stranger who must
 * never be asked. The emulator would answer as Adobe does; here answers are hostile.
 */
export class AdobeDouble {
	/** What the platform answers from now on. */
	answer: (sent: Sent) => Answer = () => ({ status: 200, body: {} });
	readonly adobe = new Listener((sent) =>
		sent.target === '/ims/token/v3'
			? { status: 200, body: { access_token: TOKEN, token_type: 'bearer', expires_in: 86_399 } }
			: this.answer(sent),
	);
	readonly stranger = new Listener(() => ({ status: 200, body: {} }));

	static async open(): Promise<AdobeDouble> {
		const double = new AdobeDouble();
		await Promise.all([double.adobe.open(), double.stranger.open()]);
		return double;
	}

	async close(): Promise<void> {
		await Promise.all([this.adobe.close(), this.stranger.close()]);
	}

	/** Requests to the platform, without those for a token. */
	get platformRequests(): Sent[] {
		return this.adobe.sent.filter(({ target }) => target !== '/ims/token/v3');
	}

	forget(): void {
		this.adobe.sent.length = 0;
		this.stranger.sent.length = 0;
	}

	credential(changes: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
		return {
			clientId: CLIENT_ID,
			clientSecret: CLIENT_SECRET,
			orgId: ORGANIZATION,
			scopes: 'openid',
			sandboxName: 'prod',
			environment: 'custom',
			platformUrl: this.adobe.origin,
			imsUrl: this.adobe.origin,
			...changes,
		};
	}
}
