import type { SourceColumn } from '../../nodes/adobe/tables';
import type { FieldType, SchemaField } from '../../nodes/adobe/schemas';
import { readSchemaFields } from '../../nodes/adobe/schemas';
import { mapByName } from '../../nodes/AdobePostgreSqlDataflow/dataflow/create/mapByName';
import {
	findMappingProblems,
	unmappedOf,
} from '../../nodes/AdobePostgreSqlDataflow/dataflow/create/checkMapping';
import { tableSchema } from '../../nodes/AdobePostgreSqlDataflow/dataflow/create/tableSchema';

/** A column by name and type, e.g. `total:number`; text by default. */
function column(text: string): SourceColumn {
	const [name = '', type = 'string'] = text.split(':');
	const time = type === 'date' || type === 'date-time';
	return {
		name,
		xdmType: time ? 'string' : type,
		...(time ? { xdmFormat: type } : {}),
		raw: { name },
	};
}

function field(text: string): SchemaField {
	const [path = '', type = 'string', required] = text.split(':');
	return { path, type: type as FieldType, required: required === 'required' };
}

const columnsOf = (text: string) => text.split(' ').map(column);
const fieldsOf = (text: string) => text.split(' ').map(field);

describe('Automatic mapping', () => {
	it.each<[string, string, string, Record<string, string>, string[]]>([
		['takes the field of the same name', 'total:number', 'total:number', { total: 'total' }, []],
		[
			'takes the last part of a path',
			'email',
			'personalEmail.email',
			{ email: 'personalEmail.email' },
			[],
		],
		[
			'does not mind case and underscores',
			'customer_id ORDER_STATUS',
			'_acme.customerId _acme.orderStatus',
			{ customer_id: '_acme.customerId', ORDER_STATUS: '_acme.orderStatus' },
			[],
		],
		[
			'prefers the exact name over one that is merely alike',
			'orderid order_id',
			'_acme.orderId _acme.order_id',
			{ orderid: '_acme.orderId', order_id: '_acme.order_id' },
			[],
		],
		["prefers the organization's own field", 'id', '_id _acme.id', { id: '_acme.id' }, []],
		['takes _id for id where there is no other', 'id', '_id', { id: '_id' }, []],
		[
			'prefers the field that is nearer to the root',
			'name',
			'_acme.name _acme.billing.name',
			{ name: '_acme.name' },
			[],
		],
		[
			'leaves out what could be one as well as the other',
			'name',
			'_acme.billing.name _acme.shipping.name',
			{},
			['name'],
		],
		[
			'leaves out a column that the field can not hold',
			'paid:boolean total:number note when:string',
			'_acme.paid:number _acme.total:integer _acme.note _acme.when:date-time',
			{ note: '_acme.note' },
			['paid', 'total', 'when'],
		],
		[
			'lets a text hold anything and a number hold an integer',
			'id:integer count:integer at:date-time',
			'_acme.id _acme.count:number _acme.at',
			{ id: '_acme.id', count: '_acme.count', at: '_acme.at' },
			[],
		],
		[
			'leaves fields alone that Adobe writes',
			'create_date:date-time createdByBatchID',
			'_repo.createDate:date-time createdByBatchID',
			{},
			['create_date', 'createdByBatchID'],
		],
		['leaves out a list', 'tags', '_acme.tags:other', {}, ['tags']],
		[
			'fills each field once, by the first column',
			'user_id userId_',
			'_acme.userId',
			{ user_id: '_acme.userId' },
			['userId_'],
		],
		['finds letters of any language', 'größe', '_acme.Größe', { größe: '_acme.Größe' }, []],
	])('%s', (_what, columns, fields, expected, left) => {
		const { mappings, unmappedColumns } = mapByName(columnsOf(columns), fieldsOf(fields));
		expect(
			Object.fromEntries(mappings.map(({ source, destination }) => [source, destination])),
		).toStrictEqual(expected);
		expect(unmappedColumns).toStrictEqual(left);
		for (const { sourceType } of mappings) expect(sourceType).toBe('ATTRIBUTE');
	});
});

