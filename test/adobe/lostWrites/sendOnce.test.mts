import { sendOnce } from '../../../nodes/adobe/lostWrites/sendOnce.ts';
import { Problem } from '../../../nodes/platform/errors/problem.ts';
import { thrownBy } from '../../platform/auth/settings.mts';
import { fakeClient } from '../client.mts';

const lost = () =>
	new Problem('No answer', {
		advice: 'The line was cut.',
		details: { code: 'ECONNRESET' },
		outcomeUnknown: true,
	});

const unclear = (unknown: Problem) =>
	unknown.leadingTo('It is not clear whether Adobe has made the thing');

describe('Something that is made once', () => {
	it.each([
		['waits a second before it looks again', 300_000, [0, 1_000]],
		['looks once where there is no time for more', 500, [0]],
		['is not looked for where there is no time at all', 0, []],
	])('%s', async (_case, leftMs, pauses) => {
		const client = Object.assign(fakeClient(), { leftMs });
		const sendings: Array<() => Promise<{ id: string }>> = [
			async () => {
				throw lost();
			},
			async () => ({ id: 'made' }),
		];
		const made = await sendOnce(client, {
			send: async () => await (sendings.shift() ?? (async () => ({ id: 'twice' })))(),
			find: async () => undefined,
			unclear,
		});
		expect(made).toStrictEqual({ id: 'made' });
		expect(client.pauses).toStrictEqual(pauses);
	});

	it('is not clear where it was refused after an answer was lost', async () => {
		const sendings = [lost(), new Problem('Not allowed', { advice: 'Ask for the right.' })];
		const error = await thrownBy(
			async () =>
				await sendOnce(fakeClient(), {
					send: async () => {
						throw sendings.shift() ?? new Error('sent too often');
					},
					find: async () => undefined,
					unclear,
				}),
		);
		expect(error.message).toBe('It is not clear whether Adobe has made the thing');
		expect(error.description).toContain('Not allowed. Ask for the right.');
	});
});
