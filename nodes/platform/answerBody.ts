/**
 * Bytes that an answer may have, unpacked. Adobe's largest known answers (a page of a hundred dataflows, a
 * union schema, the tables of a database) stay far below; more would fill n8n's memory.
 */
export const MAX_ANSWER_BYTES = 128 * 1024 * 1024;

/** The same in words. */
export const MAX_ANSWER_SIZE = '128 MB';

/** An answer that is larger than it may be. Its code is the attempt's fault. */
export class AnswerTooLarge extends Error {
	readonly code = 'ANSWER_TOO_LARGE';

	constructor() {
		super(`The answer is larger than ${MAX_ANSWER_SIZE}`);
	}
}

/**
 * The body of an answer that was asked for as a stream: JSON as its value, everything else as text. n8n's
 * HTTP client knows no limit (n8n 2.40 and 1.123 set `maxContentLength` to Infinity), so the bytes are
 * counted here as they come.
 *
 * @param body what is no stream is given back as it is
 * @param parseJson throws for what is no JSON
 * @throws AnswerTooLarge, and what the stream ends with when it breaks off
 */
export async function readBody(
	body: unknown,
	maxBytes = MAX_ANSWER_BYTES,
	parseJson: (json: string) => unknown = JSON.parse,
): Promise<unknown> {
	if (!isStream(body)) return body;
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	// Leaving the loop early closes the stream, and the connection with it.
	for await (const chunk of body) {
		bytes += chunk.length;
		if (bytes > maxBytes) throw new AnswerTooLarge();
		chunks.push(chunk);
	}
	return parse(Buffer.concat(chunks, bytes).toString('utf8'), parseJson);
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** As n8n's HTTP client would: what is no JSON stays a text. */
function parse(text: string, parseJson: (json: string) => unknown): unknown {
	const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
	try {
		return parseJson(plain);
	} catch {
		return plain;
	}
}