describe('The check of a mapping', () => {
	const fields = fieldsOf(
		'_id:string:required _acme.total:number _acme.at:date-time _acme.tags:other _acme.count:integer',
	);
	const columns = [
		...columnsOf('id total:number at:date-time day:date paid:boolean note'),
		column('Order Id'),
		column('unit.price:number'),
	];
	const problems = (...pairs: string[]) =>
		findMappingProblems(
			pairs.map((pair) => {
				const [source = '', destination = '', sourceType = 'ATTRIBUTE'] = pair.split('>');
				return { source, destination, sourceType: sourceType as 'ATTRIBUTE' };
			}),
			{ columns, fields, table: 'public.orders' },
		);

	it.each<[string, string[], string[]]>([
		['is content with what fits', ['id>_id', 'total>_acme.total', 'day>_acme.at'], []],
		['lets a text go where a number is wanted', ['id>_id', 'note>_acme.total'], []],
		['leaves calculations to Adobe', ['id>_id', 'now()>_acme.tags>EXPRESSION'], []],
		[
			'takes the columns of a calculation, with escapes, too',
			['id>_id', 'concat(note, " ${sum}", unit\\.price, ${Order Id})>_acme.count>EXPRESSION'],
			[],
		],
		['takes a column with escapes', ['${Order Id}>_id', 'unit\\.price>_acme.total'], []],
		[
			'names the columns of a calculation that are not there, and those that are alike',
			['id>_id', 'iif(NOTE == "x", upper(foo), first.name)>_acme.count>EXPRESSION'],
			[
				"The calculation for '_acme.count': The table 'public.orders' has no column 'NOTE'; it has id, total, at, day, paid, note, Order Id, unit.price. Do you mean note?",
				"no column 'foo'",
				"no column 'first.name'",
			],
		],
		[
			'names the columns of a calculation into a list',
			['id>_id', 'upper(foo)>_acme.tags[0]>EXPRESSION'],
			["no column 'foo'"],
		],
		['takes a fixed text as it is', ['id>_id', 'foo>_acme.count>STATIC'], []],
		['leaves paths into lists to Adobe', ['id>_id', 'note>_acme.tags[0].name'], []],
		[
			'names a field that is not there, and those that are alike',
			['id>_id', 'total>acme.total'],
			["no field 'acme.total'. Do you mean _acme.total?"],
		],
		[
			'names a field that holds further ones',
			['id>_id', 'total>_acme'],
			["'_acme' is no field but holds further ones"],
		],
		[
			'names a column that is not there',
			['id>_id', 'sum>_acme.total'],
			["The table 'public.orders' has no column 'sum'; it has id, total"],
		],
		[
			'names what does not fit',
			['id>_id', 'paid>_acme.total', 'total>_acme.count'],
			[
				"The column 'paid' (boolean) does not fit into the field '_acme.total' (number).",
				"The column 'total' (number) does not fit into the field '_acme.count' (integer).",
			],
		],
		['names a list', ['id>_id', 'note>_acme.tags'], ["'_acme.tags' is a list or a map"]],
		[
			'names a field that is filled twice',
			['id>_id', 'note>_id'],
			["The field '_id' is filled twice."],
		],
		[
			'names a required field without a value',
			['total>_acme.total'],
			["The schema requires the field '_id', and nothing is mapped to it."],
		],
	])('%s', (_what, pairs, expected) => {
		const found = problems(...pairs);
		expect(found).toHaveLength(expected.length);
		expected.forEach((part, index) => expect(found[index]).toContain(part));
	});
});

describe('The fields of a schema', () => {
	it('are those that hold values, with their types and whether they are required', () => {
		const schema = {
			type: 'object',
			required: ['_id', '_acme'],
			properties: {
				_id: { type: 'string', title: 'ID' },
				_acme: {
					type: 'object',
					required: ['total'],
					properties: {
						total: { type: 'number' },
						at: { type: 'string', format: 'date-time' },
						tags: { type: 'array', items: { type: 'string' } },
						any: { type: 'object' },
					},
				},
				person: { required: ['name'], properties: { name: { type: 'string' } } },
			},
		};
		expect(
			readSchemaFields(schema).map(({ path, type, required }) => `${path}:${type}:${required}`),
		).toStrictEqual([
			'_id:string:true',
			'_acme.total:number:true',
			'_acme.at:date-time:false',
			'_acme.tags:other:false',
			'_acme.any:other:false',
			'person.name:string:false',
		]);
	});

	it.each([undefined, null, 'text', [], {}, { properties: null }, { properties: { a: null } }])(
		'of %p are none, or none that can be filled',
		(schema) => {
			for (const { type } of readSchemaFields(schema)) expect(type).toBe('other');
		},
	);

	it('come to an end where a schema refers to itself', () => {
		const schema: Record<string, unknown> = { type: 'object' };
		schema.properties = { self: schema };
		expect(readSchemaFields(schema)).toStrictEqual([]);
	});
});

