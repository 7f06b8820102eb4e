/** The middle one, or the mean of the two in the middle; null where a value is missing. */
export function median(values: Array<number | null>): number | null {
	if (values.length === 0 || values.some((value) => value === null)) return null;
	const sorted = [...(values as number[])].sort((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? 0;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
