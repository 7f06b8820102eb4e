import type { INodeParameters, INodeProperties, INodeType } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { labelOf } from '../../nodes/operation/values.ts';
import { thrownBy } from '../support/connectionNode.mts';
import { executeNode, wire } from '../support/core.mts';
import { basicCredential, imsCredential } from '../support/adobe.mts';

/** Nothing may be sent, so that there need be nobody. */
const NOBODY = {
	platformUrl: 'http://127.0.0.1:1',
	imsUrl: 'http://127.0.0.1:1',
	clientId: 'client',
	clientSecret: 'p8e-secret-of-the-client',
	orgId: '0123456789ABCDEF01234567@AdobeOrg',
	postgres: { server: 'db', port: 5432, database: 'sales', username: 'aep', password: 'pw-123456' },
} as unknown as Emulator;

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Values that every operation can work with. */
const SOUND: INodeParameters = {
	name: 'New',
	connectionId: byId(ID),
	flowId: byId(ID),
	runId: byId(ID),
	table: { __rl: true, mode: 'name', value: 'public.orders' },
	dataset: byId('6019e0e7c5dcf718db5ebc71'),
	datasetName: 'New',
	eventIdColumn: 'id',
	eventTimeColumn: 'updated_at',
	deltaColumn: 'updated_at',
	identityNamespace: 'Email',
	confirmProfile: true,
	authMode: 'basic',
	databaseDetails: 'parameters',
	server: 'db.example.com',
	database: 'sales',
	username: 'aep',
	password: 'pw-123456',
	connectionString: 'Server=db;Database=sales;Port=5432;UID=aep;Password=pw-123456',
	from: '2026-01-01T00:00:00Z',
	to: '2026-01-31T00:00:00Z',
	mappings: '[{"source":"id","destination":"_t.id"}]',
};

const NOT_VALUES = ['credentials', 'notice', 'resourceMapper'];

interface Case {
	operation: string;
	label: string;
	nodeType: INodeType;
	parameters: INodeParameters;
	/** Puts a value in the parameter's place. */
	withValue(value: unknown): INodeParameters;
}

/** Every parameter of every operation, and every member of its collections, where it is shown. */
function casesOf(nodeType: INodeType): Case[] {
	const { properties } = nodeType.description;
	return properties.flatMap((property): Case[] => {
		const { show = {}, hide = {} } = property.displayOptions ?? {};
		const [resource] = show.resource ?? [];
		const [operation] = show.operation ?? [];
		if (resource === undefined || operation === undefined) return [];
		if (NOT_VALUES.includes(property.type)) return [];
		const shown = Object.entries(show).map(([name, values]) => [name, values?.[0]]);
		const hidden = Object.keys(hide).map((name) => [name, 'day']);
		const parameters = {
			...SOUND,
			...Object.fromEntries([...shown, ...hidden]),
		} as INodeParameters;
		const base = { operation: `${String(resource)}: ${String(operation)}`, nodeType, parameters };
		if (property.type !== 'collection') {
			const withValue = (value: unknown) => ({ ...parameters, [property.name]: value as string });
			return [{ ...base, label: labelOf(property), withValue }];
		}
		return ((property.options ?? []) as INodeProperties[])
			.filter(({ type }) => type !== 'notice')
			.map((member) => ({
				...base,
				label: member.name === 'sandboxName' ? member.displayName : labelOf(member),
				withValue: (value: unknown) => ({
					...parameters,
					...neededBy(member),
					[property.name]: { [member.name]: value as string },
				}),
			}));
	});
}

/** What a member of a collection is shown for: parameters outside of it, named from the root. */
function neededBy({ displayOptions }: INodeProperties): INodeParameters {
	const shown = Object.entries(displayOptions?.show ?? {});
	return Object.fromEntries(
		shown.map(([name, values]) => [name.replace(/^\//, ''), values?.[0]]),
	) as INodeParameters;
}

const CASES = [new AdobePostgreSqlConnection(), new AdobePostgreSqlDataflow()].flatMap(casesOf);

const run = async ({ nodeType }: Case, parameters: INodeParameters) =>
	await executeNode(
		wire({
			nodeType,
			parameters,
			credentials: { ims: imsCredential(NOBODY), source: basicCredential(NOBODY.postgres) },
		}),
	);

/** Where an empty text, or blanks alone, are a value, or an object is. */
const isValue = (label: string, expression: string) =>
	(label === 'Description' && expression.includes('"')) ||
	(label === 'Password' && expression.includes('" "')) ||
	(label === 'Rows' && expression.includes('{ a: 1 }'));

const NOTHING: Array<[string, string]> = [
	['a member that the item lacks', '={{ $json.nothing }}'],
	['null', '={{ null }}'],
	['an empty text', '={{ "" }}'],
	['a blank', '={{ " " }}'],
];

describe('Every parameter of every operation', () => {
	it('is among those that are tried', () => {
		expect(CASES.length).toBeGreaterThan(120);
		expect(new Set(CASES.map(({ operation }) => operation)).size).toBeGreaterThan(18);
	});

	it.each(CASES.map((one) => [one.operation, one.label, one] as const))(
		'%s, %s: is refused by its name where its expression gives nothing',
		async (_operation, label, one) => {
			for (const [, expression] of NOTHING) {
				if (isValue(label, expression)) continue;
				const { message } = await thrownBy(async () => await run(one, one.withValue(expression)));
				expect(`${expression}: ${message}`).toContain(`'${label}'`);
				expect(message).not.toMatch(/valid mode|undefined|Could not get/);
			}
		},
	);

	it.each(CASES.map((one) => [one.operation, one.label, one] as const))(
		'%s, %s: is refused by its name where its expression gives a list or an object',
		async (_operation, label, one) => {
			for (const expression of ['={{ ({ a: 1 }) }}', '={{ [[1], true] }}']) {
				if (isValue(label, expression)) continue;
				const { message } = await thrownBy(async () => await run(one, one.withValue(expression)));
				expect(`${expression}: ${message}`).toMatch(
					label === 'Mappings' ? /'Mappings'/ : new RegExp(`'${label}`),
				);
			}
		},
	);
});
