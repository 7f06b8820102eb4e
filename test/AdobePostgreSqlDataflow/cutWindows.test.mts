import type { Span } from '../../nodes/AdobePostgreSqlDataflow/dataflow/backfill/cutWindows';
import { cutWindows } from '../../nodes/AdobePostgreSqlDataflow/dataflow/backfill/cutWindows';

const at = (text: string) => Date.parse(text) / 1000;
const hours = (span: Partial<Span> & { from: number }) =>
	cutWindows({
		unit: 'days',
		length: 1,
		timeZone: 'UTC',
		now: at('2026-11-28T00:00:00Z'),
		...span,
	}).map(({ start, end }) => (end - start) / 3600);

describe('A span is cut into windows', () => {
	it.each<[string, string, string, string, number[]]>([
		['of 24 hours in UTC', 'UTC', '2026-03-28T00:00:00Z', '2026-03-31T00:00:00Z', [24, 24, 24]],
		[
			'the day on which summer time begins has 23 hours',
			'Europe/Stockholm',
			'2026-03-27T23:00:00Z',
			'2026-03-30T22:00:00Z',
			[24, 23, 24],
		],
		[
			'the day on which it ends has 25',
			'Europe/Stockholm',
			'2026-10-23T22:00:00Z',
			'2026-10-26T23:00:00Z',
			[24, 25, 24],
		],
		[
			'a day begins when the clocks do where they skip midnight',
			'Africa/Cairo',
			'2026-04-22T22:00:00Z',
			'2026-04-25T21:00:00Z',
			[24, 23, 24],
		],
		[
			'a day begins with the first of two midnights',
			'America/Havana',
			'2026-10-31T04:00:00Z',
			'2026-11-03T05:00:00Z',
			[24, 25, 24],
		],
		[
			'a span that begins and ends within a day has shorter ones there',
			'Asia/Kolkata',
			'2026-01-01T12:30:00Z',
			'2026-01-03T00:30:00Z',
			[6, 24, 6],
		],
	])('by days: %s', (_what, timeZone, from, to, expected) => {
		expect(hours({ timeZone, from: at(from), to: at(to) })).toStrictEqual(expected);
	});

	it('of several days, counted from the first', () => {
		const span = { from: at('2026-01-01T06:00:00Z'), to: at('2026-01-10T00:00:00Z'), length: 4 };
		expect(hours(span)).toStrictEqual([90, 96, 24]);
	});

	it('by hours from the start, whatever the clocks do', () => {
		const span = { from: at('2026-03-28T21:30:00Z'), to: at('2026-03-29T12:00:00Z') };
		const timeZone = 'Europe/Stockholm';
		expect(hours({ ...span, timeZone, unit: 'hours', length: 6 })).toStrictEqual([6, 6, 2.5]);
	});

	it('that are over, where no end is given', () => {
		const now = at('2026-01-03T05:00:00Z');
		expect(hours({ from: at('2026-01-01T00:00:00Z'), now })).toStrictEqual([24, 24]);
	});

	it('that follow each other without a gap', () => {
		const from = at('2025-12-31T23:00:00Z');
		const timeZone = 'Europe/Stockholm';
		const windows = cutWindows({ unit: 'days', length: 1, timeZone, from, now: at('2026-11-28') });
		expect(windows[0]?.start).toBe(from);
		expect(windows.slice(1).map(({ start }) => start)).toStrictEqual(
			windows.slice(0, -1).map(({ end }) => end),
		);
		const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
		const times = new Set(windows.map(({ start }) => format.format(start * 1000)));
		expect([...times]).toStrictEqual(['00:00:00']);
	});

	it('up to a thousand', () => {
		const from = at('2026-01-01T00:00:00Z');
		const span = { from, unit: 'hours' as const };
		expect(hours({ ...span, to: from + 1000 * 3600 })).toHaveLength(1000);
		expect(() => hours({ ...span, to: from + 1000 * 3600 + 1 })).toThrow(/'Window Length'/);
	});
});
