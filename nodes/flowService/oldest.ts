import type { Resource } from './resources';
import { createdEpochMs } from './resources';

/**
 * The one that was made first; of the same millisecond, or where Adobe shows no times, that with the
 * smaller ID: whoever looks has to find the same one.
 */
export function oldestOf<T extends Resource>(found: readonly T[]): T | undefined {
	const [oldest] = [...found].sort((one, other) => {
		const [mine, theirs] = [createdEpochMs(one) ?? Infinity, createdEpochMs(other) ?? Infinity];
		if (mine !== theirs) return mine - theirs;
		return one.id < other.id ? -1 : 1;
	});
	return oldest;
}
