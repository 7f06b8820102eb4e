import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { basicCredential, connectionStringOf, sharedAdobe, withAdobe } from '../support/adobe.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { NEXT, NEXT_ON_ERROR, outputOf, runWorkflow } from '../support/core.mts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CONNECTION_SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };

const create = (parameters: INodeParameters = {}): INodeParameters => ({
	operation: 'create',
	name: 'Sales database',
	...parameters,
});

const byParameters = {
	databaseDetails: 'parameters',
	authMode: 'basic',
	server: 'db.example.com',
	port: 5432,
	database: 'sales',
	username: 'aep',
	password: 'pass-word-1',
	sslMode: 'Prefer',
};

describe('Create', () => {
	const azure = sharedAdobe();
	const aws = sharedAdobe({ cloud: 'aws', initializingPolls: 1 });

	beforeEach(() => {
		azure.reset();
		aws.reset();
	});

	const sentBody = (emulator: Emulator) =>
		JSON.parse(requestsBy(emulator, 'POST')[0]?.body ?? 'null') as unknown;

	describe('what is sent to Adobe', () => {
		it('equals the documented sample for Azure with a connection string', async () => {
			const connectionString =
				'Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=pass-word-1';
			await runConnectionNode(
				azure,
				create({
					name: 'PostgreSQL base connection',
					additionalFields: { description: 'PostgreSQL base connection via connection string' },
				}),
				{ source: { authMode: 'connectionString', connectionString } },
			);
			expect(sentBody(azure)).toStrictEqual({
				name: 'PostgreSQL base connection',
				description: 'PostgreSQL base connection via connection string',
				auth: {
					specName: 'Connection String Based Authentication',
					params: { connectionString },
				},
				connectionSpec: CONNECTION_SPEC,
			});
		});

		it.each([
			['Azure with basic authentication', 'azure', 'Prefer'],
			['AWS with basic authentication', 'aws', 'false'],
		])('equals the documented sample for %s', async (_case, cloud, sslMode) => {
			const emulator = cloud === 'aws' ? aws : azure;
			await runConnectionNode(
				emulator,
				create({
					...byParameters,
					cloud,
					sslMode,
					name: 'PostgreSQL base connection',
					additionalFields: { description: 'PostgreSQL base connection via basic authentication' },
				}),
			);
			expect(sentBody(emulator)).toStrictEqual({
				name: 'PostgreSQL base connection',
				description: 'PostgreSQL base connection via basic authentication',
				auth: {
					specName: 'Basic Authentication',
					params: {
						server: 'db.example.com',
						port: '5432',
						database: 'sales',
						username: 'aep',
						password: 'pass-word-1',
						sslMode,
					},
				},
				connectionSpec: CONNECTION_SPEC,
			});
		});

		it('carries the documented headers', async () => {
			await runConnectionNode(azure, create());
			const { path, headers } = requestsBy(azure, 'POST')[0] ?? { headers: {} };
			expect(path).toBe('/data/foundation/flowservice/connections');
			expect(headers).toMatchObject({
				authorization: expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/),
				'x-api-key': azure.clientId,
				'x-gw-ims-org-id': azure.orgId,
				'x-sandbox-name': 'prod',
				'content-type': expect.stringMatching(/^application\/json/),
			});
			expect(headers).not.toHaveProperty('x-sandbox-id');
		});

		it('leaves the description out where none is given', async () => {
			await runConnectionNode(azure, create());
			expect(sentBody(azure)).not.toHaveProperty('description');
		});

		it.each<[string, INodeParameters, string]>([
			['leaves a connection string without TLS keys as it is', {}, ''],
			['appends EncryptionMethod', { encryptionMethod: '1' }, ';EncryptionMethod=1'],
			[
				'appends both keys in the documented order',
				{ encryptionMethod: '6', validateServerCertificate: '0' },
				';EncryptionMethod=6;ValidateServerCertificate=0',
			],
			[
				'can switch TLS off',
				{ encryptionMethod: '0', validateServerCertificate: '0' },
				';EncryptionMethod=0;ValidateServerCertificate=0',
			],
		])('%s', async (_case, parameters, appended) => {
			await runConnectionNode(azure, create(parameters));
			expect(sentBody(azure)).toMatchObject({
				auth: { params: { connectionString: connectionStringOf(azure.postgres) + appended } },
			});
		});

		it('replaces TLS keys that the connection string has already', async () => {
			const before = 'Server=a;Database=b;Port=5432;UID=c;Password=pass-word-1';
			await runConnectionNode(azure, create({ encryptionMethod: '1' }), {
				source: {
					authMode: 'connectionString',
					connectionString: `${before};encryptionmethod=0;ValidateServerCertificate=1`,
				},
			});
			expect(sentBody(azure)).toMatchObject({
				auth: {
					params: { connectionString: `${before};encryptionmethod=1;ValidateServerCertificate=1` },
				},
			});
		});

		it('goes to the sandbox of the options instead of the one in the credential', async () => {
			const [item] = await runConnectionNode(azure, create({ options: { sandboxName: 'dev' } }));
			expect(requestsBy(azure, 'POST')[0]?.headers['x-sandbox-name']).toBe('dev');
			expect(item?.json.sandboxName).toBe('dev');
			expect(azure.connections()[0]?.sandboxName).toBe('dev');
		});
	});

	describe('what is put out', () => {
		it('is the connection with its ID twice, and no secret', async () => {
			const items = await runConnectionNode(azure, create());
			const [stored] = azure.connections();
			expect(items).toStrictEqual([
				{
					json: {
						connectionId: stored?.id,
						id: stored?.id,
						etag: expect.stringMatching(/^".+"$/),
						name: 'Sales database',
						state: 'enabled',
						cloud: 'azure',
						authMode: 'connectionString',
						sandboxName: 'prod',
						action: 'created',
					},
					pairedItem: { item: 0 },
				},
			]);
			expect(JSON.stringify(items)).not.toContain(azure.postgres.password);
		});

		it('has the state that AWS gives a new connection', async () => {
			const [item] = await runConnectionNode(
				aws,
				create({ ...byParameters, cloud: 'aws', sslMode: 'true' }),
			);
			expect(item?.json).toMatchObject({ cloud: 'aws', authMode: 'basic', state: 'initializing' });
		});

		it('has no state where Adobe does not tell it, and is no failure for that', async () => {
			azure.addFault({ method: 'GET', kind: 'status', status: 403, times: 9 });
			const [item] = await runConnectionNode(azure, create());
			expect(item?.json).toMatchObject({ action: 'created', state: null });
		});

		it('can be read by the next node as {{ $json.connectionId }}', async () => {
			const wired = wireConnectionNode(azure, create(), {
				next: { value: '={{ $json.connectionId }}' },
			});
			const run = await runWorkflow(wired);
			expect(outputOf(run, NEXT)[0]?.json.value).toBe(azure.connections()[0]?.id);
			expect(outputOf(run, NEXT)[0]?.json.value).toMatch(UUID);
		});

		it('is ten connections for ten items, in order and paired', async () => {
			const names = Array.from({ length: 10 }, (_, index) => `Database ${index}`);
			const items = await runConnectionNode(
				azure,
				create({ name: '={{ $json.name }}' }),
				{},
				names.map((name) => ({ json: { name } })),
			);
			expect(items.map(({ json }) => json.name)).toStrictEqual(names);
			expect(items.map(({ pairedItem }) => pairedItem)).toStrictEqual(
				names.map((_, item) => ({ item })),
			);
			const idsByName = new Map(azure.connections().map(({ name, id }) => [name, id]));
			expect(items.map(({ json }) => json.connectionId)).toStrictEqual(
				names.map((name) => idsByName.get(name)),
			);
		});

		it('costs two requests more for the states of a hundred and twenty connections', async () => {
			const items = Array.from({ length: 120 }, () => ({ json: {} }));
			const output = await runConnectionNode(azure, create(), {}, items);
			expect(output.every(({ json }) => json.state === 'enabled')).toBe(true);
			expect(requestsBy(azure, 'POST')).toHaveLength(120);
			expect(requestsBy(azure, 'GET')).toHaveLength(2);
		});

		it('decrypts each credential once and signs in once for many items', async () => {
			const wired = wireConnectionNode(azure, create());
			await runWorkflow(
				wired,
				Array.from({ length: 30 }, () => ({ json: {} })),
			);
			expect(wired.credentials.calls('adobeImsApi')).toMatchObject({ decrypts: 1, persists: 1 });
			expect(wired.credentials.calls('adobePostgreSqlSourceApi').decrypts).toBe(1);
		});
	});

	describe('Verify', () => {
		const verified = (parameters: INodeParameters = {}) =>
			create({ ...parameters, options: { verify: true } });

		it.each<[string, INodeParameters]>([
			['with the connection string as it is', {}],
			['over TLS', { encryptionMethod: '1' }],
			[
				'over TLS with its certificate checked',
				{ encryptionMethod: '1', validateServerCertificate: '1' },
			],
			['without TLS', { encryptionMethod: '0' }],
		])('lets Adobe log in to the real database %s', async (_case, parameters) => {
			const [item] = await runConnectionNode(azure, verified(parameters));
			expect(item?.json).toMatchObject({ action: 'created', state: 'enabled', verified: true });
		});

		it.each(['Disable', 'Allow', 'Prefer', 'Require', 'Verify Ca', 'Verify Full'])(
			'lets Adobe log in to the real database with the SSL mode %s',
			async (sslMode) => {
				const [item] = await runConnectionNode(azure, verified({ authMode: 'basic' }), {
					source: basicCredential(azure.postgres, sslMode),
				});
				expect(item?.json).toMatchObject({ authMode: 'basic', verified: true });
			},
		);

		it('waits while AWS initializes the connection', async () => {
			const [item] = await runConnectionNode(aws, verified({ cloud: 'aws', authMode: 'basic' }), {
				source: basicCredential(aws.postgres, 'false'),
			});
			expect(item?.json).toMatchObject({ state: 'enabled', verified: true, cloud: 'aws' });
			expect(item?.json.etag).toEqual(expect.any(String));
		});

		it('gives up when the time is over, and says which connection is still initializing', async () => {
			await withAdobe({ cloud: 'aws', initializingPolls: 1_000 }, async (slow) => {
				const thrown = await thrownBy(
					async () =>
						await runConnectionNode(
							slow,
							create({
								cloud: 'aws',
								authMode: 'basic',
								options: { verify: true, timeout: 1_500 },
							}),
							{ source: basicCredential(slow.postgres, 'false') },
						),
				);
				expect(thrown.message).toContain("still 'initializing'");
				expect(thrown.description).toContain("'Timeout'");
				expect(thrown.description).toContain(slow.connections()[0]?.id);
			});
		});

		it('removes the connection again when Adobe gives no reason for a failed test', async () => {
			await withAdobe({ testFailure: 'result' }, async (silent) => {
				const source = basicCredential({ ...silent.postgres, password: 'wrong-pass-1' });
				const thrown = await thrownBy(
					async () => await runConnectionNode(silent, verified({ authMode: 'basic' }), { source }),
				);
				expect(thrown.message).toContain('could not log in to the database');
				expect(thrown.description).toContain("'Password'");
				expect(silent.connections()).toHaveLength(0);
			});
		});

		it.each<[string, (emulator: Emulator) => ICredentialDataDecryptedObject, string]>([
			[
				'may not be read by the role',
				(emulator) => {
					const { clientId, clientSecret } = emulator.addClient({ permissions: ['write'] });
					return { clientId, clientSecret };
				},
				"'View Sources'",
			],
			[
				'cannot be tested at the moment',
				(emulator) => {
					emulator.addFault({
						path: '/data/foundation/flowservice/connections/{id}/test',
						kind: 'status',
						status: 500,
						times: 9,
					});
					return {};
				},
				'Try again later',
			],
		])('keeps a connection that %s, and its ID is in the error', async (_case, client, way) => {
			const ims = client(azure);
			const thrown = await thrownBy(
				async () => await runConnectionNode(azure, verified(), { ims }),
			);
			const [kept] = azure.connections();
			expect(thrown.message).toMatch(/^The connection was made but could not be verified: /);
			expect(thrown.description).toContain(way);
			expect(thrown.description).toContain(`The connection ${kept?.id} is kept.`);
			expect(thrown.context.data).toMatchObject({ connectionId: kept?.id });
		});

		it('says which connection is left behind when it could not be removed', async () => {
			azure.addFault({ method: 'DELETE', kind: 'status', status: 403, times: 9 });
			const source = basicCredential({ ...azure.postgres, password: 'wrong-pass-1' });
			const thrown = await thrownBy(
				async () => await runConnectionNode(azure, verified({ authMode: 'basic' }), { source }),
			);
			const [left] = azure.connections();
			expect(thrown.description).toContain(`${left?.id} could not be removed again`);
			expect(thrown.context.data).toMatchObject({ connectionId: left?.id });
		});

		it.each<[string, ICredentialDataDecryptedObject, string]>([
			['a wrong password', { password: 'wrong-pass-1' }, "'Password'"],
			['an unknown database', { database: 'no_such_database' }, "'Database'"],
			['a port where nothing listens', { port: 1 }, "'Port'"],
			['an unknown host', { server: 'no-such-host.invalid' }, "'Server'"],
			[
				'a certificate for another host',
				{ server: '127.0.0.1', sslMode: 'Verify Full' },
				'certificate',
			],
			['a user that is let in over TLS only', { tlsOnly: true, sslMode: 'Disable' }, "'Require'"],
		])(
			'fails clearly for %s and leaves nothing behind',
			async (_case, { tlsOnly, ...changes }, field) => {
				const user = tlsOnly === true ? azure.postgres.tlsOnly : undefined;
				const source: ICredentialDataDecryptedObject = {
					...basicCredential(azure.postgres),
					...user,
					...changes,
				};
				const thrown = await thrownBy(
					async () => await runConnectionNode(azure, verified({ authMode: 'basic' }), { source }),
				);
				expect(thrown.message).toBe(
					'Adobe could not log in to the database, so no connection is passed on [item 0]',
				);
				expect(thrown.description).toContain(field);
				expect(thrown.whole).not.toContain(String(source.password));
				expect(azure.connections()).toHaveLength(0);
			},
		);
	});

	describe('what goes wrong', () => {
		const CANARY = 'canary-S3cret-Pa55';

		interface Row {
			ims?: IDataObject;
			source?: IDataObject;
			parameters?: INodeParameters;
			before?: (emulator: Emulator) => void;
			message: string;
			way: string;
		}

		const limitedClient = (changes: Parameters<Emulator['addClient']>[0]) => {
			const { clientId, clientSecret } = azure.addClient(changes);
			return { clientId, clientSecret };
		};

		const rows: Array<[string, () => Row]> = [
			[
				'a wrong client secret',
				() => ({
					ims: { clientSecret: 'not-the-secret' },
					message: "'Client Secret'",
					way: 'Retrieve client secret',
				}),
			],
			[
				'an unknown client',
				() => ({ ims: { clientId: 'nobody' }, message: "'Client ID'", way: 'Developer Console' }),
			],
			[
				'an organization that is not the client’s',
				() => ({
					ims: { orgId: '0123456789ABCDEF01234567@AdobeOrg' },
					message: "'Organization ID'",
					way: 'Developer Console',
				}),
			],
			[
				'an organization ID in the wrong form',
				() => ({
					ims: { orgId: '0123456789ABCDEF01234567' },
					message: "'Organization ID' does not end in @AdobeOrg",
					way: 'Developer Console',
				}),
			],
			[
				'a client without a product profile',
				() => ({
					ims: limitedClient({ productProfile: false }),
					message: "'Organization ID'",
					way: 'product profile',
				}),
			],
			[
				'a role without the permission to write',
				() => ({
					ims: limitedClient({ permissions: ['read'] }),
					message: 'not allowed to do this ("Create a connection") in the sandbox \'prod\'',
					way: "'Manage Sources'",
				}),
			],
			[
				'an unknown sandbox in the credential',
				() => ({
					ims: { sandboxName: 'nowhere' },
					message: "The sandbox 'nowhere' does not exist",
					way: "'Sandbox' in the credential",
				}),
			],
			[
				'an unknown sandbox in the options',
				() => ({
					parameters: { options: { sandboxName: 'nowhere' } },
					message: "The sandbox 'nowhere' does not exist",
					way: "'Sandbox Name or ID' under Options",
				}),
			],
			[
				'a sandbox title instead of its name',
				() => ({
					parameters: { options: { sandboxName: 'My Sandbox' } },
					message: "'Sandbox Name or ID' is not a sandbox name",
					way: 'not its title',
				}),
			],
			[
				'a sandbox by an expression that gives nothing',
				() => ({
					parameters: { options: { sandboxName: '={{ $json.noSuchField }}' } },
					message: "'Sandbox Name or ID' has no value",
					way: 'gives nothing for this item',
				}),
			],
			[
				'a concurrency that is no number',
				() => ({
					parameters: { options: { maxConcurrency: '={{ "many" }}' } },
					message: "'Max Concurrency' is not a whole number from 1 to 500",
					way: 'Enter a whole number',
				}),
			],
			[
				'a sandbox whose name holds a word that n8n takes for a network fault',
				() => ({
					ims: { sandboxName: 'preexisting' },
					message: "The sandbox 'preexisting' does not exist",
					way: "'Sandbox' in the credential",
				}),
			],
			[
				'an empty name',
				() => ({ parameters: { name: '  ' }, message: "'Name' is empty", way: 'expression' }),
			],
			[
				'a malformed connection string in the credential',
				() => ({
					source: {
						authMode: 'connectionString',
						connectionString: `Server=a;Database=b;UID=c;Password="${CANARY}`,
					},
					message: "'Connection String' of the credential",
					way: '',
				}),
			],
			[
				'a connection string without a password, by parameter',
				() => ({
					parameters: {
						databaseDetails: 'parameters',
						connectionString: 'Server=a;Database=b;UID=c',
					},
					message: "'Connection String':",
					way: 'Password',
				}),
			],
			[
				'a connection string on AWS, the cloud by expression',
				() => ({
					parameters: {
						cloud: '={{ "aws" }}',
						authMode: 'connectionString',
						databaseDetails: 'parameters',
						connectionString: `Server=a;Database=b;UID=c;Password=${CANARY}`,
					},
					message: "'Authentication' is a connection string, which does not exist on AWS",
					way: "'Cloud' to Azure",
				}),
			],
			[
				'a connection string on AWS, the authentication by expression',
				() => ({
					parameters: {
						cloud: 'aws',
						authMode: '={{ "connectionString" }}',
						databaseDetails: 'parameters',
						connectionString: `={{ "Server=a;Database=b;UID=c;Password=${CANARY}" }}`,
					},
					message: "'Authentication' is a connection string, which does not exist on AWS",
					way: 'Basic',
				}),
			],
			[
				'a cloud that does not exist',
				() => ({
					parameters: { cloud: '={{ "gcp" }}' },
					message: "'Cloud' has a value that does not exist",
					way: 'azure, aws',
				}),
			],
			[
				'an authentication that differs from the one in the credential',
				() => ({
					parameters: { authMode: 'basic' },
					message: "'Authentication' differs from the one in the credential",
					way: 'Choose the same in both',
				}),
			],
			[
				'a port out of range',
				() => ({
					parameters: { ...byParameters, password: CANARY, port: 70_000 },
					message: "'Port': The port is not a whole number from 1 to 65535",
					way: '5432',
				}),
			],
			[
				'a server that is a URL',
				() => ({
					parameters: { ...byParameters, password: CANARY, server: 'https://db.example.com/x' },
					message: "'Server'",
					way: '',
				}),
			],
			[
				'an SSL mode that Adobe does not know',
				() => ({
					parameters: { ...byParameters, password: CANARY, sslMode: 'Perhaps' },
					message: 'does not accept one of the database details',
					way: "'SSL Mode'",
				}),
			],
			[
				'Azure details in an organization on AWS',
				() => ({
					before: (emulator) =>
						emulator.addFault({
							method: 'POST',
							path: '/data/*',
							kind: 'status',
							status: 400,
							body: { type: 'https://ns.adobe.com/aep/errors/FLOW-1415-400', status: 400 },
						}),
					message: "does not offer this 'Authentication'",
					way: "'Cloud' to AWS",
				}),
			],
			[
				'a server fault whose outcome is unknown and can’t be looked up',
				() => ({
					before: (emulator) => {
						emulator.addFault({ method: 'POST', path: '/data/*', kind: 'reset', when: 'after' });
						emulator.addFault({ method: 'GET', path: '/data/*', kind: 'status', status: 403 });
					},
					message: 'not clear whether Adobe has made the connection',
					way: "Look for 'Sales database'",
				}),
			],
			[
				'a platform that is not there',
				() => ({
					ims: { platformUrl: 'http://127.0.0.1:1' },
					parameters: { options: { timeout: 2_000 } },
					message: 'Adobe Experience Platform could not be reached',
					way: "'Platform URL'",
				}),
			],
		];

		it.each(rows)('%s gives one clear message and makes nothing twice', async (_case, row) => {
			const { ims, source, parameters, before, message, way } = row();
			const held = source ?? {
				authMode: 'connectionString',
				connectionString: connectionStringOf({ ...azure.postgres, password: CANARY }),
			};
			before?.(azure);
			const thrown = await thrownBy(
				async () =>
					await runConnectionNode(azure, create(parameters), {
						ims: ims as never,
						source: held as never,
					}),
			);
			expect(thrown.message).toContain(message);
			expect(thrown.message).toMatch(/ \[item 0\]$/);
			expect(thrown.description).toContain(way);
			expect(thrown.context.itemIndex).toBe(0);
			expect(thrown.whole).not.toContain(CANARY);
			expect(thrown.whole).not.toContain(azure.clientSecret);
			expect(requestsBy(azure, 'POST').length).toBeLessThanOrEqual(1);
		});

		it.each(rows)('%s becomes an error item on Continue', async (_case, row) => {
			const { ims, source, parameters, before, message } = row();
			before?.(azure);
			const items = await runConnectionNode(azure, create(parameters), {
				ims: ims as never,
				source: (source ?? {
					authMode: 'connectionString',
					connectionString: connectionStringOf({ ...azure.postgres, password: CANARY }),
				}) as never,
				onError: 'continueRegularOutput',
			});
			expect(items).toHaveLength(1);
			expect(items[0]?.json).toStrictEqual({
				error: expect.stringContaining(message),
				message: expect.stringContaining(message),
				details: expect.any(Object),
			});
			expect(items[0]?.pairedItem).toStrictEqual({ item: 0 });
			expect(JSON.stringify(items)).not.toContain(CANARY);
		});

		it('shows no item’s password in its error item, whatever Adobe repeats', async () => {
			const password = (index: number) => `${CANARY}-${index}`;
			for (const index of [0, 1, 2]) {
				azure.addFault({
					method: 'POST',
					path: '/data/*',
					kind: 'status',
					status: 400,
					body: { errorMessage: `not valid: ${password(index)}` },
				});
			}
			const items = await runConnectionNode(
				azure,
				create({
					...byParameters,
					password: '={{ $json.password }}',
					options: { maxConcurrency: 1 },
				}),
				{ onError: 'continueRegularOutput' },
				[0, 1, 2].map((index) => ({ json: { password: password(index) } })),
			);
			expect(items.map(({ json }) => json.message)).toStrictEqual(
				[0, 1, 2].map(() => expect.stringContaining('Adobe says: not valid: ***')),
			);
			expect(JSON.stringify(items)).not.toContain(CANARY);
		});

		it('reports status, code, request ID, operation and sandbox', async () => {
			const ims = limitedClient({ permissions: ['read'] });
			const thrown = await thrownBy(async () => await runConnectionNode(azure, create(), { ims }));
			expect(thrown.httpCode).toBe('403');
			expect(thrown.context.data).toStrictEqual({
				status: 403,
				code: expect.stringMatching(/^FLOW-21\d\d-403$/),
				requestId: expect.any(String),
				operation: 'Create a connection',
				sandboxName: 'prod',
			});
			expect(thrown.description).toContain(String(thrown.context.data?.requestId));
		});

		it('checks every item before the first connection is made', async () => {
			const items = ['one', 'two', ''].map((name) => ({ json: { name } }));
			const thrown = await thrownBy(
				async () =>
					await runConnectionNode(azure, create({ name: '={{ $json.name }}' }), {}, items),
			);
			expect(thrown.message).toBe("'Name' is empty [item 2]");
			expect(azure.connections()).toHaveLength(0);
		});

		it('lists what was made before an item failed, as n8n drops the finished items', async () => {
			azure.addFault({ method: 'POST', path: '/data/*', kind: 'status', status: 400, skip: 1 });
			const thrown = await thrownBy(
				async () =>
					await runConnectionNode(azure, create({ options: { maxConcurrency: 1 } }), {}, [
						{ json: {} },
						{ json: {} },
					]),
			);
			expect(thrown.message).toContain('[item 1]');
			expect(thrown.description).toContain(`item 0: created ${azure.connections()[0]?.id}`);
		});

		it('sends failed items, with their source, to the error output and the others on', async () => {
			const wired = wireConnectionNode(azure, create({ name: '={{ $json.name }}' }), {
				onError: 'continueErrorOutput',
				next: { value: '={{ $json.connectionId }}' },
			});
			const run = await runWorkflow(
				wired,
				['one', '', 'three'].map((name) => ({ json: { name, row: `row ${name}` } })),
			);
			const ids = outputOf(run, NEXT).map(({ json }) => json.value);
			expect(ids).toStrictEqual(azure.connections().map(({ id }) => id));
			expect(ids).toHaveLength(2);
			expect(outputOf(run, NEXT_ON_ERROR).map(({ json }) => json)).toStrictEqual([
				{
					name: '',
					row: 'row ',
					error: "'Name' is empty",
					message: expect.stringContaining("Fill in 'Name'"),
					details: {},
				},
			]);
		});
	});

	it('obeys a 429 and then makes the connection once', async () => {
		azure.addFault({
			method: 'POST',
			path: '/data/*',
			kind: 'status',
			status: 429,
			headers: { 'Retry-After': '1' },
			body: { error_code: '429050', message: 'Too many requests' },
		});
		const started = Date.now();
		const [item] = await runConnectionNode(azure, create());
		expect(Date.now() - started).toBeGreaterThanOrEqual(1_000);
		expect(item?.json.action).toBe('created');
		expect(azure.connections()).toHaveLength(1);
	});

	it('gives nothing for no items and asks nobody', async () => {
		expect(await runConnectionNode(azure, create(), {}, [])).toStrictEqual([]);
		expect(azure.journal).toHaveLength(0);
	});
});
