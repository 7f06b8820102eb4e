import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import type { Emulator } from '../../../emulator/emulator.mts';
import { connectionStringOf, startAdobe } from '../../support/adobe.mts';
import { runConnectionNode } from '../../support/connectionNode.mts';
import type { NodeSetup } from '../../support/connectionNode.mts';
import { runDataflowNode } from '../../support/dataflowNode.mts';
import type { ScratchDatabase } from '../../support/scratchDatabase.mts';
import { makeScratchDatabase } from '../../support/scratchDatabase.mts';
import { type Wire, wireTo } from '../../emulator/wire.mts';

const SCHEMAS = ['sales', 'crm', 'stock', 'billing', 'web'];
const SCHEMA_REGISTRY = '/data/foundation/schemaregistry';

/** A database of a test's own with some tables in five schemas, Adobe's side, and a connection between them. */
export class DatabaseScene {
	private constructor(
		readonly adobe: Emulator,
		readonly database: ScratchDatabase,
		readonly connectionId: string,
		/** As explore names them. */
		readonly tables: string[],
		/** Somebody else at Adobe. */
		readonly others: Wire,
	) {}

	static async open(tableCount: number): Promise<DatabaseScene> {
		const [adobe, database] = await Promise.all([startAdobe(), makeScratchDatabase()]);
		const tables = Array.from(
			{ length: tableCount },
			(_table, index) => `${SCHEMAS[index % SCHEMAS.length]}.t${index}`,
		);
		for (const schema of SCHEMAS) await database.owner.query(`create schema ${schema}`);
		for (const table of tables) {
			await database.owner.query(
				`create table ${table} (id integer primary key, label text, total numeric, updated_at timestamptz not null)`,
			);
		}
		const { username } = adobe.postgres;
		for (const schema of SCHEMAS) {
			await database.owner.query(`grant usage on schema ${schema} to ${username}`);
			await database.owner.query(`grant select on all tables in schema ${schema} to ${username}`);
			await database.owner.query(
				`alter default privileges in schema ${schema} grant select on tables to ${username}`,
			);
		}
		const [made] = await runConnectionNode(
			adobe,
			{ operation: 'create', name: 'Sales', authMode: 'connectionString' },
			{ source: sourceOf(adobe, database) },
		);
		const others = wireTo(adobe);
		return new DatabaseScene(adobe, database, String(made?.json.connectionId), tables, others);
	}

	async close(): Promise<void> {
		await this.adobe.close();
		await this.database.drop();
	}

	/** The source credential of the database. */
	source(): ICredentialDataDecryptedObject {
		return sourceOf(this.adobe, this.database);
	}

	/** Desired tables, as items. */
	items(changes: Record<string, IDataObject> = {}): IDataObject[] {
		return this.tables.map((table) => ({ table, ...changes[table] }));
	}

	async plan(
		items: IDataObject[] = this.items(),
		parameters: INodeParameters = {},
		setup: NodeSetup = {},
	): Promise<IDataObject[]> {
		return await this.run(
			items,
			{
				operation: 'plan',
				connectionId: { __rl: true, mode: 'id', value: this.connectionId },
				table: { __rl: true, mode: 'name', value: '={{ $json.table }}' },
				schedule: 'day',
				newColumns: 'add',
				...parameters,
			},
			setup,
		);
	}

	async apply(plans: IDataObject[], setup: NodeSetup = {}): Promise<IDataObject[]> {
		return await this.run(plans, { operation: 'apply' }, setup);
	}

	private async run(
		items: IDataObject[],
		parameters: INodeParameters,
		setup: NodeSetup,
	): Promise<IDataObject[]> {
		const input = items.map((json): INodeExecutionData => ({ json }));
		const output = await runDataflowNode(
			this.adobe,
			{ resource: 'database', ...parameters },
			setup,
			input,
		);
		return output.map(({ json }) => json);
	}

	async sql(text: string): Promise<void> {
		await this.database.owner.query(text);
	}

	/** What somebody else changes about a dataflow. */
	async patchFlow(name: string, ...operations: object[]): Promise<void> {
		const flow = this.adobe.flows().find((one) => one.name === name);
		const { status, text } = await this.others.flow('PATCH', `/flows/${flow?.id}`, {
			headers: { 'if-match': flow?.etag ?? '' },
			body: operations,
		});
		if (status !== 200) throw new Error(`${status} ${text}`);
	}

	async act(name: string, op: 'enable' | 'disable'): Promise<void> {
		const { id } = this.adobe.flows().find((one) => one.name === name) ?? {};
		const { status, text } = await this.others.flow('POST', `/flows/${id}/action?op=${op}`);
		if (status !== 200) throw new Error(`${status} ${text}`);
	}

	/** A field group of somebody else, in a schema. */
	async addRequiredField(schemaTitle: string, field: string): Promise<void> {
		const schema = this.adobe.schemas().find(({ title }) => title === schemaTitle);
		const accept = { accept: 'application/vnd.adobe.xed+json' };
		const inner = {
			type: 'object',
			properties: { [field]: { type: 'string' } },
			required: [field],
		};
		const made = await this.others.call('POST', `${SCHEMA_REGISTRY}/tenant/fieldgroups`, {
			headers: accept,
			body: {
				type: 'object',
				title: `${field} of ${schemaTitle}`,
				definitions: { more: { properties: { _emulator: inner } } },
				allOf: [{ $ref: '#/definitions/more' }],
			},
		});
		const path = `${SCHEMA_REGISTRY}/tenant/schemas/${encodeURIComponent(schema?.$id ?? '')}`;
		const { status, text } = await this.others.call('PATCH', path, {
			body: [{ op: 'add', path: '/allOf/-', value: { $ref: made.json.$id as string } }],
		});
		if (status !== 200) throw new Error(`${status} ${text}`);
	}

	/** How many requests were sent, tokens and those of the tests apart. */
	requests(): string[] {
		return this.adobe.journal
			.filter(({ path }) => !path.startsWith('/ims'))
			.map(({ method, path }) => `${method} ${path}`);
	}
}

/** The names of the actions of plans, each with how many have it. */
export function actionsOf(plans: IDataObject[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { action } of plans) counts[String(action)] = (counts[String(action)] ?? 0) + 1;
	return counts;
}

function sourceOf(
	{ postgres }: Emulator,
	{ name: database }: ScratchDatabase,
): ICredentialDataDecryptedObject {
	return {
		authMode: 'connectionString',
		connectionString: connectionStringOf({ ...postgres, database }),
	};
}
