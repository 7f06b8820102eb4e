import { Batches } from '../../nodes/adobe/batches.ts';
import { fakeClient } from './client.mts';

const inScope = (scope: string) => ({ ...fakeClient(), scope });

/** What is asked for when these values are added, one after another. */
async function askedFor(
	values: ReadonlyArray<[scope: string, value: string]>,
	maxValues = 3,
): Promise<Array<[scope: string, values: string[], items: number[]]>> {
	const asked: Array<[string, string[], number[]]> = [];
	const batches = new Batches<number>(maxValues, async ({ scope }, batch, items) => {
		asked.push([scope, batch, items]);
	});
	values.forEach(([scope, value], index) => batches.add(inScope(scope), value, index));
	await batches.finish();
	return asked;
}

describe('Batches', () => {
	it('ask for no more than so many at once, each with its item', async () => {
		expect(
			await askedFor([
				['dev', 'a'],
				['dev', 'b'],
				['dev', 'c'],
				['dev', 'd'],
			]),
		).toStrictEqual([
			['dev', ['a', 'b', 'c'], [0, 1, 2]],
			['dev', ['d'], [3]],
		]);
	});

	it('stay within an organization and sandbox', async () => {
		expect(
			await askedFor([
				['dev', 'a'],
				['prod', 'b'],
				['dev', 'c'],
			]),
		).toStrictEqual([
			['dev', ['a', 'c'], [0, 2]],
			['prod', ['b'], [1]],
		]);
	});

	it('keep the address short, and ask for a long value all the same', async () => {
		const long = 'ä'.repeat(400);
		const longer = 'ä'.repeat(4_000);
		const asked = await askedFor([
			['dev', long],
			['dev', 'a'],
			['dev', `${long}2`],
			['dev', longer],
		]);
		expect(asked.map(([, , items]) => items)).toStrictEqual([[0, 1], [2], [3]]);
	});

	it('leave alone what a comma would make two of', async () => {
		expect(
			await askedFor([
				['dev', 'a'],
				['dev', 'b, c'],
				['dev', 'd'],
			]),
		).toStrictEqual([
			['dev', ['b, c'], [1]],
			['dev', ['a', 'd'], [0, 2]],
		]);
	});

	it('begin as soon as they are full', async () => {
		const asked: string[][] = [];
		const batches = new Batches<undefined>(2, async (_client, values) => {
			asked.push(values);
		});
		for (const value of ['a', 'b', 'c']) batches.add(inScope('dev'), value, undefined);
		expect(asked).toStrictEqual([['a', 'b']]);
		await batches.finish();
	});

	it('that fail leave the others as they are', async () => {
		const done: string[] = [];
		const batches = new Batches<string>(1, async (_client, [value = ''], items) => {
			if (value === 'b') throw new Error('refused');
			done.push(...items);
		});
		for (const value of ['a', 'b', 'c']) batches.add(inScope('dev'), value, value);
		await batches.finish();
		expect(done).toStrictEqual(['a', 'c']);
	});

	it('take half an emoji as it is', async () => {
		expect(await askedFor([['dev', 'a\ud83d']])).toStrictEqual([['dev', ['a\ud83d'], [0]]]);
	});
});
