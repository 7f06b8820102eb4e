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
		['waits a second before it looks again', 300_000, [0, 1_000]],
		['looks once where there is no time for more', 500, [0]],
		['is not looked for where there is no time at all', 0, []],
	])('%s', async (_case, leftMs, pauses) => {
		const client = Object.assign(fakeClient(), { leftMs });
		expect(await sendOnce(client, writeThat(lost(), 'made'))).toBe('made');
		expect(client.pauses).toStrictEqual(pauses);
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
		['it was not there', 300_000, 'It was not there when it was looked up.'],
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
		expect(write).toMatchObject({ sent: 4, looks: 8 });
	});

	it('is not sent again after a time-out: Adobe may still be working on it', async () => {
		const write = writeThat(lost('timeOut'), 'made');
		const error = await thrownBy(async () => await sendOnce(fakeClient(), write));
		expect(error.message).toBe('It is not clear whether Adobe has made the thing');
		expect(write).toMatchObject({ sent: 1, looks: 2 });
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
