import type { Actual } from '../../../nodes/AdobePostgreSqlDataflow/database/actual';
import type { Desired } from '../../../nodes/AdobePostgreSqlDataflow/database/desired';
import { expectedMapping } from '../../../nodes/AdobePostgreSqlDataflow/database/expectedMapping';
import { judge } from '../../../nodes/AdobePostgreSqlDataflow/database/judge';
import { tableSchema } from '../../../nodes/AdobePostgreSqlDataflow/dataflow/create/tableSchema';
import type { Dataflow } from '../../../nodes/adobe/dataflows';
import { readSchemaFields } from '../../../nodes/adobe/schemas';
import type { SourceColumn } from '../../../nodes/adobe/tables';

const TENANT = 'emulator';
const HOUR_MS = 3_600_000;

const column = (name: string, xdmType = 'string', xdmFormat?: string): SourceColumn => ({
	name,
	type: xdmType,
	xdmType,
	xdmFormat,
	raw: { name },
});
const ID = column('id', 'integer');
const TOTAL = column('total', 'number');
const UPDATED = column('updated_at', 'string', 'date-time');
const CREATED = column('created_at', 'string', 'date-time');
const COUPON = column('coupon');
const TABLE = [ID, TOTAL, UPDATED];

/** Everything about one table, as it is when nothing differs. */
interface Scene {
	desired: Desired;
	actual: Actual;
	columns?: SourceColumn[];
}

const DATASET = { id: 'd1', name: 'Orders', schemaId: 's1' };

const flowWith = (changes: Partial<Dataflow> = {}): Dataflow => ({
	id: 'f1',
	name: 'Orders',
	state: 'enabled',
	sourceConnectionIds: ['src'],
	targetConnectionIds: ['tgt'],
	connectionId: 'c1',
	schedule: {
		frequency: 'day',
		interval: 1,
		backfill: true,
		startTime: new Date(Date.now() - HOUR_MS).toISOString(),
	},
	deltaColumn: 'updated_at',
	mappingId: 'm1',
	options: {},
	raw: {},
	...changes,
});

/** A schema made from the table, and what the field group has. */
const ownSchema = (columns = TABLE) => {
	const { fieldsByName } = tableSchema({
		name: 'Orders',
		marker: '',
		columns,
		schemaClass: 'profile',
		tenantId: TENANT,
	});
	const properties = { [`_${TENANT}`]: { type: 'object', properties: fieldsByName } };
	return {
		id: 's1',
		fields: readSchemaFields({ properties }),
		own: { id: 'g1', fieldNames: Object.keys(fieldsByName) },
	};
};

/** A schema of somebody else's, with these fields. */
const foreignSchema = (...names: string[]) => ({
	id: 's1',
	fields: names.map((name) => ({
		path: name.replace('!', ''),
		type: 'string' as const,
		required: name.endsWith('!'),
	})),
});

function asDesired(): Scene {
	const desired: Desired = {
		connectionId: 'c1',
		table: 'public.orders',
		name: 'Orders',
		dataset: { name: 'Orders', schemaClass: 'profile' },
		mapping: 'automatic',
		schedule: { frequency: 'day', recurring: { interval: 1, backfill: true } },
		options: {},
		newColumns: 'add',
		takeOver: false,
		remove: false,
	};
	const schema = ownSchema();
	return {
		desired,
		columns: TABLE,
		actual: {
			flows: [flowWith()],
			source: { id: 'src', connectionId: 'c1', table: 'public.orders', columns: TABLE, raw: {} },
			target: { id: 'tgt', datasetId: 'd1', raw: {} },
			dataset: DATASET,
			schema,
			mapping: expectedMapping({ desired, schema, tenantId: TENANT }, TABLE),
			owner: 'ours',
			namedDatasets: [DATASET],
		},
	};
}

type Change = (scene: Scene) => void;

const none: Change = ({ actual }) => {
	actual.flows = [];
	actual.namedDatasets = [];
	delete actual.source;
	delete actual.dataset;
	delete actual.schema;
	delete actual.mapping;
};
const withColumn: Change = (scene) => (scene.columns = [...TABLE, COUPON]);
const policy =
	(newColumns: Desired['newColumns']): Change =>
	({ desired }) =>
		(desired.newColumns = newColumns);
const flow =
	(changes: Partial<Dataflow>): Change =>
	({ actual }) =>
		(actual.flows = [flowWith(changes)]);
const foreign =
	(...names: string[]): Change =>
	({ desired, actual }) => {
		actual.schema = foreignSchema(...names);
		const ground = { desired, schema: actual.schema, tenantId: TENANT };
		actual.mapping = expectedMapping(ground, TABLE);
	};

