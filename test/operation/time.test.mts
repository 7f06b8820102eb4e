import { epochMsOf } from '../../nodes/operation/time.ts';

const at = (value: unknown, timeZone = 'Europe/Stockholm') => {
	const epochMs = epochMsOf(value, 'Window Start', timeZone);
	return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
};

describe('A time that a user gives', () => {
	it.each<[string, unknown, string | undefined]>([
		['nothing', '', undefined],
		['nothing by expression', undefined, undefined],
		['null', null, undefined],
		['a date of the editor, in winter', '2026-01-31T06:00:00', '2026-01-31T05:00:00.000Z'],
		['a date of the editor, in summer', '2026-07-31T06:00:00', '2026-07-31T04:00:00.000Z'],
		['a day', '2026-01-31', '2026-01-30T23:00:00.000Z'],
		['a blank between day and time', '2026-01-31 06:00', '2026-01-31T05:00:00.000Z'],
		['the hour before summer time', '2026-03-29T01:59:00', '2026-03-29T00:59:00.000Z'],
		['the hour after summer time began', '2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
		['UTC', '2026-01-31T06:00:00Z', '2026-01-31T06:00:00.000Z'],
		['another zone', '2026-01-31T06:00:00.250+05:30', '2026-01-31T00:30:00.250Z'],
		['epoch seconds', 1_767_225_600, '2026-01-01T00:00:00.000Z'],
		['epoch seconds as a text', '1767225600', '2026-01-01T00:00:00.000Z'],
		['epoch milliseconds', 1_767_225_600_123, '2026-01-01T00:00:00.123Z'],
		['a date object', new Date(1_767_225_600_123), '2026-01-01T00:00:00.123Z'],
		['the beginning of all time', 0, '1970-01-01T00:00:00.000Z'],
		['a date object of long ago', new Date(5), '1970-01-01T00:00:00.005Z'],
	])('may be %s', (_what, value, expected) => {
		expect(at(value)).toBe(expected);
	});

	it.each([
		['a word', 'yesterday'],
		['an object', {}],
		['a list', [1]],
		['true', true],
		['a date that is none', '2026-02-31T99:00:00Z'],
		['a day that is none', '2026-13-45'],
		['a broken date object', new Date(Number.NaN)],
		['a time before 1970', -5],
		['a German date', '31.01.2026'],
	])('is refused when it is %s', (_what, value) => {
		expect(() => at(value)).toThrow("'Window Start' is not a date and time");
	});

	it('is read in the workflow’s zone, also half an hour off', () => {
		expect(at('2026-01-31T06:00:00', 'Asia/Kolkata')).toBe('2026-01-31T00:30:00.000Z');
		expect(at('2026-01-31T06:00:00', 'UTC')).toBe('2026-01-31T06:00:00.000Z');
	});
});
