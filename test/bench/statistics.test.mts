import { median } from '../../bench/statistics.mts';

describe('the median', () => {
	it.each<[string, Array<number | null>, number | null]>([
		['of an odd number is the middle one by value', [30, 1, 2], 2],
		['of an even number is the mean of the two in the middle', [4, 1, 3, 100], 3.5],
		['of one is that one', [7], 7],
		['sorts by value and not by text', [10, 9, 100], 10],
		['is unknown where one value is', [1, null, 3], null],
		['of nothing is unknown', [], null],
	])('%s', (_sentence, values, expected) => {
		expect(median(values)).toBe(expected);
	});
});
