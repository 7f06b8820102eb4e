/** A request as it came in, and how it was answered. Kept in memory only: it holds secrets. */
export interface RecordedRequest {
	/** When it came in, epoch milliseconds. */
	at: number;
	method: string;
	/** Path with query, as sent. */
	path: string;
	/** Names in lower case. */
	headers: Record<string, string | string[] | undefined>;
	/** The body as received, or an empty string. */
	body: string;
	/** Status of the answer; 0 while there is none, or when the connection was cut instead. */
	status: number;
}

const LIMIT = 5_000;

/** The last requests, oldest first. */
export class Journal {
	readonly entries: RecordedRequest[] = [];

	add(entry: RecordedRequest): RecordedRequest {
		this.entries.push(entry);
		// In one go and not one at a time, since cutting off the front moves all the rest.
		if (this.entries.length > LIMIT * 1.2) this.entries.splice(0, this.entries.length - LIMIT);
		return entry;
	}

	reset(): void {
		this.entries.length = 0;
	}
}
