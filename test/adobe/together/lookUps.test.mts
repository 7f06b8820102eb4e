import { setTimeout as sleep } from 'node:timers/promises';

import { LookUps } from '../../../nodes/adobe/together/lookUps.ts';
import { isProblem, Problem } from '../../../nodes/platform/errors/problem.ts';
import type { FakeClient } from '../client.mts';
import { fakeClient } from '../client.mts';

const MINUTE_MS = 60_000;

/** A client whose pauses end in a later turn, as real ones do. */
function patientClient(): FakeClient {
	return Object.assign(fakeClient({}), { pause: async () => await sleep(0) });
}

/** Look-ups that find every key but `none`, and what was asked for, request by request. */
function recorded(maxKeys = 3) {
	const asked: string[][] = [];
	const lookUps = new LookUps<string>(maxKeys, async (_client, keys) => {
		asked.push(keys);
		await sleep(0);
		return new Map(keys.filter((key) => key !== 'none').map((key) => [key, `found ${key}`]));
	});
	return { asked, lookUps };
}

describe('What several items look up', () => {
	it('is asked for together, and known afterwards', async () => {
		const { asked, lookUps } = recorded();
		const found = await Promise.all(
			['a', 'b', 'none', 'a'].map(async (key) => await lookUps.find(patientClient(), key)),
		);
		expect(found).toStrictEqual(['found a', 'found b', undefined, 'found a']);
		expect(await lookUps.find(patientClient(), 'b')).toBe('found b');
		expect(asked).toStrictEqual([['a', 'b', 'none']]);
	});

	it('brings along what was announced, as much as fits', async () => {
		const { asked, lookUps } = recorded();
		const client = patientClient();
		for (const key of ['a', 'b', 'c', 'd']) lookUps.expect(client.scope, key);
		await lookUps.find(client, 'b');
		await lookUps.find(client, 'c');
		expect(asked).toStrictEqual([['b', 'a', 'c']]);
		await lookUps.find(client, 'd');
		expect(asked).toHaveLength(2);
	});

	it('has a request of its own where it can be part of no list', async () => {
		const { asked, lookUps } = recorded();
		const client = patientClient();
		lookUps.expect(client.scope, 'x,y');
		const keys = ['a', 'x,y', 'b'];
		await Promise.all(keys.map(async (key) => await lookUps.find(client, key)));
		expect(asked).toStrictEqual([['a', 'b'], ['x,y']]);
	});

	it('is asked for anew when it was forgotten, and after a minute', async () => {
		const { asked, lookUps } = recorded();
		const client = patientClient();
		await lookUps.find(client, 'a');
		lookUps.forget(client.scope, 'a');
		await lookUps.find(client, 'a');
		expect(asked).toHaveLength(2);
		const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 2 * MINUTE_MS);
		await lookUps.find(client, 'a');
		now.mockRestore();
		expect(asked).toHaveLength(3);
	});

	it('belongs to its sandbox', async () => {
		const { asked, lookUps } = recorded();
		const other = Object.assign(patientClient(), { scope: 'organization prod' });
		await Promise.all([lookUps.find(patientClient(), 'a'), lookUps.find(other, 'a')]);
		expect(asked).toStrictEqual([['a'], ['a']]);
	});

	it.each<[string, 'rejected' | 'timeOut' | 'forbidden', Array<'fulfilled' | 'rejected'>, number]>([
		['is asked for alone where the list is refused', 'rejected', ['fulfilled', 'fulfilled'], 3],
		['is asked for alone where the time of another is up', 'timeOut', ['rejected', 'fulfilled'], 2],
		['fails for all where none may read it', 'forbidden', ['rejected', 'rejected'], 1],
	])('%s', async (_case, kind, expected, requests) => {
		let asked = 0;
		const lookUps = new LookUps<string>(3, async (_client, keys) => {
			asked++;
			if (keys.length > 1) throw new Problem('It fails', { kind });
			return new Map(keys.map((key) => [key, key]));
		});
		const ends = await Promise.allSettled(
			['a', 'b'].map(async (key) => await lookUps.find(patientClient(), key)),
		);
		expect(ends.map(({ status }) => status)).toStrictEqual(expected);
		expect(asked).toBe(requests);
	});

	it('is asked for again after a failure', async () => {
		let asked = 0;
		const lookUps = new LookUps<string>(3, async (_client, keys) => {
			if (asked++ === 0) throw new Problem('It fails', { kind: 'unavailable' });
			return new Map(keys.map((key) => [key, key]));
		});
		const client = patientClient();
		const failure: unknown = await lookUps.find(client, 'a').catch((error: unknown) => error);
		expect(isProblem(failure, 'unavailable')).toBe(true);
		expect(await lookUps.find(client, 'a')).toBe('a');
	});
});
