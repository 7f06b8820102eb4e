import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { listenOnLoopback } from './loopbackServer.mts';

/**
 * Serves one link that signs the browser in to n8n and continues to a page. A cookie belongs to a
 * host, whatever the port, so this server may set it for n8n beside it on the same address. The
 * link holds a random part, because other users of the machine can reach the port too.
 *
 * @param cookie value of n8n's cookie
 * @param page where to go
 */
export async function startSignInLink(
	cookie: string,
	page: string,
): Promise<{ url: string; stop: () => Promise<void> }> {
	const path = `/${randomBytes(16).toString('hex')}`;
	const server = createServer((request, response) => {
		if (request.url === path) {
			response.writeHead(302, {
				'cache-control': 'no-store',
				location: page,
				'set-cookie': `n8n-auth=${cookie}; Path=/; HttpOnly; SameSite=Lax`,
			});
		} else {
			response.writeHead(404);
		}
		response.end();
	});
	const { url, stop } = await listenOnLoopback(server);
	return { url: `${url}${path}`, stop };
}
