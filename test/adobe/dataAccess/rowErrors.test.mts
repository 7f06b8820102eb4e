import { readRows } from '../../../nodes/adobe/dataAccess/rowErrors.ts';

const ERRORS = [{ code: '1555', message: 'A required field is missing.' }];
const row = (id: number, more: object = {}) => ({
	id,
	note: 'a "quoted" {text}, [with] signs',
	...more,
	_errors: ERRORS,
	_filename: 'conversion_errors_0.json',
});
const TWO = [row(1), row(2)];
const lines = (rows: unknown[], indent?: number) =>
	rows.map((one) => JSON.stringify(one, null, indent)).join('\n');

const read = (body: unknown) => {
	const rows = readRows(body);
	return rows === undefined ? undefined : [...rows];
};
const idsOf = (body: unknown) => read(body)?.map(({ row: { id } }) => id);

describe('A file with rejected rows', () => {
	it.each<[string, unknown]>([
		['one object a line', lines(TWO)],
		['one object a line, with carriage returns', `${lines(TWO).replaceAll('\n', '\r\n')}\r\n`],
		['objects over several lines', lines(TWO, 4)],
		[
			'objects over several lines with commas between',
			`${lines([row(1)], 2)},\n${lines([row(2)], 2)},\n`,
		],
		[
			'objects of which one begins where another ends',
			`${lines([row(1)], 2)}\n\n${lines([row(2)], 2)}`,
		],
		[
			'objects that end on their last line',
			TWO.map((one) => JSON.stringify(one).replace(',', ',\n  ')).join('\n'),
		],
		['objects on one line with a comma between', TWO.map((one) => JSON.stringify(one)).join(',')],
		['a list on one line', JSON.stringify(TWO)],
		['a list over several lines', JSON.stringify(TWO, null, 2)],
		['a list with an object a line', `[${JSON.stringify(TWO[0])},\n${JSON.stringify(TWO[1])}]`],
		['a list that has not ended', `[\n${lines([row(1)], 2)},\n${lines([row(2)], 2)}`],
	])('is read as %s', (_what, body) => {
		expect(read(body)).toStrictEqual([
			{
				errors: [{ ...ERRORS[0], column: undefined }],
				row: { id: 1, note: 'a "quoted" {text}, [with] signs' },
				inputFile: 'conversion_errors_0.json',
			},
			{
				errors: [{ ...ERRORS[0], column: undefined }],
				row: { id: 2, note: 'a "quoted" {text}, [with] signs' },
				inputFile: 'conversion_errors_0.json',
			},
		]);
	});

	it('with one row alone is the object itself', () =>
		expect(idsOf(JSON.stringify(row(7)))).toStrictEqual([7]));

	it('keeps the digits of numbers that JavaScript can’t hold', () => {
		const text = `{"id": 9007199254740993, "_errors": []}\n{"id": 1.50, "_errors": []}`;
		expect(idsOf(text)).toStrictEqual(['9007199254740993', 1.5]);
	});

	it.each([
		['between two that are', `${lines([row(1)])}\n{"id": "bad"x"}\n${lines([row(2)])}`],
		['over several lines', `${lines([row(1)], 2)}\n{\n  "id": "bad"x"\n}\n${lines([row(2)], 2)}`],
	])('hands over as text what is no valid JSON, %s', (_what, text) => {
		const rows = read(text) ?? [];
		expect(rows.map(({ row: { id } }) => id)).toStrictEqual([1, undefined, 2]);
		expect(String(rows[1]?.row._corrupt_record)).toContain('"bad"x"');
	});

	it('hands over the end of a file that breaks off', () => {
		const rows = read(`${lines([row(1)])}\n{"id": 2, "no`) ?? [];
		expect(rows.map((one) => one.row)).toStrictEqual([
			expect.objectContaining({ id: 1 }),
			{ _corrupt_record: '{"id": 2, "no' },
		]);
	});

	it('has a row that Adobe itself could not read as text, by the documents’ sample', () => {
		const sample =
			'{\n    "_corrupt_record": "{missingQuotes:\\"v1\\"}",\n    "_errors": [{\n         "code": "1401",\n         "message": "Row is corrupted and cannot be read, please fix and resend."\n    }],\n    "_filename": "parsing_errors_0.json"\n}';
		expect(read(sample)).toStrictEqual([
			{
				errors: [
					{
						code: '1401',
						message: 'Row is corrupted and cannot be read, please fix and resend.',
						column: undefined,
					},
				],
				row: { _corrupt_record: '{missingQuotes:"v1"}' },
				inputFile: 'parsing_errors_0.json',
			},
		]);
	});

	it.each<[string, unknown, unknown[]]>([
		['none', undefined, []],
		['texts', ['Broken'], [{ code: undefined, message: 'Broken', column: undefined }]],
		[
			'one object, with a number and a column',
			{ code: 1401, column: 'email', description: 'Broken' },
			[{ code: '1401', message: 'Broken', column: 'email' }],
		],
		['nothing in them', [null, {}, 5, []], []],
		[
			'passwords',
			[{ message: 'Server=db;UID=ana;PWD=hunter2;' }],
			[{ code: undefined, message: 'Server=db;UID=ana;PWD=***;', column: undefined }],
		],
	])('has reasons in odd forms: %s', (_what, errors, expected) => {
		expect(read(JSON.stringify([{ id: 1, _errors: errors }]))?.[0]?.errors).toStrictEqual(expected);
	});

	it.each([
		['a page of a proxy', '<html>It works</html>'],
		['nothing', undefined],
		['null', null],
		['an empty text', ''],
		['a value that was parsed', {}],
		['a number', 5],
	])('is not %s', (_what, body) => expect(read(body)).toBeUndefined());

	it.each([
		['blanks', `{"id": 1, "blank": "${' '.repeat(500_000)}"}`],
		['blanks that never end', `{"id": 1, "blank": "${' '.repeat(500_000)}`],
		['brackets', `{"id": 1, "signs": "${'},]'.repeat(200_000)}"}`],
		['lines', `{\n${'  "id": {"a": 1 },\n'.repeat(50_000)}`],
		['lines that end', `{\n${'},\n'.repeat(20_000)}`],
	])('with very many %s is read in a moment', (_what, text) => {
		const startedAt = performance.now();
		expect(read(text)?.length).toBeGreaterThan(0);
		// Seconds even on a busy machine; hours, where the time grew with the square of the length.
		expect(performance.now() - startedAt).toBeLessThan(60_000);
	});

	it('may have members of any name', () => {
		const text = '{"__proto__": {"id": 2}, "constructor": 1, "_errors": {"__proto__": []}}';
		const [first] = read(text) ?? [];
		expect(Object.keys(first?.row ?? {})).toStrictEqual(['__proto__', 'constructor']);
		expect(first?.row.id).toBeUndefined();
		expect(first?.errors).toStrictEqual([]);
	});

	it('is read row by row, whatever its length', () => {
		const text = Array.from({ length: 20_000 }, (_, id) => JSON.stringify(row(id))).join('\n');
		const [first] = readRows(text) ?? [];
		expect(first?.row.id).toBe(0);
		expect(read(text)).toHaveLength(20_000);
	});
});
