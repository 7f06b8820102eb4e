import { setTimeout as sleep } from 'node:timers/promises';

import { Gathering } from '../../../nodes/adobe/together/gathering.ts';
import { Problem } from '../../../nodes/platform/errors/problem.ts';
import type { FakeClient } from '../client.mts';
import { fakeClient } from '../client.mts';

/** A client that waits for real. */
function waitingClient(leftMs = 60_000): FakeClient {
	const client = Object.assign(fakeClient({}), { leftMs });
	return Object.assign(client, {
		pause: async (durationMs: number) => {
			client.leftMs -= durationMs;
			await sleep(durationMs);
		},
	});
}

function recorded(maxKeys = 3) {
	const asked: string[][] = [];
	const gathering = new Gathering<string>(maxKeys, async (_client, keys) => {
		asked.push(keys);
		await sleep(0);
		return new Map(keys.map((key) => [key, `found ${key}`]));
	});
	/** An item that works for some time and then asks. */
	const item = async (key: string, workMs = 0, client = waitingClient()) =>
		await gathering.during(async () => {
			await sleep(workMs);
			return await gathering.find(client, key);
		});
	return { asked, gathering, item };
}

describe('What items ask for at their own moments', () => {
	it('is asked for at once when all that are under way wait', async () => {
		const { asked, item } = recorded();
		const beganMs = performance.now();
		expect(await Promise.all([item('a'), item('b', 30)])).toStrictEqual(['found a', 'found b']);
		expect(asked).toStrictEqual([['a', 'b']]);
		expect(performance.now() - beganMs).toBeLessThan(1_000);
	});

	it('does not wait for one that has ended without asking', async () => {
		const { asked, gathering, item } = recorded();
		await Promise.all([item('a'), gathering.during(async () => await sleep(30))]);
		expect(asked).toStrictEqual([['a']]);
	});

	it('goes out as soon as a request is full', async () => {
		const { asked, gathering, item } = recorded(2);
		let isOver = false;
		const others = gathering.during(async () => {
			while (!isOver) await sleep(10);
		});
		await Promise.all(['a', 'b'].map(async (key) => await item(key)));
		isOver = true;
		await others;
		expect(asked).toStrictEqual([['a', 'b']]);
	});

	it('waits for a quarter of the time that the item has left at most', async () => {
		const { asked, gathering, item } = recorded();
		let isOver = false;
		const others = gathering.during(async () => {
			while (!isOver) await sleep(10);
		});
		const beganMs = performance.now();
		expect(await item('a', 0, waitingClient(2_000))).toBe('found a');
		expect(performance.now() - beganMs).toBeLessThan(1_500);
		isOver = true;
		await others;
		expect(asked).toStrictEqual([['a']]);
	});

	it('is not known where the time of the item is up first', async () => {
		const gathering = new Gathering<string>(3, async () => await new Promise(() => {}));
		expect(await gathering.find(waitingClient(100), 'a')).toBeUndefined();
	});

	it('is asked for alone where the request for several has failed', async () => {
		const gathering = new Gathering<string>(3, async (_client, keys) => {
			if (keys.length > 1) throw new Problem('It fails', { kind: 'timeOut' });
			return new Map(keys.map((key) => [key, key]));
		});
		const item = async (key: string) =>
			await gathering.during(async () => {
				await sleep(10);
				return await gathering.find(waitingClient(), key);
			});
		expect(await Promise.all([item('a'), item('b')])).toStrictEqual(['a', 'b']);
	});

	it('ends for all when the execution is cancelled', async () => {
		let asked = 0;
		const gathering = new Gathering<string>(3, async () => {
			asked++;
			throw new Problem('It was cancelled', { kind: 'stopped' });
		});
		const item = async (key: string) =>
			await gathering.during(async () => {
				await sleep(10);
				return await gathering.find(waitingClient(), key);
			});
		const ends = await Promise.allSettled([item('a'), item('b')]);
		expect(ends.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected']);
		expect(asked).toBe(1);
	});
});
