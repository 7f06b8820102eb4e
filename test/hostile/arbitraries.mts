import fc from 'fast-check';

/** Texts that mean something to a part they might reach: paths, headers, queries, patterns. */
const MEANINGFUL = [
	'',
	' ',
	'.',
	'..',
	'/',
	'\\',
	'../../../ims/token/v3',
	'..%2f..%2fims',
	'%2e%2e',
	'%00',
	'\u0000',
	'x\r\nX-Evil: 1',
	'x\nAuthorization: Bearer stolen',
	'?evil=1',
	'#evil',
	'a&property=name==b',
	'a&evil=1',
	'==',
	'a,b',
	'"',
	'"a","b"',
	'%3D%2C',
	'+',
	'100%',
	'__proto__',
	'constructor',
	'prototype',
	'toString',
	'={{ $json }}',
	'\ud83d',
	'\udd11',
	'\u2028',
	'\u202e',
	'//stranger.example/',
	'https://stranger.example/',
	'@stranger.example',
	'javascript:alert(1)',
	'🔑'.repeat(3),
	'x'.repeat(70_000),
];

/** Any text, among it such that means something somewhere, alone and around others. */
export const hostileText = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.string({ unit: 'binary', maxLength: 30 }),
	fc.constantFrom(...MEANINGFUL),
	fc.tuple(fc.string({ maxLength: 5 }), fc.constantFrom(...MEANINGFUL)).map((two) => two.join('')),
);

const hostileKey = fc.oneof(
	fc.string({ maxLength: 8 }),
	fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'),
);

/** Any value that JSON knows, with keys that belong to JavaScript itself among the others. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4, withCrossShrink: true },
		fc.oneof(
			fc.constant(null),
			fc.boolean(),
			fc.double({ noNaN: true, noDefaultInfinity: true }),
			fc.maxSafeInteger(),
			hostileText,
		),
		fc.array(tie('value'), { maxLength: 4 }),
		fc
			.array(fc.tuple(hostileKey, tie('value')), { maxLength: 4 })
			// As JSON.parse makes it: `__proto__` is a member there and not the prototype.
			.map((members) => JSON.parse(jsonObject(members)) as unknown),
	),
})).value;

function jsonObject(members: ReadonlyArray<readonly [string, unknown]>): string {
	const texts = members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
	return `{${texts.join(',')}}`;
}

/** A copy of `value` with one place of it, anywhere inside, exchanged for something else. */
export function withOnePlaceChanged(value: unknown): fc.Arbitrary<unknown> {
	return fc
		.tuple(fc.constantFrom(...placesIn(value)), hostileJson)
		.map(([place, replacement]) => replacedAt(value, place, replacement));
}

type Place = ReadonlyArray<string | number>;

function placesIn(value: unknown, place: Place = []): Place[] {
	if (typeof value !== 'object' || value === null) return [place];
	const inner = Object.entries(value).flatMap(([key, member]) =>
		placesIn(member, [...place, Array.isArray(value) ? Number(key) : key]),
	);
	return [place, ...inner];
}

function replacedAt(value: unknown, place: Place, replacement: unknown): unknown {
	const [key, ...rest] = place;
	if (key === undefined) return replacement;
	if (Array.isArray(value)) {
		return value.map((element, at) =>
			at === key ? replacedAt(element, rest, replacement) : element,
		);
	}
	return Object.fromEntries(
		Object.entries(value as object).map(([name, member]) => [
			name,
			name === key ? replacedAt(member, rest, replacement) : member,
		]),
	);
}