/** What is so, what becomes of it, the kinds of changes (with `*` where Apply does something), and words. */
const ROWS: Array<[string, Change[], string, string[], string]> = [
	['everything as desired', [], 'unchanged', [], 'Everything is as desired.'],
	['no dataflow yet', [none], 'create', [], "a new dataset 'Orders'"],
	[
		'no dataflow, and a table that Adobe does not see',
		[none, (scene) => delete scene.columns],
		'blocked',
		['tableMissing'],
		"does not see the table 'public.orders'",
	],
	[
		'no dataflow, and no column that marks new rows',
		[none, (scene) => (scene.columns = [ID, TOTAL])],
		'blocked',
		['deltaColumnInDanger'],
		'has no column',
	],
	[
		'no dataflow, and a dataset of the name without a schema',
		[none, ({ actual }) => (actual.namedDatasets = [DATASET])],
		'blocked',
		['datasetWithoutSchema'],
		"The dataset 'Orders' has no schema",
	],
	[
		'no dataflow and no dataset, and a schema of the name',
		[none, ({ actual }) => (actual.takenTitle = 'https://ns.adobe.com/emulator/schemas/1')],
		'blocked',
		['namesake'],
		'a schema of that name: https://ns.adobe.com/emulator/schemas/1',
	],
	[
		'no dataflow, and two datasets of the name',
		[none, ({ actual }) => (actual.namedDatasets = [DATASET, { ...DATASET, id: 'd2' }])],
		'blocked',
		['namesake'],
		"There are 2 datasets named 'Orders': d1, d2.",
	],
	[
		'no dataflow, and a dataset with a required field that has no column',
		[
			none,
			({ actual }) => {
				actual.namedDatasets = [DATASET];
				actual.namedSchema = foreignSchema('total', 'country!');
			},
		],
		'blocked',
		['requiredFieldWithoutSource'],
		"requires the field 'country'",
	],
	[
		'a new column, to be added to a schema of our own',
		[withColumn],
		'update',
		['columnAdded*'],
		"The column 'coupon' (string) is new.",
	],
	[
		'a new column, to be ignored',
		[withColumn, policy('ignore')],
		'unchanged',
		['columnAdded'],
		"Everything is as desired. The column 'coupon'",
	],
	['a new column that stops', [withColumn, policy('stop')], 'update', ['columnAdded*'], 'coupon'],
	[
		'a new column that has stopped the dataflow',
		[withColumn, policy('stop'), flow({ state: 'disabled' })],
		'drifted',
		['columnAdded'],
		'coupon',
	],
	[
		'a new column, and a schema of somebody else without such a field',
		[foreign('total', 'id'), withColumn],
		'drifted',
		['columnAdded'],
		'coupon',
	],
	[
		'a new column, and a schema of somebody else with such a field',
		[foreign('total', 'id', 'coupon'), withColumn],
		'update',
		['columnAdded*'],
		'coupon',
	],
	[
		'a new column that was mapped before an execution was killed',
		[
			withColumn,
			({ desired, actual }) => {
				actual.schema = ownSchema([...TABLE, COUPON]);
				const ground = { desired, schema: actual.schema, tenantId: TENANT };
				actual.mapping = expectedMapping(ground, [...TABLE, COUPON]);
			},
		],
		'update',
		['columnAdded*'],
		'coupon',
	],
	[
		'a column that is gone',
		[(scene) => (scene.columns = [ID, UPDATED])],
		'drifted',
		['columnRemoved!'],
		"no longer has the column 'total'",
	],
	[
		'a column whose field takes its new type as well',
		[foreign('total'), (scene) => (scene.columns = [ID, column('total', 'integer'), UPDATED])],
		'drifted',
		['columnRetyped'],
		"'total' was number and is now integer",
	],
	[
		'a column whose field does not take its new type',
		[(scene) => (scene.columns = [ID, column('total'), UPDATED])],
		'drifted',
		['columnRetyped!'],
		"'total' was number and is now string",
	],
	[
		'a delta column that is gone, and is told once',
		[(scene) => (scene.columns = [ID, TOTAL])],
		'drifted',
		['deltaColumnInDanger!'],
		"does not have the delta column 'updated_at'",
	],
	[
		'a delta column that is a text now',
		[(scene) => (scene.columns = [ID, TOTAL, column('updated_at')])],
		'drifted',
		['deltaColumnInDanger!'],
		"The delta column 'updated_at' holds no date and time.",
	],
	[
		'a required field that nothing is mapped to',
		[
			({ actual: { schema } }) =>
				schema?.fields.push({ path: '_emulator.country', type: 'string', required: true }),
		],
		'drifted',
		['requiredFieldWithoutSource!'],
		"requires the field '_emulator.country'",
	],
	[
		'a field that is required below one that need not be there, but is',
		[
			({ actual: { schema } }) =>
				schema?.fields.push({
					path: '_emulator.country',
					type: 'string',
					required: false,
					requiredIn: '_emulator',
				}),
		],
		'drifted',
		['requiredFieldWithoutSource!'],
		"requires the field '_emulator.country'",
	],
	[
		'a field that is required below one that nothing is mapped to',
		[
			({ actual: { schema } }) =>
				schema?.fields.push({
					path: 'homeAddress.country',
					type: 'string',
					required: false,
					requiredIn: 'homeAddress',
				}),
		],
		'unchanged',
		[],
		'',
	],
	[
		'another interval',
		[flow({ schedule: { ...flowWith().schedule, interval: 2 } })],
		'update',
		['schedule*'],
		'It runs every 2 days; desired is every day.',
	],
	[
		'a single run desired for one that has begun to run repeatedly',
		[({ desired }) => (desired.schedule = { frequency: 'onDemand' })],
		'drifted',
		['schedule'],
		'desired is on demand',
	],
	[
		'another backfill, which is over',
		[flow({ schedule: { ...flowWith().schedule, backfill: false } })],
		'unchanged',
		[],
		'',
	],
	[
		'a start that has passed',
		[({ desired }) => (desired.schedule.startEpochMs = Date.now() - 99 * HOUR_MS)],
		'unchanged',
		[],
		'',
	],
	[
		'another delta column',
		[
			({ desired }) => (desired.schedule.deltaColumn = 'created_at'),
			(scene) => (scene.columns = [...TABLE, CREATED]),
			policy('ignore'),
		],
		'update',
		['columnAdded', 'schedule*'],
		"Its delta column is 'updated_at'; desired is 'created_at'.",
	],
	[
		'another delta column, which the table does not have',
		[({ desired }) => (desired.schedule.deltaColumn = 'created_at')],
		'drifted',
		['deltaColumnInDanger!', 'schedule'],
		"does not have the delta column 'created_at'",
	],
	[
		'a schedule for one on demand, and two columns that can mark new rows',
		[
			flow({
				schedule: { frequency: 'once', startTime: '2099-01-01T00:00:00Z' },
				deltaColumn: undefined,
			}),
			({ actual }) =>
				(actual.source = { ...actual.source!, columns: [ID, TOTAL, UPDATED, CREATED] }),
			(scene) => (scene.columns = [ID, TOTAL, column('seen_at', 'string', 'date-time'), CREATED]),
			({ desired, actual }) => {
				actual.schema = foreignSchema('total', 'id');
				const ground = { desired, schema: actual.schema, tenantId: TENANT };
				actual.mapping = expectedMapping(ground, TABLE);
				desired.newColumns = 'ignore';
			},
		],
		'drifted',
		['columnAdded', 'columnRemoved!', 'deltaColumnInDanger!', 'schedule'],
		'several columns of the table can be it',
	],
	[
		'other options',
		[({ desired }) => (desired.options = { partialIngestionPercent: 10 })],
		'update',
		['options*'],
		'Partial Ingestion Threshold is not set; desired is 10 %.',
	],
	[
		'another description',
		[({ desired }) => (desired.description = 'New')],
		'update',
		['description*'],
		"desired is 'New'",
	],
	[
		'another mapping',
		[({ actual }) => (actual.mapping = actual.mapping?.slice(1))],
		'update',
		['mapping*'],
		'it lacks id → _emulator.id',
	],
	[
		'a mapping that was given and is there',
		[
			foreign('total', 'id'),
			({ desired }) =>
				(desired.mapping = [
					{ sourceType: 'ATTRIBUTE', source: 'id', destination: 'id' },
					{ sourceType: 'ATTRIBUTE', source: 'total', destination: 'total' },
				]),
		],
		'unchanged',
		[],
		'',
	],
	[
		'a dataflow that is disabled',
		[flow({ state: 'disabled' })],
		'drifted',
		['disabled'],
		'disabled',
	],
	[
		'a disabled dataflow that is to be enabled',
		[flow({ state: 'disabled' }), ({ desired }) => (desired.enabled = true)],
		'update',
		['disabled*'],
		'disabled',
	],
	[
		'a disabled dataflow that is to be so',
		[flow({ state: 'disabled' }), ({ desired }) => (desired.enabled = false)],
		'unchanged',
		[],
		'',
	],
	[
		'an enabled dataflow that is to be disabled',
		[({ desired }) => (desired.enabled = false)],
		'update',
		['enabled*'],
		'desired is disabled',
	],
	[
		'a dataset that is gone',
		[
			({ actual }) => {
				delete actual.dataset;
				delete actual.schema;
			},
		],
		'drifted',
		['datasetMissing!'],
		'is not there any more',
	],
	[
		'a dataset that is gone, and other options',
		[
			({ actual }) => {
				delete actual.dataset;
				delete actual.schema;
			},
			({ desired }) => (desired.options = { partialIngestionPercent: 10 }),
		],
		'drifted',
		['datasetMissing!', 'options'],
		'is not there any more',
	],
	[
		'a dataset without its schema, and other options',
		[
			({ actual }) => delete actual.schema,
			({ desired }) => (desired.options = { partialIngestionPercent: 10 }),
		],
		'drifted',
		['datasetWithoutSchema!', 'options'],
		'has no schema',
	],
	[
		'a table that is gone',
		[(scene) => delete scene.columns],
		'drifted',
		['tableMissing!'],
		'does not see the table',
	],
	[
		'a dataflow of the name from another table, of somebody else',
		[
			({ actual }) => {
				actual.source = { id: 'src', connectionId: 'c1', table: 'public.shops', raw: {} };
				actual.owner = 'others';
			},
		],
		'unmanaged',
		['namesake'],
		"reads the table 'public.shops' and not 'public.orders'",
	],
	[
		'a dataflow of ours into another dataset',
		[({ actual }) => (actual.dataset = { ...DATASET, name: 'Old orders' })],
		'drifted',
		['namesake'],
		"writes to the dataset 'Old orders' and not to 'Orders'",
	],
	[
		'two dataflows of the name',
		[({ actual }) => (actual.flows = [flowWith(), flowWith({ id: 'f2' })])],
		'unmanaged',
		['namesake'],
		"There are 2 dataflows named 'Orders': f1 (enabled), f2 (enabled).",
	],
	[
		'a dataflow that somebody else has made, with differences',
		[({ actual }) => (actual.owner = 'others'), withColumn],
		'unmanaged',
		['columnAdded'],
		"Give 'takeOver': true",
	],
	[
		'one that another credential of this package has made',
		[({ actual }) => (actual.owner = 'othersWithMarker')],
		'unmanaged',
		[],
		'not touched',
	],
	[
		'one of somebody else that the item takes over',
		[
			({ actual }) => (actual.owner = 'others'),
			({ desired }) => (desired.takeOver = true),
			withColumn,
		],
		'update',
		['columnAdded*'],
		'coupon',
	],
	[
		'a dataflow that is to be deleted',
		[({ desired }) => (desired.remove = true)],
		'delete',
		[],
		'the dataset and its rows stay',
	],
	[
		'one of somebody else that is to be deleted',
		[({ desired }) => (desired.remove = true), ({ actual }) => (actual.owner = 'others')],
		'unmanaged',
		[],
		'asks to delete it, but this package did not make it',
	],
	[
		'none, which is to be deleted',
		[none, ({ desired }) => (desired.remove = true)],
		'unchanged',
		[],
		'there is no such dataflow',
	],
];

describe('What a plan says of a table', () => {
	it.each(ROWS)('with %s', (_sentence, changes, action, kinds, words) => {
		const scene = asDesired();
		for (const change of changes) change(scene);
		const verdict = judge({ ...scene, tenantId: TENANT });
		const told = verdict.changes.map(
			({ kind, applies, breaking }) => `${kind}${applies ? '*' : ''}${breaking ? '!' : ''}`,
		);
		const isBlocked = action === 'blocked';
		const plain = isBlocked ? told.map((text) => text.replace('!', '')) : told;
		expect([verdict.action, plain]).toStrictEqual([action, kinds]);
		expect(verdict.because).toContain(words);
		expect(verdict.breaking).toBe(told.some((text) => text.endsWith('!')));
		for (const { what, effect, proposal } of verdict.changes) {
			for (const text of [what, effect, proposal]) expect(text).toMatch(/^['A-Z].*\.$/);
		}
	});

	it('is the same for the same, and changes nothing that it was given', () => {
		const scene = asDesired();
		const before = JSON.stringify(scene);
		expect(judge({ ...scene, tenantId: TENANT })).toStrictEqual(
			judge({ ...scene, tenantId: TENANT }),
		);
		expect(JSON.stringify(scene)).toBe(before);
	});
});
