import { runDataflowNode } from '../../support/dataflowNode.mts';
import type { DatabaseScene } from './databaseScene.mts';

/** What somebody changes about one table of a database that is as desired, and what has to come of it. */
export interface SeededChange {
	what: string;
	make(scene: DatabaseScene, table: string): Promise<void>;
	/** What the plan says then, with the kinds of its changes. */
	action: string;
	kinds: string[];
	/** The action of Apply, and of the plan after it. */
	applied: string;
	after: string;
}

const fixed = { action: 'update', applied: 'updated', after: 'unchanged' };
const told = { action: 'drifted', applied: 'skipped', after: 'drifted' };
const others = { action: 'unmanaged', applied: 'skipped', after: 'unmanaged' };

export const nameOf = (table: string) => `${table} to ${table}`;

const dataSetOf = ({ adobe }: DatabaseScene, table: string) => {
	const found = adobe.dataSets().find(({ name }) => name === table);
	if (found === undefined) throw new Error(`There is no dataset ${table}`);
	return found;
};

async function expectStatus(call: Promise<{ status: number; text: string }>): Promise<void> {
	const { status, text } = await call;
	if (status >= 300) throw new Error(`${status} ${text}`);
}

const CATALOG = '/data/foundation/catalog/dataSets';
const MAPPING_SETS = '/data/foundation/conversion/mappingSets';

/** One of every kind, in PostgreSQL and at Adobe. */
export const SEEDED_CHANGES: SeededChange[] = [
	{
		what: 'a column more',
		make: async (scene, table) => await scene.sql(`alter table ${table} add coupon text`),
		kinds: ['columnAdded'],
		...fixed,
	},
	{
		what: 'a column more with an odd name',
		make: async (scene, table) =>
			await scene.sql(`alter table ${table} add "Unit.Price (net)" numeric`),
		kinds: ['columnAdded'],
		...fixed,
	},
	{
		what: 'a column less',
		make: async (scene, table) => await scene.sql(`alter table ${table} drop label`),
		kinds: ['columnRemoved'],
		...told,
	},
	{
		what: 'another type that its field does not take',
		make: async (scene, table) => await scene.sql(`alter table ${table} alter total type text`),
		kinds: ['columnRetyped'],
		...told,
	},
	{
		what: 'another type that its field takes',
		make: async (scene, table) =>
			await scene.sql(`alter table ${table} alter total type bigint using 0`),
		kinds: ['columnRetyped'],
		...told,
	},
	{
		what: 'no delta column',
		make: async (scene, table) => await scene.sql(`alter table ${table} drop updated_at`),
		kinds: ['deltaColumnInDanger'],
		...told,
	},
	{
		what: 'a delta column of days',
		make: async (scene, table) =>
			await scene.sql(`alter table ${table} alter updated_at type date`),
		kinds: ['deltaColumnInDanger'],
		...told,
	},
	{
		what: 'no table',
		make: async (scene, table) => await scene.sql(`drop table ${table}`),
		kinds: ['tableMissing'],
		...told,
	},
	{
		what: 'a field that is required',
		make: async (scene, table) => await scene.addRequiredField(table, 'country'),
		kinds: ['requiredFieldWithoutSource'],
		...told,
	},
	{
		what: 'another frequency',
		make: async (scene, table) =>
			await scene.patchFlow(nameOf(table), {
				op: 'replace',
				path: '/scheduleParams/frequency',
				value: 'week',
			}),
		kinds: ['schedule'],
		...fixed,
	},
	{
		what: 'another interval',
		make: async (scene, table) =>
			await scene.patchFlow(nameOf(table), {
				op: 'replace',
				path: '/scheduleParams/interval',
				value: '3',
			}),
		kinds: ['schedule'],
		...fixed,
	},
	{
		what: 'another delta column',
		make: async (scene, table) => {
			const flow = scene.adobe.flows().find(({ name }) => name === nameOf(table));
			const index = flow?.transformations.findIndex((one) => one.name === 'Copy') ?? -1;
			await scene.patchFlow(nameOf(table), {
				op: 'replace',
				path: `/transformations/${index}`,
				value: { name: 'Copy', params: { deltaColumn: { name: 'label', timezone: 'UTC' } } },
			});
		},
		kinds: ['schedule'],
		...fixed,
	},
	{
		what: 'other options',
		make: async (scene, table) =>
			await scene.patchFlow(nameOf(table), {
				op: 'replace',
				path: '/options/partialIngestionPercent',
				value: 50,
			}),
		kinds: ['options'],
		...fixed,
	},
	{
		what: 'another description',
		make: async (scene, table) =>
			await scene.patchFlow(nameOf(table), {
				op: 'replace',
				path: '/description',
				value: 'Not to be touched!',
			}),
		kinds: ['description'],
		...fixed,
	},
	{
		what: 'another mapping',
		make: async (scene, table) => {
			const mapping = { sourceType: 'ATTRIBUTE', source: 'id', destination: '_emulator.id' };
			const { schemaRef } = dataSetOf(scene, table);
			const { json } = await scene.others.call('POST', MAPPING_SETS, {
				body: {
					outputSchema: {
						schemaRef: {
							id: schemaRef.id,
							contentType: 'application/vnd.adobe.xed-full+json;version=1',
						},
					},
					mappings: [mapping],
				},
			});
			const flow = scene.adobe.flows().find(({ name }) => name === nameOf(table));
			const index = flow?.transformations.findIndex((one) => one.name === 'Mapping') ?? -1;
			const params = { mappingId: json.id as string, mappingVersion: json.version as number };
			await scene.patchFlow(nameOf(table), {
				op: 'replace',
				path: `/transformations/${index}`,
				value: { name: 'Mapping', params },
			});
		},
		kinds: ['mapping'],
		...fixed,
	},
	{
		what: 'a disabled dataflow',
		make: async (scene, table) => await scene.act(nameOf(table), 'disable'),
		kinds: ['disabled'],
		...told,
	},
	{
		what: 'no dataset',
		make: async (scene, table) =>
			await expectStatus(scene.others.call('DELETE', `${CATALOG}/${dataSetOf(scene, table).id}`)),
		kinds: ['datasetMissing'],
		...told,
	},
	{
		what: 'a dataset whose schema is gone',
		make: async (scene, table) => {
			dataSetOf(scene, table).schemaRef.id = 'https://ns.adobe.com/emulator/schemas/gone';
		},
		kinds: ['datasetWithoutSchema'],
		...told,
	},
	{
		what: 'a namesake',
		make: async (scene, table) => {
			const [other = ''] = scene.tables;
			const dataset = scene.adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
			const mappings = [{ source: 'id', destination: '_id' }];
			const [made] = await runDataflowNode(scene.adobe, {
				operation: 'create',
				name: `Other ${table}`,
				connectionId: { __rl: true, mode: 'id', value: scene.connectionId },
				table: { __rl: true, mode: 'name', value: other },
				dataset: { __rl: true, mode: 'id', value: dataset },
				mapping: 'json',
				mappings: JSON.stringify(mappings),
			});
			await scene.patchFlow(String(made?.json.name), {
				op: 'replace',
				path: '/name',
				value: nameOf(table),
			});
		},
		kinds: ['namesake'],
		...others,
	},
	{
		what: 'no dataflow',
		make: async (scene, table) => {
			const flow = scene.adobe.flows().find(({ name }) => name === nameOf(table));
			await expectStatus(scene.others.flow('DELETE', `/flows/${flow?.id}`));
		},
		kinds: [],
		action: 'create',
		applied: 'created',
		after: 'unchanged',
	},
];
