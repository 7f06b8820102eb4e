import type { Socket } from 'node:net';

/** The requests since the start or the last reset, without control requests. */
export interface Stats {
	/** Requests to IMS and to the platform together. */
	total: number;
	/** Requests by method and path pattern, as `GET /data/…/connections/{id}`. */
	requests: Record<string, number>;
	imsCalls: number;
	imsTokensIssued: number;
	/** Answers with status 429, by the rate limit or by a fault. */
	rateLimited: number;
	/** TCP connections that carried at least one counted request. */
	socketsOpened: number;
	inFlight: number;
	peakInFlight: number;
	/** Connections created, changed and deleted, whether the client got the answer or not. */
	connectionWrites: number;
	/** Number of connections by name, over all sandboxes; the same of what follows. */
	connections: Record<string, number>;
	sourceConnections: Record<string, number>;
	targetConnections: Record<string, number>;
	flows: Record<string, number>;
	/** Number of mapping sets, and of runs. */
	mappingSets: number;
	runs: number;
}

/** The numbers that are not counted here. */
type Holdings = Pick<
	Stats,
	| 'connectionWrites'
	| 'connections'
	| 'sourceConnections'
	| 'targetConnections'
	| 'flows'
	| 'mappingSets'
	| 'runs'
>;

/** Counts requests. */
export class Counters {
	private requests: Record<string, number> = {};
	private total = 0;
	private imsCalls = 0;
	private imsTokensIssued = 0;
	private rateLimited = 0;
	private sockets = new WeakSet<Socket>();
	private socketsOpened = 0;
	private inFlight = 0;
	private peakInFlight = 0;

	/** Counts a request that begins. Returns what to call, once or more, when it has ended. */
	begin(pattern: string, socket: Socket): () => void {
		this.total++;
		this.requests[pattern] = (this.requests[pattern] ?? 0) + 1;
		if (pattern.includes(' /ims/')) this.imsCalls++;
		if (!this.sockets.has(socket)) {
			this.sockets.add(socket);
			this.socketsOpened++;
		}
		this.peakInFlight = Math.max(this.peakInFlight, ++this.inFlight);
		let ended = false;
		return () => {
			if (!ended) this.inFlight--;
			ended = true;
		};
	}

	tokenIssued(): void {
		this.imsTokensIssued++;
	}

	answered(status: number): void {
		if (status === 429) this.rateLimited++;
	}

	/** The numbers as they are now. */
	read(holdings: Holdings): Stats {
		const { total, imsCalls, imsTokensIssued, rateLimited, socketsOpened } = this;
		const { inFlight, peakInFlight } = this;
		const requests = { ...this.requests };
		return {
			total,
			requests,
			imsCalls,
			imsTokensIssued,
			rateLimited,
			socketsOpened,
			inFlight,
			peakInFlight,
			...holdings,
		};
	}

	/** Starts again at zero; requests still in flight stay so. */
	reset(): void {
		this.requests = {};
		this.total = this.imsCalls = this.imsTokensIssued = this.rateLimited = 0;
		this.socketsOpened = 0;
		this.sockets = new WeakSet();
		this.peakInFlight = this.inFlight;
	}
}
