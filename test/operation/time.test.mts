import { DateTime, Duration } from 'luxon';
import { runInNewContext } from 'node:vm';

import { epochMsOf } from '../../nodes/operation/time.ts';

const at = (value: unknown, timeZone = 'Europe/Stockholm') =>
	new Date(epochMsOf(value, 'Window Start', timeZone)).toISOString();

describe('A time that a user gives', () => {
	it.each<[string, unknown, string]>([
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
		[
			'a date object of another realm',
			runInNewContext('new Date(1767225600123)'),
			'2026-01-01T00:00:00.123Z',
		],
		[
			'what $now gives',
			DateTime.fromISO('2026-01-31T06:00:00', { zone: 'Asia/Kolkata' }),
			'2026-01-31T00:30:00.000Z',
		],
		['a leap day', '2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
		['the last moment of a day', '2026-01-31T23:59:59.999Z', '2026-01-31T23:59:59.999Z'],
		[
			'the hour that comes twice, the first time',
			'2026-10-25T02:30:00',
			'2026-10-25T00:30:00.000Z',
		],
		['a zone without a colon', '2026-01-31T06:00:00-0330', '2026-01-31T09:30:00.000Z'],
		['a zone of hours', '2026-01-31 06:00+01', '2026-01-31T05:00:00.000Z'],
	])('may be %s', (_what, value, expected) => {
		expect(at(value)).toBe(expected);
	});

	it.each([
		['a word', 'yesterday'],
		['now', 'now'],
		['today', 'today'],
		['nothing', ''],
		['null', null],
		['an object', {}],
		['an object with a value', { valueOf: () => 1_767_225_600 }],
		['a list', [1]],
		['true', true],
		['30 February', '2027-02-30'],
		['29 February of no leap year', '2026-02-29T06:00:00'],
		['31 June', '2026-06-31T06:00:00Z'],
		['a month that is none', '2026-13-01'],
		['a day that is none', '2026-12-00'],
		['25 o’clock', '2026-01-31T25:00:00'],
		['24 o’clock', '2026-01-31T24:00:00Z'],
		['a minute that is none', '2026-01-31T06:60:00'],
		['a second that is none', '2026-01-31T06:00:60Z'],
		['a date that is none', '2026-02-31T99:00:00Z'],
		['a zone that is none', '2026-01-31T06:00:00+25:00'],
		['a day with a zone', '2026-01-31Z'],
		['a broken date object', new Date(Number.NaN)],
		['a broken date of Luxon’s', DateTime.invalid('test')],
		['a duration', Duration.fromMillis(1_767_225_600_123)],
		['a number below nought', -5],
		['a time before 1970', '1900-01-01T00:00:00Z'],
		['a date object before 1970', new Date(-5)],
		['a year', 2026],
		['a date without dashes', 20_260_131],
		['a date without dashes as a text', '20260131'],
		['a date and time without dashes', '20260131060000'],
		['epoch microseconds', 1_767_225_600_123_456],
		['epoch nanoseconds as a text', '1767225600123456789'],
		['not a number', Number.NaN],
		['a German date', '31.01.2026'],
		['an American date', '01/31/2026'],
	])('is refused when it is %s', (_what, value) => {
		expect(() => at(value)).toThrow("'Window Start' is not a date and time");
	});

	it('is refused where the clocks skip it', () => {
		expect(() => at('2026-03-29T02:30:00')).toThrow(
			"'Window Start' is a time that the clocks skip",
		);
		expect(at('2026-03-29T02:30:00', 'UTC')).toBe('2026-03-29T02:30:00.000Z');
	});

	it.each(['DEFAULT', 'Mars/Phobos', ''])(
		'says where to set the time zone where the workflow has the zone %j',
		(timeZone) => {
			const thrown = () => at('2026-01-31T06:00:00', timeZone);
			expect(thrown).toThrow(`The time zone of the workflow does not exist: '${timeZone}'`);
			// What has a zone of its own does not need it.
			expect(at('2026-01-31T06:00:00Z', timeZone)).toBe('2026-01-31T06:00:00.000Z');
		},
	);

	it('is read in the workflow’s zone, also half an hour off', () => {
		expect(at('2026-01-31T06:00:00', 'Asia/Kolkata')).toBe('2026-01-31T00:30:00.000Z');
		expect(at('2026-01-31T06:00:00', 'UTC')).toBe('2026-01-31T06:00:00.000Z');
	});
});