describe('The schema for a table', () => {
	const make = (columns: string, more = {}) =>
		tableSchema({
			name: 'Orders',
			marker: 'made for a test',
			columns: columnsOf(columns),
			schemaClass: 'profile',
			tenantId: 'acme',
			...more,
		});

	it.each<[string, string, string[]]>([
		['camel case', 'customer_id UpdatedAt', ['customerId', 'updatedAt']],
		['names with blanks and signs', 'Order-Id unit.Price', ['orderId', 'unitPrice']],
		['accents', 'größe café', ['grosse', 'cafe']],
		['a digit in front', '2nd_line', ['column2ndLine']],
		['nothing but signs', '__ 名前', ['column1', 'column2']],
		[
			'names that become the same',
			'order_id orderId ORDER_ID',
			['orderId', 'orderId2', 'orderId3'],
		],
		['names that become the same but for case', 'order_id ORDERID', ['orderId', 'orderid2']],
		['a name that a number has been put behind', 'a a_ a2', ['a', 'a2', 'a22']],
		['capitals', 'CUSTOMER_ID ID X order_ID', ['customerId', 'id', 'x', 'orderId']],
		[
			'capitals in front of others',
			'URLPath customerID eMail_ADDRESS',
			['urlPath', 'customerID', 'eMailAddress'],
		],
		['underscores in front', '_ID __row_ID', ['id', 'rowId']],
		[
			'capitals with digits',
			'ADDRESS_LINE_1 A1B2 2FA_CODE',
			['addressLine1', 'a1b2', 'column2faCode'],
		],
		[
			'letters beside the alphabet',
			'Ærø STRAẞE ØRSTED ÜBER_GRÖSSE',
			['aero', 'strasse', 'orsted', 'uberGrosse'],
		],
		['words of SQL and JavaScript', 'SELECT order new class', ['select', 'order', 'new', 'class']],
		['names of JavaScript', '__proto__ constructor', ['proto', 'constructor']],
	])('gives fields for %s', (_what, columns, expected) => {
		const { mappings } = make(columns);
		expect(mappings.map(({ destination }) => destination)).toStrictEqual(
			expected.map((name) => `_acme.${name}`),
		);
	});

	it('gives each field the type of its column', () => {
		const { fieldGroup } = make('a:integer b:number c:boolean d:date e:date-time f:array');
		const { properties } = (fieldGroup.definitions as any).table;
		expect(properties._acme.properties).toMatchObject({
			a: { type: 'integer', minimum: -9007199254740992, maximum: 9007199254740992, title: 'a' },
			b: { type: 'number' },
			c: { type: 'boolean' },
			d: { type: 'string', format: 'date' },
			e: { type: 'string', format: 'date-time' },
			f: { type: 'string' },
		});
	});

	it('is of the class that was chosen, with the field group', () => {
		const { fieldGroup, schemaFor } = make('id');
		const profile = 'https://ns.adobe.com/xdm/context/profile';
		expect(fieldGroup['meta:intendedToExtend']).toStrictEqual([profile]);
		expect(schemaFor('https://ns.adobe.com/acme/mixins/1').allOf).toStrictEqual([
			{ $ref: profile },
			{ $ref: 'https://ns.adobe.com/acme/mixins/1' },
		]);
	});

	it('of events fills their ID and time, too', () => {
		const { mappings } = make('no at:date-time', {
			schemaClass: 'experienceEvent',
			event: { idColumn: 'no', timestampColumn: 'at' },
		});
		expect(mappings.map(({ source, destination }) => [source, destination])).toStrictEqual([
			['no', '_id'],
			['at', 'timestamp'],
			['no', '_acme.no'],
			['at', '_acme.at'],
		]);
	});
});

describe('The columns that a mapping takes nothing from', () => {
	const columns = columnsOf('id total:number note paid:boolean');
	const unmapped = (...pairs: Array<[string, 'ATTRIBUTE' | 'EXPRESSION' | 'STATIC']>) =>
		unmappedOf(
			pairs.map(([source, sourceType]) => ({ source, sourceType, destination: 'x' })),
			columns,
		);

	it('are those that neither a column nor a calculation names', () => {
		expect(unmapped(['id', 'ATTRIBUTE'], ['total * 2', 'EXPRESSION'])).toStrictEqual([
			'note',
			'paid',
		]);
		expect(unmapped(['note', 'STATIC'], ['"note"', 'EXPRESSION'])).toHaveLength(4);
		// It does not end, so that only Adobe can say what it reads.
		expect(unmapped(['concat(note, "', 'EXPRESSION'])).toStrictEqual(['id', 'total', 'paid']);
	});
});
