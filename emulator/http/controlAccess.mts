import type { FastifyRequest } from 'fastify';
import { WireError } from './wireError.mts';

/**
 * Lets only this machine's own programs use the control plane: a page in a browser must reach it neither by a
 * name that leads to 127.0.0.1 (DNS rebinding) nor from another origin.
 *
 * @throws WireError 403
 */
export function checkControlAccess({ headers }: FastifyRequest): void {
	const host = headers.host ?? '';
	if (!isLoopback(host)) throw refused('Host is not this machine');
	const { origin } = headers;
	if (origin !== undefined && origin !== `http://${host}`) throw refused('Origin is another one');
}

function isLoopback(host: string): boolean {
	// What a URL would make of it: 127.1 and 2130706433 are 127.0.0.1, too.
	if (host === '' || /[/@?#\\\s]/.test(host) || !URL.canParse(`http://${host}`)) return false;
	const { hostname } = new URL(`http://${host}`);
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function refused(why: string): WireError {
	return new WireError(403, { error: `The control plane is for this machine only: ${why}` });
}
