import { type FieldType, nestFields, type XdmField } from './xdmField.mts';

/** A resource that Adobe provides: flow-service.md 6.3, container `global`. */
export interface StandardResource {
	kind: 'behaviors' | 'classes' | 'fieldgroups';
	$id: string;
	title: string;
	description: string;
	/** Behaviour of a class, class of a field group. */
	extends: string[];
	fields: XdmField;
}

const XDM = 'https://ns.adobe.com/xdm';

/** flow-service.md 6.3: record. */
export const PROFILE_CLASS = `${XDM}/context/profile`;
/** flow-service.md 6.3: time series. */
export const EVENT_CLASS = `${XDM}/context/experienceevent`;
const RECORD = `${XDM}/data/record`;
const TIME_SERIES = `${XDM}/data/time-series`;

const AUDIT: Record<string, FieldType> = {
	'_repo.createDate': 'date-time',
	'_repo.modifyDate': 'date-time',
	createdByBatchID: 'string',
	modifiedByBatchID: 'string',
	repositoryCreatedBy: 'string',
	repositoryLastModifiedBy: 'string',
};

/**
 * The classes and, of the many field groups, the two for a person that most schemas have. Their
 * fields are a small part of Adobe's; their names and IDs are general knowledge of XDM ⚠UNV.
 */
export const STANDARD_RESOURCES: StandardResource[] = [
	{
		kind: 'behaviors',
		$id: RECORD,
		title: 'Record Schema',
		description: 'Attributes of a subject.',
		extends: [],
		fields: nestFields({ _id: 'string' }),
	},
	{
		kind: 'behaviors',
		$id: TIME_SERIES,
		title: 'Time-series Schema',
		description: 'What happened, and when.',
		extends: [],
		// flow-service.md 6.3: both are mandatory.
		fields: {
			...nestFields({ _id: 'string', timestamp: 'date-time' }),
			required: ['_id', 'timestamp'],
		},
	},
	{
		kind: 'classes',
		$id: PROFILE_CLASS,
		title: 'XDM Individual Profile',
		description: 'Attributes and interests of an individual.',
		extends: [RECORD],
		fields: nestFields({ _id: 'string', personID: 'string', ...AUDIT }),
	},
	{
		kind: 'classes',
		$id: EVENT_CLASS,
		title: 'XDM ExperienceEvent',
		description: 'A fact record of what occurred.',
		extends: [TIME_SERIES],
		fields: nestFields({
			_id: 'string',
			timestamp: 'date-time',
			eventType: 'string',
			eventMergeId: 'string',
			producedBy: 'string',
			...AUDIT,
		}),
	},
	{
		kind: 'fieldgroups',
		$id: `${XDM}/context/profile-person-details`,
		title: 'Demographic Details',
		description: 'Name, birth date and gender of a person.',
		extends: [PROFILE_CLASS],
		fields: nestFields({
			'person.name.firstName': 'string',
			'person.name.middleName': 'string',
			'person.name.lastName': 'string',
			'person.name.fullName': 'string',
			'person.birthDate': 'date',
			'person.gender': 'string',
		}),
	},
	{
		kind: 'fieldgroups',
		$id: `${XDM}/context/profile-personal-details`,
		title: 'Personal Contact Details',
		description: 'How to reach a person.',
		extends: [PROFILE_CLASS],
		fields: nestFields({
			'personalEmail.address': 'string',
			'personalEmail.label': 'string',
			'mobilePhone.number': 'string',
			'homePhone.number': 'string',
			'homeAddress.street1': 'string',
			'homeAddress.street2': 'string',
			'homeAddress.city': 'string',
			'homeAddress.postalCode': 'string',
			'homeAddress.country': 'string',
			'homeAddress.countryCode': 'string',
		}),
	},
];
