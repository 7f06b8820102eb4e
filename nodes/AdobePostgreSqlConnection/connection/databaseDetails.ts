import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { AuthMode } from '../../adobe/connectionSpec';
import { readOptions } from '../../operation/commonParameters';
import type { OperationCall } from '../../operation/operation';
import { choiceParameter } from '../../operation/parameters';
import { labelOf } from '../../operation/values';
import type { BasicAuthFields } from '../../postgresql/basicAuth';
import { checkBasicAuth, toBasicAuthParams } from '../../postgresql/basicAuth';
import { connectionStringSecrets } from '../../postgresql/connectionString';
import {
	detailsOfFields,
	NOT_IN_A_STRING,
	toBasicFields,
	toConnectionString,
} from '../../postgresql/convertDetails';
import type { DatabaseDetails } from '../../postgresql/pastedDetails';
import { readDetails } from '../../postgresql/pastedDetails';
import type { Problem } from '../../postgresql/problem';
import { DEFAULT_SSL_MODE } from '../../postgresql/sslMode';
import { checkReach } from './checkReach';

export const SOURCE_CREDENTIAL = 'adobePostgreSqlSourceApi';

const FROM_PARAMETERS = { databaseDetails: ['parameters'] };

const databaseDetailsParameter = choiceParameter({
	displayName: 'Database Details',
	name: 'databaseDetails',
	type: 'options',
	options: [
		{
			name: 'From Credential',
			value: 'credential',
			description: 'Encrypted, in the credential "PostgreSQL Source (for Adobe) API"',
		},
		{
			name: 'From Parameters',
			value: 'parameters',
			description: 'Set with expressions from the input item, for many databases in one run',
		},
	],
	default: 'credential',
	description: 'Where the details of the database come from',
});

const secretsNotice: INodeProperties = {
	displayName:
		"Don't type secrets here: they are saved with the workflow. Use expressions, and turn off saving of executions.",
	name: 'secretsNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: FROM_PARAMETERS },
};

const connectionStringParameter: INodeProperties = {
	displayName: 'Connection String',
	name: 'connectionString',
	type: 'string',
	typeOptions: { password: true },
	required: true,
	default: '',
	placeholder: 'e.g. Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=…',
	description:
		'Adobe’s connection string. Strings of other drivers, PostgreSQL and JDBC URLs and psql commands are converted.',
	displayOptions: { show: { ...FROM_PARAMETERS, authMode: ['connectionString'] } },
};

const showForBasic = { show: { ...FROM_PARAMETERS, authMode: ['basic'] } };

const basicParameters: Readonly<Record<keyof BasicAuthFields, INodeProperties>> = {
	server: {
		displayName: 'Server',
		name: 'server',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. db.example.com',
		description: 'Host name or IP address of the PostgreSQL server, as Adobe reaches it',
		displayOptions: showForBasic,
	},
	port: {
		displayName: 'Port',
		name: 'port',
		type: 'number',
		default: 5432,
		description: 'TCP port of the PostgreSQL server',
		displayOptions: showForBasic,
	},
	database: {
		displayName: 'Database',
		name: 'database',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. sales',
		description: 'Name of the database',
		displayOptions: showForBasic,
	},
	username: {
		displayName: 'Username',
		name: 'username',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. aep_reader',
		description: 'PostgreSQL role that Adobe logs in with',
		displayOptions: showForBasic,
	},
	password: {
		displayName: 'Password',
		name: 'password',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'Password of that role',
		displayOptions: showForBasic,
	},
	sslMode: {
		displayName: 'SSL Mode Name or ID',
		name: 'sslMode',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getSslModes' },
		default: DEFAULT_SSL_MODE,
		description:
			'How Adobe encrypts the connection to the database. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: showForBasic,
	},
};

/** Where the database's own details come from, and the details themselves. */
export const databaseDetailsParameters: INodeProperties[] = [
	databaseDetailsParameter,
	secretsNotice,
	connectionStringParameter,
	...Object.values(basicParameters),
];

// Among the options, a parameter outside of them is named from the root.
const showForConnectionString = { show: { '/authMode': ['connectionString'] } };

const encryptionMethodOption = choiceParameter({
	displayName: 'SSL Encryption',
	name: 'encryptionMethod',
	type: 'options',
	displayOptions: showForConnectionString,
	options: [
		{
			name: 'Use Connection String',
			value: 'asIs',
			description: 'Keep EncryptionMethod as it is in the connection string',
		},
		{ name: 'Off', value: '0', description: 'EncryptionMethod=0: no encryption' },
		{ name: 'On', value: '1', description: 'EncryptionMethod=1: TLS, or no connection' },
		{
			name: 'Request',
			value: '6',
			description: 'EncryptionMethod=6: TLS if the server offers it',
		},
	],
	default: 'asIs',
	description:
		'How Adobe encrypts the connection to the database. Sets EncryptionMethod in the connection string.',
});

const validateServerCertificateOption = choiceParameter({
	displayName: 'Validate Server Certificate',
	name: 'validateServerCertificate',
	type: 'options',
	displayOptions: showForConnectionString,
	options: [
		{
			name: 'Use Connection String',
			value: 'asIs',
			description: 'Keep ValidateServerCertificate as it is in the connection string',
		},
		{
			name: 'No',
			value: '0',
			description: 'ValidateServerCertificate=0: accept any certificate',
		},
		{
			name: 'Yes',
			value: '1',
			description:
				'ValidateServerCertificate=1: the certificate must be from an authority that Adobe trusts',
		},
	],
	default: 'asIs',
	description:
		'Whether Adobe checks the certificate of the server. Sets ValidateServerCertificate in the connection string.',
});

