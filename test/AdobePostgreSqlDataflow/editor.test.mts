import type { INodeParameters } from 'n8n-workflow';

import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { wireTo } from '../emulator/wire.mts';
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

		it('tell namesakes apart by the end of their IDs, also where the second is on the next page', async () => {
			const names = [
				'Doubled',
				'Doubled',
				...Array.from({ length: 97 }, (_, index) => `Flow ${String(index).padStart(3, '0')}`),
				'Last',
				'Last',
			];
			const flows = adobe.markInUse(connectionId, names);
			const first = await listSearch.searchDataflows.call(editor());
			const second = await listSearch.searchDataflows.call(
				editor(),
				undefined,
				first.paginationToken as string,
			);
			const shown = [...first.results, ...second.results].map(({ name }) => name);
			expect(new Set(shown).size).toBe(101);
			const doubled = flows.filter(({ name }) => name === 'Doubled').map(({ id }) => id);
			expect(shown.slice(0, 2).sort()).toStrictEqual(
				doubled.map((id) => `Doubled (${id.slice(-8)})`).sort(),
			);
			expect(shown[2]).toBe('Flow 000');
			expect(shown.slice(-2)).toStrictEqual([
				'Last',
				`Last (${String(second.results[0]?.value).slice(-8)})`,
			]);
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
			expect(results.map(({ value }) => value)).toStrictEqual(adobe.dataSets().map(({ id }) => id));
			expect(results.map(({ name }) => name)).toStrictEqual([
				'Orders (schema Orders schema)',
				'Customers (schema Customers schema)',
			]);
			expect(paginationToken).toBeUndefined();
		});

		it('tell namesakes apart, and ask for schemas once, however many datasets there are', async () => {
			const ids = ['a', 'b'].map((field) =>
				adobe.addDataSet({ name: 'Loyalty', fields: { [field]: 'string' } }),
			);
			for (let index = 0; index < 120; index++) {
				adobe.addDataSet({ name: `Set ${index}`, fields: { a: 'string' } });
			}
			adobe.journal.length = 0;
			const { results } = await listSearch.searchDatasets.call(editor(), 'loyalty');
			expect(results).toHaveLength(2);
			for (const [index, { name }] of results.entries()) {
				const { id } = ids[index] ?? { id: '' };
				expect(name).toContain(`, ${id.slice(-8)})`);
				const found = await listSearch.searchDatasets.call(editor(), id.slice(-8));
				expect(found.results.map(({ value }) => value)).toStrictEqual([id]);
			}
			await listSearch.searchDatasets.call(editor(), 'nothing like it');
			const schemas = adobe.journal.filter(({ path }) => path.includes('/tenant/schemas'));
			expect(schemas).toHaveLength(4);
		});

		it('are shown without schemas where the credential may not see these', async () => {
			adobe.addFault({
				method: 'GET',
				path: '/data/foundation/schemaregistry/tenant/schemas',
				kind: 'status',
				status: 403,
			});
			const { results } = await listSearch.searchDatasets.call(editor());
			expect(results.map(({ name }) => name)).toStrictEqual(['Orders', 'Customers']);
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
			expect(results.map(({ name }) => name)).toStrictEqual(['Set 119 (schema Set 119 schema)']);
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
		/** A dataset of customers with fields of the organization's own and of Adobe's field groups. */
		const customers = () =>
			adobe.addDataSet({
				name: 'People',
				fields: {
					'personalEmail.address': 'string',
					'person.name.fullName': 'string',
					'homeAddress.countryCode': 'string',
					customerId: 'string',
					newsletter: 'boolean',
					remark: 'string',
					createdAt: 'date-time',
				},
			});

		const fieldsFor = async (parameters: INodeParameters) =>
			(await resourceMapping.getDatasetFields.call(editor({ ...chosen(), ...parameters }))).fields;

		it("are those of the dataset's schema, each with the columns to choose from", async () => {
			const fields = await fieldsFor({});
			const total = fields.find(({ id }) => id === '_emulator.total');
			expect(total).toMatchObject({
				displayName: '_emulator.total (number)',
				required: false,
				display: true,
				removed: false,
				defaultMatch: false,
				defaultValue: 'total',
				type: 'options',
			});
			expect(total?.options?.map((option) => ('value' in option ? option.value : ''))).toContain(
				'total',
			);
		});

		it("begin with the organization's own and end with what Adobe writes", async () => {
			const fields = await fieldsFor({ dataset: list(customers().id) });
			const paths = fields.map(({ id }) => id);
			const groups = paths.map((path) =>
				path.startsWith('_emulator.') ? 0 : /^_repo|BatchID$|^repository/.test(path) ? 2 : 1,
			);
			expect(groups).toStrictEqual([...groups].sort());
			expect(new Set(groups).size).toBe(3);
		});

		it('are filled in by the names of the columns, the usual ones included', async () => {
			const fields = await fieldsFor({
				table: list('public.customers'),
				dataset: list(customers().id),
			});
			const filled = Object.fromEntries(
				fields.flatMap(({ id, defaultValue }) =>
					defaultValue === undefined ? [] : [[id, defaultValue]],
				),
			);
			const columns = fields[0]?.options?.map((option) => ('value' in option ? option.value : ''));
			expect(columns).toEqual(expect.arrayContaining(Object.values(filled)));
			expect(filled).toMatchObject({
				'personalEmail.address': 'email',
				'_emulator.createdAt': 'created_at',
			});
		});

		it('wait under Add Field where they may stay empty and no column is for them', async () => {
			const fields = await fieldsFor({
				table: list('public.customers'),
				dataset: list(customers().id),
			});
			for (const { removed, required, defaultValue } of fields) {
				expect(removed).toBe(!required && defaultValue === undefined);
			}
			expect(fields.filter(({ removed }) => removed).map(({ id }) => id)).toContain(
				'_emulator.remark',
			);
		});

		it('mark what a record must have', async () => {
			const events = adobe.addDataSet({ name: 'Events', class: 'event', fields: { a: 'string' } });
			const fields = await fieldsFor({ dataset: list(events.id) });
			expect(
				fields.filter(({ required }) => required).map(({ displayName }) => displayName),
			).toEqual(['_id (string, required)', 'timestamp (date-time, required)']);
		});

		it('mark identities, and keep the primary one in view', async () => {
			const { id, schemaRef } = customers();
			const describe = async (property: string, namespace: string, isPrimary: boolean) =>
				await wireTo(adobe).call('POST', '/data/foundation/schemaregistry/tenant/descriptors', {
					body: {
						'@type': 'xdm:descriptorIdentity',
						'xdm:sourceSchema': schemaRef.id,
						'xdm:sourceVersion': 1,
						'xdm:sourceProperty': property,
						'xdm:namespace': namespace,
						'xdm:property': 'xdm:code',
						'xdm:isPrimary': isPrimary,
					},
				});
			await describe('/_emulator/customerId', 'CRMID', true);
			await describe('/personalEmail/address', 'Email', false);
			const fields = await fieldsFor({ table: list('public.customers'), dataset: list(id) });
			const shown = (path: string) => fields.find((field) => field.id === path);
			expect(shown('_emulator.customerId')).toMatchObject({
				displayName: '_emulator.customerId (string, primary identity CRMID)',
				removed: false,
			});
			expect(shown('personalEmail.address')?.displayName).toBe(
				'personalEmail.address (string, identity Email)',
			);
			expect(shown('_emulator.remark')?.displayName).toBe('_emulator.remark (string)');
		});

		it('take a column by name where the table is not known yet, beginning with the own ones', async () => {
			const fields = await fieldsFor({
				table: { __rl: true, mode: 'name', value: '={{ $json.table }}' },
			});
			for (const { id, type, removed, defaultValue } of fields) {
				expect(type).toBe('string');
				expect(defaultValue).toBeUndefined();
				expect(removed).toBe(!id.startsWith('_emulator.'));
			}
		});

		it('are found by names, too', async () => {
			const byName = (value: string) => ({ __rl: true, mode: 'name', value });
			const { fields } = await resourceMapping.getDatasetFields.call(
				editor({
					connectionId: byName('Sales'),
					table: byName('public.orders'),
					dataset: byName('Orders'),
				}),
			);
			expect(fields.find(({ id }) => id === '_emulator.total')?.type).toBe('options');
			const thrown = await thrownBy(
				async () =>
					await resourceMapping.getDatasetFields.call(
						editor({ ...chosen(), dataset: byName('Order') }),
					),
			);
			expect(thrown.message).toContain("'Dataset': no dataset in the sandbox 'prod'");
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
