const STARTED_EPOCH_MS = Date.now();
const STARTED_MS = performance.now();

/**
 * Epoch milliseconds by a clock that never jumps, for deadlines and durations: the machine's own may be
 * set while an execution runs. It drifts from that one, so it says nothing about dates.
 */
export function steadyEpochMs(): number {
	return STARTED_EPOCH_MS + performance.now() - STARTED_MS;
}
