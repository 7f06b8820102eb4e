// Loaded into n8n by NODE_OPTIONS=--import when a test wants proof that nothing leaves the machine:
// every connection to something else than this machine is refused and reported on stderr.
import dns from 'node:dns';
import net from 'node:net';

const isLoopback = (host: string) =>
	host === 'localhost' || host === '::1' || host.startsWith('127.') || host === '::ffff:127.0.0.1';

function refuse(host: string): NodeJS.ErrnoException {
	process.stderr.write(`outbound connection refused: ${host}\n`);
	return Object.assign(new Error(`Only loopback is allowed here, not ${host}`), {
		code: 'ENOTFOUND',
	});
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
	// Inside Node.js the arguments come as one array; the options are its first element.
	const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
	const host =
		typeof first === 'object' && first !== null ? (first as { host?: unknown }).host : args[1];
	if (typeof host === 'string' && !isLoopback(host)) {
		this.destroy(refuse(host));
		return this;
	}
	return (connect as (...all: unknown[]) => net.Socket).apply(this, args);
} as typeof connect;

const lookup = dns.lookup;
dns.lookup = ((host: string, ...rest: unknown[]) => {
	if (isLoopback(host) || net.isIP(host))
		return (lookup as (...all: unknown[]) => void)(host, ...rest);
	const done = rest.at(-1) as (error: Error) => void;
	process.nextTick(done, refuse(host));
}) as typeof lookup;
