import type { INodeParameters } from 'n8n-workflow';

import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';

const { listSearch, loadOptions, resourceMapping } = new AdobePostgreSqlDataflow().methods;

const list = (value: string) => ({ __rl: true, mode: 'list', value });

describe('The lists of the Dataflow node in the editor', () => {
	const adobe = sharedAdobe();
	let connectionId: string;

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		connectionId = String(made?.json.connectionId);
		adobe.journal.length = 0;
	});

	const editor = (parameters: INodeParameters = {}) =>
		editorContext(wireDataflowNode(adobe, { operation: 'create', ...parameters })) as never;

	const chosen = (): INodeParameters => ({
		connectionId: list(connectionId),
		table: list('public.orders'),
		dataset: list(adobe.dataSets()[0]?.id ?? ''),
		mapping: 'fields',
		schedule: 'day',
	});

	describe('of dataflows', () => {
		it('go on page by page, each dataflow once, by name', async () => {
			adobe.markInUse(
				connectionId,
				Array.from({ length: 230 }, (_, index) => `Flow ${String(index).padStart(3, '0')}`),
			);
			const names: string[] = [];
			let token: string | undefined;
			do {
				const page = await listSearch.searchDataflows.call(editor(), undefined, token);
				names.push(...page.results.map(({ name }) => name));
				token = page.paginationToken as string | undefined;
			} while (token !== undefined);
			expect(names).toHaveLength(230);
			expect(names).toStrictEqual([...names].sort());
		});

		it('are filtered by a part of the name', async () => {
			adobe.markInUse(connectionId, ['Orders', 'Customers']);
			const { results } = await listSearch.searchDataflows.call(editor(), 'ORD');
			expect(results.map(({ name }) => name)).toStrictEqual(['Orders']);
			expect(results[0]?.value).toBe(adobe.flows()[0]?.id);
		});
	});

	describe('of datasets', () => {
		it('show names and give IDs', async () => {
			const { results, paginationToken } = await listSearch.searchDatasets.call(editor());
			expect(results).toStrictEqual(adobe.dataSets().map(({ id, name }) => ({ name, value: id })));
			expect(paginationToken).toBeUndefined();
		});

		it('go on page by page, each dataset once', async () => {
			for (let index = 0; index < 150; index++) {
				adobe.addDataSet({ name: `Set ${index}`, fields: { a: 'string' } });
			}
			const values = new Set<unknown>();
			let token: string | undefined;
			do {
				const page = await listSearch.searchDatasets.call(editor(), undefined, token);
				for (const { value } of page.results) values.add(value);
				token = page.paginationToken as string | undefined;
			} while (token !== undefined);
			expect(values.size).toBe(152);
		});

		it('find one on a later page', async () => {
			for (let index = 0; index < 120; index++) {
				adobe.addDataSet({ name: `Set ${index}`, fields: { a: 'string' } });
			}
			const { results } = await listSearch.searchDatasets.call(editor(), 'set 119');
			expect(results.map(({ name }) => name)).toStrictEqual(['Set 119']);
		});

		it('say what is missing where the credential may not see them', async () => {
			adobe.addFault({
				method: 'GET',
				path: '/data/foundation/catalog/dataSets',
				kind: 'status',
				status: 403,
			});
			const thrown = await thrownBy(async () => await listSearch.searchDatasets.call(editor()));
			expect(thrown.description).toContain("'View Datasets' (resource Data Management)");
		});
	});

	describe('of delta columns', () => {
		it('show those with date and time only, and which one is chosen where none is', async () => {
			const options = await loadOptions.getDeltaColumns.call(editor(chosen()));
			expect(options).toStrictEqual([
				{
					name: 'updated_at (Chosen Automatically)',
					value: '',
					description: 'The only column with date and time',
				},
				{ name: 'updated_at', value: 'updated_at', description: 'Date and time' },
			]);
		});

		it('of a dataflow are those of its table, until its first run has kept one', async () => {
			const [made] = await runDataflowNode(adobe, {
				operation: 'create',
				name: 'Orders',
				...chosen(),
				mapping: 'automatic',
				schedule: 'onDemand',
			});
			const flowId = String(made?.json.flowId);
			for (const operation of ['run', 'update']) {
				const options = await loadOptions.getDeltaColumns.call(editor({ operation, flowId }));
				expect(options.map(({ name }) => name)).toStrictEqual([
					'updated_at (Chosen Automatically)',
					'updated_at',
				]);
			}
			await runDataflowNode(adobe, { operation: 'run', flowId });
			const [present] = await loadOptions.getDeltaColumns.call(
				editor({ operation: 'run', flowId }),
			);
			expect(present).toMatchObject({ name: 'updated_at (Present Column)', value: '' });
		});

		it('of a dataflow ask for it first', async () => {
			const thrown = await thrownBy(
				async () =>
					await loadOptions.getDeltaColumns.call(editor({ operation: 'run', flowId: list('') })),
			);
			expect(thrown.message).toContain("Choose a 'Dataflow' first");
		});

		it.each<[string, INodeParameters, string]>([
			[
				'nothing is chosen',
				{ connectionId: { __rl: true, mode: 'list', value: '' } },
				"Choose a 'Connection' and a 'Table' first",
			],
			[
				'an empty URL is given',
				{ connectionId: { __rl: true, mode: 'url', value: '' } },
				"Choose a 'Connection' and a 'Table' first",
			],
			[
				'the connection is an expression',
				{ connectionId: { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' } },
				"'Connection' is an expression, which is not known yet",
			],
			[
				'the connection is an expression that n8n could not work out',
				{ connectionId: { __rl: true, mode: 'url', value: null } },
				"'Connection' is an expression, which is not known yet",
			],
			[
				'the table is an expression that n8n could not work out',
				{ table: { __rl: true, mode: 'name', value: null } },
				"'Table' is an expression, which is not known yet",
			],
			[
				'the sandbox is an expression',
				{ options: { sandboxName: '={{ $json.sandbox }}' } },
				"'Sandbox Name or ID' under Options is an expression, which is not known yet",
			],
			[
				'the sandbox is an expression that n8n could not work out',
				{ options: { sandboxName: null } },
				"'Sandbox Name or ID' under Options is an expression, which is not known yet",
			],
		])('are not guessed where %s', async (_case, parameters, message) => {
			const thrown = await thrownBy(
				async () => await loadOptions.getDeltaColumns.call(editor({ ...chosen(), ...parameters })),
			);
			expect(thrown.message).toContain(message);
			expect(adobe.journal.filter(({ path }) => path.includes('explore'))).toHaveLength(0);
		});
	});

	describe('of fields', () => {
		it("are those of the dataset's schema, each with the columns to choose from", async () => {
			const { fields } = await resourceMapping.getDatasetFields.call(editor(chosen()));
			const total = fields.find(({ id }) => id === '_emulator.total');
			expect(total).toMatchObject({
				displayName: '_emulator.total (number)',
				required: false,
				display: true,
				defaultMatch: false,
				type: 'options',
			});
			expect(total?.options?.map((option) => ('value' in option ? option.value : ''))).toContain(
				'total',
			);
		});

		it('mark what a record must have', async () => {
			const events = adobe.addDataSet({ name: 'Events', class: 'event', fields: { a: 'string' } });
			const { fields } = await resourceMapping.getDatasetFields.call(
				editor({ ...chosen(), dataset: list(events.id) }),
			);
			expect(fields.filter(({ required }) => required).map(({ id }) => id)).toStrictEqual([
				'_id',
				'timestamp',
			]);
		});

		it('take a column by name where the table is not known yet', async () => {
			const { fields } = await resourceMapping.getDatasetFields.call(
				editor({ ...chosen(), table: { __rl: true, mode: 'name', value: '={{ $json.table }}' } }),
			);
			for (const { type } of fields) expect(type).toBe('string');
		});

		it('ask for a dataset first', async () => {
			const thrown = await thrownBy(
				async () =>
					await resourceMapping.getDatasetFields.call(editor({ ...chosen(), dataset: list('') })),
			);
			expect(thrown.message).toContain("Choose a 'Dataset' first");
		});
	});
});
