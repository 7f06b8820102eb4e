import type { INodeParameters } from 'n8n-workflow';

import { connectionStringOf } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, wireConnectionNode } from '../support/connectionNode.mts';
import { NEXT, outputOf, runWorkflow } from '../support/core.mts';
import { bothClouds, byParameters, create, sentBody, UUID } from './newConnection.mts';

const CONNECTION_SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };

describe('Create', () => {
	const { azure, aws } = bothClouds();

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
			['appends EncryptionMethod', { options: { encryptionMethod: '1' } }, ';EncryptionMethod=1'],
			[
				'appends it also where the authentication comes from an expression',
				{ authMode: '={{ "connectionString" }}', options: { encryptionMethod: '={{ "1" }}' } },
				';EncryptionMethod=1',
			],
			[
				'appends both keys in the documented order',
				{ options: { encryptionMethod: '6', validateServerCertificate: '0' } },
				';EncryptionMethod=6;ValidateServerCertificate=0',
			],
			[
				'can switch TLS off',
				{ options: { encryptionMethod: '0', validateServerCertificate: '0' } },
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
			await runConnectionNode(azure, create({ options: { encryptionMethod: '1' } }), {
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
		it('is what was done, then the names and IDs, and no secret', async () => {
			const items = await runConnectionNode(azure, create());
			const [stored] = azure.connections();
			expect(items).toStrictEqual([
				{
					json: {
						name: 'Sales database',
						state: 'enabled',
						action: 'created',
						connectionId: stored?.id,
						cloud: 'azure',
						authMode: 'connectionString',
						sandboxName: 'prod',
						etag: expect.stringMatching(/^".+"$/),
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
			expect(item?.json).toMatchObject({ action: 'created' });
			expect(item?.json).not.toHaveProperty('state');
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
