import type { Write } from '../../../nodes/adobe/lostWrites/sendOnce.ts';
import { sendOnce } from '../../../nodes/adobe/lostWrites/sendOnce.ts';
import type { ProblemKind } from '../../../nodes/platform/errors/problem.ts';
import { Problem } from '../../../nodes/platform/errors/problem.ts';
import { thrownBy } from '../../platform/auth/settings.mts';
import { fakeClient } from '../client.mts';

const lost = (kind: ProblemKind = 'connectionLost') =>
	new Problem('No answer', {
		kind,
		advice: 'The line was cut.',
		details: { code: 'ECONNRESET' },
		outcomeUnknown: true,
	});

const refused = (kind: ProblemKind = 'forbidden') =>
	new Problem('Not allowed', { kind, advice: 'Ask for the right.' });

/** A write whose attempts end one after another as given, and which no look-up shows. */
function writeThat(
	...ends: Array<Problem | string>
): Write<string> & { sent: number; looks: number } {
	return {
		sent: 0,
		looks: 0,
		async send() {
			const end = ends[this.sent++] ?? 'sent too often';
			if (end instanceof Problem) throw end;
			return end;
		},
		async find() {
			this.looks++;
			return undefined;
		},
		unclear: (unknown) => unknown.leadingTo('It is not clear whether Adobe has made the thing'),
	};
}

describe('Something that is made once', () => {
	it.each([
		['is looked for as long as lists lag', 300_000, [0, 1_000, 2_000, 4_000, 8_000]],
		['is looked for as long as there is time', 4_000, [0, 1_000, 2_000]],
		['is not looked for where there is no time at all', 0, []],
	])('%s', async (_case, leftMs, pauses) => {
		const client = Object.assign(fakeClient(), { leftMs });
		await sendOnce(client, writeThat(lost(), 'made')).catch(() => undefined);
		expect(client.pauses).toStrictEqual(pauses);
	});

	it('is looked for longer after a time-out, as Adobe may still be working on it', async () => {
		const client = fakeClient();
		expect(await sendOnce(client, writeThat(lost('timeOut'), 'made'))).toBe('made');
		expect(client.pauses).toStrictEqual([0, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]);
	});

	it('is found by a later look', async () => {
		const write = writeThat(lost());
		const find = async () => (write.looks++ < 3 ? undefined : { done: 'found late' });
		expect(await sendOnce(fakeClient(), { ...write, find })).toBe('found late');
	});

	it.each<[string, ProblemKind]>([
		['cut', 'connectionLost'],
		['timed out', 'timeOut'],
	])(
		'is not sent again after an answer was %s and there was no time for a long look',
		async (_case, kind) => {
			const client = Object.assign(fakeClient(), { leftMs: 10_000 });
			const write = writeThat(lost(kind), 'made');
			const error = await thrownBy(async () => await sendOnce(client, write));
			expect(error.message).toBe('It is not clear whether Adobe has made the thing');
			expect(write.sent).toBe(1);
		},
	);

	it('is looked up again where one look fails for the moment', async () => {
		let looks = 0;
		const find = async () => {
			if (looks++ === 0) throw refused('unavailable');
			return { done: 'found' };
		};
		expect(await sendOnce(fakeClient(), { ...writeThat(lost()), find })).toBe('found');
	});

	it('is not sent again while something is there that may have come of it', async () => {
		const doubt = new Problem('Is it this one?', {});
		const write = { ...writeThat(lost()), find: async () => ({ doubt }) };
		expect(await thrownBy(async () => await sendOnce(fakeClient(), write))).toBe(doubt);
		expect(write.sent).toBe(1);
	});

	it('is looked for once more where it was refused after an answer was lost', async () => {
		let looks = 0;
		const find = async () => (looks++ < 6 ? undefined : { done: 'found' });
		const write = { ...writeThat(lost(), refused()), find };
		expect(await sendOnce(fakeClient(), write)).toBe('found');
	});

	it('is not clear where it was refused after an answer was lost', async () => {
		const error = await thrownBy(
			async () => await sendOnce(fakeClient(), writeThat(lost(), refused())),
		);
		expect(error.message).toBe('It is not clear whether Adobe has made the thing');
		expect(error.description).toContain('No answer. The line was cut.');
		expect(error.description).toContain('Not allowed. Ask for the right.');
	});

	it.each([
		['it was not there', 30_000, 'It was not there when it was looked up.'],
		['there was no time to look', 0, 'There was no time left to look it up.'],
	])('is not clear after a time-out, and says that %s', async (_case, leftMs, note) => {
		const client = Object.assign(fakeClient(), { leftMs });
		const error = await thrownBy(async () => await sendOnce(client, writeThat(lost('timeOut'))));
		expect(error.message).toBe('It is not clear whether Adobe has made the thing');
		expect(error.description).toContain(note);
	});

	it('is refused in Adobe’s words where no answer was lost', async () => {
		const refusal = refused();
		const write = writeThat(refusal);
		expect(await thrownBy(async () => await sendOnce(fakeClient(), write))).toBe(refusal);
		expect(write.looks).toBe(0);
	});

	it('is what a look-up shows, and is not sent again', async () => {
		const write = { ...writeThat(lost()), find: async () => ({ done: 'found' }) };
		expect(await sendOnce(fakeClient(), write)).toBe('found');
		expect(write.sent).toBe(1);
	});

	it('fails as the look-up says where that is of no use', async () => {
		const failed = new Problem('There are two', {});
		const write = { ...writeThat(lost()), find: async () => ({ failed }) };
		expect(await thrownBy(async () => await sendOnce(fakeClient(), write))).toBe(failed);
		expect(write.sent).toBe(1);
	});

	it.each<[string, unknown, string]>([
		['a problem', refused(), 'Not allowed. Ask for the right.'],
		['any other error', new Error('No token'), 'No token.'],
	])('is not clear where looking it up ends with %s', async (_case, failure, words) => {
		const write = {
			...writeThat(lost()),
			find: async () => {
				throw failure;
			},
		};
		const error = await thrownBy(async () => await sendOnce(fakeClient(), write));
		expect(error.message).toBe('It is not clear whether Adobe has made the thing');
		expect(error.outcomeUnknown).toBe(true);
		expect(error.description).toContain(`Looking it up was not possible: ${words}`);
		expect(write.sent).toBe(1);
	});

	it('is sent four times at most', async () => {
		const write = writeThat(lost(), lost(), lost(), lost(), 'made');
		const error = await thrownBy(async () => await sendOnce(fakeClient(), write));
		expect(error.message).toBe('It is not clear whether Adobe has made the thing');
		expect(error.description).toContain('It was not there when it was looked up.');
		expect(write).toMatchObject({ sent: 4, looks: 20 });
	});
});

