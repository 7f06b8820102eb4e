import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { runConnectionNode, thrownBy } from '../../support/connectionNode.mts';
import { actionsOf, DatabaseScene } from './databaseScene.mts';
import { nameOf } from './seededChanges.mts';

const FLOW_SERVICE = '/data/foundation/flowservice';
const TENANT = '/data/foundation/schemaregistry/tenant';

describe('Database: Apply', () => {
	let scene: DatabaseScene;
	let next = 0;
	beforeAll(async () => {
		scene = await DatabaseScene.open(60);
	}, 120_000);
	afterAll(async () => await scene.close());

	/** A table that no other test has used. */
	const newTable = () => scene.tables[next++] ?? '';
	const planOf = async (item: IDataObject, parameters: INodeParameters = {}) =>
		(await scene.plan([item], parameters))[0] ?? {};
	const apply = async (plan: IDataObject) => (await scene.apply([plan]))[0] ?? {};
	const made = async (table: string) => await apply(await planOf({ table }));
	const flowsOf = (table: string) =>
		scene.adobe.flows().filter(({ name }) => name === nameOf(table));
	/** Everything that there is about a table, by what it is called. */
	const partsOf = (table: string) => {
		const { adobe } = scene;
		const isOf = ({ name }: { name?: string }) => name?.startsWith(nameOf(table)) === true;
		return {
			dataflows: flowsOf(table).length,
			sources: adobe.sourceConnections().filter(isOf).length,
			targets: adobe.targetConnections().filter(isOf).length,
			datasets: adobe.dataSets().filter(({ name }) => name === table).length,
			schemas: adobe.schemas().filter(({ title }) => title === table).length,
			mappingSets: mappingSetsOf(table).length,
		};
	};
	const mappingSetsOf = (table: string) =>
		scene.adobe
			.mappingSets()
			.filter(({ mappings }) => JSON.stringify(mappings).includes(`'${nameOf(table)}'`));
	const datasetOf = (table: string) =>
		scene.adobe.dataSets().find(({ name }) => name === table)?.id;
	const WHOLE = { dataflows: 1, sources: 1, targets: 1, datasets: 1, schemas: 1, mappingSets: 1 };

	describe('refuses a plan that does not fit any more', () => {
		const STALE: Array<
			[string, (table: string) => Promise<void>, (plan: IDataObject) => IDataObject]
		> = [
			[
				'because the table has another column',
				async (table) => await scene.sql(`alter table ${table} add later text`),
				(plan) => plan,
			],
			[
				'because a column has another type',
				async (table) => await scene.sql(`alter table ${table} alter total type text`),
				(plan) => plan,
			],
			[
				'because somebody else has changed the dataflow in another way',
				async (table) =>
					await scene.patchFlow(nameOf(table), {
						op: 'replace',
						path: '/scheduleParams/interval',
						value: '5',
					}),
				(plan) => plan,
			],
			[
				'because the dataflow was deleted and made again',
				async (table) => {
					const [flow] = flowsOf(table);
					await scene.others.flow('DELETE', `/flows/${flow?.id}`);
					await made(table);
				},
				(plan) => plan,
			],
			[
				'because it is no longer there',
				async (table) => {
					const [flow] = flowsOf(table);
					await scene.others.flow('DELETE', `/flows/${flow?.id}`);
				},
				(plan) => plan,
			],
			[
				'because somebody has written another policy into it',
				async () => {},
				(plan) => ({ ...plan, desired: { ...(plan.desired as object), newColumns: 'stop' } }),
			],
			[
				'because somebody has written another change into it',
				async () => {},
				(plan) => ({ ...plan, changes: [] }),
			],
			[
				'because its fingerprint is that of another',
				async () => {},
				(plan) => ({ ...plan, fingerprint: 'a'.repeat(64) }),
			],
		];

		it.each(STALE)('%s', async (_why, meanwhile, changed) => {
			const table = newTable();
			await made(table);
			await scene.sql(`alter table ${table} add coupon text`);
			const plan = await planOf({ table });
			expect(plan).toMatchObject({ action: 'update', changes: [{ column: 'coupon' }] });
			await meanwhile(table);
			const before = JSON.stringify([scene.adobe.flows(), scene.adobe.schemas()]);
			const { message, description } = await thrownBy(async () => await apply(changed(plan)));
			expect(message).toContain(`The plan of '${table}' does not fit any more`);
			expect(description).toContain('Nothing was changed.');
			expect(JSON.stringify([scene.adobe.flows(), scene.adobe.schemas()])).toBe(before);
		});

		it('to create something that is there meanwhile', async () => {
			const table = newTable();
			const plan = await planOf({ table });
			await made(table);
			await scene.patchFlow(nameOf(table), { op: 'add', path: '/description', value: 'Theirs' });
			const other = { ...plan, desired: { ...(plan.desired as object), description: 'Ours' } };
			const { message } = await thrownBy(async () => await apply(other));
			expect(message).toContain(`The plan of '${table}' does not fit any more`);
			expect(partsOf(table)).toStrictEqual(WHOLE);
		});

		it.each<[string, (table: string) => Promise<void>]>([
			[
				'the table has another column',
				async (table) => await scene.sql(`alter table ${table} add later text`),
			],
			[
				'there is a dataset of the name by now',
				async (table) => void scene.adobe.addDataSet({ name: table, fields: { id: 'integer' } }),
			],
		])('to create something, when %s', async (_what, meanwhile) => {
			const table = newTable();
			const plan = await planOf({ table });
			await meanwhile(table);
			const { message } = await thrownBy(async () => await apply(plan));
			expect(message).toContain(`The plan of '${table}' does not fit any more`);
			expect(flowsOf(table)).toHaveLength(0);
		});

		it('and what is no plan at all', async () => {
			const { message } = await thrownBy(async () => await apply({ table: 'public.orders' }));
			expect(message).toContain("'Plan' is not an item of a plan");
		});
	});

	describe('executed again after it was killed', () => {
		/** What is there once all is made, the last first, and how somebody would remove it. */
		const removals = (table: string): Array<() => Promise<unknown>> => {
			const { adobe, others } = scene;
			const isOf = ({ name }: { name?: string }) => name?.startsWith(nameOf(table)) === true;
			const [flow] = flowsOf(table);
			const target = adobe.targetConnections().find(isOf);
			const source = adobe.sourceConnections().find(isOf);
			const dataset = adobe.dataSets().find(({ name }) => name === table);
			const schema = adobe.schemas().find(({ title }) => title === table);
			const [set] = mappingSetsOf(table);
			const group = schema?.extends.find((id) => id.includes('/mixins/'));
			const part = (kind: string, id = '') =>
				others.call('DELETE', `${TENANT}/${kind}/${encodeURIComponent(id)}`);
			return [
				async () => await others.flow('DELETE', `/flows/${flow?.id}`),
				async () => await others.flow('DELETE', `/targetConnections/${target?.id}`),
				async () =>
					await others.call('DELETE', `/data/foundation/conversion/mappingSets/${set?.id}`),
				async () => await others.flow('DELETE', `/sourceConnections/${source?.id}`),
				async () => await others.call('DELETE', `/data/foundation/catalog/dataSets/${dataset?.id}`),
				async () => await part('schemas', schema?.$id),
				async () => await part('fieldgroups', group),
			];
		};

		it.each([0, 1, 2, 3, 4, 5, 6, 7])(
			'with the last %i parts of a dataflow missing, makes one whole',
			async (missing) => {
				const table = newTable();
				const plan = await planOf({ table });
				await apply(plan);
				const datasetId = datasetOf(table);
				for (const remove of removals(table).slice(0, missing)) await remove();
				const again = await apply(plan);
				expect(again.action).toBe('created');
				expect(partsOf(table)).toStrictEqual(WHOLE);
				// There may be rows in it.
				if (missing < 5) expect(datasetOf(table)).toBe(datasetId);
				expect((await planOf({ table })).action).toBe('unchanged');
			},
		);

		it('with another table than before, makes way for the new plan', async () => {
			const table = newTable();
			await apply(await planOf({ table }));
			for (const remove of removals(table).slice(0, 6)) await remove();
			await scene.sql(`alter table ${table} add coupon text`);
			const again = await apply(await planOf({ table }));
			expect(again.action).toBe('created');
			expect(partsOf(table)).toStrictEqual(WHOLE);
			expect((await planOf({ table })).action).toBe('unchanged');
		});

		it('removes no mapping set of a dataflow that another execution has just made', async () => {
			const table = newTable();
			const plan = await planOf({ table });
			await apply(plan);
			// It was not there yet when this one looked.
			scene.adobe.addFault({
				method: 'GET',
				path: '/data/foundation/flowservice/flows',
				kind: 'status',
				status: 200,
				body: { items: [] },
			});
			const path = '/data/foundation/flowservice/flows/{id}';
			scene.adobe.addFault({ method: 'GET', path, kind: 'status', status: 404 });
			await expect(apply(plan)).rejects.toThrow();
			expect(partsOf(table)).toStrictEqual(WHOLE);
		});

		/** Takes the steps of a new column back, the last first; a field group keeps its field for good. */
		const undone = async (table: string, steps: number, before: string) => {
			const [flow] = flowsOf(table);
			const params = flow?.transformations.find(({ name }) => name === 'Mapping')?.params;
			const { mappingId } = params as { mappingId: string };
			const source = scene.adobe
				.sourceConnections()
				.find(({ name }) => name.startsWith(nameOf(table)));
			const columns = source?.params.columns.slice(0, -1);
			if (steps >= 1) {
				await scene.others.flow('PATCH', `/sourceConnections/${source?.id}`, {
					headers: { 'if-match': source?.etag ?? '' },
					body: [{ op: 'replace', path: '/params/columns', value: columns }],
				});
			}
			if (steps >= 2) {
				await scene.patchFlow(nameOf(table), {
					op: 'add',
					path: '/transformations',
					value: JSON.parse(before) as object,
				});
			}
			if (steps >= 3) {
				await scene.others.call('DELETE', `/data/foundation/conversion/mappingSets/${mappingId}`);
			}
		};

		it.each([0, 1, 2, 3])(
			'with the last %i steps of a new column missing, adds it once',
			async (steps) => {
				const table = newTable();
				await made(table);
				const before = JSON.stringify(flowsOf(table)[0]?.transformations);
				await scene.sql(`alter table ${table} add coupon text`);
				const plan = await planOf({ table });
				await apply(plan);
				await undone(table, steps, before);
				await apply(plan);
				expect((await planOf({ table })).action).toBe('unchanged');
				expect(partsOf(table)).toStrictEqual({ ...WHOLE, mappingSets: 2 });
			},
		);

		it.each([0, 1, 2, 3])(
			'with the first %i steps of a deletion done, leaves nothing but the dataset',
			async (done) => {
				const table = newTable();
				await made(table);
				const plan = await planOf({ table, delete: true });
				expect(plan.action).toBe('delete');
				const [flow, target, , source] = removals(table);
				const steps = [flow, source, target].slice(0, done);
				for (const step of steps) await step?.();
				expect(await apply(plan)).toMatchObject({ action: 'deleted' });
				expect(partsOf(table)).toStrictEqual({
					dataflows: 0,
					sources: 0,
					targets: 0,
					mappingSets: 0,
					datasets: 1,
					schemas: 1,
				});
				expect(await planOf({ table, delete: true })).toMatchObject({ action: 'unchanged' });
			},
		);
	});

	it('rolls back what it has made for a table that does not work, and makes the others', async () => {
		const [good, bad] = [newTable(), newTable()];
		const plans = await scene.plan([{ table: bad }, { table: good }]);
		scene.adobe.addFault({
			kind: 'status',
			status: 400,
			method: 'POST',
			path: `${FLOW_SERVICE}/flows`,
			times: 1,
		});
		const [one, other] = await scene.apply(plans, { onError: 'continueRegularOutput' });
		const failed = [one, other].filter((item) => item?.action !== 'created');
		expect(failed).toHaveLength(1);
		const NOTHING = Object.fromEntries(Object.keys(WHOLE).map((name) => [name, 0]));
		const parts = [partsOf(good), partsOf(bad)];
		expect(parts).toContainEqual(WHOLE);
		expect(parts).toContainEqual(NOTHING);
	});

	it('names the dataflow that it has made where it could not be disabled, and disables it when repeated', async () => {
		const table = newTable();
		const plan = await planOf({ table, enabled: false });
		scene.adobe.addFault({
			kind: 'status',
			status: 403,
			method: 'POST',
			path: `${FLOW_SERVICE}/flows/{id}/action`,
		});
		const thrown = await thrownBy(async () => await apply(plan));
		const [flow] = flowsOf(table);
		expect(thrown.description).toContain(
			`Created before, and not disabled: the dataflow ${flow?.id}. Apply can be repeated.`,
		);
		await apply(plan);
		expect(flowsOf(table)).toMatchObject([{ state: 'disabled' }]);
		expect(partsOf(table)).toStrictEqual(WHOLE);
	});

	it('touches nothing that this package did not make, unless the item says so', async () => {
		const table = newTable();
		await made(table);
		const source = scene.adobe
			.sourceConnections()
			.find(({ name }) => name.startsWith(nameOf(table)));
		await scene.others.flow('PATCH', `/sourceConnections/${source?.id}`, {
			headers: { 'if-match': source?.etag ?? '' },
			body: [{ op: 'replace', path: '/name', value: 'Made by hand' }],
		});
		await scene.sql(`alter table ${table} add coupon text`);
		const before = JSON.stringify(flowsOf(table));
		const plan = await planOf({ table, description: 'New' });
		expect(plan).toMatchObject({ action: 'unmanaged' });
		expect(await apply(plan)).toMatchObject({ action: 'skipped' });
		expect(await apply(await planOf({ table, delete: true }))).toMatchObject({ action: 'skipped' });
		expect(JSON.stringify(flowsOf(table))).toBe(before);

		const taken = await planOf({ table, description: 'New', takeOver: true });
		expect(taken.action).toBe('update');
		await apply(taken);
		expect(flowsOf(table)[0]?.description).toBe('New');
	});

	it('leaves a new column out, or stops the dataflow, as the policy says', async () => {
		const [ignoring, stopping] = [newTable(), newTable()];
		for (const table of [ignoring, stopping]) {
			await made(table);
			await scene.sql(`alter table ${table} add coupon text`);
		}
		const items = [
			{ table: ignoring, newColumns: 'ignore' },
			{ table: stopping, newColumns: 'stop' },
		];
		const plans = await scene.plan(items);
		expect(plans.map(({ action }) => action)).toStrictEqual(['unchanged', 'update']);
		const applied = await scene.apply(plans);
		expect(applied).toMatchObject([
			{ action: 'unchanged' },
			{ action: 'updated', state: 'disabled' },
		]);
		expect(flowsOf(ignoring)[0]?.state).toBe('enabled');
		expect((await scene.plan(items)).map(({ action }) => action)).toStrictEqual([
			'unchanged',
			'drifted',
		]);
	});

	it('enables and disables where the item says so', async () => {
		const table = newTable();
		await made(table);
		expect(await apply(await planOf({ table, enabled: false }))).toMatchObject({
			action: 'updated',
			state: 'disabled',
		});
		expect(await apply(await planOf({ table, enabled: true }))).toMatchObject({
			action: 'updated',
			state: 'enabled',
		});
		const other = newTable();
		expect(await apply(await planOf({ table: other, enabled: false }))).toMatchObject({
			action: 'created',
			state: 'disabled',
		});
	});

	it('takes several connections in one plan', async () => {
		const [made] = await runConnectionNode(
			scene.adobe,
			{ operation: 'create', name: 'Second', authMode: 'connectionString' },
			{ source: scene.source() },
		);
		const table = newTable();
		const items = [scene.connectionId, String(made?.json.connectionId)].map(
			(connectionId, index) => ({
				table,
				connectionId,
				dataflow: `Two ${index}`,
				dataset: `Two ${index}`,
			}),
		);
		const connectionId = { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' };
		const plans = await scene.plan(items, { connectionId });
		expect(actionsOf(await scene.apply(plans))).toStrictEqual({ created: 2 });
		expect(actionsOf(await scene.plan(items, { connectionId }))).toStrictEqual({ unchanged: 2 });
	});
});
