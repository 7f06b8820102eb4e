import type { SourceColumn } from '../../../adobe/tables';
import type { SchemaField } from '../../../adobe/schemas';
import { fits, plainName } from './fieldMatch';

/**
 * Fields of Adobe's standard field groups, and what columns with such a content are usually called. Of
 * several fields for one name the first one that the schema has is meant.
 */
const USUAL_NAMES: Readonly<Record<string, string>> = {
	'person.name.firstName': 'first_name fname given_name forename prename',
	'person.name.middleName': 'middle_name second_name',
	'person.name.lastName': 'last_name lname surname family_name',
	'person.name.fullName': 'full_name name customer_name contact_name person_name',
	'person.name.courtesyTitle': 'salutation courtesy_title name_prefix',
	'person.birthDate': 'birth_date birthday date_of_birth dob',
	'person.birthYear': 'birth_year year_of_birth',
	'person.gender': 'gender sex',
	'personalEmail.address': 'email email_address mail e_mail personal_email private_email',
	'workEmail.address': 'work_email business_email office_email email email_address mail e_mail',
	'mobilePhone.number':
		'mobile mobile_phone mobile_number cell cell_phone phone phone_number telephone tel',
	'homePhone.number': 'home_phone landline phone phone_number telephone tel',
	'workPhone.number': 'work_phone business_phone office_phone',
	'homeAddress.street1': 'street street_1 address address_1 address_line_1 street_address',
	'homeAddress.street2': 'street_2 address_2 address_line_2',
	'homeAddress.city': 'city town',
	'homeAddress.postalCode': 'zip zip_code postal_code postcode plz',
	'homeAddress.stateProvince': 'state province region state_province',
	'homeAddress.state': 'state',
	'homeAddress.country': 'country country_name',
	'homeAddress.countryCode': 'country_code country_iso country',
	'homeAddress._schema.latitude': 'latitude lat',
	'homeAddress._schema.longitude': 'longitude lng lon',
	preferredLanguage: 'language preferred_language locale',
	timestamp: 'event_time event_timestamp event_date occurred_at happened_at created_at',
	eventType: 'event_type event_name event',
	_id: 'event_id uuid guid',
};

/** The paths of the fields that a column's name usually stands for. */
const PATHS = new Map<string, string[]>();
for (const [path, names] of Object.entries(USUAL_NAMES)) {
	for (const name of names.split(' ')) {
		PATHS.set(plainName(name), [...(PATHS.get(plainName(name)) ?? []), path]);
	}
}

/**
 * What columns without a field of their name may be: `email` is `personalEmail.address`, most often. These
 * are guesses to show, for a person to decide on; nothing is mapped by them unseen.
 *
 * @param columns those that have no field yet
 * @param taken the paths that are filled already
 * @returns the path for the name of a column; no path twice
 */
export function proposeFields(
	columns: readonly SourceColumn[],
	fields: readonly SchemaField[],
	taken: ReadonlySet<string>,
): Map<string, string> {
	const proposed = new Map<string, string>();
	const used = new Set(taken);
	const pathsOf = ({ name }: SourceColumn) => PATHS.get(plainName(name)) ?? [];
	// What means one field only goes first: `mobile` must not find its field taken by `phone`.
	const inOrder = [...columns].sort((one, other) => pathsOf(one).length - pathsOf(other).length);
	for (const column of inOrder) {
		const path = pathsOf(column).find(
			(one) => !used.has(one) && fields.some((field) => field.path === one && fits(column, field)),
		);
		if (path === undefined) continue;
		proposed.set(column.name, path);
		used.add(path);
	}
	return proposed;
}
