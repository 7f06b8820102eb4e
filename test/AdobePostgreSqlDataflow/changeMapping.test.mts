import { setTimeout } from 'node:timers/promises';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../emulator/emulator.mts';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { unused } from '../../nodes/AdobePostgreSqlDataflow/dataflow/mapping/leftBehind';
import { startAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';
import { newDataflows } from './newDataflow.mts';

const FLOW = '/data/foundation/flowservice/flows/{id}';
const SETS = '/data/foundation/conversion/mappingSets';
const ALWAYS = 99;

const json = (...mappings: Array<[source: string, destination: string, type?: string]>) => ({
	newMapping: 'json',
	mappings: JSON.stringify(
		mappings.map(([source, destination, sourceType = 'ATTRIBUTE']) => ({
			source,
			destination,
			sourceType,
		})),
	),
});

const TOTAL = '_emulator.total';
const OTHER = json(['id', '_id'], ['total * 100', TOTAL, 'EXPRESSION']);

describe('Update of the mapping', () => {
	const { adobe, create, writes, datasetId } = newDataflows();

	const update = async (flowId: unknown, changes: INodeParameters): Promise<IDataObject> =>
		(await runDataflowNode(adobe, { operation: 'update', flowId: String(flowId), ...changes }))[0]
			?.json ?? {};
	const refusal = async (flowId: unknown, changes: INodeParameters) =>
		await thrownBy(async () => await update(flowId, changes));
	const transformations = () => adobe.flows()[0]?.transformations ?? [];
	const mappingIds = () => adobe.mappingSets().map(({ id }) => id);
	const made = async (changes: INodeParameters = {}) => {
		const output = await create(changes);
		adobe.journal.length = 0;
		return output;
	};

	it('makes a new mapping set and points the dataflow at it, and keeps the old one', async () => {
		const { flowId, mappingId, etag } = await made();
		const output = await update(flowId, OTHER);
		expectOutput(output, schemaOf('AdobePostgreSqlDataflow', 'dataflow', 'update'));
		expect(output).toMatchObject({
			action: 'updated',
			mapping: { _id: 'id', [TOTAL]: 'total * 100' },
			mappedFields: 2,
			columnsNotRead: [],
			previousMappingId: mappingId,
			previousMappingVersion: 0,
		});
		expect(output.mappingChanges).toContainEqual({
			field: TOTAL,
			before: 'total',
			after: 'total * 100',
		});
		expect(writes()).toStrictEqual(['POST mappingSets', 'PATCH ' + String(flowId)]);
		expect(mappingIds()).toStrictEqual([mappingId, output.mappingId]);
		expect(transformations()).toStrictEqual([
			{ name: 'Mapping', params: { mappingId: output.mappingId, mappingVersion: '0' } },
		]);
		const [patch] = requestsBy(adobe, 'PATCH');
		expect(patch?.headers['if-match']).toBe(etag);
		expect(adobe.mappingSets()[1]?.schemaId).toBe(
			adobe.dataSets().find(({ id }) => id === datasetId())?.schemaRef.id,
		);
	});

	it('finds the transformation by its name, and leaves the others alone', async () => {
		const daily = { schedule: 'day', interval: 1, deltaColumn: 'updated_at' };
		const { flowId } = await made(daily);
		const [copy] = transformations();
		const { mappingId } = await update(flowId, OTHER);
		expect(copy?.name).toBe('Copy');
		expect(transformations()).toStrictEqual([
			copy,
			{ name: 'Mapping', params: { mappingId, mappingVersion: '0' } },
		]);
		expect(JSON.parse(requestsBy(adobe, 'PATCH')[0]?.body ?? '')).toMatchObject([
			{ op: 'replace', path: '/transformations/1' },
		]);
	});

	it('goes with a new name, schedule and delta column in one request', async () => {
		const { flowId } = await made();
		const { mappingId, name } = await update(flowId, {
			...OTHER,
			updateFields: { name: 'New', schedule: 'day', interval: 1, deltaColumn: 'updated_at' },
		});
		expect(name).toBe('New');
		expect(requestsBy(adobe, 'PATCH')).toHaveLength(1);
		expect(transformations()).toMatchObject([
			{ name: 'Copy', params: { deltaColumn: { name: 'updated_at' } } },
			{ name: 'Mapping', params: { mappingId } },
		]);
	});

	it('writes nothing where the mapping is the same, in whatever order', async () => {
		const { flowId, mappingId, etag } = await made(OTHER_AT_CREATE);
		const same = json(['total * 100', TOTAL, 'EXPRESSION'], ['id', '_id']);
		const output = await update(flowId, same);
		expect(output).toMatchObject({ action: 'unchanged', mappingId, etag, mappingChanges: [] });
		expect(output).not.toHaveProperty('previousMappingId');
		expect(writes()).toStrictEqual([]);
		// Something else is changed without another mapping set.
		const renamed = await update(flowId, { ...same, updateFields: { name: 'New' } });
		expect(renamed).toMatchObject({ action: 'updated', name: 'New', mappingId });
		expect(mappingIds()).toStrictEqual([mappingId]);
	});

	it('is not touched unless it is asked for', async () => {
		const { flowId, mappingId } = await made(OTHER_AT_CREATE);
		const output = await update(flowId, { mapping: 'automatic', updateFields: { name: 'New' } });
		expect(output).toMatchObject({ action: 'updated', mappingId });
		expect(output).not.toHaveProperty('mapping');
		expect(adobe.journal.some(({ path }) => path.includes('mappingSets'))).toBe(false);
	});

	it('goes back to an earlier mapping set, which is made by nobody again', async () => {
		const { flowId, mappingId } = await made();
		const changed = await update(flowId, OTHER);
		const { previousMappingId: mappingSetId, previousMappingVersion: mappingSetVersion } = changed;
		const back = { newMapping: 'earlier', mappingSetId, mappingSetVersion } as INodeParameters;
		expect(await update(flowId, back)).toMatchObject({
			action: 'updated',
			mappingId,
			previousMappingId: changed.mappingId,
		});
		expect(mappingIds()).toHaveLength(2);
		expect(await update(flowId, back)).toMatchObject({ action: 'unchanged' });
		const unknown = { ...back, mappingSetId: 'f'.repeat(32) };
		expect((await refusal(flowId, unknown)).message).toContain('mapping set');
	});

	it('by column name is what Create would make', async () => {
		const { flowId } = await made(OTHER_AT_CREATE);
		const output = await update(flowId, { newMapping: 'automatic' });
		const again = await create({ name: 'Again' });
		expect(output.mapping).toStrictEqual(again.mapping);
		expect(output.unmappedColumns).toStrictEqual(again.unmappedColumns);
	});

	it('field by field takes the chosen columns', async () => {
		const { flowId } = await made();
		const output = await update(flowId, {
			newMapping: 'fields',
			fields: { mappingMode: 'defineBelow', value: { [TOTAL]: 'total' } },
		});
		expect(output.mapping).toStrictEqual({ [TOTAL]: 'total' });
	});

	it('field by field begins with the present mapping, which untouched changes nothing', async () => {
		const swapped = json(['id', '_id'], ['status', '_emulator.customerId']);
		const { flowId } = await made({ mapping: 'json', mappings: swapped.mappings });
		const parameters = { operation: 'update', flowId: { __rl: true, mode: 'id', value: flowId } };
		const context = editorContext(wireDataflowNode(adobe, parameters as INodeParameters));
		const { methods } = new AdobePostgreSqlDataflow();
		const { fields } = await methods.resourceMapping.getDatasetFields.call(context as never);
		const filledIn = fields.flatMap(({ id, defaultValue }) =>
			defaultValue === undefined ? [] : [[id, defaultValue]],
		);
		expect(filledIn).toHaveLength(2);
		expect(fields.find(({ id }) => id === '_emulator.total')?.options).toHaveLength(6);
		const value = Object.fromEntries(filledIn) as IDataObject;
		const untouched = { newMapping: 'fields', fields: { mappingMode: 'defineBelow', value } };
		expect(await update(flowId, untouched as INodeParameters)).toMatchObject({
			action: 'unchanged',
			mapping: { _id: 'id', '_emulator.customerId': 'status' },
		});
	});

	it.each([
		['a column', ['sum', TOTAL], "no column 'sum'"],
		['a field', ['total', 'acme.total'], "no field 'acme.total'"],
		['a calculation', ['total +', TOTAL, 'EXPRESSION'], 'Adobe says'],
	] as const)(
		'that does not fit is refused before anything is made: %s',
		async (_what, one, says) => {
			const { flowId, mappingId } = await made();
			const { description } = await refusal(flowId, json([...one]));
			expect(description).toContain(says);
			expect(writes()).toStrictEqual([]);
			expect(mappingIds()).toStrictEqual([mappingId]);
		},
	);

	it.each([
		[{ newMapping: 'json', mappings: '[]' }, "'Mappings' is empty"],
		[{ newMapping: 'earlier', mappingSetId: ' ' }, "'Mapping Set ID'"],
		[{ newMapping: 'guess' }, "'Mapping'"],
	])('is refused before anything is sent: %p', async (changes, message) => {
		const { flowId } = await made();
		expect((await refusal(flowId, changes as INodeParameters)).message).toContain(message);
		expect(adobe.journal).toHaveLength(0);
	});

	describe('when an answer is lost or refused', () => {
		const strike = (fault: Partial<Fault>) => adobe.addFault({ kind: 'reset', ...fault } as Fault);

		it.each([
			['of the mapping set, after it was made', { path: SETS, method: 'POST', when: 'after' }],
			['of the mapping set, before', { path: SETS, method: 'POST' }],
			['of the dataflow, after it was changed', { path: FLOW, method: 'PATCH', when: 'after' }],
			['of the dataflow, before', { path: FLOW, method: 'PATCH' }],
		] as Array<[string, Partial<Fault>]>)(
			'%s: one mapping set is made, and the dataflow has it',
			async (_what, fault) => {
				const { flowId, mappingId } = await made();
				strike(fault);
				const output = await update(flowId, OTHER);
				expect(output).toMatchObject({ action: 'updated', previousMappingId: mappingId });
				expect(mappingIds()).toStrictEqual([mappingId, output.mappingId]);
				expect(transformations()).toMatchObject([{ params: { mappingId: output.mappingId } }]);
			},
			60_000,
		);

		it.each([400, 403, 412])(
			'a mapping set that was made in vain is removed (%i)',
			async (status) => {
				const { flowId, mappingId } = await made();
				strike({ kind: 'status', status, method: 'PATCH', path: FLOW, times: ALWAYS });
				const { description } = await refusal(flowId, OTHER);
				expect(description).toContain('Removed again: the mapping set');
				expect(mappingIds()).toStrictEqual([mappingId]);
				expect(transformations()).toMatchObject([{ params: { mappingId } }]);
			},
		);

		it('one that can’t be removed is named', async () => {
			const { flowId, mappingId } = await made();
			strike({ kind: 'status', status: 400, method: 'PATCH', path: FLOW });
			strike({
				kind: 'status',
				status: 405,
				method: 'DELETE',
				path: `${SETS}/{id}`,
				times: ALWAYS,
			});
			const { description } = await refusal(flowId, OTHER);
			const left = mappingIds().find((id) => id !== mappingId);
			expect(description).toContain(`delete it yourself: the mapping set ${left}`);
		});

		it('one that the dataflow may use is kept and named', async () => {
			const { flowId, mappingId } = await made();
			strike({ kind: 'status', status: 500, method: 'PATCH', path: FLOW, times: ALWAYS });
			const { message, description } = await refusal(flowId, OTHER);
			expect(message).toContain('It is not clear whether Adobe has changed the dataflow');
			const left = mappingIds().find((id) => id !== mappingId);
			expect(description).toContain(`as the dataflow may use it: the mapping set ${left}`);
		});

		describe('what comes besides the one that the dataflow may use', () => {
			/** The first attempt is given up on by a gateway; the second is answered. */
			const keptAfter = async (fault: Partial<Fault>) => {
				const { flowId, mappingId } = await made();
				strike({ status: 504, method: 'POST', path: SETS, ...fault });
				strike({ kind: 'status', status: 500, method: 'PATCH', path: FLOW, times: ALWAYS });
				const { description } = await refusal(flowId, { ...OTHER, options: { timeout: 4 } });
				const [kept = ''] =
					/as the dataflow may use it: the mapping set (\w+)/.exec(description ?? '')?.slice(1) ??
					[];
				return { description, kept, mappingId };
			};

			it('is removed where it comes in time', async () => {
				const { description, kept, mappingId } = await keptAfter({ kind: 'late', delayMs: 2_600 });
				await setTimeout(1_500);
				expect(mappingIds()).toStrictEqual([mappingId, kept]);
				expect(description).not.toContain('Adobe may have made besides');
			}, 30_000);

			it('is named where it may come later', async () => {
				const { description, kept, mappingId } = await keptAfter({ kind: 'status' });
				expect(mappingIds()).toStrictEqual([mappingId, kept]);
				expect(description).toMatch(
					new RegExp(`delete it: mapping set '.+' that Adobe may have made besides ${kept}`),
				);
			}, 30_000);
		});
	});

	it('that somebody else has changed at the same time is told, and theirs stays', async () => {
		const { flowId, mappingId } = await made();
		// Both have read the dataflow before either changes it.
		adobe.addFault({ kind: 'delay', delayMs: 400, path: SETS, method: 'POST', times: 2 });
		const ended = await Promise.allSettled([
			update(flowId, OTHER),
			update(flowId, json(['total * 2', TOTAL, 'EXPRESSION'])),
		]);
		const [done] = ended.filter((one) => one.status === 'fulfilled');
		const [failed] = ended.filter((one) => one.status === 'rejected');
		expect(failed?.reason.message).toContain('Somebody else has changed the dataflow');
		expect(failed?.reason.description).toContain('Removed again: the mapping set');
		expect(mappingIds()).toStrictEqual([mappingId, done?.value.mappingId]);
		expect(transformations()).toMatchObject([{ params: { mappingId: done?.value.mappingId } }]);
	});

	it('says from when on it counts, and which columns Adobe may not load', async () => {
		const { flowId, sourceConnectionId } = await made();
		const source = adobe.sourceConnections().find(({ id }) => id === sourceConnectionId);
		if (source === undefined) throw new Error('There is no source connection');
		// As for a column that has come after the dataflow.
		source.params.columns = source.params.columns.filter(({ name }) => name !== 'total');
		const wired = wireDataflowNode(adobe, {
			operation: 'update',
			flowId: String(flowId),
			...OTHER,
		});
		const { items, hints } = await executionHints(wired);
		expect(items[0]?.json.columnsNotRead).toStrictEqual(['total']);
		expect(hints).toStrictEqual([
			'A new mapping applies to runs that are scheduled after the change.',
			expect.stringContaining("'Orders': total"),
		]);
	});
});

const OTHER_AT_CREATE = { mapping: 'json', mappings: OTHER.mappings };

describe('A refusal of Adobe’s for a dataflow that runs once', () => {
	it('is passed on in clear words, and leaves nothing behind', async () => {
		const adobe = await startAdobe({ onceMapping: 'refused' });
		try {
			const [connection] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
			const dataset = adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
			const [flow] = await runDataflowNode(adobe, {
				operation: 'create',
				name: 'Orders',
				connectionId: String(connection?.json.connectionId),
				table: 'public.orders',
				dataset,
			});
			const change = { operation: 'update', flowId: String(flow?.json.flowId), ...OTHER };
			const thrown = await thrownBy(async () => await runDataflowNode(adobe, change));
			expect(thrown.message).toContain('scheduled Once or On Demand');
			expect(thrown.description).toContain('Adobe says');
			expect(thrown.description).toContain('Removed again: the mapping set');
			expect(adobe.mappingSets()).toHaveLength(1);
		} finally {
			await adobe.close();
		}
	});
});

it('Of what an earlier try has left, the mapping set that the dataflow has now is not told, and all else is', () => {
	const besides = "mapping set 'Orders' that Adobe may have made besides a1";
	const left = ['the mapping set a1', `the mapping set a1; ${besides}`, 'the mapping set b2'];
	expect(unused(left, 'a1')).toStrictEqual([besides, 'the mapping set b2']);
	expect(unused(left, undefined)).toStrictEqual(left);
});