/** The TLS keys of a connection string (Adobe's PostgreSQL tutorial): set them, or leave them. */
export const tlsOptions: INodeProperties[] = [
	encryptionMethodOption,
	validateServerCertificateOption,
];

/** `auth.params` of a new connection, and nothing else of the details. */
export type AuthParams = Record<string, string>;

/**
 * Reads the details from where the item says, checks them, converts them to how the connection is
 * registered at Adobe, and has their secrets kept out of every text.
 *
 * @param authMode how the connection is registered; the details may be in either form
 * @throws UserError naming the parameter or the credential's field; it repeats no value
 */
export async function readAuthParams(call: OperationCall, authMode: AuthMode): Promise<AuthParams> {
	const place = call.parameters.choice(databaseDetailsParameter);
	const source =
		place === 'credential' ? await fromCredential(call) : fromParameters(call, authMode);
	const given = source.form === 'basic' ? readFields(call, source) : readText(call, source);
	checkReach(call, given.details.server, source.named(given.serverLabel));
	const params = authMode === 'basic' ? asBasic(given, source) : asString(call, given, source);
	for (const secret of [params.password, params.connectionString]) {
		if (secret !== undefined) call.protect(secret);
	}
	return params;
}

/** What the editor calls the fields of the credential that are used. */
function labelsOf({ authMode }: IDataObject): Readonly<Record<string, string>> {
	const fields = fieldsOf(authMode === 'basic' ? 'basic' : 'connectionString');
	return {
		authMode: 'Authentication',
		...Object.fromEntries(fields.map((field) => [field.name, labelOf(field)])),
	};
}

/** The parameters that hold the details; the credential has fields of the same names and labels. */
function fieldsOf(form: AuthMode): INodeProperties[] {
	return form === 'basic' ? Object.values(basicParameters) : [connectionStringParameter];
}

interface Source {
	/** Whether it holds one text or the details one by one, however they are to be registered. */
	form: AuthMode;
	values: IDataObject;
	/** How a message calls a field of it. */
	named(label: string): string;
}

interface GivenDetails {
	details: DatabaseDetails;
	/** Set where they were given one by one: their SSL mode may be one that only Adobe knows. */
	fields?: BasicAuthFields;
	/** The field that holds the server. */
	serverLabel: string;
}

async function fromCredential(call: OperationCall): Promise<Source> {
	const values = await call.credential(SOURCE_CREDENTIAL, labelsOf);
	return {
		form: values.authMode === 'basic' ? 'basic' : 'connectionString',
		values,
		named: (label) => `'${label}' of the credential 'PostgreSQL Source (for Adobe) API'`,
	};
}

function fromParameters({ parameters }: OperationCall, form: AuthMode): Source {
	const values = Object.fromEntries(
		fieldsOf(form).map((field) => [
			field.name,
			field.type === 'number' ? parameters.raw(field) : parameters.text(field),
		]),
	);
	return { form, values: values as IDataObject, named: (label) => `'${label}'` };
}

function refusal({ named }: Source, label: string, { message, hint }: Problem): UserError {
	return new UserError(`${named(label)}: ${message}`, { description: hint });
}

function readText(call: OperationCall, source: Source): GivenDetails {
	const label = labelOf(connectionStringParameter);
	const text = String(source.values.connectionString ?? '').trim();
	for (const secret of connectionStringSecrets(text)) call.protect(secret);
	if (text !== '') call.protect(text);
	const reading = readDetails(text);
	if (!reading.ok) throw refusal(source, label, reading.problem);
	call.protect(reading.details.password);
	return { details: reading.details, serverLabel: label };
}

function readFields(call: OperationCall, source: Source): GivenDetails {
	const { values } = source;
	if (typeof values.password === 'string' && values.password !== '') call.protect(values.password);
	// Whatever the credential or an expression holds; that is what is checked here.
	const fields = values as unknown as BasicAuthFields;
	const problem = checkBasicAuth(fields);
	if (problem !== undefined) {
		throw refusal(source, labelOf(basicParameters[problem.field]), problem);
	}
	const { server, port, database, username, password } = fields;
	const details = detailsOfFields(fields) ?? {
		...{ server, port: String(port), database, username, password },
		tls: {},
	};
	return { details, fields, serverLabel: labelOf(basicParameters.server) };
}

function asBasic({ details, fields }: GivenDetails, source: Source): AuthParams {
	if (fields !== undefined) return { ...toBasicAuthParams(fields) };
	const converted = toBasicFields(details);
	if (!converted.ok) throw refusal(source, labelOf(connectionStringParameter), converted.problem);
	return { ...toBasicAuthParams(converted.fields) };
}

function asString(call: OperationCall, given: GivenDetails, source: Source): AuthParams {
	const options = readOptions(call.parameters);
	const chosen = {
		encryptionMethod: options.choice(encryptionMethodOption) ?? 'asIs',
		validateServerCertificate: options.choice(validateServerCertificateOption) ?? 'asIs',
	};
	const label = labelOf(
		given.fields === undefined ? connectionStringParameter : basicParameters.sslMode,
	);
	// An SSL mode that nobody here knows can still be overruled in the node.
	const isChosen = Object.values(chosen).every((choice) => choice !== 'asIs');
	if (given.fields !== undefined && given.details.tls.mode === undefined && !isChosen) {
		throw refusal(source, label, NOT_IN_A_STRING);
	}
	const converted = toConnectionString(given.details, chosen);
	if (!converted.ok) throw refusal(source, label, converted.problem);
	return { connectionString: converted.connectionString };
}
