import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { connectionStringOf, sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('Create, executed again', () => {
	const adobe = sharedAdobe();
	let connectionId: string;
	let datasetId: string;

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		connectionId = String(made?.json.connectionId);
		datasetId = adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
	});

	const DAILY: INodeParameters = {
		schedule: 'day',
		interval: 1,
		deltaColumn: 'updated_at',
		backfill: true,
	};
	const ON_DEMAND: INodeParameters = { schedule: 'onDemand' };
	const parameters = (changes: INodeParameters): INodeParameters => ({
		operation: 'create',
		name: 'Orders',
		connectionId,
		table: 'public.orders',
		dataset: datasetId,
		...changes,
	});
	const create = async (changes: INodeParameters): Promise<IDataObject> =>
		(await runDataflowNode(adobe, parameters(changes)))[0]?.json ?? {};
	const json = (...mappings: object[]): INodeParameters => ({
		mapping: 'json',
		mappings: JSON.stringify(mappings),
	});
	const TOTAL = { source: 'total', destination: '_emulator.total' };
	const ID = { source: 'id', destination: '_id' };

	const CASES: Array<[string, () => INodeParameters, () => INodeParameters, string[]]> = [
		['the same', () => DAILY, () => DAILY, []],
		['another frequency', () => DAILY, () => ({ ...DAILY, schedule: 'week' }), ['schedule']],
		['another interval', () => DAILY, () => ({ ...DAILY, interval: 2 }), ['interval']],
		['no backfill', () => DAILY, () => ({ ...DAILY, backfill: false }), ['backfill']],
		[
			'another start',
			() => ({ ...DAILY, startTime: inHours(1) }),
			() => ({ ...DAILY, startTime: inHours(2) }),
			['startTime'],
		],
		['no start at all', () => ({ ...DAILY, startTime: inHours(1) }), () => DAILY, []],
		['once instead of daily', () => DAILY, () => ({ schedule: 'once' }), ['schedule']],
		['once instead of on demand', () => ON_DEMAND, () => ({ schedule: 'once' }), ['schedule']],
		['on demand instead of once', () => ({ schedule: 'once' }), () => ON_DEMAND, ['schedule']],
		['on demand instead of daily', () => DAILY, () => ON_DEMAND, ['schedule']],
		['on demand again', () => ON_DEMAND, () => ON_DEMAND, []],
		['nothing at all, which is on demand', () => ON_DEMAND, () => ({}), []],
		[
			'a start of its own instead of on demand',
			() => ON_DEMAND,
			() => ({ schedule: 'once', startTime: inHours(1) }),
			['schedule', 'startTime'],
		],
		[
			'a single start that never comes, which is on demand as well',
			() => ({ schedule: 'once', startTime: inHours(87_600) }),
			() => ({ schedule: 'once', startTime: inHours(87_601) }),
			[],
		],
		[
			'a schedule where there was none',
			() => ON_DEMAND,
			() => DAILY,
			['schedule', 'interval', 'backfill', 'deltaColumn'],
		],
		[
			'a schedule by the only column that can mark new rows',
			() => ON_DEMAND,
			() => ({ ...DAILY, deltaColumn: '' }),
			['schedule', 'interval', 'backfill'],
		],
		[
			'another description',
			() => ({ additionalFields: { description: 'Old' } }),
			() => ({ additionalFields: { description: ' New ' } }),
			['description'],
		],
		[
			'no description any more',
			() => ({ additionalFields: { description: 'Old' } }),
			() => ({ additionalFields: { description: '' } }),
			['description'],
		],
		[
			'a description that is not asked for',
			() => ({ additionalFields: { description: 'Old' } }),
			() => ({}),
			[],
		],
		[
			'other options',
			() => ({ options: { errorDiagnostics: true, partialIngestionPercent: 5 } }),
			() => ({ options: { errorDiagnostics: false, partialIngestionPercent: 10 } }),
			['errorDiagnostics', 'partialIngestionThreshold'],
		],
		[
			'an option that was not set',
			() => ({}),
			() => ({ options: { partialIngestionPercent: 10 } }),
			['partialIngestionThreshold'],
		],
		['a mapping of fewer fields', () => json(ID, TOTAL), () => json(ID), ['mapping']],
		['a mapping in another order', () => json(ID, TOTAL), () => json(TOTAL, ID), []],
		[
			'a calculation for a column',
			() => json(ID, TOTAL),
			() => json(ID, { ...TOTAL, sourceType: 'EXPRESSION' }),
			['mapping'],
		],
		['an automatic mapping', () => json(ID, TOTAL), () => ({}), ['mapping']],
		['a mapping in the place of the automatic one', () => ({}), () => json(ID), ['mapping']],
		['the same automatic mapping', () => ({}), () => ({}), []],
		[
			'events for records',
			() => ({ datasetSource: 'create', datasetName: 'New' }),
			() => ({
				datasetSource: 'create',
				datasetName: 'New',
				schemaClass: 'experienceEvent',
				eventIdColumn: 'id',
				eventTimeColumn: 'updated_at',
			}),
			['mapping'],
		],
	];

	it.each(CASES)(
		'with %s says what differs, and leaves it',
		async (_case, first, second, words) => {
			const made = await create(first());
			expect(made).toMatchObject({ action: 'created', differences: [] });
			const before = JSON.stringify(adobe.flows());
			const again = await create(second());
			expect(again).toMatchObject({
				flowId: made.flowId,
				action: words.length === 0 ? 'unchanged' : 'kept',
				differences: words,
			});
			expect(JSON.stringify(adobe.flows())).toBe(before);
		},
	);

	it.each(CASES.filter(([, , , words]) => words.length > 0 && !words.includes('mapping')))(
		"with %s and 'If It Exists' Update changes it, and differs no more",
		async (_case, first, second, words) => {
			const made = await create(first());
			const wanted = second();
			const options = { ...(wanted.options as IDataObject), ifExists: 'update' };
			const changes = { ...wanted, options } as INodeParameters;
			expect(await create(changes)).toMatchObject({
				flowId: made.flowId,
				action: 'updated',
				differences: words,
			});
			expect(await create(changes)).toMatchObject({ action: 'unchanged', differences: [] });
			expect(adobe.flows()).toHaveLength(1);
		},
	);

	it('with another mapping refuses to update, and changes nothing', async () => {
		await create(json(ID, TOTAL));
		const before = JSON.stringify(adobe.flows());
		const thrown = await thrownBy(
			async () => await create({ ...json(ID), ...DAILY, options: { ifExists: 'update' } }),
		);
		expect(thrown.message).toContain("Create can't change the mapping of an existing dataflow");
		expect(JSON.stringify(adobe.flows())).toBe(before);
	});

	it('with another delta column says so', async () => {
		const database = await makeScratchDatabase();
		try {
			await database.owner.query(`
				create table events (id int, created_at timestamptz, updated_at timestamptz);
				grant select on events to public;
			`);
			const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
			const source = { authMode: 'connectionString', connectionString };
			const [made] = await runConnectionNode(
				adobe,
				{ operation: 'create', name: 'Scratch' },
				{ source },
			);
			const events = (deltaColumn: string, options: INodeParameters = {}) => ({
				...DAILY,
				...json(ID),
				connectionId: String(made?.json.connectionId),
				table: 'public.events',
				deltaColumn,
				options,
			});
			await create(events('created_at'));
			expect(await create(events('updated_at'))).toMatchObject({
				action: 'kept',
				differences: ['deltaColumn'],
			});
			const update = { ifExists: 'update' };
			expect(await create(events('updated_at', update))).toMatchObject({ action: 'updated' });
			const { flowId } = await create(events('updated_at'));
			for (const deltaColumn of ['nope', 'id']) {
				const thrown = await thrownBy(
					async () =>
						await runDataflowNode(adobe, {
							operation: 'update',
							flowId: String(flowId),
							updateFields: { deltaColumn },
						}),
				);
				expect(thrown.message).toMatch(/'Delta Column' must be a date-time|no column 'nope'/);
				expect(thrown.description).toContain('Nothing was changed.');
			}
			const differing = await thrownBy(async () => await create(events('nope', update)));
			expect(differing.message).toContain("The table has no column 'nope' ('Delta Column')");
		} finally {
			await database.drop();
		}
	});

	it('tells it as a hint, by the words of the output', async () => {
		await create(DAILY);
		const wired = wireDataflowNode(adobe, parameters({ ...DAILY, interval: 2 }));
		const { hints } = await executionHints(wired);
		expect(hints.join()).toContain('already exist with other settings');
		expect(hints.join()).toContain("'Orders': interval");
	});

	it('names the columns that the mapping leaves out, made or found', async () => {
		const made = await create(
			json(ID, { ...TOTAL, source: 'total * 2', sourceType: 'EXPRESSION' }),
		);
		expect(made.unmappedColumns).toContain('status');
		expect(made.unmappedColumns).not.toContain('total');
		const again = await create(
			json(ID, { ...TOTAL, source: 'total * 2', sourceType: 'EXPRESSION' }),
		);
		expect(again.unmappedColumns).toStrictEqual(made.unmappedColumns);
	});

	it.each([
		['upper(first_name)', 'first_name'],
		['concat(id, "-", Status)', 'Status'],
	])('refuses a calculation by a column that is not there: %s', async (source, name) => {
		const thrown = await thrownBy(
			async () => await create(json({ source, destination: '_id', sourceType: 'EXPRESSION' })),
		);
		expect(thrown.message).toContain('The mapping does not fit the dataset');
		expect(thrown.description).toContain(`has no column '${name}'; it has id, `);
		expect(adobe.mappingSets()).toHaveLength(0);
	});

	it.each([
		[{ ...ID, identity: true }, 'identity'],
		[{ ...ID, primaryIdentity: true, sourcetype: 'STATIC' }, 'primaryIdentity, sourcetype'],
	])('refuses members that no mapping has: %j', async (entry, names) => {
		const thrown = await thrownBy(async () => await create(json(TOTAL, entry)));
		expect(thrown.message).toContain(`Entry 1 of 'Mappings' has what no mapping has: ${names}`);
	});

	it('refuses the form of a JSON mapping that nobody filled in', async () => {
		const thrown = await thrownBy(async () => await create({ mapping: 'json' }));
		expect(thrown.message).toContain("Entry 0 of 'Mappings' has no source or no destination");
	});

	it('refuses a field whose expression gives nothing, and skips one left empty by hand', async () => {
		const fields = (value: object): INodeParameters => ({
			mapping: 'fields',
			fields: { mappingMode: 'defineBelow', value, schema: [] } as never,
		});
		const thrown = await thrownBy(
			async () => await create(fields({ _id: 'id', '_emulator.total': '={{ $json.nothing }}' })),
		);
		expect(thrown.message).toContain("'_emulator.total' has no value");
		await create(fields({ _id: 'id', '_emulator.total': null, '_emulator.status': '' }));
		expect(adobe.mappingSets()[0]?.mappings).toHaveLength(1);
	});
});
