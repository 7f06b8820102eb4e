import type { INodeParameters } from 'n8n-workflow';

import { withAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { executeNode } from '../support/core.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { newDataflows } from './newDataflow.mts';

const HOUR_MS = 3_600_000;
const IN_WORDS: Record<string, RegExp> = {
	minute: /^every 15 minutes from \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
	hour: /^every 2 hours from /,
	day: /^every day from /,
	week: /^every week from /,
};
const soon = () => new Date(Date.now() + HOUR_MS).toISOString();

describe('Create a dataflow', () => {
	const { adobe, parameters, create, writes, sent, connectionId, datasetId } = newDataflows();

	it('makes source, mapping, target and flow in this order, and gives all IDs', async () => {
		const json = await create();
		expect(writes()).toStrictEqual([
			'POST sourceConnections',
			'POST mappingSets',
			'POST targetConnections',
			'POST flows',
		]);
		expect(json).toMatchObject({
			flowId: adobe.flows()[0]?.id,
			sourceConnectionId: adobe.sourceConnections()[0]?.id,
			targetConnectionId: adobe.targetConnections()[0]?.id,
			mappingId: adobe.mappingSets()[0]?.id,
			connectionId: connectionId(),
			table: 'public.orders',
			datasetId: datasetId(),
			name: 'Orders',
			state: 'enabled',
			etag: adobe.flows()[0]?.etag,
			sandboxName: 'prod',
			unmappedColumns: [],
			action: 'created',
		});
	});

	it('names the table and its columns as Adobe gave them', async () => {
		await create({ table: 'public."Order Items"', datasetSource: 'create', datasetName: 'Items' });
		const { params, data, baseConnectionId } = sent('/sourceConnections');
		expect(baseConnectionId).toBe(connectionId());
		expect(data).toStrictEqual({ format: 'tabular' });
		expect(params.tableName).toBe('public."Order Items"');
		expect(params.columns[1]).toStrictEqual({
			name: 'Order Id',
			type: 'integer',
			xdm: { type: 'integer' },
		});
	});

	it('asks for a dataset as Adobe does in its sample', async () => {
		await create({ datasetSource: 'create', datasetName: 'Items' });
		const posted = adobe.journal.find(
			({ method, path }) => method === 'POST' && path.includes('/catalog/dataSets'),
		);
		expect(posted?.path).toBe('/data/foundation/catalog/dataSets?requestDataSource=true');
	});

	it('starts in five minutes when no start time is given, and in epoch seconds', async () => {
		const began = Date.now();
		await create({ schedule: 'once' });
		const { startTime, ...rest } = sent('/flows').scheduleParams;
		expect(rest).toStrictEqual({ frequency: 'once' });
		expect(Number(startTime) * 1000).toBeGreaterThanOrEqual(began + 5 * 60_000);
		expect(Number(startTime) * 1000).toBeLessThan(Date.now() + 6 * 60_000);
		expect(sent('/flows').transformations.map(({ name }: any) => name)).toStrictEqual(['Mapping']);
	});

	it.each<[string, INodeParameters, object]>([
		['minutes', { schedule: 'minute', interval: 15 }, { frequency: 'minute', interval: '15' }],
		['hours', { schedule: 'hour', interval: 2 }, { frequency: 'hour', interval: '2' }],
		['days', { schedule: 'day', interval: 1 }, { frequency: 'day', interval: '1' }],
		['weeks', { schedule: 'week', interval: 1 }, { frequency: 'week', interval: '1' }],
		[
			'no backfill',
			{ schedule: 'day', interval: 1, backfill: false },
			{ frequency: 'day', interval: '1', backfill: 'false' },
		],
	])('runs again and again: %s', async (_what, schedule, expected) => {
		const json = await create({ backfill: true, deltaColumn: 'updated_at', ...schedule });
		const { scheduleParams, transformations } = sent('/flows');
		expect(scheduleParams).toMatchObject(expected);
		expect(transformations[0]).toStrictEqual({
			name: 'Copy',
			params: {
				deltaColumn: { name: 'updated_at', dateFormat: 'YYYY-MM-DD', timezone: 'UTC' },
			},
		});
		expect(json.schedule).toMatch(IN_WORDS[String(schedule.schedule)] ?? /^$/);
	});

	it('takes a start time without a zone in the one of the workflow', async () => {
		const startTime = soon();
		const json = await create({ schedule: 'once', startTime });
		expect(Number(sent('/flows').scheduleParams.startTime)).toBe(
			Math.ceil(Date.parse(startTime) / 1000),
		);
		const shown = startTime.slice(0, 16).replace('T', ' ');
		expect(json.schedule).toBe(`once, at ${shown} UTC`);
	});

	it('passes description and options on', async () => {
		await create({
			additionalFields: { description: 'For the CDP' },
			options: { errorDiagnostics: true, partialIngestionPercent: 10 },
		});
		expect(adobe.flows()[0]).toMatchObject({
			description: 'For the CDP',
			options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 10 },
		});
	});

	describe('with a mapping', () => {
		it('field by field takes the columns that were chosen', async () => {
			await create({
				mapping: 'fields',
				fields: {
					mappingMode: 'defineBelow',
					value: { _id: 'customer_id', '_emulator.total': 'total', '_emulator.status': null },
					schema: [],
				} as never,
			});
			expect(adobe.mappingSets()[0]?.mappings).toMatchObject([
				{ sourceType: 'ATTRIBUTE', source: 'customer_id', destination: '_id' },
				{ sourceType: 'ATTRIBUTE', source: 'total', destination: '_emulator.total' },
			]);
		});

		it('as JSON takes calculations and fixed texts', async () => {
			const mappings = [
				{ source: 'concat("order ", id)', destination: '_id', sourceType: 'expression' },
				{ source: 'web', destination: '_emulator.tags', sourceType: 'STATIC' },
				{ source: 'total', destination: '_emulator.total' },
			];
			await create({ mapping: 'json', mappings: JSON.stringify(mappings) });
			expect(adobe.mappingSets()[0]?.mappings.map(({ sourceType }) => sourceType)).toStrictEqual([
				'EXPRESSION',
				'STATIC',
				'ATTRIBUTE',
			]);
		});

		it('by name tells which columns are left out, on the output and as a hint', async () => {
			const wired = wireDataflowNode(adobe, parameters({ table: 'crm.accounts' }));
			const { items, hints } = await executionHints(wired);
			expect(items[0]?.json.unmappedColumns).toStrictEqual([
				'name',
				'active',
				'opened_on',
				'balance',
			]);
			expect(hints.join()).toContain("'Orders': name, active, opened_on, balance");
			expect(hints.join()).toContain('Map them under Mapping > Field by Field');
		});

		it('by name tells what a column may stand for, and maps it only where it is chosen', async () => {
			const dataset = adobe.addDataSet({
				name: 'People',
				fields: { 'personalEmail.address': 'string', 'person.name.fullName': 'string' },
			}).id;
			const wanted = { table: 'public.customers', dataset };
			const { items, hints } = await executionHints(wireDataflowNode(adobe, parameters(wanted)));
			expect(items[0]?.json.possibleMatches).toStrictEqual([
				{ column: 'email', field: 'personalEmail.address' },
			]);
			expect(hints.join()).toContain('email (possible match: personalEmail.address)');
			const sources = adobe
				.mappingSets()
				.flatMap(({ mappings }) => mappings.map(({ source }) => source));
			expect(sources).not.toContain('email');
			const again = await executionHints(wireDataflowNode(adobe, parameters(wanted)));
			expect(again.items[0]?.json.action).toBe('unchanged');
			expect(again.items[0]?.json.possibleMatches).toStrictEqual(items[0]?.json.possibleMatches);
			expect(again.hints.join()).toContain('email (possible match: personalEmail.address)');
		});
	});

	it('makes twenty dataflows in one run, each once and in order', async () => {
		const names = Array.from({ length: 20 }, (_, index) => `Flow ${index}`);
		const wired = wireDataflowNode(adobe, parameters({ name: '={{ $json.name }}' }));
		const items = await executeNode(
			wired,
			names.map((name) => ({ json: { name } })),
		);
		expect(items.map(({ json }) => json.name)).toStrictEqual(names);
		expect(items.map(({ pairedItem }) => pairedItem)).toStrictEqual(
			names.map((_, item) => ({ item })),
		);
		expect(
			adobe
				.flows()
				.map(({ name }) => name)
				.sort(),
		).toStrictEqual([...names].sort());
		// What all of them have in common is looked at once.
		const reads = adobe.journal.filter(({ path }) => path.includes('/explore'));
		expect(reads).toHaveLength(1);
	}, 30_000);

	it('starts in five minutes by Adobe’s clock where that is ahead', async () => {
		const aheadMs = 600_000;
		await withAdobe({ dateSkewMs: aheadMs }, async (ahead) => {
			await ahead.advanceClock(aheadMs);
			const [connection] = await runConnectionNode(ahead, {
				operation: 'create',
				verify: false,
				name: 'Sales',
			});
			const [item] = await runDataflowNode(ahead, {
				operation: 'create',
				connectionId: String(connection?.json.connectionId),
				table: 'public.orders',
				datasetSource: 'create',
				datasetName: 'Ahead',
				schedule: 'once',
			});
			expect(item?.json.action).toBe('created');
		});
	});
});
