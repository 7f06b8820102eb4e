/** Counts what is in flight, up to a number at a time. */
export class InFlightLimit {
	private inFlight = 0;

	constructor(private readonly max: number) {}

	/** Takes a place. Returns what gives it back, and works once; undefined where all are taken. */
	enter(): (() => void) | undefined {
		if (this.inFlight >= this.max) return undefined;
		this.inFlight++;
		let isInside = true;
		return () => {
			if (isInside) this.inFlight--;
			isInside = false;
		};
	}
}
