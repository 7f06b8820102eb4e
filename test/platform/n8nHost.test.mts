import { pause } from '../../nodes/platform/n8nHost.ts';
import { thrownBy } from './auth/settings.mts';

describe('a pause', () => {
	it('lasts as long as it should', async () => {
		const startedAt = Date.now();
		await pause(320);
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(318);
	});

	it.each([0, -1, Number.NEGATIVE_INFINITY])('of %d ms is over at once', async (durationMs) => {
		const startedAt = Date.now();
		await pause(durationMs);
		expect(Date.now() - startedAt).toBeLessThan(100);
	});

	it('of a day ends within a second when it is cancelled, with the reason', async () => {
		const controller = new AbortController();
		const reason = new Error('cancelled by the user');
		const startedAt = Date.now();
		setTimeout(() => controller.abort(reason), 50);
		expect(await thrownBy(async () => await pause(86_400_000, controller.signal))).toBe(reason);
		expect(Date.now() - startedAt).toBeLessThan(1_000);
	});

	it('does not begin when it was cancelled before', async () => {
		const startedAt = Date.now();
		const signal = AbortSignal.abort();
		const error = await thrownBy(async () => await pause(5_000, signal));
		expect(error.name).toBe('AbortError');
		expect(Date.now() - startedAt).toBeLessThan(100);
		expect((await thrownBy(async () => await pause(0, signal))).name).toBe('AbortError');
	});
});
