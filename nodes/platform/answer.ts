import type { Permission } from './permissions';
import type { SignInError } from './signIn';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A call to the platform, without its host, which is the credential's alone. */
export interface PlatformRequest {
	method: Method;
	/** Literal parts and values; each value is encoded, so that none can change the path. */
	path: readonly string[];
	/** Ends the path with a slash, where Adobe's documents do. */
	trailingSlash?: boolean;
	/** Repeatable: `property` filters come several at a time. */
	query?: ReadonlyArray<readonly [name: string, value: string]>;
	body?: object;
	headers?: Record<string, string>;
	/** The operation in the words of the node, e.g. `Create a connection`; for error texts. */
	operation: string;
	permission: Permission;
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
 * How one attempt ended: with an answer, with a network fault's code (see `faults.ts`), or with nothing
 * sent, for want of a token or of time.
 */
export type Attempt = Ended | { outOfTime: true };

/** An attempt that has told something. */
export type Ended = { answer: PlatformAnswer } | { fault: string } | { signIn: SignInError };
