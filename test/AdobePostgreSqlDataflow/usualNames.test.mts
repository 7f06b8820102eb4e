import type { FieldType, SchemaField } from '../../nodes/adobe/schemas';
import type { SourceColumn } from '../../nodes/adobe/tables';
import {
	columnsByField,
	mapByName,
} from '../../nodes/AdobePostgreSqlDataflow/dataflow/create/mapByName';

const column = (text: string): SourceColumn => {
	const [name = '', type = 'string'] = text.split(':');
	const isTime = type === 'date' || type === 'date-time';
	return {
		name,
		xdmType: isTime ? 'string' : type,
		...(isTime ? { xdmFormat: type } : {}),
		raw: { name },
	};
};
const field = (text: string): SchemaField => {
	const [path = '', type = 'string'] = text.split(':');
	return { path, type: type as FieldType, required: false };
};
const columnsOf = (text: string) => text.split(' ').map(column);
const fieldsOf = (text: string) => text.split(' ').map(field);

/** Fields of Adobe's field groups for a person, as many datasets have them. */
const PERSON =
	'person.name.firstName person.name.lastName person.name.fullName person.birthDate:date person.gender ' +
	'personalEmail.address workEmail.address mobilePhone.number homePhone.number ' +
	'homeAddress.street1 homeAddress.city homeAddress.postalCode homeAddress.stateProvince ' +
	'homeAddress.countryCode preferredLanguage createdByBatchID';

describe('The usual name of a column', () => {
	it.each([
		['email', 'personalEmail.address'],
		['E-Mail', 'personalEmail.address'],
		['email_address', 'personalEmail.address'],
		['work_email', 'workEmail.address'],
		['fname', 'person.name.firstName'],
		['given_name', 'person.name.firstName'],
		['surname', 'person.name.lastName'],
		['family_name', 'person.name.lastName'],
		['name', 'person.name.fullName'],
		['phone', 'mobilePhone.number'],
		['mobile', 'mobilePhone.number'],
		['landline', 'homePhone.number'],
		['street', 'homeAddress.street1'],
		['address_line_1', 'homeAddress.street1'],
		['town', 'homeAddress.city'],
		['zip', 'homeAddress.postalCode'],
		['postcode', 'homeAddress.postalCode'],
		['PLZ', 'homeAddress.postalCode'],
		['state', 'homeAddress.stateProvince'],
		['country', 'homeAddress.countryCode'],
		['dob:date', 'person.birthDate'],
		['birthday:date', 'person.birthDate'],
		['sex', 'person.gender'],
		['locale', 'preferredLanguage'],
	])('%s is proposed for %s, and not mapped unseen', (name, path) => {
		const given = mapByName(columnsOf(name), fieldsOf(PERSON));
		expect(given.mappings).toStrictEqual([]);
		const [plain] = name.split(':');
		expect(given.possibleMatches).toStrictEqual([{ column: plain, field: path }]);
		expect(given.unmappedColumns).toStrictEqual([plain]);
	});

	it.each<[string, string, string, Record<string, string>, Record<string, string>]>([
		[
			'gives way to a field of the very name',
			'email city',
			'_acme.email personalEmail.address homeAddress.city',
			{ email: '_acme.email', city: 'homeAddress.city' },
			{},
		],
		[
			'is tried with the next field where the first is filled',
			'mobile phone email',
			PERSON,
			{},
			{
				mobile: 'mobilePhone.number',
				phone: 'homePhone.number',
				email: 'personalEmail.address',
			},
		],
		[
			'does not mind the order of the columns',
			'phone mobile',
			PERSON,
			{},
			{ phone: 'homePhone.number', mobile: 'mobilePhone.number' },
		],
		[
			'leaves out what the field can not hold',
			'dob zip:integer',
			PERSON,
			{},
			{ zip: 'homeAddress.postalCode' },
		],
		['says nothing where the dataset has no such field', 'email', '_acme.total:number', {}, {}],
		[
			'finds the time of an event',
			'created_at:date-time',
			'_id timestamp:date-time',
			{},
			{ created_at: 'timestamp' },
		],
		['says nothing of other names', 'balance_cents', PERSON, {}, {}],
		['knows no names of JavaScript', 'constructor __proto__', PERSON, {}, {}],
	])('%s', (_what, columns, fields, mapped, proposed) => {
		const { mappings, possibleMatches } = mapByName(columnsOf(columns), fieldsOf(fields));
		expect(
			Object.fromEntries(mappings.map(({ source, destination }) => [source, destination])),
		).toStrictEqual(mapped);
		expect(
			Object.fromEntries(possibleMatches.map((match) => [match.column, match.field])),
		).toStrictEqual(proposed);
		// What a person gets to see beforehand has both.
		expect(Object.fromEntries(columnsByField(columnsOf(columns), fieldsOf(fields)))).toStrictEqual(
			Object.fromEntries(
				Object.entries({ ...mapped, ...proposed }).map(([name, path]) => [path, name]),
			),
		);
	});
});