describe('Something of which several can be told apart afterwards', () => {
	/** Lists show what was made after so many looks. */
	const reconciledAfter = (looks: number, ...ends: Array<Problem | string>) => ({
		...writeThat(...ends),
		reconcile: async (made: string, lostAttempts: number) =>
			looks-- > 0 ? undefined : `${made}, one of ${lostAttempts + 1}`,
		unreconciled: (made: string) => `${made}, or more`,
	});

	it('is sent again soon after an answer was cut', async () => {
		const client = fakeClient();
		await sendOnce(client, reconciledAfter(0, lost(), 'made'));
		expect(client.pauses).toStrictEqual([0, 1_000, 0]);
	});

	it('is one in the end, as soon as the list shows what was made last', async () => {
		const write = reconciledAfter(3, lost(), lost(), 'made');
		expect(await sendOnce(fakeClient(), write)).toBe('made, one of 3');
	});

	it('is not looked at again where every answer came', async () => {
		expect(await sendOnce(fakeClient(), reconciledAfter(0, 'made'))).toBe('made');
	});

	it('says that it is not known where the list does not show it in time', async () => {
		const write = reconciledAfter(10, lost(), 'made');
		expect(await sendOnce(fakeClient(), write)).toBe('made, or more');
	});

	it('says that it is not known where that can’t be looked up', async () => {
		const reconcile = async () => {
			throw refused();
		};
		const write = { ...reconciledAfter(0, lost(), 'made'), reconcile };
		expect(await sendOnce(fakeClient(), write)).toBe('made, or more');
	});

	it('can’t arrive any more after a time-out and a long look, however little time is left then', async () => {
		const client = Object.assign(fakeClient(), { leftMs: 100_000 });
		const write = reconciledAfter(0, lost('timeOut'), 'made');
		expect(await sendOnce(client, write)).toBe('made, one of 2');
	});

	it('is sent again after a time-out with half of the time that is left, and may still arrive', async () => {
		const client = Object.assign(fakeClient(), { leftMs: 14_000 });
		const write = reconciledAfter(0, lost('timeOut'), 'made');
		expect(await sendOnce(client, write)).toBe('made, one of 2, or more');
		expect(client.pauses).toStrictEqual([0, 1_000, 2_000, 4_000, 0]);
	});
});

describe('Something that does no harm when it is done twice', () => {
	it('is looked up once and sent again, also after a time-out', async () => {
		const client = fakeClient();
		const write = { ...writeThat(lost('timeOut'), 'made'), repeatable: true };
		expect(await sendOnce(client, write)).toBe('made');
		expect(client.pauses).toStrictEqual([0]);
	});

	it('is looked up where somebody else was faster, and sent again where that does not settle it', async () => {
		const seen: Array<[ProblemKind, boolean]> = [];
		const write: Write<string> = {
			...writeThat(refused('conflict'), lost(), refused('conflict'), 'made'),
			repeatable: true,
			isConflict: ({ kind }) => kind === 'conflict',
			async find({ kind }, isLost) {
				seen.push([kind, isLost]);
				return undefined;
			},
		};
		expect(await sendOnce(fakeClient(), write)).toBe('made');
		expect(seen).toStrictEqual([
			['conflict', false],
			['connectionLost', true],
			['conflict', true],
		]);
	});

	it('fails with what looking it up ended with where no answer was lost', async () => {
		const failure = refused();
		const write: Write<string> = {
			...writeThat(refused('conflict')),
			isConflict: () => true,
			find: async () => {
				throw failure;
			},
		};
		expect(await thrownBy(async () => await sendOnce(fakeClient(), write))).toBe(failure);
	});
});
