/**
 * Where a server's name leads from. Adobe connects to the database from its own network: a name that
 * means something on n8n's machine, or in its network alone, means something else there or nothing.
 */
export type ServerReach =
	/** The machine itself, whichever it is. */
	| 'thisMachine'
	/** A network that Adobe is not in, unless somebody has linked the two. */
	| 'privateNetwork'
	| 'public';

/** Names by which containers reach the machine that they run on. */
const HOST_OF_CONTAINER =
	/(?:^|\.)(?:host|gateway)\.(?:docker|containers|orb|lima|minikube|rancher-desktop|podman)\.internal$|^kubernetes\.docker\.internal$|^docker\.for\.(?:mac|win)\.(?:localhost|host\.internal)$/;

/** Top-level names that exist in somebody's own network only. */
const PRIVATE_NAME =
	/\.(?:local|internal|lan|home|corp|intranet|private|localdomain|test|flycast|home\.arpa)$|\.svc$/;

/** The form of an address in IPv6 that holds one in IPv4: `::ffff:10.0.0.1`. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

export function reachOf(server: string): ServerReach {
	const host = server
		.trim()
		.toLowerCase()
		.replace(/^\[(.*)\]$/, '$1')
		.replace(/%.*$/, '')
		.replace(/\.$/, '');
	const address = MAPPED.exec(host)?.[1] ?? host;
	if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) return reachOfIpv4(address);
	if (address.includes(':')) return reachOfIpv6(address);
	if (/(?:^|\.)localhost$|^localhost\.localdomain$|^localhost[46]$|^ip6-localhost$/.test(host)) {
		return 'thisMachine';
	}
	// `127.1`, `0`, `0x7f000001`, `2130706433`: other ways to write the same address.
	if (/^(?:127(?:\.\d+){1,2}|0|0x7f[0-9a-f]{6}|2130706433)$/.test(host)) return 'thisMachine';
	if (HOST_OF_CONTAINER.test(host)) return 'thisMachine';
	return PRIVATE_NAME.test(host) || !host.includes('.') ? 'privateNetwork' : 'public';
}

function reachOfIpv4(address: string): ServerReach {
	const [first = 0, second = 0] = address.split('.').map(Number);
	if (first === 127 || first === 0) return 'thisMachine';
	const isPrivate =
		first === 10 ||
		(first === 172 && second >= 16 && second <= 31) ||
		(first === 192 && second === 168) ||
		(first === 169 && second === 254) ||
		(first === 100 && second >= 64 && second <= 127);
	return isPrivate ? 'privateNetwork' : 'public';
}

function reachOfIpv6(address: string): ServerReach {
	if (/^(?:0*:)*:?0*[01]?$/.test(address)) return 'thisMachine';
	return /^f[cd]|^fe[89ab]/.test(address) ? 'privateNetwork' : 'public';
}
