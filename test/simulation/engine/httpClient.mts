import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Network, Received } from './network.mts';
import { Broken } from './network.mts';

/*
 * n8n's HTTP client is axios behind `OutboundHttp`. All of it stays: what n8n makes of a request, of
 * statuses, of bodies and of errors. Only what would open a socket is replaced: the adapter, which
 * follows axios's own one (`lib/adapters/http.js`) in its errors.
 */

interface AxiosConfig {
	method: string;
	data?: Buffer | string;
	responseType?: string;
	timeout?: number;
	signal?: AbortSignal;
	headers: { toJSON(): Record<string, string> };
	validateStatus?: ((status: number) => boolean) | null;
}

interface AxiosResponse {
	data: unknown;
	status: number;
	statusText: string;
	headers: unknown;
	config: AxiosConfig;
	request: object;
}

type ErrorMaker = new (
	message: string,
	code: string,
	config: AxiosConfig,
	request: object,
	response?: AxiosResponse,
) => Error;

interface Axios {
	defaults: { adapter: (config: AxiosConfig) => Promise<AxiosResponse> };
	getUri(config: AxiosConfig): string;
	AxiosError: ErrorMaker & {
		from(error: Error, code: string | null, config: AxiosConfig, request: object): Error;
	};
	CanceledError: new (message: null, config: AxiosConfig, request: object) => Error;
	AxiosHeaders: new (headers: Record<string, string>) => unknown;
}

let network: Network | undefined;

/** What every request of n8n goes through from now on. */
export function useNetwork(used: Network | undefined): void {
	network = used;
}

/** Takes the place of what would open sockets. Once, after n8n-core is loaded. */
export function installHttpClient(): void {
	// The copy that n8n's client uses.
	const fromHere = createRequire(__filename);
	const fromClient = createRequire(fromHere.resolve('@n8n/backend-network'));
	const axios = fromClient('axios') as Axios;
	axios.defaults.adapter = async (config) => await answer(axios, config);
}

async function answer(axios: Axios, config: AxiosConfig): Promise<AxiosResponse> {
	if (network === undefined) throw new Error('A request outside of a simulation');
	const request = {};
	try {
		const received = await network.send({
			method: config.method.toUpperCase(),
			url: axios.getUri(config),
			headers: config.headers.toJSON(),
			body: config.data,
			timeoutMs: config.timeout ?? 0,
			signal: config.signal,
			isStreamed: config.responseType === 'stream',
		});
		const { status, statusText, headers } = received;
		const response: AxiosResponse = {
			data: inTypeOf(axios, config, received),
			status,
			statusText,
			headers: new axios.AxiosHeaders(headers),
			config,
			request,
		};
		const { validateStatus } = config;
		if (!validateStatus || validateStatus(status)) return response;
		throw new axios.AxiosError(
			`Request failed with status code ${status}`,
			status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST',
			config,
			request,
			response,
		);
	} catch (error) {
		throw error instanceof Broken ? toAxios(axios, error, config, request) : error;
	}
}

/** As axios's own adapter hands a body over. */
function inTypeOf(axios: Axios, config: AxiosConfig, received: Received): unknown {
	const { responseType, signal } = config;
	const { text, arrives } = received;
	if (responseType === 'arraybuffer') return Buffer.from(text);
	if (responseType !== 'stream') return text;
	const stream = Readable.from(arriving(Buffer.from(text), arrives), { objectMode: false });
	// With a stream, the signal goes on to end what has not arrived yet.
	const onAbort = () => stream.destroy(new axios.CanceledError(null, config, {}));
	signal?.addEventListener('abort', onAbort, { once: true });
	stream.once('close', () => signal?.removeEventListener('abort', onAbort));
	return stream;
}

/** A hundred bytes at a time, which are told from one as little. */
const CHUNK_BYTES = 100;

async function* arriving(bytes: Buffer, arrives: Received['arrives']) {
	if (arrives === undefined) {
		yield bytes;
		return;
	}
	if (arrives === 'cut off') {
		yield bytes.subarray(0, bytes.length / 2);
		throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
	}
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
		await sleep(arrives.everyMs);
		yield bytes.subarray(at, at + CHUNK_BYTES);
	}
}

function toAxios(axios: Axios, error: Broken, config: AxiosConfig, request: object): Error {
	switch (error.how) {
		case 'aborted':
			return new axios.CanceledError(null, config, request);
		case 'network': {
			const [, syscall = ''] = /^(connect|read|write) /.exec(error.message) ?? [];
			const cause = Object.assign(new Error(error.message), { code: error.code, syscall });
			return axios.AxiosError.from(cause, null, config, request);
		}
		default: {
			const { received } = error;
			const response: AxiosResponse | undefined = received && {
				data: '',
				status: received.status,
				statusText: received.statusText,
				headers: new axios.AxiosHeaders(received.headers),
				config,
				request,
			};
			return new axios.AxiosError(error.message, error.code, config, request, response);
		}
	}
}
