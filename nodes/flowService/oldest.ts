import type { Resource } from '../../../flowService/resources';

/** The one that was made first; of the same millisecond, that with the smaller ID. */
export function oldestOf<T extends Resource>(found: readonly T[]): T | undefined {
	const [oldest] = [...found].sort((one, other) => {
		const difference = createdAt(one) - createdAt(other);
		if (difference !== 0 && !Number.isNaN(difference)) return difference;
		// It must only be the same for all who look.
		return one.id < other.id ? -1 : 1;
	});
	return oldest;
}

function createdAt({ raw }: Resource): number {
	return typeof raw.createdAt === 'number' ? raw.createdAt : Infinity;
}
