import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator, Fault } from '../../emulator/emulator.mts';
import { withAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { executeNode } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { until } from '../support/until.mts';

const FLOW_SERVICE = '/data/foundation/flowservice';
const REGISTRY = '/data/foundation/schemaregistry/tenant';
const ALWAYS = 99;
const TIMEOUT_MS = 120_000;

/** Parameters of a Create that makes everything, the dataset too. */
const createAccounts = (connectionId: string): INodeParameters => ({
	operation: 'create',
	name: 'Accounts',
	connectionId,
	table: 'crm.accounts',
	datasetSource: 'create',
	datasetName: 'Accounts of the CRM',
});

/** Every request of Create that makes something, in its order, and what that is called. */
const STEPS: Array<[path: string, kind: string]> = [
	[`${REGISTRY}/fieldgroups`, 'field group'],
	[`${REGISTRY}/schemas`, 'schema'],
	['/data/foundation/catalog/dataSets', 'dataset'],
	[`${FLOW_SERVICE}/sourceConnections`, 'source connection'],
	['/data/foundation/conversion/mappingSets', 'mapping set'],
	[`${FLOW_SERVICE}/targetConnections`, 'target connection'],
	[`${FLOW_SERVICE}/flows`, 'dataflow'],
];

/** What Create looks up by its name or title where the answer is lost. */
const FOUND_BY_NAME = ['field group', 'schema', 'source connection', 'target connection'];

/** How many of everything that Create makes are there, in the order of the steps. */
const counts = (adobe: Emulator) => [
	adobe.schemas().length,
	adobe.dataSets().length,
	adobe.sourceConnections().length,
	adobe.mappingSets().length,
	adobe.targetConnections().length,
	adobe.flows().length,
];

/** What a chain adds to the two sample datasets. */
const EMPTY = [2, 2, 0, 0, 0, 0];
const WHOLE = [3, 3, 1, 1, 1, 1];

describe('When a step of Create does not work', () => {
	const withSales = async (
		test: (adobe: Emulator, create: () => Promise<IDataObject>) => Promise<void>,
	) =>
		await withAdobe({}, async (adobe) => {
			const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
			const parameters = createAccounts(String(made?.json.connectionId));
			expect(counts(adobe)).toStrictEqual(EMPTY);
			await test(adobe, async () => (await runDataflowNode(adobe, parameters))[0]?.json ?? {});
		});

	const fieldGroups = (adobe: Emulator, made = [201]) =>
		adobe.journal.filter(
			({ method, path, status }) =>
				method === 'POST' && path === `${REGISTRY}/fieldgroups` && made.includes(status),
		).length -
		adobe.journal.filter(
			({ method, path, status }) =>
				method === 'DELETE' && path.startsWith(`${REGISTRY}/fieldgroups/`) && status === 204,
		).length;

	describe.each(STEPS.map(([path, kind], index) => ({ path, kind, index })))(
		'$kind',
		({ path, index }) => {
			const strike = (adobe: Emulator, fault: Fault) =>
				adobe.addFault({ method: 'POST', path, ...fault });

			it.concurrent.each<[string, Fault]>([
				['is refused', { kind: 'status', status: 403, times: ALWAYS }],
				['is refused as not right', { kind: 'status', status: 400, times: ALWAYS, body: {} }],
				['can not be answered', { kind: 'status', status: 500, times: ALWAYS }],
				['always gets its line cut', { kind: 'reset', times: ALWAYS }],
			])(
				'that %s: nothing is left behind, and the error says what was removed',
				async (_what, fault) =>
					await withSales(async (adobe, create) => {
						strike(adobe, fault);
						const thrown = await thrownBy(create);
						expect(counts(adobe)).toStrictEqual(EMPTY);
						expect(fieldGroups(adobe)).toBe(0);
						for (const [, before] of STEPS.slice(0, index)) {
							expect(thrown.description).toContain(`the ${before} `);
						}
						if (index > 0) expect(thrown.description).toContain('Removed again: ');
						expect(thrown.description).not.toContain('Could not be removed');
					}),
				TIMEOUT_MS,
			);

			it.concurrent.each<[string, Fault]>([
				['whose answer is lost', { kind: 'reset', when: 'after' }],
				['whose answer is no JSON', { kind: 'malformed' }],
				['whose answer breaks off', { kind: 'truncated' }],
				[
					'that was made although the gateway gave up',
					{ kind: 'status', status: 504, when: 'after' },
				],
				['that was not made when the line was cut', { kind: 'reset', when: 'before' }],
			])(
				'%s is looked up, and made once',
				async (_what, fault) =>
					await withSales(async (adobe, create) => {
						strike(adobe, fault);
						expect(await create()).toMatchObject({ action: 'created', state: 'enabled' });
						expect(counts(adobe)).toStrictEqual(WHOLE);
					}),
				TIMEOUT_MS,
			);

			if (index > 0) {
				it.concurrent(
					'that is refused, and what was made can not be removed: the error names it',
					async () =>
						await withSales(async (adobe, create) => {
							strike(adobe, { kind: 'status', status: 400, times: ALWAYS, body: {} });
							const last = STEPS[index - 1] ?? ['', ''];
							adobe.addFault({
								method: 'DELETE',
								path: `${last[0]}/*`,
								kind: 'status',
								status: 403,
								times: ALWAYS,
							});
							const thrown = await thrownBy(create);
							const named = new RegExp(`Could not be removed.*: the ${last[1]} \\S+ \\(`);
							expect(thrown.description).toMatch(named);
							expect(thrown.context.data).toMatchObject({
								leftBehind: expect.stringContaining(`the ${last[1]} `),
							});
						}),
					TIMEOUT_MS,
				);
			}
		},
	);

	describe.each([
		['begins with a sign of comparison', '<Accounts>'],
		['has a comma', 'Accounts, EU'],
		['has quotes, a comma and such a sign', '="Accounts", EU'],
	])('and its answer is lost where the name %s', (_what, name) => {
		it.concurrent.each(STEPS.filter(([, kind]) => FOUND_BY_NAME.includes(kind)))(
			'%s is looked up, and made once',
			async (path) =>
				await withSales(async (adobe) => {
					adobe.addFault({ method: 'POST', path, kind: 'reset', when: 'after' });
					const [item] = await runDataflowNode(
						adobe,
						{
							...createAccounts(adobe.connections()[0]?.id ?? ''),
							name: '={{ $json.name }}',
							datasetName: '={{ $json.name }}',
						},
						{},
						[{ json: { name } }],
					);
					expect(item?.json).toMatchObject({ name, action: 'created', state: 'enabled' });
					expect(counts(adobe)).toStrictEqual(WHOLE);
					// Status 0: it was made, although its answer was lost.
					expect(fieldGroups(adobe, [201, 0])).toBe(1);
				}),
			TIMEOUT_MS,
		);
	});

	describe('because the execution is cancelled', () => {
		it.concurrent.each(
			STEPS.flatMap(([path, kind]) =>
				(['before', 'after'] as const).map((when) => ({ kind, path, when })),
			),
		)(
			'while the $kind is under way ($when the work): it ends at once, and nothing is left behind',
			async ({ path, when }) =>
				await withSales(async (adobe) => {
					adobe.addFault({ method: 'POST', path, kind: 'delay', delayMs: 400, when });
					const [connection] = adobe.connections();
					const controller = new AbortController();
					const wired = wireDataflowNode(adobe, createAccounts(connection?.id ?? ''));
					const ended = executeNode(wired, [{ json: {} }], controller.signal).then(
						() => 'done',
						(error: Error) => error.message,
					);
					const sent = () =>
						adobe.journal.filter((one) => one.method === 'POST' && one.path.split('?')[0] === path);
					while (sent().length === 0) await sleep(5);
					await sleep(50);
					controller.abort(new Error('cancelled by the user'));
					const cancelledAt = Date.now();
					expect(await ended).not.toBe('done');
					expect(Date.now() - cancelledAt).toBeLessThan(1_000);
					// The work is done all the same, before or after Create looks for it.
					await sleep(600);
					// Status 0: it was done, although nobody has waited for the answer.
					const isEmpty = () =>
						JSON.stringify(counts(adobe)) === JSON.stringify(EMPTY) &&
						fieldGroups(adobe, [201, 0]) === 0;
					await until(isEmpty);
					await sleep(1_500);
					expect(isEmpty()).toBe(true);
					expect(sent()).toHaveLength(1);
				}),
			TIMEOUT_MS,
		);
	});

	it.concurrent(
		'because another execution was first, and ours can not be removed: the error names it',
		async () =>
			await withSales(async (adobe) => {
				const path = `${FLOW_SERVICE}/flows`;
				adobe.addFault({ method: 'POST', path, kind: 'delay', delayMs: 2_000, when: 'before' });
				adobe.addFault({
					method: 'DELETE',
					path: `${FLOW_SERVICE}/sourceConnections/*`,
					kind: 'status',
					status: 403,
					times: ALWAYS,
				});
				const connectionId = adobe.connections()[0]?.id ?? '';
				const ended = runDataflowNode(adobe, createAccounts(connectionId), {
					onError: 'continueRegularOutput',
				});
				await until(() => adobe.journal.some((one) => one.method === 'POST' && one.path === path));
				adobe.markInUse(connectionId, ['Accounts']);
				const [item] = await ended;
				const [first] = adobe.flows();
				expect(item?.json).toMatchObject({
					error: expect.stringContaining("Another dataflow with this 'Name' was made"),
					message: expect.stringContaining(`It is ${first?.id}, and is kept.`),
					details: {
						operation: 'Create a dataflow',
						sandboxName: 'prod',
						leftBehind: expect.stringMatching(/^the source connection \S+ \(.+\)$/),
					},
				});
				const message = String(item?.json.message);
				expect(message).toMatch(/Could not be removed.*: the source connection \S+ \(/);
				expect(message).not.toContain('Nothing was created');
				expect(adobe.flows()).toHaveLength(1);
			}),
		TIMEOUT_MS,
	);

	it.concurrent(
		'and nobody can look for the dataflow that was made: what it needs stays, and is named',
		async () =>
			await withSales(async (adobe, create) => {
				adobe.addFault({ method: 'POST', path: `${FLOW_SERVICE}/flows`, kind: 'malformed' });
				// The first look finds out whether there is one of the name.
				adobe.addFault({
					method: 'GET',
					path: `${FLOW_SERVICE}/flows`,
					kind: 'malformed',
					skip: 1,
					times: ALWAYS,
				});
				const thrown = await thrownBy(create);
				expect(counts(adobe)).toStrictEqual(WHOLE);
				expect(thrown.message).toContain('It is not clear whether Adobe has made the dataflow');
				expect(thrown.description).not.toContain('Removed again: ');
				const [, kept = ''] = /Kept, as a dataflow may use it: (.*)/.exec(thrown.description) ?? [];
				for (const [, kind] of STEPS.slice(0, -2)) expect(kept).toContain(`the ${kind} `);
				expect(thrown.description).toMatch(/the target connection \S+ \(A dataflow still uses it/);
			}),
		TIMEOUT_MS,
	);

	it.concurrent(
		'by lack of time, what was made is removed all the same',
		async () =>
			await withSales(async (adobe) => {
				const [connection] = adobe.connections();
				adobe.addFault({
					method: 'POST',
					path: `${FLOW_SERVICE}/flows`,
					kind: 'delay',
					delayMs: 20_000,
					times: ALWAYS,
				});
				const thrown = await thrownBy(
					async () =>
						await runDataflowNode(adobe, {
							...createAccounts(connection?.id ?? ''),
							options: { timeout: 8 },
						}),
				);
				expect(thrown.description).toContain('Removed again: ');
				expect(counts(adobe)).toStrictEqual(EMPTY);
			}),
		TIMEOUT_MS,
	);

	it.concurrent(
		'on Continue, the item says so and the others go on',
		async () =>
			await withSales(async (adobe) => {
				const [connection] = adobe.connections();
				adobe.addFault({
					method: 'POST',
					path: `${FLOW_SERVICE}/flows`,
					kind: 'status',
					status: 400,
					body: {},
				});
				const items = await runDataflowNode(
					adobe,
					{
						operation: 'create',
						name: '={{ $json.name }}',
						connectionId: connection?.id ?? '',
						table: 'public.orders',
						dataset: adobe.dataSets()[0]?.id ?? '',
						options: { maxConcurrency: 1 },
					},
					{ onError: 'continueRegularOutput' },
					[{ json: { name: 'One' } }, { json: { name: 'Two' } }],
				);
				const failed = items.filter(({ json }) => json.error !== undefined);
				expect(failed).toHaveLength(1);
				expect(String(failed[0]?.json.message)).toContain('Removed again: ');
				expect(adobe.flows()).toHaveLength(1);
				expect(adobe.sourceConnections()).toHaveLength(1);
			}),
		TIMEOUT_MS,
	);

	it.concurrent(
		'and n8n tries again, there is one chain',
		async () =>
			await withSales(async (adobe, create) => {
				adobe.addFault({
					method: 'POST',
					path: `${FLOW_SERVICE}/flows`,
					kind: 'status',
					status: 400,
				});
				await thrownBy(create);
				expect(await create()).toMatchObject({ action: 'created' });
				expect(await create()).toMatchObject({ action: 'unchanged' });
				expect(counts(adobe)).toStrictEqual(WHOLE);
			}),
		TIMEOUT_MS,
	);
});
