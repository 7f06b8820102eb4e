import type { INodeParameters } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { seedConnections, withAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { until } from '../support/until.mts';

const CONNECTIONS = '/data/foundation/flowservice/connections';

const run = async (adobe: Emulator, parameters: INodeParameters) =>
	(
		await runConnectionNode(adobe, {
			operation: 'create',
			verify: false,
			name: 'Sales',
			...parameters,
		})
	)[0]?.json;

const posts = (adobe: Emulator) => requestsBy(adobe, 'POST').length;

/** Something happens at Adobe while a request to create is on its way back. */
async function meanwhile(adobe: Emulator, change: () => Promise<void> | void): Promise<void> {
	await until(() => posts(adobe) > 0 && adobe.connections().length > 0);
	await change();
}

/** Tests that wait run side by side. */
const inAdobe =
	(options: Partial<EmulatorOptions>, test: (adobe: Emulator) => Promise<void>) => async () => {
		await withAdobe(options, test);
	};

describe('Exactly one connection', () => {
	it.concurrent.each(['create', 'upsert'])(
		'comes of %s where its work ends after a gateway has given up on it',
		async (operation) => {
			await withAdobe({}, async (adobe) => {
				for (const status of [504, 408, 524, 499]) {
					adobe.reset();
					const late = { kind: 'late', status, delayMs: 2_500 } as const;
					adobe.addFault({ method: 'POST', path: CONNECTIONS, ...late });
					const json = await run(adobe, { operation, name: `Sales ${status}` });
					expect(adobe.connections().map(({ id }) => id)).toStrictEqual([json?.connectionId]);
					expect(json).toMatchObject({ action: 'created' });
					expect(posts(adobe)).toBe(1);
				}
			});
		},
	);

	it.concurrent.each<[string, 'before' | 'after', number]>([
		['after its work', 'after', 1],
		['before its work', 'before', 0],
	])('is left where an answer was cut %s, and lists lag', async (_case, when, surplus) => {
		await withAdobe({ listLagMs: 2_500 }, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'reset', when });
			const json = await run(adobe, {});
			expect(adobe.connections().map(({ id }) => id)).toStrictEqual([json?.connectionId]);
			expect(json).not.toHaveProperty('possibleDuplicates');
			expect(requestsBy(adobe, 'DELETE')).toHaveLength(surplus);
		});
	});

	it.concurrent(
		'says so where lists lag for so long that it can’t be told whether there are two',
		inAdobe({ listLagMs: 60_000 }, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'reset', when: 'after' });
			const json = await run(adobe, { options: { timeout: 9 } });
			expect(json).toMatchObject({ action: 'created', possibleDuplicates: null });
		}),
	);

	it.concurrent(
		'comes of the same upsert twice, although lists do not show it yet',
		inAdobe({ listLagMs: 60_000 }, async (adobe) => {
			// The list never shows the new one while it is looked for.
			const options = { options: { timeout: 3 } };
			const first = await run(adobe, { operation: 'upsert', ...options });
			const second = await run(adobe, { operation: 'upsert', ...options });
			expect(adobe.connections().map(({ id }) => id)).toStrictEqual([first?.connectionId]);
			expect(second).toMatchObject({
				action: 'unchanged',
				connectionId: first?.connectionId,
			});
		}),
	);

	it.concurrent(
		'comes of an upsert after a create, although lists do not show it yet',
		inAdobe({ listLagMs: 60_000 }, async (adobe) => {
			const first = await run(adobe, {});
			const second = await run(adobe, { operation: 'upsert' });
			expect(adobe.connections()).toHaveLength(1);
			expect(second?.connectionId).toBe(first?.connectionId);
		}),
	);

	it.concurrent(
		'is made anew where the one that was made lately is gone',
		inAdobe({}, async (adobe) => {
			const first = await run(adobe, { operation: 'upsert' });
			await run(adobe, {
				operation: 'delete',
				connectionId: { __rl: true, mode: 'id', value: String(first?.connectionId) },
			});
			const second = await run(adobe, { operation: 'upsert' });
			expect(second?.action).toBe('created');
			expect(adobe.connections().map(({ id }) => id)).toStrictEqual([second?.connectionId]);
		}),
	);
});

