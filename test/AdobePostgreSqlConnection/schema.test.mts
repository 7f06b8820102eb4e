import { existsSync, readFileSync } from 'node:fs';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { connection } from '../../nodes/AdobePostgreSqlConnection/connection';
import { basicCredential, startAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { runConnectionNode } from '../support/connectionNode.mts';

interface Schema {
	properties: Record<string, { type: string | string[] }>;
}

const schemaFile = (operation: string) =>
	`nodes/AdobePostgreSqlConnection/__schema__/v1.0.0/connection/${operation}.json`;

function schemaOf(operation: string): Schema {
	return JSON.parse(readFileSync(schemaFile(operation), 'utf8')) as Schema;
}

function typeOf(value: unknown): string {
	return value === null ? 'null' : typeof value;
}

/** The editor maps fields by these before the first run, so they must be what really comes. */
describe('The output schemas', () => {
	let adobe: Emulator;

	beforeAll(async () => {
		adobe = await startAdobe();
	});

	afterAll(async () => await adobe.close());

	it('exist for every operation', () => {
		for (const { value } of connection.operations) {
			expect([value, existsSync(schemaFile(value))]).toStrictEqual([value, true]);
		}
	});

	const make = async (parameters: INodeParameters = {}, setup: NodeSetup = {}) =>
		(
			await runConnectionNode(adobe, { operation: 'create', name: 'Sales', ...parameters }, setup)
		)[0]?.json ?? {};

	const wrongPassword = () => ({
		source: { ...basicCredential(adobe.postgres), password: 'wrong-pass-1' },
	});

	it.each<[string, string, () => Promise<IDataObject>]>([
		['create', 'with Verify', async () => await make({ options: { verify: true } })],
		[
			'get',
			'of a connection with a description',
			async () => {
				const { id } = await make({ additionalFields: { description: 'For the CDP' } });
				return (
					(await runConnectionNode(adobe, { operation: 'get', connectionId: id as string }))[0]
						?.json ?? {}
				);
			},
		],
		[
			'getAll',
			'of a connection with a description',
			async () => {
				await make({ additionalFields: { description: 'For the CDP' } });
				return (await runConnectionNode(adobe, { operation: 'getAll' }))[0]?.json ?? {};
			},
		],
		[
			'delete',
			'of a connection',
			async () => {
				const { id } = await make();
				return (
					(await runConnectionNode(adobe, { operation: 'delete', connectionId: id as string }))[0]
						?.json ?? {}
				);
			},
		],
		[
			'update',
			'with Verify',
			async () => {
				const { id } = await make();
				return (
					(
						await runConnectionNode(adobe, {
							operation: 'update',
							connectionId: id as string,
							options: { verify: true },
						})
					)[0]?.json ?? {}
				);
			},
		],
		[
			'test',
			'that fails',
			async () => {
				const { id } = await make({ authMode: 'basic' }, wrongPassword());
				return (
					(await runConnectionNode(adobe, { operation: 'test', connectionId: id as string }))[0]
						?.json ?? {}
				);
			},
		],
	])('%s: equals what comes %s, member by member', async (operation, _case, run) => {
		const output = await run();
		const { properties } = schemaOf(operation);
		expect(Object.keys(output)).toStrictEqual(Object.keys(properties));
		for (const [name, { type }] of Object.entries(properties)) {
			expect([name, [type].flat().includes(typeOf(output[name]))]).toStrictEqual([name, true]);
		}
	});
});
