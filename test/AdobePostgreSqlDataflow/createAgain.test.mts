import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../emulator/emulator.mts';
import { connectionStringOf, sharedAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { outputOf, runWorkflow } from '../support/core.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';
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

	const isOtherClass = ([name]: (typeof CASES)[number]) => name === 'events for records';

	it.each(CASES.filter((one) => one[3].length > 0 && !isOtherClass(one)))(
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

	describe("with another mapping and 'If It Exists' Update", () => {
		const UPDATE = { options: { ifExists: 'update' } };
		const SETS = '/data/foundation/conversion/mappingSets';
		const FLOW = '/data/foundation/flowservice/flows/{id}';
		const strike = (fault: Partial<Fault>) => adobe.addFault({ kind: 'reset', ...fault } as Fault);
		const mappingIds = () => adobe.mappingSets().map(({ id }) => id);
		const transformations = () => adobe.flows()[0]?.transformations ?? [];
		const refusal = async (changes: INodeParameters) =>
			await thrownBy(async () => await create({ ...changes, ...UPDATE }));

		it('changes it with all else in one request, keeps the old one and says so', async () => {
			const made = await create(json(ID, TOTAL));
			adobe.journal.length = 0;
			const output = await create({ ...json(ID), ...DAILY, ...UPDATE });
			expectOutput(output, schemaOf('AdobePostgreSqlDataflow', 'dataflow', 'create'));
			expect(output).toMatchObject({
				action: 'updated',
				mapping: { _id: 'id' },
				mappedFields: 1,
				mappingChanges: [{ field: TOTAL.destination, before: 'total', after: null }],
				previousMappingId: made.mappingId,
				previousMappingVersion: 0,
			});
			expect(output.unmappedColumns).toContain('total');
			expect(mappingIds()).toStrictEqual([made.mappingId, output.mappingId]);
			expect(transformations()).toMatchObject([
				{ name: 'Copy' },
				{ name: 'Mapping', params: { mappingId: output.mappingId } },
			]);
			expect(requestsBy(adobe, 'PATCH')).toHaveLength(1);
		});

		it('says from when on it counts', async () => {
			await create(json(ID, TOTAL));
			const wired = wireDataflowNode(adobe, parameters({ ...json(ID), ...UPDATE }));
			const { hints } = await executionHints(wired);
			expect(hints).toStrictEqual([
				'A new mapping applies to runs that are scheduled after the change.',
			]);
		});

		it.each([
			['of the mapping set, after it was made', { path: SETS, method: 'POST', when: 'after' }],
			['of the mapping set, before', { path: SETS, method: 'POST' }],
			['of the dataflow, after it was changed', { path: FLOW, method: 'PATCH', when: 'after' }],
			['of the dataflow, before', { path: FLOW, method: 'PATCH' }],
		] as Array<[string, Partial<Fault>]>)(
			'makes one mapping set, though an answer is lost: %s',
			async (_what, fault) => {
				const { mappingId } = await create(json(ID, TOTAL));
				strike(fault);
				const output = await create({ ...json(ID), ...UPDATE });
				expect(output).toMatchObject({ action: 'updated', previousMappingId: mappingId });
				expect(output).not.toHaveProperty('possiblyLeftBehind');
				expect(mappingIds()).toStrictEqual([mappingId, output.mappingId]);
				expect(transformations()).toMatchObject([{ params: { mappingId: output.mappingId } }]);
			},
			60_000,
		);

		it('removes a mapping set that was made in vain', async () => {
			const { mappingId } = await create(json(ID, TOTAL));
			strike({ kind: 'status', status: 403, method: 'PATCH', path: FLOW, times: 99 });
			const { description } = await refusal(json(ID));
			expect(description).toContain('Removed again: the mapping set');
			expect(mappingIds()).toStrictEqual([mappingId]);
		});

		it('keeps and names one that the dataflow may use', async () => {
			const { mappingId } = await create(json(ID, TOTAL));
			strike({ kind: 'status', status: 500, method: 'PATCH', path: FLOW, times: 99 });
			const { message, description } = await refusal(json(ID));
			expect(message).toContain('It is not clear whether Adobe has changed the dataflow');
			const left = mappingIds().find((id) => id !== mappingId);
			expect(description).toContain(`as the dataflow may use it: the mapping set ${left}`);
		}, 60_000);

		it('calls one not left behind that the dataflow has got by a try before', async () => {
			const { mappingId } = await create(json(ID, TOTAL));
			strike({ when: 'after', method: 'PATCH', path: FLOW });
			strike({ kind: 'status', status: 403, method: 'GET', path: FLOW });
			const given = parameters({ ...json(ID), ...UPDATE });
			const wired = wireDataflowNode(adobe, given, { retryOnFail: true });
			const run = await runWorkflow(wired);
			expect(run.data.resultData.error).toBeUndefined();
			const [output] = outputOf(run, wired.node.name).map((item) => item.json);
			const used = mappingIds().find((id) => id !== mappingId);
			expect(output).toMatchObject({ action: 'unchanged', mappingId: used });
			expect(output).not.toHaveProperty('possiblyLeftBehind');
			expect(mappingIds()).toHaveLength(2);
		}, 60_000);

		it.each([
			['a column', { ...TOTAL, source: 'sum' }, "no column 'sum'"],
			['a field', { ...TOTAL, destination: 'acme.total' }, "no field 'acme.total'"],
		])('refuses one that does not fit, and makes nothing: %s', async (_what, one, says) => {
			const { mappingId } = await create(json(ID));
			const before = JSON.stringify(adobe.flows());
			const { description } = await refusal({ ...json(ID, one), ...DAILY });
			expect(description).toContain(says);
			expect(description).toContain('Nothing was changed.');
			expect(mappingIds()).toStrictEqual([mappingId]);
			expect(JSON.stringify(adobe.flows())).toBe(before);
		});

		it('refuses other fields of a dataset made from the table, and changes nothing', async () => {
			const [, first, second] = CASES.find(isOtherClass) ?? [];
			await create(first?.() ?? {});
			const before = JSON.stringify([adobe.flows(), adobe.mappingSets()]);
			const { message, description } = await refusal(second?.() ?? {});
			expect(message).toContain("Create can't change the schema of an existing dataset");
			expect(description).toContain('Database: Apply');
			expect(description).toContain('Nothing was changed.');
			expect(JSON.stringify([adobe.flows(), adobe.mappingSets()])).toBe(before);
		});

		it('gives a dataset made from the table its own mapping back', async () => {
			const made = await create({ datasetSource: 'create', datasetName: 'New' });
			const given = {
				newMapping: 'json',
				mappings: JSON.stringify(
					[ID].map((one) => ({ ...one, destination: Object.keys(made.mapping as object)[0] })),
				),
			};
			await runDataflowNode(adobe, {
				operation: 'update',
				flowId: String(made.flowId),
				...given,
			});
			const again = { datasetSource: 'create', datasetName: 'New', ...UPDATE };
			const output = await create(again);
			expect(output).toMatchObject({ action: 'updated', differences: ['mapping'] });
			expect(output.mapping).toStrictEqual(made.mapping);
			expect(await create(again)).toMatchObject({ action: 'unchanged', differences: [] });
		});
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
