const KINDS = ['status', 'delay', 'reset', 'malformed', 'truncated', 'late', 'trickle'] as const;

/** A failure on purpose. */
export interface Fault {
	/** HTTP method; default: any. */
	method?: string;
	/**
	 * Path without query: a pattern as in `Stats.requests` (`…/connections/{id}`), or any string in
	 * which `*` stands for one or more characters; default: any path.
	 */
	path?: string;
	/**
	 * - `status`: answer `status` with `body` and `headers` (default: what Adobe
	 *   usually says with it, an empty object where that is not known)
	 * - `delay`: wait `delayMs`, then continue as usual
	 * - `reset`: close the TCP connection without an answer
	 * - `malformed`: do the work, answer something that is not JSON
	 * - `truncated`: do the work, close the connection in the middle of the answer
	 * - `late`: answer `status` (default 504) at once, and do the work `delayMs` later
	 * - `trickle`: do the work, answer one byte every `delayMs`
	 */
	kind: (typeof KINDS)[number];
	/** Whether `status`, `delay` and `reset` hit before or after the work is done; default before. */
	when?: 'before' | 'after';
	status?: number;
	/** An object is sent as JSON, a string as it is. */
	body?: unknown;
	headers?: Record<string, string>;
	/** Milliseconds. */
	delayMs?: number;
	/** Number of requests that it hits; default 1. */
	times?: number;
	/** Number of matching requests that it lets through first; default 0. */
	skip?: number;
}

/** The pending faults. */
export class Faults {
	private pending: Array<Fault & { times: number; skip: number; pattern: string | undefined }> = [];

	/**
	 * @throws TypeError for an unknown kind or an invalid status
	 */
	add(fault: Fault): void {
		if (!KINDS.includes(fault.kind)) throw new TypeError(`kind must be one of ${KINDS.join(', ')}`);
		const { status = 500 } = fault;
		if (!(Number.isInteger(status) && status >= 200 && status < 600)) {
			throw new TypeError('status must be an HTTP status');
		}
		const pattern = fault.path === undefined ? undefined : withoutSlash(fault.path);
		this.pending.push({ ...fault, times: fault.times ?? 1, skip: fault.skip ?? 0, pattern });
	}

	/**
	 * Takes the fault that hits this request, if any; the one added first comes first.
	 *
	 * @param paths the path as sent and the pattern of the route
	 */
	take(method: string, paths: string[]): Fault | undefined {
		for (const fault of this.pending) {
			if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
			const { pattern } = fault;
			if (pattern !== undefined && !paths.some((path) => fits(pattern, withoutSlash(path))))
				continue;
			if (fault.skip > 0) {
				fault.skip--;
				continue;
			}
			if (--fault.times <= 0) this.pending = this.pending.filter((other) => other !== fault);
			return fault;
		}
		return undefined;
	}

	reset(): void {
		this.pending = [];
	}
}

/** Whether a path fits a pattern in which `*` stands for one or more characters; in linear time. */
function fits(pattern: string, path: string): boolean {
	const [first = '', ...rest] = pattern.split('*');
	if (rest.length === 0) return path === pattern;
	if (!path.startsWith(first)) return false;
	const last = rest.pop() ?? '';
	// Each star takes one character at the least; the parts between are found from left to right.
	let at = first.length;
	for (const part of rest) {
		const found = path.indexOf(part, at + 1);
		if (found === -1) return false;
		at = found + part.length;
	}
	return path.length - last.length > at && path.endsWith(last);
}

/** Without the slash that some documents write at the end. */
function withoutSlash(path: string): string {
	return path.replace(/(?<=.)\/$/, '');
}
