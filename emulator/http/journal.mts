/** A request as received, and how it was answered. Kept in memory only: it holds secrets. */
export interface RecordedRequest {
	/** When it was received, epoch milliseconds. */
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

const MIN_KEPT = 5_000;

/** The last requests, oldest first. */
export class Journal {
	readonly entries: RecordedRequest[] = [];

	add(entry: RecordedRequest): RecordedRequest {
		this.entries.push(entry);
		// Many at a time, since removing from the front moves all the rest.
		if (this.entries.length > MIN_KEPT * 1.2)
			this.entries.splice(0, this.entries.length - MIN_KEPT);
		return entry;
	}

	reset(): void {
		this.entries.length = 0;
	}
}
