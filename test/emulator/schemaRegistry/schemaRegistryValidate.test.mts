import { Clock } from '../../../emulator/clock.mts';
import { SchemaStore } from '../../../emulator/schemaRegistry/schemaStore.mts';
import { EVENT_CLASS, PROFILE_CLASS } from '../../../emulator/schemaRegistry/standardResources.mts';

const OWNER = {
	imsOrgId: 'org@AdobeOrg',
	sandboxName: 'prod',
	createdBy: 'nobody',
	createdClient: 'none',
};

const store = new SchemaStore(new Clock(), 'org@AdobeOrg');
const own = {
	text: { type: 'string', maxLength: 3 },
	whole: { type: 'integer', minimum: 0 },
	part: { type: 'number' },
	flag: { type: 'boolean' },
	at: { type: 'string', format: 'date-time' },
	day: { type: 'string', format: 'date' },
	list: { type: 'array', items: { type: 'string' } },
	kind: { type: 'string', enum: ['a', 'b'] },
	map: { type: 'object', additionalProperties: { type: 'integer' } },
	deep: { type: 'object', properties: { er: { type: 'string' } }, required: ['er'] },
};
const { $id: group } = store.create({
	...OWNER,
	kind: 'fieldgroups',
	title: 'Fields',
	definition: { properties: { _emulator: { type: 'object', properties: own } } },
});
const make = (title: string, ...$refs: string[]) =>
	store.create({
		...OWNER,
		kind: 'schemas',
		title,
		definition: { allOf: $refs.map(($ref) => ({ $ref })) },
	}).$id;
const profile = make('Profile', PROFILE_CLASS, group);
const event = make('Event', EVENT_CLASS);

describe('a record of a profile schema', () => {
	it.each<[string, object]>([
		['nothing', {}],
		['all fields', { text: 'abc', whole: 1, part: 1.5, flag: true, list: ['a'], kind: 'b' }],
		['a whole number as a number', { part: 1 }],
		['a time with a zone', { at: '2025-03-01T08:00:00Z' }],
		['a time with an offset and a fraction', { at: '2025-03-01T08:00:00.123+01:00' }],
		['a day', { day: '2025-03-01' }],
		['an empty list', { list: [] }],
		['a map', { map: { x: 1 } }],
		['an object with what it requires', { deep: { er: 'x' } }],
	])('fits with %s', (_case, record) => {
		expect(store.validate(profile, { _id: '1', _emulator: record })).toEqual([]);
	});

	it.each<[string, object, string]>([
		['a number as text', { text: 5 }, '/_emulator/text must be string'],
		['a text that is too long', { text: 'abcd' }, '/_emulator/text must NOT have more than 3 char'],
		['text as a number', { part: '1' }, '/_emulator/part must be number'],
		['a fraction as an integer', { whole: 1.5 }, '/_emulator/whole must be integer'],
		['a number below the least', { whole: -1 }, '/_emulator/whole must be >= 0'],
		['text as a boolean', { flag: 'true' }, '/_emulator/flag must be boolean'],
		['a time without a zone', { at: '2025-03-01T08:00:00' }, 'must match format "date-time"'],
		['a day as a time', { at: '2025-03-01' }, 'must match format "date-time"'],
		['a day that does not exist', { day: '2025-02-30' }, 'must match format "date"'],
		['text as a list', { list: 'a' }, '/_emulator/list must be array'],
		['a number in a list of texts', { list: [1] }, '/_emulator/list/0 must be string'],
		['a value that is not one of them', { kind: 'c' }, '/_emulator/kind must be equal to one of'],
		['text in a map of integers', { map: { x: 'y' } }, '/_emulator/map/x must be integer'],
		['null', { text: null }, '/_emulator/text must be string'],
		['an object without what it requires', { deep: {} }, "must have required property 'er'"],
		[
			'an unknown field',
			{ colour: 'red' },
			'/_emulator has a field that the schema does not have: colour',
		],
		[
			'an unknown field further down',
			{ deep: { er: 'x', colour: 'red' } },
			'/_emulator/deep has a field that the schema does not have: colour',
		],
	])('does not fit with %s', (_case, record, text) => {
		const texts = store.validate(profile, { _emulator: record });
		expect(texts).toHaveLength(1);
		expect(texts[0]).toContain(text);
	});

	it('is told everything that does not fit, and never a value', () => {
		const texts = store.validate(profile, { _emulator: { text: 'secret', part: 'secret' }, no: 1 });
		expect(texts).toHaveLength(3);
		expect(texts.join()).not.toContain('secret');
	});
});

it('a record of an event schema needs an ID and a time', () => {
	expect(store.validate(event, {})).toEqual([
		"/ must have required property '_id'",
		"/ must have required property 'timestamp'",
	]);
	expect(store.validate(event, { _id: '1', timestamp: '2025-03-01T08:00:00Z' })).toEqual([]);
});

it('a schema that is not there is an error, also after it has been used', () => {
	const gone = make('Gone', PROFILE_CLASS);
	expect(store.validate(gone, {})).toEqual([]);
	store.delete(gone);
	expect(() => store.validate(gone, {})).toThrow(RangeError);
	expect(() => store.validate(PROFILE_CLASS, {})).toThrow(RangeError);
});

it('a schema is found by either ID', () => {
	const found = store.find(profile);
	expect(found?.title).toBe('Profile');
	expect(store.find(found?.altId ?? '')).toBe(found);
	expect(store.find('none')).toBeUndefined();
});
