import { TOO_LATE } from '../../nodes/platform/deadline';
import { inTime, OneAtATime } from '../../nodes/platform/keyed';

/** An item's clock, which only waiting moves. */
class Item {
	constructor(private leftMs: number) {}

	remainingMs(): number {
		return this.leftMs;
	}

	async pause(durationMs: number): Promise<void> {
		this.leftMs -= durationMs;
		await Promise.resolve();
	}
}

function opened(): { work: Promise<string>; end: (value: string) => void } {
	let end: (value: string) => void = () => {};
	const work = new Promise<string>((resolve) => (end = resolve));
	return { work, end };
}

describe('A turn that an item waits for', () => {
	it('comes when the one before is done', async () => {
		const turns = new OneAtATime();
		const { work, end } = opened();
		const first = turns.run('key', async () => await work);
		const second = turns.runInTime('key', new Item(1e9), async () => await Promise.resolve('mine'));
		end('first');
		expect(await first).toBe('first');
		expect(await second).toBe('mine');
	});

	it('is given up when its time is up, and its work is not done later', async () => {
		const turns = new OneAtATime();
		const { work, end } = opened();
		const first = turns.run('key', async () => await work);
		const late = jest.fn(async () => await Promise.resolve('late'));
		expect(await turns.runInTime('key', new Item(1_000), late)).toBe(TOO_LATE);
		end('first');
		await first;
		expect(await turns.run('key', async () => await Promise.resolve('next'))).toBe('next');
		expect(late).not.toHaveBeenCalled();
	});

	it('that has come goes on when the time is up', async () => {
		const turns = new OneAtATime();
		const { work, end } = opened();
		const item = new Item(1_000);
		const first = turns.run('key', async () => await Promise.resolve('first'));
		const mine = turns.runInTime('key', item, async () => await work);
		await first;
		await item.pause(1_000);
		end('mine');
		expect(await mine).toBe('mine');
	});

	it('fails as its work does', async () => {
		const turns = new OneAtATime();
		const first = turns.run('key', async () => await Promise.resolve('first'));
		const failing = async () => await Promise.reject(new Error('no'));
		await expect(turns.runInTime('key', new Item(1e9), failing)).rejects.toThrow('no');
		await first;
	});
});

describe('The work of others', () => {
	it('is waited for as long as there is time', async () => {
		const { work, end } = opened();
		expect(await inTime(new Item(1_000), work)).toBe(TOO_LATE);
		end('done');
		expect(await inTime(new Item(1_000), work)).toBe('done');
	});
});
