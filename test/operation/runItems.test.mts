import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { INodeType, OnError } from 'n8n-workflow';
import { NodeApiError, NodeOperationError, UserError } from 'n8n-workflow';

import type { Operation, OperationCall, RunEnd } from '../../nodes/operation/operation.ts';
import { optionsCollection } from '../../nodes/operation/commonParameters.ts';
import { route } from '../../nodes/operation/node.ts';
import { Problem } from '../../nodes/platform/errors/problem.ts';
import { credential, CANARY, everythingOf, thrownBy } from '../platform/auth/settings.mts';
import {
	describeType,
	executeNode,
	NEXT,
	NEXT_ON_ERROR,
	outputOf,
	runWorkflow,
	wire,
} from '../support/core.mts';

type Behaviour = Partial<Pick<Operation, 'begin' | 'prepare' | 'complete'>>;

/** A node with one operation that behaves in this way. */
function nodeWith(behaviour: Behaviour): INodeType {
	const operation: Operation = {
		value: 'do',
		name: 'Do',
		action: 'Do a thing',
		description: 'Does it',
		parameters: [optionsCollection()],
		prepare: async (call) => async () => ({ connectionId: `id-${call.itemIndex}` }),
		...behaviour,
	};
	const resources = [
		{ value: 'thing', name: 'Thing', defaultOperation: 'do', operations: [operation] },
	];
	return {
		description: describeType('probe', {
			credentials: [
				{ name: 'adobeImsApi', required: true },
				{ name: 'adobePostgreSqlSourceApi', required: false },
			],
			properties: [
				{ displayName: 'Resource', name: 'resource', type: 'string', default: 'thing' },
				{ displayName: 'Operation', name: 'operation', type: 'string', default: 'do' },
				{ displayName: 'Options', name: 'options', type: 'json', default: {} },
			],
		}),
		async execute() {
			return await route(this, resources);
		},
	};
}

interface Setting {
	onError?: OnError;
	options?: object | string;
	ims?: Record<string, unknown>;
	source?: Record<string, unknown>;
	parameters?: Record<string, string>;
}

const wired = (behaviour: Behaviour, setting: Setting = {}) =>
	wire({
		nodeType: nodeWith(behaviour),
		parameters: {
			resource: 'thing',
			operation: 'do',
			options: setting.options ?? {},
			...setting.parameters,
		} as never,
		credentials: {
			ims: credential(setting.ims),
			...(setting.source && { source: setting.source as never }),
		},
		onError: setting.onError,
	});

const items = (count: number) =>
	Array.from({ length: count }, (_item, index) => ({ json: { index } }));

const CONTINUE: OnError = 'continueRegularOutput';

describe('the items of a run', () => {
	it('come out in the order they came in, each tied to its own, however long each takes', async () => {
		const output = await executeNode(
			wired({
				prepare:
					async ({ itemIndex }) =>
					async () => {
						await sleep((40 - itemIndex) % 7);
						return { value: itemIndex };
					},
			}),
			items(40),
		);
		expect(output).toEqual(
			Array.from({ length: 40 }, (_item, index) => ({
				json: { value: index },
				pairedItem: { item: index },
			})),
		);
	});

	it('are none for no input, and nothing is decrypted', async () => {
		const node = wired({});
		expect(await executeNode(node, [])).toEqual([]);
		expect(node.credentials.calls('adobeImsApi').decrypts).toBe(0);
	});

	it('are not changed on their way', async () => {
		const input = items(3);
		const before = structuredClone(input);
		await executeNode(wired({}), input);
		expect(input).toEqual(before);
	});

	it('are worked on side by side, no more than the option allows', async () => {
		let running = 0;
		let peak = 0;
		await executeNode(
			wired(
				{
					prepare: async () => async () => {
						peak = Math.max(peak, ++running);
						await sleep(3);
						running--;
						return {};
					},
				},
				{ options: { maxConcurrency: 3 } },
			),
			items(30),
		);
		expect(peak).toBeGreaterThan(1);
		expect(peak).toBeLessThanOrEqual(6);
	});

	it('share one decryption of each credential', async () => {
		const node = wired(
			{
				prepare: async (call) => {
					const source = await call.credential('adobePostgreSqlSourceApi');
					return async () => ({ server: source.server });
				},
			},
			{ source: { authMode: 'basic', server: 'db' } },
		);
		const output = await executeNode(node, items(20));
		expect(output.every(({ json }) => json.server === 'db')).toBe(true);
		expect(node.credentials.calls('adobePostgreSqlSourceApi').decrypts).toBe(1);
		expect(node.credentials.calls('adobeImsApi').decrypts).toBe(1);
	});
});

