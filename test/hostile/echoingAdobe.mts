import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Emulator } from '../../emulator/emulator.mts';

/** What an answer repeats, given the token that it was asked with. */
export type Echo = (token: string) => string;

/** Without these as they are, the answer would be about something else. */
const KEPT = /^(id|.*Id|.*Ids|href|status|connectionSpec|flowSpec|_links|\$ref|meta:.*|frequency)$/;

/** The emulator behind a careless gateway: whatever it answers repeats something, in every text and every name. */
export class EchoingAdobe {
	/** Nothing is repeated at first. */
	echo?: Echo;
	private readonly server: Server;

	constructor(private readonly emulator: Emulator) {
		this.server = createServer((request, response) => void this.answer(request, response));
	}

	async open(): Promise<void> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
	}

	get platformUrl(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = 'GET', url = '', headers } = request;
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { host: _, connection: __, 'content-length': ___, ...passed } = headers;
		const answer = await fetch(this.emulator.platformUrl + url, {
			method,
			headers: passed as Record<string, string>,
			...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
		});
		const text = await answer.text();
		response.writeHead(answer.status, { 'content-type': 'application/json' });
		response.end(this.echo === undefined || text === '' ? text : this.repeating(text, headers));
	}

	private repeating(text: string, { authorization = '' }: IncomingMessage['headers']): string {
		const echo = this.echo?.(authorization.replace(/^Bearer /, '')) ?? '';
		return JSON.stringify(added(JSON.parse(text), echo));
	}
}

/** With the echo behind every text, and in the name of a further member of every object. */
function added(value: unknown, echo: string): unknown {
	if (typeof value === 'string') return `${value} ${echo}`;
	if (Array.isArray(value)) return value.map((one) => added(one, echo));
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value).map(([name, member]: [string, unknown]) => [
		name,
		KEPT.test(name) ? member : added(member, echo),
	]);
	return { ...Object.fromEntries(members), [`and ${echo}`]: 'a name' };
}
