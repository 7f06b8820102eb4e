import type { IHttpRequestOptions } from 'n8n-workflow';

import { steadyEpochMs } from './clocks/steadyClock';
import type { SignInError } from './auth/signIn';
import type { ItemTiming } from './deadline';
import { answerBy } from './deadline';
import { Problem } from './errors/problem';
import type { Permission } from './permissions';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** The hosts that Adobe's APIs are on: Experience Platform's, and that of Adobe I/O Events. */
export type Service = 'platform' | 'ioEvents';

/** A call to the platform, without its host, which is the credential's alone. */
export interface PlatformRequest {
	method: Method;
	/** `platform` by default. */
	service?: Service;
	/** Of Adobe I/O's hosts the one to ask; where the credential has no such host, its API is asked instead. */
	eventOrigin?: string;
	/** Literal parts and values; each is encoded, so that none can change the path. */
	path: readonly string[];
	/** Ends the path with a slash, where Adobe's documents do. */
	trailingSlash?: boolean;
	/** Names may repeat, as `property` does. */
	query?: ReadonlyArray<readonly [name: string, value: string]>;
	body?: object;
	/** Set for a POST that only asks: twice the same does no harm. */
	onlyAsks?: true;
	headers?: Record<string, string>;
	/** Set where numbers of the answer are a user's own: one that JavaScript can't hold comes as text. */
	exactNumbers?: true;
	/** Set where a success is a file: it comes as text, whatever is in it. */
	isFile?: true;
	/** The operation in the words of the node, e.g. `Create a connection`; for error texts. */
	operation: string;
	/** What a 403 says is missing: a permission of Experience Platform, or an API of the project. */
	permission: Permission | 'I/O Management API';
	/** Called when it is handed over to n8n; from then on, Adobe may get it. */
	onSend?: () => void;
	/** What a 404 says was looked for, e.g. `The connection 2c15…`. */
	subject?: string;
}

/** A complete answer of the platform, whatever its status. */
export interface PlatformAnswer {
	status: number;
	/** Names in lower case. */
	headers: Record<string, unknown>;
	body: unknown;
}

export function isSuccess(answer: PlatformAnswer): boolean {
	return answer.status >= 200 && answer.status < 300;
}

/**
 * How one attempt ended: with an answer, with a network fault's code (see `networkFaults.ts`), or with
 * nothing sent, for want of a token.
 */
export type Attempt =
	| { answer: PlatformAnswer }
	| { fault: string; /** In n8n's words. */ reason?: string }
	| { signIn: SignInError };

const MAX_REQUEST_MS = 120_000;

/**
 * A platform request in n8n's terms: to the given origin and nowhere else, with every status as an
 * answer.
 *
 * @throws Problem when a part of the path would lead somewhere else
 */
export function toHttpRequest(
	origin: string,
	request: PlatformRequest,
	options: ItemTiming & { sandboxName: string },
): IHttpRequestOptions {
	const hasBody = request.body !== undefined;
	const leftMs = answerBy(request, options) - steadyEpochMs();
	return {
		method: request.method,
		url: origin + pathAndQuery(request),
		headers: {
			// Adobe I/O Events knows no sandboxes.
			...(request.service === 'ioEvents' ? {} : { 'x-sandbox-name': options.sandboxName }),
			...(hasBody ? { 'Content-Type': 'application/json' } : {}),
			...request.headers,
		},
		// As bytes: n8n's HTTP client would copy an object member by member, and parse a string again.
		...(hasBody ? { body: Buffer.from(JSON.stringify(request.body)) } : {}),
		json: true,
		// Read in `answerBody.ts`, which counts the bytes.
		encoding: 'stream',
		timeout: Math.max(1, Math.min(leftMs, MAX_REQUEST_MS)),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// Flow Service never redirects; whoever does must not get the token.
		disableFollowRedirect: true,
	};
}

function pathAndQuery({ path, trailingSlash, query = [], operation }: PlatformRequest): string {
	const encodedPath = path.map((part) => encodePart(part, operation)).join('/');
	const encodedQuery = query
		// Adobe's samples write the `==` of a filter as it is; the encoded form is not documented.
		.map(
			([name, value]) =>
				`${name}=${encode(value, operation).replaceAll('%3D', '=').replaceAll('%2C', ',')}`,
		)
		.join('&');
	return `/${encodedPath}${trailingSlash ? '/' : ''}${encodedQuery === '' ? '' : `?${encodedQuery}`}`;
}

/** `.` and `..` change the path however they are encoded, so they can't be part of one. */
function encodePart(part: string, operation: string): string {
	if (part === '' || part === '.' || part === '..') {
		throw new Problem('An ID is empty or consists of dots', {
			advice: 'Give the ID as Adobe shows it.',
			details: { operation },
		});
	}
	return encode(part, operation);
}

/** Half an emoji (an unpaired surrogate), e.g. of a string that was cut, has no encoded form. */
function encode(value: string, operation: string): string {
	if (/\p{Surrogate}/u.test(value)) {
		throw new Problem(`A text for "${operation}" contains half an emoji`, {
			advice:
				'Retype the names, IDs and filters of this operation: one contains half an emoji, as happens when text is cut off.',
			details: { operation },
		});
	}
	return encodeURIComponent(value);
}
