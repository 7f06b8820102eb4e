import type { IDataObject } from 'n8n-workflow';

import { executionHints, runDataflowNode, wireDataflowNode } from '../../support/dataflowNode.mts';
import { toolOf } from '../../support/agent.mts';
import { actionsOf, DatabaseScene } from './databaseScene.mts';
import { nameOf } from './seededChanges.mts';

describe('The dataflows of a connection as they are', () => {
	let scene: DatabaseScene;
	beforeAll(async () => {
		scene = await DatabaseScene.open(5);
		const [hourly, events, ...others] = scene.items();
		const items = [
			{ ...hourly, schedule: 'hour', interval: 6, description: 'Every six hours' },
			{
				...events,
				schemaClass: 'experienceEvent',
				eventIdColumn: 'id',
				eventTimeColumn: 'updated_at',
				errorDiagnostics: true,
				partialIngestionPercent: 7,
			},
			...others,
		];
		expect(actionsOf(await scene.apply(await scene.plan(items)))).toStrictEqual({ created: 5 });
	}, 120_000);
	afterAll(async () => await scene.close());

	const connectionId = () => ({ __rl: true, mode: 'id', value: scene.connectionId });
	const planAsTheyAre = async () => await scene.plan([{}], { planFor: 'existing' });
	const exported = async (): Promise<IDataObject[]> =>
		(
			await runDataflowNode(scene.adobe, {
				resource: 'database',
				operation: 'export',
				connectionId: connectionId(),
			})
		).map(({ json }) => json);

	it('do not differ from themselves', async () => {
		expect(actionsOf(await planAsTheyAre())).toStrictEqual({ unchanged: 5 });
	});

	it.each([
		['Export', { operation: 'export' }],
		['Plan', { operation: 'plan', planFor: 'existing', newColumns: 'ignore' }],
	])(
		'are left out of %s where Adobe does not show the table, and named',
		async (_title, wanted) => {
			const [table = ''] = scene.tables;
			const isOf = ({ name }: { name: string }) => name.startsWith(nameOf(table));
			const source = scene.adobe.sourceConnections().find(isOf);
			if (source === undefined) throw new Error('There is no source connection');
			const { tableName } = source.params;
			Reflect.deleteProperty(source.params, 'tableName');
			try {
				const { items, hints } = await executionHints(
					wireDataflowNode(scene.adobe, {
						resource: 'database',
						connectionId: connectionId(),
						...wanted,
					}),
				);
				expect(items).toHaveLength(4);
				expect(hints).toStrictEqual([
					`Left out, as Adobe does not show which table they load: the dataflows ${nameOf(table)}.`,
				]);
			} finally {
				source.params.tableName = tableName;
			}
		},
	);

	it('are exported as items that say everything that was desired, without IDs and secrets', async () => {
		const items = await exported();
		expect(items.map(({ table }) => table)).toStrictEqual([...scene.tables].sort());
		const [hourly, events] = scene.tables.map((table) => items.find((one) => one.table === table));
		expect(hourly).toStrictEqual({
			table: scene.tables[0],
			dataflow: nameOf(scene.tables[0] ?? ''),
			dataset: scene.tables[0],
			schemaClass: 'profile',
			schedule: 'hour',
			interval: 6,
			startTime: expect.any(String) as string,
			backfill: true,
			deltaColumn: 'updated_at',
			description: 'Every six hours',
			managed: true,
		});
		expect(events).toMatchObject({
			schemaClass: 'experienceEvent',
			eventIdColumn: 'id',
			eventTimeColumn: 'updated_at',
			errorDiagnostics: true,
			partialIngestionPercent: 7,
		});
		const text = JSON.stringify(items);
		expect(text).not.toContain(scene.connectionId);
		expect(text).not.toContain(scene.adobe.postgres.password);
	});

	it('are planned unchanged from what was exported, whatever the parameters say', async () => {
		const plans = await scene.plan(await exported(), { schedule: 'week', interval: 2 });
		expect(actionsOf(plans)).toStrictEqual({ unchanged: 5 });
	});

	it('show what has changed in the database and at Adobe since they were made', async () => {
		const [first = '', second = '', third = '', fourth = ''] = scene.tables;
		await scene.sql(`alter table ${first} add coupon text`);
		await scene.sql(`alter table ${second} drop label`);
		await scene.act(nameOf(third), 'disable');
		await scene.sql(`drop table ${fourth}`);
		const plans = await planAsTheyAre();
		const told = plans.flatMap(({ table, action, changes }) =>
			action === 'unchanged'
				? []
				: [[table, action, (changes as Array<{ kind: string }>).map(({ kind }) => kind)]],
		);
		expect(told.sort()).toStrictEqual(
			[
				[first, 'update', ['columnAdded']],
				[second, 'drifted', ['columnRemoved']],
				[third, 'drifted', ['disabled']],
				[fourth, 'drifted', ['tableMissing']],
			].sort(),
		);
		const applied = await scene.apply(plans);
		expect(actionsOf(applied)).toStrictEqual({ updated: 1, skipped: 3, unchanged: 1 });
	});

	it('are planned by an AI agent, and changed only by a plan that it was given', async () => {
		const [, , , , table = ''] = scene.tables;
		await scene.sql(`alter table ${table} add coupon text`);
		const [plan] = await scene.plan([{ table }]);
		const tool = await toolOf(
			wireDataflowNode(scene.adobe, {
				resource: 'database',
				operation: 'apply',
				plan: "={{ $fromAI('plan', 'An item of a plan, unchanged', 'json') }}",
			}),
		);
		expect(Object.keys(tool.schema.shape)).toStrictEqual(['plan']);
		const forged = { ...plan, desired: { ...(plan?.desired as object), delete: true } };
		for (const wrong of [forged, { ...plan, fingerprint: 'none' }]) {
			await expect(tool.invoke({ plan: wrong })).rejects.toThrow('does not fit any more');
		}
		expect(JSON.parse(await tool.invoke({ plan: plan ?? {} }))).toMatchObject([
			{ table, action: 'updated' },
		]);
	});
});
