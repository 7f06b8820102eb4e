import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { basicCredential, sharedAdobe, withAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const byId = (value: string) => ({ connectionId: { __rl: true, mode: 'id', value } });

/** Makes a connection and gives its ID. */
async function made(
	emulator: Emulator,
	setup: NodeSetup = {},
	parameters: INodeParameters = {},
): Promise<string> {
	const [item] = await runConnectionNode(
		emulator,
		{
			operation: 'create',
			verify: false,
			authMode: 'connectionString',
			name: 'Sales database',
			...parameters,
		},
		setup,
	);
	emulator.journal.length = 0;
	return String(item?.json.connectionId);
}

const basic = (emulator: Emulator, changes: ICredentialDataDecryptedObject = {}) => ({
	source: { ...basicCredential(emulator.postgres), ...changes },
});

describe('Get and Test', () => {
	const adobe = sharedAdobe({ secretsInGet: 'clear' });

	beforeEach(() => adobe.reset());

	const get = async (parameters: INodeParameters, setup: NodeSetup = {}) =>
		await runConnectionNode(adobe, { operation: 'get', ...parameters }, setup);
	const test = async (parameters: INodeParameters, setup: NodeSetup = {}) =>
		await runConnectionNode(adobe, { operation: 'test', ...parameters }, setup);

	describe('Get', () => {
		it('puts the connection out, simplified', async () => {
			const id = await made(adobe, {}, { additionalFields: { description: 'For the CDP' } });
			const items = await get(byId(id));
			expect(items).toStrictEqual([
				{
					json: {
						name: 'Sales database',
						state: 'enabled',
						connectionId: id,
						cloud: 'azure',
						authMode: 'connectionString',
						sandboxName: 'prod',
						description: 'For the CDP',
						createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
						updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
						etag: expect.stringMatching(/^".+"$/),
					},
					pairedItem: { item: 0 },
				},
			]);
		});

		it('puts Adobe’s whole answer out with Simplify off, but no secret even if Adobe sends one', async () => {
			const id = await made(adobe, basic(adobe), { authMode: 'basic' });
			const [item] = await get({ ...byId(id), simplify: false });
			expect(item?.json).toMatchObject({
				connectionId: id,
				authMode: 'basic',
				connectionSpec: { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137' },
				auth: { params: { server: adobe.postgres.server, username: adobe.postgres.username } },
			});
			expect(JSON.stringify(item)).not.toContain(adobe.postgres.password);
		});

		it('leaves the connection string out of Adobe’s whole answer', async () => {
			const id = await made(adobe);
			const [item] = await get({ ...byId(id), simplify: false });
			expect(item?.json).toMatchObject({
				auth: { specName: 'Connection String Based Authentication' },
			});
			expect(JSON.stringify(item)).not.toContain(adobe.postgres.password);
		});

		it('does not guess the cloud of a connection with basic authentication', async () => {
			const id = await made(adobe, basic(adobe), { authMode: 'basic' });
			expect((await get(byId(id)))[0]?.json).not.toHaveProperty('cloud');
		});

		it.each<[string, (id: string) => INodeParameters]>([
			['a locator by ID', (id) => byId(` ${id} `)],
			[
				'a locator by URL',
				(id) => ({
					connectionId: {
						__rl: true,
						mode: 'url',
						value: `https://experience.adobe.com/#/@acme/sname:prod/platform/source/accounts/${id}?x=1`,
					},
				}),
			],
			[
				'a locator from the list',
				(id) => ({
					connectionId: { __rl: true, mode: 'list', value: id, cachedResultName: 'Sales' },
				}),
			],
			[
				'a locator by expression',
				(id) => ({ connectionId: { __rl: true, mode: 'id', value: `={{ "${id}" }}` } }),
			],
		])('takes %s', async (_case, parameters) => {
			const id = await made(adobe);
			expect((await get(parameters(id)))[0]?.json.connectionId).toBe(id);
		});

		it.each(['.', '..', '../flows?x=1#y', '%2e%2e', 'Sales database', 'a/b', 'a\r\nb'])(
			'sends nothing for %j, which is no ID',
			async (value) => {
				await made(adobe);
				const thrown = await thrownBy(async () => await get(byId(value)));
				expect(thrown.message).toBe("'Connection' needs an ID, not a name [item 0]");
				expect(adobe.journal).toHaveLength(0);
			},
		);

		it('asks again when Adobe fails for a moment', async () => {
			const id = await made(adobe);
			adobe.addFault({ method: 'GET', path: '/data/*', kind: 'status', status: 503 });
			adobe.addFault({ method: 'GET', path: '/data/*', kind: 'reset' });
			expect((await get(byId(id)))[0]?.json.connectionId).toBe(id);
			expect(requestsBy(adobe, 'GET')).toHaveLength(3);
		});

		it('names the permission to view', async () => {
			const { clientId, clientSecret } = adobe.addClient({ permissions: [] });
			const thrown = await thrownBy(
				async () => await get(byId(UNKNOWN_ID), { ims: { clientId, clientSecret } }),
			);
			expect(thrown.message).toContain('not allowed to do this ("Get a connection")');
			expect(thrown.description).toContain("'View Sources'");
		});
	});

	describe('Test', () => {
		it('puts out true when Adobe can log in to the database', async () => {
			const id = await made(adobe);
			const [item] = await test(byId(id));
			expect(item?.json).toMatchObject({ connectionId: id, name: 'Sales database', result: true });
			expect(item?.json).not.toHaveProperty('reason');
		});

		it('puts out false with Adobe’s reason and advice when it cannot', async () => {
			const id = await made(adobe, basic(adobe, { password: 'wrong-pass-1' }), {
				authMode: 'basic',
			});
			const [item] = await test(byId(id));
			expect(item?.json).toMatchObject({
				connectionId: id,
				result: false,
				reason: expect.stringMatching(/password/i),
				advice: expect.stringContaining("'Password'"),
			});
			expect(JSON.stringify(item)).not.toContain('wrong-pass-1');
		});

		it('puts out false where Adobe gives no reason', async () => {
			await withAdobe({ testFailure: 'result' }, async (silent) => {
				const id = await made(silent, basic(silent, { password: 'wrong-pass-1' }), {
					authMode: 'basic',
				});
				const [item] = await runConnectionNode(silent, { operation: 'test', ...byId(id) });
				expect(item?.json).toMatchObject({ result: false, reason: 'Adobe gave no reason' });
			});
		});
	});

	describe.each([
		['Get', get],
		['Test', test],
	])('%s', (_name, run) => {
		it('says what was looked for, and in which sandbox, when there is no such connection', async () => {
			const thrown = await thrownBy(async () => await run(byId(UNKNOWN_ID)));
			expect(thrown.message).toBe(
				`The connection '${UNKNOWN_ID}' was not found in the sandbox 'prod' [item 0]`,
			);
			expect(thrown.description).toContain('FLOW-1439-404');
			expect(thrown.context.data).toMatchObject({ status: 404, code: 'FLOW-1439-404' });
		});

		it('does not find a connection of another sandbox', async () => {
			const id = await made(adobe);
			const thrown = await thrownBy(
				async () => await run({ ...byId(id), options: { sandboxName: 'dev' } }),
			);
			expect(thrown.message).toContain("was not found in the sandbox 'dev'");
		});

		it('says that the locator is empty', async () => {
			const thrown = await thrownBy(async () => await run(byId('')));
			expect(thrown.message).toBe("'Connection' is empty [item 0]");
		});

		it.each([
			['no JSON', { kind: 'malformed', times: 9 } as const],
			['an empty list', { kind: 'status', status: 200, body: { items: [] }, times: 9 } as const],
			['a list', { kind: 'status', status: 200, body: [1, 2], times: 9 } as const],
			['nothing', { kind: 'status', status: 200, body: '', times: 9 } as const],
		])('reports an answer that is %s', async (_case, fault) => {
			const id = await made(adobe);
			adobe.addFault({ method: 'GET', path: '/data/*', ...fault });
			const thrown = await thrownBy(async () => await run(byId(id)));
			expect(thrown.message).toContain('in a form this node does not know');
		});

		it('becomes an error item on Continue', async () => {
			const items = await run(byId(UNKNOWN_ID), { onError: 'continueRegularOutput' });
			expect(items[0]?.json).toMatchObject({
				error: expect.stringContaining('was not found'),
				message: expect.stringContaining('Check the ID'),
				details: { status: 404, code: 'FLOW-1439-404', sandboxName: 'prod' },
			});
		});
	});
});