describe('A connection that may be somebody else’s', () => {
	const slowAnswer = { method: 'POST', path: CONNECTIONS, kind: 'delay', delayMs: 600 } as const;

	it.concurrent.each<[string, (theirs: ReturnType<Emulator['connections']>[number]) => void]>([
		['of another client', (theirs) => Object.assign(theirs, { createdClient: 'exc_app' })],
		[
			'of our client for another database',
			(theirs) => {
				theirs.auth = {
					specName: 'Connection String Based Authentication',
					params: { connectionString: 'Server=other.example.com;Database=other;Password=x' },
				};
			},
		],
	])('%s is neither passed on nor does ours give way to it', async (_case, change) => {
		await withAdobe({ secretsInGet: 'clear' }, async (adobe) => {
			adobe.addFault({ ...slowAnswer, when: 'before' });
			const [thrown] = await Promise.all([
				thrownBy(async () => await run(adobe, { operation: 'upsert', name: 'Sales' })),
				(async () => {
					await until(() => posts(adobe) > 0);
					await seedConnections(adobe, ['Sales']);
					for (const theirs of adobe.connections()) change(theirs);
				})(),
			]);
			expect(thrown.message).toContain("There are 2 connections with this 'Name'");
			expect(adobe.connections()).toHaveLength(2);
			for (const { id } of adobe.connections()) expect(thrown.description).toContain(id);
		});
	});

	it.concurrent(
		'is not taken over after a lost answer where Adobe does not show who made it',
		inAdobe({ showsMaker: false }, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'reset', when: 'after' });
			const thrown = await thrownBy(async () => await run(adobe, {}));
			expect(thrown.message).toContain('not clear which connection Adobe has made');
			expect(thrown.description).toContain(adobe.connections()[0]?.id);
			expect(adobe.connections()).toHaveLength(1);
		}),
	);

	it.concurrent.each<[string, string]>([
		['with its description in another form', 'something else'],
		['masked', '******'],
	])('after a lost answer is not clear where Adobe shows it %s', async (_case, description) => {
		await withAdobe({}, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'reset', when: 'after' });
			adobe.addFault({ method: 'GET', path: CONNECTIONS, kind: 'delay', delayMs: 600 });
			const [thrown] = await Promise.all([
				thrownBy(async () => await run(adobe, { additionalFields: { description: 'nightly' } })),
				meanwhile(adobe, () => {
					for (const one of adobe.connections()) one.description = description;
				}),
			]);
			expect(thrown.message).toContain('not clear which connection Adobe has made');
			expect(adobe.connections()).toHaveLength(1);
		});
	});

	it.concurrent.each<[string, string, string]>([
		['blanks around it', '  nightly ', 'nightly'],
		['only blanks', '   ', ''],
		['another Unicode form', 'Café', 'Café'],
	])('is known after a lost answer by its description with %s', async (_case, given, shown) => {
		await withAdobe({}, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'reset', when: 'after' });
			adobe.addFault({ method: 'GET', path: CONNECTIONS, kind: 'delay', delayMs: 600 });
			const [json] = await Promise.all([
				run(adobe, { additionalFields: { description: given } }),
				meanwhile(adobe, () => {
					for (const one of adobe.connections()) one.description = shown;
				}),
			]);
			expect(adobe.connections().map(({ id }) => id)).toStrictEqual([json?.connectionId]);
		});
	});

	it.concurrent.each<[string, Partial<EmulatorOptions>]>([
		['ahead of the times of what it shows', { dateSkewMs: 60_000 }],
		['missing', { dateHeader: false }],
	])('is not made twice after a lost answer where Adobe’s clock is %s', async (_case, options) => {
		await withAdobe(options, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'reset', when: 'after' });
			const thrown = await thrownBy(async () => await run(adobe, {}));
			expect(thrown.message).toContain('not clear which connection Adobe has made');
			expect(thrown.description).toContain(adobe.connections()[0]?.id);
			expect(posts(adobe)).toBe(1);
		});
	});
});

describe('A connection that Adobe is still initializing', () => {
	it.concurrent(
		'is waited for before it is changed, and never changed without its version',
		inAdobe({ initializingPolls: 2 }, async (adobe) => {
			await seedConnections(adobe, ['Sales']);
			const [made] = adobe.connections();
			const json = await run(adobe, {
				operation: 'update',
				connectionId: { __rl: true, mode: 'id', value: String(made?.id) },
				updateFields: { name: 'EU' },
			});
			expect(json).toMatchObject({ action: 'updated', name: 'EU' });
			const [patch, ...more] = requestsBy(adobe, 'PATCH');
			expect(patch?.headers['if-match']).toBeDefined();
			expect(more).toStrictEqual([]);
		}),
	);
});

describe('An answer that says nothing about what became of a write', () => {
	it.concurrent.each([302, 307, 408, 499])('is looked up after %d', async (status) => {
		await withAdobe({}, async (adobe) => {
			adobe.addFault({ method: 'POST', path: CONNECTIONS, kind: 'status', status, when: 'after' });
			const json = await run(adobe, {});
			expect(adobe.connections().map(({ id }) => id)).toStrictEqual([json?.connectionId]);
			expect(posts(adobe)).toBe(1);
		});
	});
});
