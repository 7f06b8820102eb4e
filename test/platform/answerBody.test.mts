import { Readable } from 'node:stream';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import type { INodeParameters } from 'n8n-workflow';

import { AnswerTooLarge, MAX_ANSWER_BYTES, readBody } from '../../nodes/platform/answerBody.ts';
import { AdobeDouble, TOKEN } from '../hostile/adobeDouble.mts';
import { outcomeOf } from '../hostile/outcome.mts';
import { wholeTextOf } from '../support/connectionNode.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const LIST: INodeParameters = { resource: 'connection', operation: 'getAll', returnAll: true };
const CREATE: INodeParameters = {
	resource: 'connection',
	operation: 'create',
	verify: false,
	name: 'New',
};
const MB = 1024 * 1024;
const HANG_MS = 120_000;

const streamOf = (...chunks: Array<string | Buffer>) =>
	Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

describe('The body of an answer', () => {
	it.each<[string, unknown, unknown]>([
		['JSON', streamOf('{"a":[1,', '2]}'), { a: [1, 2] }],
		['JSON with a character cut in two', streamOf(...halves('"Zürich"')), 'Zürich'],
		['JSON behind a byte order mark', streamOf('\uFEFF{"a":1}'), { a: 1 }],
		['null', streamOf('null'), null],
		['what is no JSON, as text', streamOf('<html>'), '<html>'],
		['nothing, as an empty text', streamOf(''), ''],
		['what is no stream, as it is', { a: 1 }, { a: 1 }],
		['a text that is no stream', 'a', 'a'],
		['no body at all', undefined, undefined],
	])('is read: %s', async (_case, body, value) => {
		expect(await readBody(body)).toStrictEqual(value);
	});

	it('may be as large as the limit, and not a byte larger', async () => {
		expect(await readBody(streamOf('"1234"'), 6)).toBe('1234');
		await expect(readBody(streamOf('"12', '34"'), 5)).rejects.toThrow(AnswerTooLarge);
	});

	it('is not read to its end where it is too large', async () => {
		let given = 0;
		async function* endless() {
			for (;;) {
				given++;
				yield Buffer.alloc(1_000);
			}
		}
		const stream = Readable.from(endless());
		await expect(readBody(stream, 10_000)).rejects.toThrow(AnswerTooLarge);
		expect(stream.destroyed).toBe(true);
		expect(given).toBeLessThan(100);
	});
});

function halves(text: string): Buffer[] {
	const bytes = Buffer.from(text);
	return [bytes.subarray(0, 3), bytes.subarray(3)];
}

/** Runs the node against a platform that answers so; IMS is as usual. */
async function against(answer: RequestListener, parameters: INodeParameters) {
	const server = createServer((request, response) => {
		if (request.url !== '/ims/token/v3') return answer(request, response);
		response.end(JSON.stringify({ access_token: TOKEN, token_type: 'bearer', expires_in: 86_399 }));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const double = { credential: () => new AdobeDouble().credential(urls(origin)) };
	try {
		return await outcomeOf(double as AdobeDouble, parameters);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

const urls = (origin: string) => ({ platformUrl: origin, imsUrl: origin });

describe('An answer of Adobe', () => {
	it(
		'may be a page of 150,000 connections',
		async () => {
			const items = Array.from({ length: 150_000 }, (_, index) => ({
				id: `${ID.slice(0, -6)}${String(index).padStart(6, '0')}`,
				name: `Connection ${index}`,
				state: 'enabled',
			}));
			const text = JSON.stringify({ items, _links: {} });
			const outcome = await against((_request, response) => response.end(text), LIST);
			expect('items' in outcome && outcome.items.length).toBe(150_000);
		},
		HANG_MS,
	);

	it(
		'may be 150,000 tables',
		async () => {
			const tables = Array.from({ length: 150_000 }, (_, index) => ({
				type: 'table',
				name: `t${index}`,
				path: `public.t${index}`,
			}));
			const parameters = {
				resource: 'table',
				operation: 'getAll',
				connectionId: { __rl: true, mode: 'id', value: ID },
				returnAll: true,
			};
			const text = JSON.stringify(tables);
			const outcome = await against((_request, response) => response.end(text), parameters);
			expect('items' in outcome && outcome.items.length).toBe(150_000);
		},
		HANG_MS,
	);

	it.each([
		['as it is', undefined],
		['packed small', 'gzip'],
	])(
		'that is far too large is refused in clear words and asked for once: %s',
		async (_case, encoding) => {
			let asked = 0;
			const block =
				encoding === undefined ? Buffer.alloc(MB, ' ') : gzipSync(Buffer.alloc(MB, ' '));
			const answer: RequestListener = (_request, response) => {
				asked++;
				if (encoding !== undefined) response.setHeader('content-encoding', encoding);
				let left = MAX_ANSWER_BYTES / MB + 1;
				const more = () => {
					while (left-- > 0) {
						if (!response.write(block)) return void response.once('drain', more);
					}
					response.end();
				};
				more();
			};
			const outcome = await against(answer, LIST);
			const text = 'error' in outcome ? wholeTextOf(outcome.error) : '';
			expect(text).toContain('Adobe\'s answer to "Get many connections" is larger than 128 MB');
			expect(text).toContain("'Limit'");
			expect(asked).toBe(1);
		},
		HANG_MS,
	);

	it('of IMS that is far too large is no token', async () => {
		const server = createServer((_request, response) => {
			response.end(Buffer.alloc(2 * MB, ' '));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const double = { credential: () => new AdobeDouble().credential(urls(origin)) };
		const outcome = await outcomeOf(double as AdobeDouble, LIST);
		server.closeAllConnections();
		server.close();
		const text = 'error' in outcome ? wholeTextOf(outcome.error) : '';
		expect(text).toContain('answered with far more than an access token');
	});

	it('that breaks off after a write leaves the outcome open', async () => {
		const answer: RequestListener = (request, response) => {
			if (request.method === 'GET') return void response.end('{"items":[],"_links":{}}');
			response.setHeader('content-length', '100');
			response.write('{"id":');
			setTimeout(() => response.destroy(), 20);
		};
		const outcome = await against(answer, { ...CREATE, options: { timeout: 4 } });
		const text = 'error' in outcome ? wholeTextOf(outcome.error) : '';
		expect(text).toContain('not clear');
	});
});
