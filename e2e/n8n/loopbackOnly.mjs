// Loaded into n8n by NODE_OPTIONS=--import when a test wants proof that nothing leaves the machine:
// every connection to something else than this machine is refused and reported on stderr. Plain
// JavaScript, because the Node.js 20 of n8n 1.x runs no TypeScript.
import dns from 'node:dns';
import net from 'node:net';

/** @param {string} host */
const isLoopback = (host) =>
	host === 'localhost' || host === '::1' || host.startsWith('127.') || host === '::ffff:127.0.0.1';

/** @param {string} host */
function refuse(host) {
	process.stderr.write(`outbound connection refused: ${host}\n`);
	return Object.assign(new Error(`Only loopback is allowed here, not ${host}`), {
		code: 'ENOTFOUND',
	});
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
	// Inside Node.js the arguments come as one array; the options are its first element.
	const first = Array.isArray(args[0]) ? args[0][0] : args[0];
	const host = typeof first === 'object' && first !== null ? first.host : args[1];
	if (typeof host === 'string' && !isLoopback(host)) {
		// Later, as a real failure would come: now nobody listens for it yet, and Node.js 20 waits for ever.
		setImmediate(() => this.destroy(refuse(host)));
		return this;
	}
	return connect.apply(this, args);
};

const lookup = dns.lookup;
dns.lookup = (host, ...rest) => {
	if (isLoopback(host) || net.isIP(host)) return lookup(host, ...rest);
	process.nextTick(rest.at(-1), refuse(host));
};
