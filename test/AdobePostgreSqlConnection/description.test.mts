import { readdirSync, readFileSync } from 'node:fs';

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { wireConnectionNode } from '../support/connectionNode.mts';

const node = new AdobePostgreSqlConnection();
const { description } = node;

/** The parameters that the editor shows for these values, by name, with the options they offer. */
function shown(values: Record<string, string>): Map<string, string[]> {
	const wired = wireConnectionNode(
		{ postgres: { server: '', port: 1, database: '', username: '', password: '' } } as never,
		{ operation: 'create', ...values },
	);
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter(
			{ ...wired.node.parameters, ...values, resource: 'connection', operation: 'create' },
			property,
			wired.node,
			description,
		);
	return new Map(
		description.properties
			.filter(isShown)
			.map(({ name, options = [] }) => [
				name,
				options.map((option) => ('value' in option ? String(option.value) : option.name)),
			]),
	);
}

describe('The node’s description', () => {
	it.each<[string, Record<string, string>, string[], string[]]>([
		[
			'Azure with a connection string from the credential asks for no database field',
			{ cloud: 'azure', authMode: 'connectionString', databaseDetails: 'credential' },
			['name', 'verify', 'options'],
			['connectionString', 'server', 'password', 'sslMode'],
		],
		[
			'Azure with a connection string by parameters asks for it',
			{ cloud: 'azure', authMode: 'connectionString', databaseDetails: 'parameters' },
			['connectionString', 'secretsNotice'],
			['server', 'password', 'sslMode'],
		],
		[
			'Azure with basic by parameters asks for the six fields',
			{ cloud: 'azure', authMode: 'basic', databaseDetails: 'parameters' },
			['server', 'port', 'database', 'username', 'password', 'sslMode'],
			['connectionString'],
		],
		[
			'AWS with basic by parameters asks for the same six fields',
			{ cloud: 'aws', authMode: 'basic', databaseDetails: 'parameters' },
			['server', 'port', 'database', 'username', 'password', 'sslMode'],
			['connectionString'],
		],
	])('shows only what exists: %s', (_case, values, present, absent) => {
		const names = [...shown(values).keys()];
		expect(names).toEqual(expect.arrayContaining(present));
		for (const name of absent) expect(names).not.toContain(name);
	});

	it('offers both ways to authenticate on Azure and one on AWS', () => {
		expect(shown({ cloud: 'azure' }).get('authMode')).toStrictEqual(['connectionString', 'basic']);
		expect(shown({ cloud: 'aws' }).get('authMode')).toStrictEqual(['basic']);
	});

	it('says what an operation does within what n8n shows of its description', () => {
		const operations = description.properties.filter(({ name }) => name === 'operation');
		const offered = operations.flatMap(({ options = [] }) => options as INodePropertyOptions[]);
		for (const { description: text, name } of offered) {
			const [first = ''] = String(text).split(/[.;:]/);
			expect([name, first.length <= 90, first]).toStrictEqual([name, true, first]);
			expect(first).toMatch(/^(Always create|Create|Delete|Get|Check|Change) /);
		}
	});

	it('shows the sandbox first among the options of every operation', () => {
		const collections = description.properties.filter(({ name }) => name === 'options');
		expect(collections.length).toBeGreaterThan(9);
		for (const { options = [] } of collections) expect(options[0]?.name).toBe('sandboxName');
	});

	it('has the SSL choices among the options, for a connection string only', () => {
		const [ofUpsert] = description.properties.filter(
			({ name, displayOptions }) =>
				name === 'options' && displayOptions?.show?.operation?.[0] === 'upsert',
		);
		const members = (ofUpsert?.options ?? []) as INodeProperties[];
		for (const name of ['encryptionMethod', 'validateServerCertificate']) {
			const member = members.find((one) => one.name === name);
			expect(member?.displayOptions).toStrictEqual({ show: { '/authMode': ['connectionString'] } });
		}
	});

	it('has the defaults that let a person click', () => {
		const defaultOf = (wanted: string) =>
			new Set(
				description.properties.filter(({ name }) => name === wanted).map((one) => one.default),
			);
		expect(description.properties.find(({ name }) => name === 'operation')?.default).toBe('upsert');
		expect(defaultOf('authMode')).toStrictEqual(new Set(['basic']));
		expect(defaultOf('verify')).toStrictEqual(new Set([true]));
		expect(defaultOf('cloud')).toStrictEqual(new Set(['azure']));
	});

	it('shows at most one notice at a time', () => {
		const shownFor = description.properties
			.filter(({ type }) => type === 'notice')
			.flatMap(({ displayOptions }) => displayOptions?.show?.operation ?? ['all']);
		expect(shownFor).toStrictEqual(['create', 'upsert', 'update']);
	});

	it('names only credentials of this package and has both icons', () => {
		expect(description.credentials?.map(({ name }) => name)).toStrictEqual([
			'adobeImsApi',
			'adobePostgreSqlSourceApi',
		]);
		for (const icon of Object.values(description.icon as Record<string, string>)) {
			const file = icon.replace('file:../../', '');
			expect(readFileSync(file, 'utf8')).toMatch(/^<svg /);
		}
	});

	it('marks every secret parameter as one that is not shown', () => {
		for (const { name, typeOptions } of description.properties) {
			const isSecret = ['password', 'connectionString'].includes(name);
			expect([name, typeOptions?.password === true]).toStrictEqual([name, isSecret]);
		}
	});

	it('is registered in package.json with every node and credential that exists', () => {
		const { n8n } = JSON.parse(readFileSync('package.json', 'utf8')) as {
			n8n: { nodes: string[]; credentials: string[] };
		};
		const nodes = readdirSync('nodes', { recursive: true, encoding: 'utf8' }).filter((file) =>
			file.endsWith('.node.ts'),
		);
		const credentials = readdirSync('credentials').filter((file) =>
			file.endsWith('.credentials.ts'),
		);
		const built = (folder: string, files: string[]) =>
			files.map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js')}`).sort();
		expect([...n8n.nodes].sort()).toStrictEqual(built('nodes', nodes));
		expect([...n8n.credentials].sort()).toStrictEqual(built('credentials', credentials));
	});
});
