import { collectPages } from '../../nodes/platform/pages.ts';
import { thrownBy } from './auth/settings.mts';

/** A list of so many numbers in pages of at most so many. */
function listOf(count: number, largestPage: number) {
	const asked: Array<{ from: number; wanted: number }> = [];
	const fetch = async (token: string | undefined, wanted: number) => {
		const from = Number(token ?? 0);
		asked.push({ from, wanted });
		const to = Math.min(count, from + Math.min(wanted, largestPage));
		const items = Array.from({ length: to - from }, (_, index) => from + index);
		return { items, next: to < count ? String(to) : undefined };
	};
	return { fetch, asked };
}

describe('A list that comes in pages', () => {
	it.each([
		['nothing', 0, 1],
		['one page', 99, 1],
		['just one page', 100, 1],
		['a little more than a page', 101, 2],
		['many pages', 2_500, 25],
	])('is collected whole, each item once: %s', async (_case, count, pages) => {
		const { fetch, asked } = listOf(count, 100);
		expect(await collectPages(fetch)).toStrictEqual(Array.from({ length: count }, (_, i) => i));
		expect(asked).toHaveLength(pages);
	});

	it.each([
		['less than a page', 75, [75]],
		['just one page', 100, [100]],
		['more than a page', 175, [175, 75]],
		['more than there is', 9_999, [9_999, 9_899, 9_799]],
	])('is asked for no page too many: %s', async (_case, limit, wanted) => {
		const { fetch, asked } = listOf(250, 100);
		expect(await collectPages(fetch, limit)).toHaveLength(Math.min(limit, 250));
		expect(asked.map((one) => one.wanted)).toStrictEqual(wanted);
	});

	it('is cut to the limit where Adobe gives more than was asked for', async () => {
		expect(await collectPages(async () => ({ items: [1, 2, 3] }), 2)).toStrictEqual([1, 2]);
	});

	it('takes a page of more items than a call may have arguments', async () => {
		const items = Array.from({ length: 150_000 }, (_, index) => index);
		expect(await collectPages(async () => ({ items }))).toHaveLength(150_000);
	});

	it('goes on over empty pages', async () => {
		const pages = [{ items: [], next: 'a' }, { items: [], next: 'b' }, { items: [7] }];
		expect(await collectPages(async () => pages.shift() ?? { items: [] })).toStrictEqual([7]);
	});

	it.each([
		['to itself', ['a', 'a']],
		['in a circle', ['a', 'b', 'c', 'a']],
	])('that points %s ends in words and not never', async (_case, tokens) => {
		let page = 0;
		const fetch = async () => ({ items: [page], next: tokens[page++ % tokens.length] });
		const error = await thrownBy(async () => await collectPages(fetch));
		expect(error.message).toContain('the same page of the list again');
	});
});
