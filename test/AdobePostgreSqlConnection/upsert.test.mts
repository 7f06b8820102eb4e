import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import {
	basicCredential,
	connectionStringCredential,
	sharedAdobe,
	withAdobe,
} from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { executeNode, outputOf, runWorkflow } from '../support/core.mts';
import { until } from '../support/until.mts';

const FLOW_SERVICE = '/data/foundation/flowservice/*';

describe('Create or Update', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	/** Only tests of the verification have Adobe log in. */
	const parametersOf = (parameters: INodeParameters = {}): INodeParameters => ({
		operation: 'upsert',
		verify: false,
		authMode: 'connectionString',
		name: 'Sales',
		...parameters,
	});
	const upsert = async (
		parameters: INodeParameters = {},
		setup: NodeSetup = {},
		items: INodeExecutionData[] = [{ json: {} }],
	) => await runConnectionNode(adobe, parametersOf(parameters), setup, items);
	const first = async (parameters: INodeParameters = {}, setup: NodeSetup = {}) =>
		(await upsert(parameters, setup))[0]?.json;
	const create = async (parameters: INodeParameters = {}, setup: NodeSetup = {}) =>
		(
			await runConnectionNode(
				adobe,
				{ operation: 'create', verify: false, name: 'Sales', ...parameters },
				setup,
			)
		)[0]?.json;

	const stored = () => adobe.connections();
	const writes = () =>
		adobe.journal.filter(
			({ method, path }) => method !== 'GET' && path.startsWith('/data/foundation/flowservice'),
		).length;
	const basic = (changes: ICredentialDataDecryptedObject = {}): [INodeParameters, NodeSetup] => [
		{ authMode: 'basic' },
		{ source: { ...basicCredential(adobe.postgres), ...changes } },
	];
	/** What Adobe wants beside the body, as the node sends it. */
	const headersOfARequest = async (setup: NodeSetup = {}) => {
		await runConnectionNode(adobe, { operation: 'getAll' }, setup);
		const { headers = {} } = requestsBy(adobe, 'GET').at(-1) ?? {};
		return Object.fromEntries(
			['authorization', 'x-api-key', 'x-gw-ims-org-id', 'x-sandbox-name'].map((name) => [
				name,
				String(headers[name]),
			]),
		);
	};
	/** Makes a connection that this process remembers nothing of, as after a restart. */
	const foreign = async (
		changes: Record<string, unknown> = {},
		headers?: Record<string, string>,
	) => {
		const { server, port, database, username, password } = adobe.postgres;
		const answer = await fetch(`${adobe.platformUrl}/data/foundation/flowservice/connections`, {
			method: 'POST',
			headers: { ...(headers ?? (await headersOfARequest())), 'content-type': 'application/json' },
			body: JSON.stringify({
				name: 'Sales',
				auth: {
					specName: 'Basic Authentication',
					params: { server, port: String(port), database, username, password, sslMode: 'Prefer' },
				},
				connectionSpec: { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' },
				...changes,
			}),
		});
		adobe.journal.length = 0;
		return ((await answer.json()) as { id: string }).id;
	};

	describe('of one connection', () => {
		it('makes it when there is none, and puts out what the next node needs', async () => {
			const json = await first({ additionalFields: { description: 'For the CDP' } });
			const [made] = stored();
			expect(json).toStrictEqual({
				name: 'Sales',
				state: 'enabled',
				action: 'created',
				connectionId: made?.id,
				cloud: 'azure',
				authMode: 'connectionString',
				sandboxName: 'prod',
				etag: made?.etag,
			});
			expect(made).toMatchObject({ name: 'Sales', description: 'For the CDP' });
		});

		it('sends nothing when nothing differs', async () => {
			const made = await first();
			adobe.journal.length = 0;
			const json = await first();
			expect(json).toStrictEqual({ ...made, action: 'unchanged' });
			expect(writes()).toBe(0);
		});

		it.each<[string, INodeParameters, INodeParameters, Record<string, unknown>]>([
			[
				'another description',
				{ additionalFields: { description: 'Old' } },
				{ additionalFields: { description: 'New' } },
				{ description: 'New' },
			],
			[
				'a first description',
				{},
				{ additionalFields: { description: 'New' } },
				{ description: 'New' },
			],
			['other TLS keys in the connection string', {}, { options: { encryptionMethod: '1' } }, {}],
		])('changes the one that is there for %s, once', async (_case, before, after, expected) => {
			const made = await first(before);
			adobe.journal.length = 0;
			const json = await first(after);
			expect(json).toMatchObject({ connectionId: made?.connectionId, action: 'updated' });
			expect(stored()).toHaveLength(1);
			expect(stored()[0]).toMatchObject(expected);
			expect(json?.etag).toBe(stored()[0]?.etag);
			expect(await first(after)).toMatchObject({ action: 'unchanged' });
			expect(writes()).toBe(1);
		});

		it.each<[string, ICredentialDataDecryptedObject]>([
			['password', { password: 'new-pass-1' }],
			['server', { server: 'db2.example.com' }],
			['port', { port: 6543 }],
			['SSL mode', { sslMode: 'Allow' }],
		])('changes the details when the %s is another one', async (_case, changes) => {
			const made = await first(...basic());
			const json = await first(...basic(changes));
			expect(json).toMatchObject({ connectionId: made?.connectionId, action: 'updated' });
			const [field, value] = Object.entries(changes)[0] ?? [];
			expect(stored()[0]?.auth.params).toMatchObject({ [String(field)]: String(value) });
			adobe.journal.length = 0;
			expect(await first(...basic(changes))).toMatchObject({ action: 'unchanged' });
			expect(writes()).toBe(0);
		});

		it('makes one without a description where that is empty', async () => {
			await first({ additionalFields: { description: '' } });
			expect(stored()[0]).not.toHaveProperty('description');
			expect(await first({ additionalFields: { description: '' } })).toMatchObject({
				action: 'unchanged',
			});
		});

		it('leaves the description alone where the field was not added', async () => {
			await first({ additionalFields: { description: 'Mine' } });
			expect(await first()).toMatchObject({ action: 'unchanged' });
			expect(stored()[0]?.description).toBe('Mine');
		});

		it('changes the way of authentication', async () => {
			await first();
			expect(await first(...basic())).toMatchObject({ action: 'updated', authMode: 'basic' });
			expect(stored()[0]?.auth.specName).toBe('Basic Authentication');
		});

		it('lists the connections when several have the name, and changes none', async () => {
			await create();
			await create();
			adobe.journal.length = 0;
			const thrown = await thrownBy(async () => await upsert());
			expect(thrown.message).toContain("There are 2 connections with this 'Name'");
			for (const { id } of stored()) expect(thrown.description).toContain(id);
			expect(writes()).toBe(0);
		});

		it.each(['A,B', 'say "hi"', 'Ü ≠ & = ? # %', 'emoji 🙂', '  padded  '])(
			'finds the name %p again',
			async (name) => {
				const made = await first({ name });
				expect(await first({ name })).toMatchObject({
					connectionId: made?.connectionId,
					action: 'unchanged',
					name: name.trim(),
				});
				expect(stored()).toHaveLength(1);
			},
		);

		it('tells names apart as Adobe does, and keeps to PostgreSQL and the sandbox', async () => {
			await first({ name: 'sales' });
			await first({ options: { sandboxName: 'dev' } });
			expect(await first()).toMatchObject({ action: 'created' });
			expect(stored()).toHaveLength(3);
		});

		it.each(['absent', 'placeholder', 'clear'] as const)(
			'sees no difference where Adobe shows secrets as "%s"',
			async (secretsInGet) => {
				await withAdobe({ secretsInGet }, async (other) => {
					for (const authMode of ['basic', 'connectionString']) {
						const source =
							authMode === 'basic'
								? basicCredential(other.postgres)
								: connectionStringCredential(other.postgres);
						const run = async () =>
							(
								await runConnectionNode(other, parametersOf({ name: authMode, authMode }), {
									source,
								})
							)[0]?.json.action;
						expect([await run(), await run()]).toStrictEqual(['created', 'unchanged']);
					}
				});
			},
		);
	});

	describe('of a connection that nothing is remembered of', () => {
		it('sends nothing when nothing visible differs, and says so in a hint', async () => {
			const id = await foreign();
			const wired = wireConnectionNode(adobe, parametersOf({ authMode: 'basic' }), {
				source: { ...basicCredential(adobe.postgres), password: 'never-sent-1' },
			});
			const run = await runWorkflow(wired);
			expect(outputOf(run, 'Adobe')[0]?.json).toMatchObject({
				connectionId: id,
				action: 'unchanged',
				detailsKnown: false,
			});
			expect(writes()).toBe(0);
			const hints = run.data.resultData.runData.Adobe?.[0]?.hints ?? [];
			expect(hints.map(({ message }) => message)).toStrictEqual([
				expect.stringContaining("add the option 'Replace Database Details'"),
			]);
		});

		it('does not know them any more once somebody else has changed the connection', async () => {
			const [parameters, setup] = basic();
			const made = await first(parameters, setup);
			expect(await first(parameters, setup)).not.toHaveProperty('detailsKnown');
			// As in the user interface: not by a node, which would remember it.
			const { clientId, clientSecret } = adobe.addClient({});
			const headers = await headersOfARequest({ ims: { clientId, clientSecret } });
			const theirs = { ...stored()[0]?.auth.params, password: 'theirs-pass-5' };
			const path = `/data/foundation/flowservice/connections/${String(made?.connectionId)}`;
			await fetch(`${adobe.platformUrl}${path}`, {
				method: 'PATCH',
				headers: {
					...headers,
					'content-type': 'application/json',
					'if-match': String(made?.etag),
				},
				body: JSON.stringify([{ op: 'replace', path: '/auth/params', value: theirs }]),
			});
			expect(stored()[0]?.auth.params.password).toBe('theirs-pass-5');
			const json = await first(parameters, setup);
			expect(json).toMatchObject({ action: 'unchanged', detailsKnown: false });
			const options = { verifyUnchanged: true };
			expect(await first({ ...parameters, options }, setup)).toMatchObject({ action: 'updated' });
			expect(await first(parameters, setup)).not.toHaveProperty('detailsKnown');
		});

		it('notices the next new password', async () => {
			await foreign();
			await upsert(...basic());
			expect(await first(...basic())).toMatchObject({ action: 'unchanged', detailsKnown: false });
			expect(await first(...basic({ password: 'new-pass-2' }))).toMatchObject({
				action: 'updated',
			});
		});

		it('sends the details where that is wanted', async () => {
			await foreign();
			const [parameters, setup] = basic({ password: 'new-pass-3' });
			const options = { replaceDatabaseDetails: true };
			expect(await first({ ...parameters, options }, setup)).toMatchObject({ action: 'updated' });
			expect(stored()[0]?.auth.params.password).toBe('new-pass-3');
		});

		it('sends them when Verify Unchanged shows that Adobe can’t log in with what it has', async () => {
			const { server, port, database, username } = adobe.postgres;
			const params = { server, port: String(port), database, username, sslMode: 'Prefer' };
			const id = await foreign({
				auth: { specName: 'Basic Authentication', params: { ...params, password: 'old-pass-1' } },
			});
			const [parameters, setup] = basic();
			const json = await first({ ...parameters, options: { verifyUnchanged: true } }, setup);
			expect(json).toMatchObject({ connectionId: id, action: 'updated', verified: true });
			expect(writes()).toBe(1);
		});

		it('leaves it alone when Verify Unchanged shows that it works', async () => {
			await foreign();
			const [parameters, setup] = basic();
			const json = await first({ ...parameters, options: { verifyUnchanged: true } }, setup);
			expect(json).toMatchObject({ action: 'unchanged', verified: true, detailsKnown: false });
			expect(writes()).toBe(0);
		});

		it('says what is wrong when neither the old nor the new details work', async () => {
			const { server, port, database, username } = adobe.postgres;
			const params = { server, port: String(port), database, username, sslMode: 'Prefer' };
			const id = await foreign({
				auth: { specName: 'Basic Authentication', params: { ...params, password: 'old-pass-2' } },
			});
			const [parameters, setup] = basic({ password: 'wrong-pass-9' });
			const thrown = await thrownBy(
				async () => await upsert({ ...parameters, options: { verifyUnchanged: true } }, setup),
			);
			expect(thrown.message).toContain('Adobe cannot log in to the database');
			expect(thrown.description).toContain(id);
			expect(thrown.whole).not.toContain('wrong-pass-9');
		});
	});

	describe('of many', () => {
		const many = (count: number): INodeExecutionData[] =>
			Array.from({ length: count }, (_, index) => ({
				json: { name: `db ${index}`, description: `number ${index}` },
			}));
		const parameters: INodeParameters = {
			name: '={{ $json.name }}',
			additionalFields: { description: '={{ $json.description }}' },
		};
		const reads = () => requestsBy(adobe, 'GET').length;

		it('reads many names at once and writes what differs alone', async () => {
			await upsert(parameters, {}, many(200));
			expect(stored()).toHaveLength(200);
			adobe.journal.length = 0;
			const changed = many(200).map((item, index) =>
				index % 20 === 7 ? { json: { ...item.json, description: 'new' } } : item,
			);
			const output = await upsert(parameters, {}, changed);
			expect(output.map(({ json }) => json.action)).toStrictEqual(
				changed.map((_item, index) => (index % 20 === 7 ? 'updated' : 'unchanged')),
			);
			expect(writes()).toBe(10);
			expect(reads()).toBeLessThanOrEqual(4);
			expect(stored()).toHaveLength(200);
		});

		it('makes one connection for items of the same name, and the last description counts', async () => {
			const items = many(12).map(({ json }) => ({ json: { ...json, name: 'Sales' } }));
			const output = await upsert(parameters, {}, items);
			expect(output.map(({ json }) => json.action)).toStrictEqual([
				'created',
				...Array.from({ length: 11 }, () => 'updated'),
			]);
			expect(new Set(output.map(({ json }) => json.connectionId)).size).toBe(1);
			expect(stored()).toMatchObject([{ name: 'Sales', description: 'number 11' }]);
		});

		it('works in the sandbox of each item', async () => {
			const items = ['prod', 'dev', 'prod'].map((sandbox, index) => ({
				json: { sandbox, name: `db ${index % 2}`, description: 'x' },
			}));
			const output = await upsert(
				{ ...parameters, options: { sandboxName: '={{ $json.sandbox }}' } },
				{},
				items,
			);
			expect(output.map(({ json }) => [json.sandboxName, json.action])).toStrictEqual([
				['prod', 'created'],
				['dev', 'created'],
				['prod', 'unchanged'],
			]);
		});

		it('goes on after an item that fails, which the next of its name does not suffer from', async () => {
			adobe.addFault({ method: 'POST', path: FLOW_SERVICE, kind: 'status', status: 400 });
			const output = await upsert(
				{ options: { maxConcurrency: 1 } },
				{ onError: 'continueRegularOutput' },
				[{ json: {} }, { json: {} }],
			);
			expect(output[0]?.json).toHaveProperty('error');
			expect(output[1]?.json).toMatchObject({ action: 'created' });
			expect(stored()).toHaveLength(1);
		});
	});

	describe('at the same time as another execution', () => {
		it('ends with one connection, and both have its ID', async () => {
			for (let round = 0; round < 10; round++) {
				adobe.reset();
				adobe.addFault({
					method: 'POST',
					path: FLOW_SERVICE,
					kind: 'delay',
					delayMs: 30,
					times: 3,
				});
				const [one, two, three] = await Promise.all([first(), first(), first()]);
				expect(stored()).toHaveLength(1);
				const id = stored()[0]?.id;
				expect([one?.connectionId, two?.connectionId, three?.connectionId]).toStrictEqual([
					id,
					id,
					id,
				]);
			}
		});
	});

	describe('at the same time as another execution, where Adobe shows the time of making', () => {
		it.each(['texts', 'dates', 'absent'] as const)(
			'as %s, ends with one connection',
			async (times) => {
				await withAdobe({ timesInGet: times, unorderedLists: true }, async (other) => {
					const run = async () =>
						(await runConnectionNode(other, parametersOf()))[0]?.json.connectionId;
					for (let round = 0; round < 5; round++) {
						other.reset();
						// Both exist before the first looks for the other: without times, a later one may be kept.
						other.addFault({
							method: 'POST',
							path: FLOW_SERVICE,
							kind: 'delay',
							delayMs: 700,
							when: 'after',
							times: 2,
						});
						const ids = await Promise.all([run(), run()]);
						const left = other.connections().map(({ id }) => id);
						expect(left).toHaveLength(1);
						expect(ids).toStrictEqual([left[0], left[0]]);
					}
				});
			},
		);
	});

	describe('whose answer is lost, when somebody else makes one of the same name', () => {
		const verify = { verify: true };
		/** Ours is never made, and theirs comes into being while ours is looked up. */
		const takingOver = async (parameters: INodeParameters) => {
			const headers = await headersOfARequest();
			const [ours, setup] = basic();
			adobe.addFault({ method: 'POST', path: FLOW_SERVICE, kind: 'reset', when: 'before' });
			const listed = `${FLOW_SERVICE.slice(0, -1)}connections`;
			// The first looks for one to update; the second looks up what became of the write.
			const skip = parameters.operation === 'upsert' ? 1 : 0;
			adobe.addFault({ method: 'GET', path: listed, kind: 'delay', delayMs: 400, skip });
			const posts = requestsBy(adobe, 'POST').length;
			const [ended] = await Promise.allSettled([
				runConnectionNode(adobe, { name: 'Sales', ...ours, ...parameters }, setup),
				(async () => {
					await until(() => requestsBy(adobe, 'POST').length > posts);
					await foreign({}, headers);
				})(),
			]);
			return ended;
		};

		it.each(['create', 'upsert'])(
			'never deletes theirs after a failed test (%s)',
			async (operation) => {
				adobe.addFault({
					path: `${FLOW_SERVICE.slice(0, -1)}connections/{id}/test`,
					kind: 'status',
					status: 400,
					body: { type: 'https://ns.adobe.com/aep/errors/CONNECTOR-1307-400', title: 'No log-in' },
				});
				const ended = await takingOver({ operation, ...verify });
				expect(ended).toMatchObject({
					status: 'rejected',
					reason: {
						message: expect.stringContaining('Adobe could not log in to the database'),
						description: expect.stringContaining('was found because'),
					},
				});
				expect(stored()).toHaveLength(1);
				expect((ended as PromiseRejectedResult).reason.description).toContain(stored()[0]?.id);
			},
		);

		it('does not take what it never sent for what Adobe was sent', async () => {
			await takingOver({ operation: 'upsert' });
			expect(await first(...basic())).toMatchObject({ action: 'unchanged', detailsKnown: false });
		});
	});

	describe('at the same time as another execution, with items of the same name', () => {
		it('gives all of them the ID of the one that is kept', async () => {
			adobe.addFault({ method: 'POST', path: FLOW_SERVICE, kind: 'delay', delayMs: 100, times: 2 });
			const items = ['one', 'two', 'three'].map((description) => ({ json: { description } }));
			const described = { additionalFields: { description: '={{ $json.description }}' } };
			const [ours, theirs] = await Promise.all([
				upsert(described, {}, items),
				upsert(described, {}, items),
			]);
			expect(stored()).toHaveLength(1);
			for (const { json } of [...ours, ...theirs]) expect(json.connectionId).toBe(stored()[0]?.id);
		});
	});

	describe('on a schedule, with Retry On Fail and faults', () => {
		it('ends with one connection per name and no write without a change', async () => {
			const names = ['a', 'b', 'c', 'd', 'e'];
			const faults = ['reset', 'status', 'malformed', 'truncated'] as const;
			let changes = 0;
			let description = '';
			let staticData = {};
			for (let round = 0; round < 20; round++) {
				const kind = faults[round % faults.length] ?? 'reset';
				const method = ['GET', 'POST', 'PATCH'][round % 3];
				const when = round % 2 === 0 ? 'after' : 'before';
				adobe.addFault({ method, path: FLOW_SERVICE, kind, when, times: 1 });
				adobe.addFault({
					method: 'GET',
					path: FLOW_SERVICE,
					kind: 'status',
					status: 429,
					headers: { 'retry-after': '0' },
				});
				if (round % 5 === 0) {
					description = `round ${round}`;
					changes += names.length;
				}
				const wired = wireConnectionNode(
					adobe,
					parametersOf({ name: '={{ $json.name }}', additionalFields: { description } }),
					{ retryOnFail: true },
				);
				wired.workflow.staticData = { ...wired.workflow.staticData, ...staticData };
				const run = await runWorkflow(
					wired,
					names.map((name) => ({ json: { name } })),
				);
				staticData = wired.workflow.staticData;
				expect(run.data.resultData.error).toBeUndefined();
				expect(outputOf(run, 'Adobe').map(({ json }) => json.name)).toStrictEqual(names);
			}
			expect(
				stored()
					.map(({ name }) => name)
					.sort(),
			).toStrictEqual(names);
			for (const connection of stored()) expect(connection.description).toBe('round 15');
			expect(adobe.stats().connectionWrites).toBe(changes);
		}, 120_000);
	});

	describe('what it remembers', () => {
		it('is kept in the workflow without any secret in it', async () => {
			const [parameters, setup] = basic({ password: 'canary-pass-7' });
			const wired = wireConnectionNode(adobe, parametersOf(parameters), setup);
			await executeNode(wired);
			const kept = JSON.stringify(wired.workflow.staticData);
			expect(kept).toContain(stored()[0]?.id);
			for (const secret of ['canary-pass-7', adobe.clientSecret]) {
				expect(kept).not.toContain(secret);
			}
		});
	});
});