describe('without "Continue"', () => {
	it('every item is checked before the first one works', async () => {
		let worked = 0;
		const prepared: number[] = [];
		const error = await thrownBy(
			async () =>
				await executeNode(
					wired({
						prepare: async ({ itemIndex }) => {
							prepared.push(itemIndex);
							if (itemIndex === 3)
								throw new UserError("'Name' is empty", { description: 'Fill it in.' });
							return async () => ({ n: ++worked });
						},
					}),
					items(6),
				),
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe("'Name' is empty [item 3]");
		expect(error.description).toBe('Fill it in.');
		expect(error.context.itemIndex).toBe(3);
		expect(worked).toBe(0);
		expect(prepared).toEqual([0, 1, 2, 3]);
	});

	it('the run stops at the first item that fails, and says what was done before it', async () => {
		const begun: number[] = [];
		const error = await thrownBy(
			async () =>
				await executeNode(
					wired(
						{
							prepare:
								async ({ itemIndex }) =>
								async () => {
									begun.push(itemIndex);
									await sleep(2);
									if (itemIndex === 4)
										throw new Problem('Refused', {
											advice: 'Do this.',
											details: { status: 403 },
										});
									return { action: 'created', connectionId: `id-${itemIndex}` };
								},
						},
						{ options: { maxConcurrency: 1 } },
					),
					items(50),
				),
		);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('Refused [item 4]');
		expect(error.httpCode).toBe('403');
		for (const index of [0, 1, 2, 3]) {
			expect(error.description).toContain(`item ${index}: created id-${index}`);
		}
		expect(error.description).not.toContain('item 4:');
		expect(begun.length).toBeLessThanOrEqual(8);
	});

	it('the first of several failing items is told, not the fastest', async () => {
		const error = await thrownBy(
			async () =>
				await executeNode(
					wired({
						prepare:
							async ({ itemIndex }) =>
							async () => {
								await sleep(itemIndex === 1 ? 40 : 5);
								if (itemIndex === 1 || itemIndex === 2) throw new Error(`of item ${itemIndex}`);
								return {};
							},
					}),
					items(3),
				),
		);
		expect(error.message).toBe('of item 1 [item 1]');
	});

	it('what finished items only read is not listed as done', async () => {
		const error = await thrownBy(
			async () =>
				await executeNode(
					wired(
						{
							prepare:
								async ({ itemIndex }) =>
								async () => {
									if (itemIndex === 2) throw new Error('no');
									return {
										id: `id-${itemIndex}`,
										action: itemIndex === 0 ? 5 : undefined,
									} as never;
								},
						},
						{ options: { maxConcurrency: 1 } },
					),
					items(3),
				),
		);
		expect(error.description ?? '').not.toContain('Done before');
	});

	it.each([
		['Max Concurrency', { maxConcurrency: 0 }],
		['Timeout', { timeout: -1 }],
		['Sandbox Name or ID', { sandboxName: 'My Sandbox' }],
	])("a bad '%s' stops the run before any work", async (field, options) => {
		let worked = 0;
		const error = await thrownBy(
			async () =>
				await executeNode(
					wired({ prepare: async () => async () => ({ n: ++worked }) }, { options }),
					items(3),
				),
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toMatch(new RegExp(`^'${field}' .* \\[item 0\\]$`));
		expect(worked).toBe(0);
	});

	it('an incomplete credential stops the run before any work, by its field', async () => {
		const error = await thrownBy(
			async () => await executeNode(wired({}, { ims: { clientSecret: '' } }), items(3)),
		);
		expect(error.message).toBe("The credential's 'Client Secret' is empty [item 0]");
		expect(error.description).toContain('Developer Console');
	});
});

describe('with "Continue"', () => {
	const mixed: Behaviour = {
		prepare: async ({ itemIndex }) => {
			if (itemIndex === 1) throw new UserError('Not checked', { description: 'Fill it in.' });
			return async () => {
				if (itemIndex === 3) {
					throw new Problem('Refused', {
						advice: 'Do this.',
						details: { status: 403, code: 'FLOW-2120-403', requestId: 'r' },
					});
				}
				return { value: itemIndex };
			};
		},
	};

	it('a failing item gives way to an error item and the others go on', async () => {
		const output = await executeNode(wired(mixed, { onError: CONTINUE }), items(5));
		expect(output).toEqual([
			{ json: { value: 0 }, pairedItem: { item: 0 } },
			{
				json: { error: 'Not checked', message: 'Not checked. Fill it in.', details: {} },
				pairedItem: { item: 1 },
			},
			{ json: { value: 2 }, pairedItem: { item: 2 } },
			{
				json: {
					error: 'Refused',
					message: 'Refused. Do this. (status 403, FLOW-2120-403, request ID r)',
					details: { status: 403, code: 'FLOW-2120-403', requestId: 'r' },
				},
				pairedItem: { item: 3 },
			},
			{ json: { value: 4 }, pairedItem: { item: 4 } },
		]);
	});

	it('on the error output, n8n sends the failed items there and the others on', async () => {
		const run = await runWorkflow(wired(mixed, { onError: 'continueErrorOutput' }), items(5));
		expect(run.data.resultData.error).toBeUndefined();
		const good = outputOf(run, 'Adobe', 0).map(({ json }) => json.value);
		expect(good).toEqual([0, 2, 4]);
		const failed = outputOf(run, 'Adobe', 1).map(({ json }) => json);
		expect(failed).toMatchObject([
			{ index: 1, error: 'Not checked' },
			{ index: 3, error: 'Refused', details: { status: 403, code: 'FLOW-2120-403' } },
		]);
		expect(outputOf(run, NEXT)).toHaveLength(3);
		expect(outputOf(run, NEXT_ON_ERROR)).toHaveLength(2);
	});

	it.each([
		['is incomplete', { orgId: '' }, "'Organization ID' is empty"],
		[
			'has a URL that is none',
			{ environment: 'custom', platformUrl: 'x' },
			"'Platform URL' is not a URL",
		],
	])('a credential that %s is told on every item', async (_case, ims, words) => {
		const output = await executeNode(wired({}, { onError: CONTINUE, ims }), items(3));
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		for (const { json } of output) expect(json.error).toContain(words);
	});

	it.each([
		['a text', 'boom'],
		['nothing', undefined],
		['null', null],
		['an object', { code: 5 }],
	])('an item that throws %s becomes an error item, too', async (_case, thrown) => {
		const behaviour: Behaviour = { prepare: async () => async () => await Promise.reject(thrown) };
		const output = await executeNode(wired(behaviour, { onError: CONTINUE }), items(1));
		expect(output[0]?.json.error).toBe('The operation ended for an unknown reason');
	});
});

describe('secrets', () => {
	const leak = async (call: OperationCall) => {
		call.protect('pr0tected-passw0rd');
		throw new Problem(`with ${CANARY} and pr0tected-passw0rd`, {
			advice: `again ${CANARY}, pr0tected-passw0rd`,
			details: { status: 400, code: `code ${CANARY}` },
		});
	};
	const behaviour: Behaviour = { prepare: async (call) => async () => await leak(call) };

	it('are in no part of a thrown error', async () => {
		const error = await thrownBy(async () => await executeNode(wired(behaviour), items(1)));
		expect(error.message).toBe('with *** and *** [item 0]');
		expect(everythingOf(error)).not.toMatch(/c4n4ry|pr0tected/);
	});

	it('are in no part of an error item', async () => {
		const output = await executeNode(wired(behaviour, { onError: CONTINUE }), items(2));
		expect(output).toHaveLength(2);
		expect(JSON.stringify(output)).not.toMatch(/c4n4ry|pr0tected/);
	});

	it('of one item are in no error item of another', async () => {
		const output = await executeNode(
			wired(
				{
					prepare: async (call) => {
						call.protect(`pr0tected-${call.itemIndex}-end`);
						return async () => {
							throw new Error('pr0tected-0-end pr0tected-1-end pr0tected-2-end');
						};
					},
				},
				{ onError: CONTINUE },
			),
			items(3),
		);
		expect(JSON.stringify(output)).not.toContain('pr0tected');
	});
});

describe('what is done together at the end', () => {
	it('sees the items that succeeded, once, and can add to them', async () => {
		const seen: number[][] = [];
		const output = await executeNode(
			wired(
				{
					prepare:
						async ({ itemIndex }) =>
						async () => {
							if (itemIndex === 1) throw new Error('no');
							return { value: itemIndex };
						},
					complete: async (outcomes, { clientOf }) => {
						seen.push(outcomes.map(({ itemIndex }) => itemIndex));
						for (const { itemIndex, json } of outcomes)
							json.sandbox = clientOf(itemIndex).sandboxName;
					},
				},
				{ onError: CONTINUE },
			),
			items(3),
		);
		expect(seen).toEqual([[0, 2]]);
		expect(output.map(({ json }) => json.sandbox)).toEqual(['dev', undefined, 'dev']);
	});

	it.each([CONTINUE, undefined])(
		'happens where every item fails as well, and can tell what it has left behind (%s)',
		async (onError) => {
			const behaviour = {
				prepare: async () => async () => await Promise.reject(new Error('no')),
				complete: async (outcomes: unknown[], { fail }: RunEnd) => {
					fail(0, new Problem(`no, and ${outcomes.length} are done`, {}));
				},
			};
			const error = await thrownBy(async () => {
				const [item] = await executeNode(wired(behaviour, { onError }), items(2));
				throw new Error(String(item?.json.error));
			});
			expect(error).toMatchObject({ message: expect.stringContaining('no, and 0 are done') });
		},
	);
});

describe('what the items of a run have in common', () => {
	it('begins once for each run, before its first item, and is there at its end', async () => {
		const begun: object[] = [];
		const seen: unknown[] = [];
		const behaviour: Behaviour = {
			begin: () => {
				const state = {};
				begun.push(state);
				return state;
			},
			prepare: async ({ state }) => {
				seen.push(state);
				return async () => ({});
			},
			complete: async (_outcomes, { state }) => void seen.push(state),
		};
		const node = wired(behaviour);
		for (const round of [0, 1]) {
			seen.length = 0;
			await executeNode(node, items(3));
			expect(begun).toHaveLength(round + 1);
			expect(seen).toHaveLength(4);
			for (const state of seen) expect(state).toBe(begun[round]);
		}
	});

	it('is not there for an operation without any', async () => {
		const seen: unknown[] = [];
		const prepare: Behaviour['prepare'] = async ({ state }) => {
			seen.push(state);
			return async () => ({});
		};
		await executeNode(wired({ prepare }), items(1));
		expect(seen).toEqual([undefined]);
	});
});

describe('the route', () => {
	it.each([
		['an operation', { operation: 'other' }],
		['a resource', { resource: 'other' }],
		['a prototype key', { operation: '__proto__' }],
		['a member of every object', { resource: 'constructor' }],
	])('does not exist for %s that there is not', async (_case, parameters) => {
		const error = await thrownBy(
			async () => await executeNode(wired({}, { parameters }), items(1)),
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toMatch(/^There is no operation '.*' for the resource '.*'$/);
	});
});

describe('a cancelled run', () => {
	it.each([CONTINUE, undefined])('ends within a second (%s)', async (onError) => {
		const controller = new AbortController();
		const startedAt = Date.now();
		setTimeout(() => controller.abort(), 100);
		const behaviour: Behaviour = {
			prepare: async (call) => async () => {
				await call.openClient().pause(60_000);
				return {};
			},
		};
		const outcome = await thrownBy(
			async () => await executeNode(wired(behaviour, { onError }), items(100), controller.signal),
		);
		expect(Date.now() - startedAt).toBeLessThan(1_100);
		expect(outcome === undefined).toBe(onError !== undefined);
	});
});

describe('many items', () => {
	it('leave time for others while they are prepared', async () => {
		let ticks = 0;
		const timer = setInterval(() => ticks++, 1);
		const seen: number[] = [];
		const behaviour = {
			prepare: async () => {
				const endMs = performance.now() + 1;
				while (performance.now() < endMs);
				seen.push(ticks);
				return async () => ({});
			},
		};
		await executeNode(wired(behaviour), items(400));
		clearInterval(timer);
		expect(seen.at(-1)).toBeGreaterThanOrEqual(4);
	});

	it('are prepared while the first one is already on its way, where one may fail alone', async () => {
		const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const events: string[] = [];
		const behaviour: Behaviour = {
			prepare: async ({ itemIndex }) => {
				events.push(`item ${itemIndex} is prepared`);
				return async () => {
					if (itemIndex > 0) return {};
					const socket = connect(port, '127.0.0.1');
					await once(socket, 'connect');
					events.push('item 0 is connected');
					socket.destroy();
					return {};
				};
			},
		};
		await executeNode(wired(behaviour, { onError: CONTINUE }), items(20));
		server.close();
		expect(events.slice(0, 3)).toEqual([
			'item 0 is prepared',
			'item 0 is connected',
			'item 1 is prepared',
		]);
		expect(events).toHaveLength(21);
	});

	it('are not prepared to the end when the execution is cancelled', async () => {
		const controller = new AbortController();
		let prepared = 0;
		const behaviour = {
			prepare: async () => {
				if (++prepared === 60) controller.abort(new Error('cancelled by the user'));
				return async () => ({});
			},
		};
		await thrownBy(
			async () => await executeNode(wired(behaviour), items(5_000), controller.signal),
		);
		expect(prepared).toBeLessThan(120);
	});
});
