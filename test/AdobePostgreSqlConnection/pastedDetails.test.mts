import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { basicCredential, connectionStringCredential } from '../support/adobe.mts';
import { runConnectionNode, thrownBy, wireConnectionNode } from '../support/connectionNode.mts';
import { runWorkflow } from '../support/core.mts';
import { bothClouds, create, sentBody } from './newConnection.mts';

describe('Database details', () => {
	const { azure, aws } = bothClouds();
	const { server, port, database, username, password } = {
		server: 'db.example.com',
		port: 5432,
		database: 'sales',
		username: 'aep',
		password: 'canary-S3cret-Pa55',
	};
	const FIELDS = {
		authMode: 'basic',
		server,
		port,
		database,
		username,
		password,
		sslMode: 'Prefer',
	};
	const url = `postgresql://${username}:${password}@${server}:${port}/${database}`;
	const paramsOf = async (source: ICredentialDataDecryptedObject, parameters: INodeParameters) => {
		await runConnectionNode(azure, create(parameters), { source });
		return (sentBody(azure) as { auth: unknown }).auth;
	};
	const text = (connectionString: string) => ({ authMode: 'connectionString', connectionString });
	const REQUIRE = ';EncryptionMethod=1;ValidateServerCertificate=0';
	const adobes = `Server=${server};Database=${database};Port=5432;UID=${username};Password=${password}`;

	it.each<[string, ICredentialDataDecryptedObject, INodeParameters, string]>([
		['a URL in the credential', text(`${url}?sslmode=require`), {}, adobes + REQUIRE],
		[
			'a psql command by parameter',
			text(''),
			{ databaseDetails: 'parameters', connectionString: `psql '${url}?sslmode=require'` },
			adobes + REQUIRE,
		],
		[
			'single details in the credential',
			{ authMode: 'basic', server, port, database, username, password, sslMode: 'Require' },
			{},
			adobes + REQUIRE,
		],
		[
			'single details whose password needs quotes',
			{ authMode: 'basic', server, port, database, username, password: 'a;b', sslMode: 'Disable' },
			{},
			`Server=${server};Database=${database};Port=5432;UID=${username};Password="a;b";EncryptionMethod=0`,
		],
		[
			'a TLS choice in the node, before that of the details',
			text(`${url}?sslmode=require`),
			{ options: { encryptionMethod: '1', validateServerCertificate: '1' } },
			`${adobes};EncryptionMethod=1;ValidateServerCertificate=1`,
		],
		[
			'a TLS choice in the node for what no string can say',
			text(`${url}?sslmode=verify-full`),
			{ options: { encryptionMethod: '1', validateServerCertificate: '1' } },
			`${adobes};EncryptionMethod=1;ValidateServerCertificate=1`,
		],
		[
			"Adobe's own words as they are",
			text(`${adobes};encryptionmethod=1;`),
			{},
			`${adobes};encryptionmethod=1;`,
		],
	])('of %s become a connection string', async (_case, source, parameters, connectionString) => {
		expect(await paramsOf(source, { authMode: 'connectionString', ...parameters })).toStrictEqual({
			specName: 'Connection String Based Authentication',
			params: { connectionString },
		});
	});

	it.each<[string, ICredentialDataDecryptedObject, string]>([
		['a URL', text(`${url}?sslmode=verify-full`), 'Verify Full'],
		["Adobe's string", text(`${adobes};EncryptionMethod=1`), 'Require'],
		['a string without a word about TLS', text(adobes), 'Prefer'],
	])('of %s in the credential become single ones', async (_case, source, sslMode) => {
		expect(await paramsOf(source, { authMode: 'basic' })).toStrictEqual({
			specName: 'Basic Authentication',
			params: { server, port: String(port), database, username, password, sslMode },
		});
	});

	it.each<['string' | 'fields', 'basic' | 'connectionString']>([
		['string', 'basic'],
		['fields', 'connectionString'],
	])('as %s reach the database when they are registered as %s', async (form, authMode) => {
		const source =
			form === 'fields'
				? basicCredential(azure.postgres)
				: connectionStringCredential(azure.postgres);
		const [item] = await runConnectionNode(azure, create({ authMode, verify: true }), {
			source,
		});
		expect(item?.json).toMatchObject({ action: 'created', authMode, verified: true });
	});

	it('of a connection string work on AWS, where only Basic exists', async () => {
		const source = connectionStringCredential(aws.postgres);
		const [item] = await runConnectionNode(
			aws,
			create({ cloud: 'aws', authMode: 'basic', verify: true }),
			{
				source,
			},
		);
		expect(item?.json).toMatchObject({ action: 'created', authMode: 'basic', verified: true });
	});

	it.each<[string, ICredentialDataDecryptedObject]>([
		['localhost in a string', text(adobes.replace(server, 'localhost'))],
		['127.0.0.1 in a URL', text(url.replace(server, '127.0.0.1'))],
		['the host of a container', { ...FIELDS, server: 'host.docker.internal' }],
	])('with %s are refused where Adobe is not on this machine', async (_case, source) => {
		const ims = { environment: 'production' };
		const authMode = source.authMode as string;
		const thrown = await thrownBy(
			async () => await runConnectionNode(azure, create({ authMode }), { source, ims }),
		);
		expect(thrown.message).toContain('Adobe, not n8n, connects to the database');
		expect(thrown.whole).not.toContain(password);
	});

	it('with a private address are taken, with one hint for all items', async () => {
		const source = text(url.replace(server, '10.0.0.5'));
		const wired = wireConnectionNode(azure, create(), {
			source,
		});
		const run = await runWorkflow(wired, [{ json: {} }, { json: {} }]);
		const hints = (run.data.resultData.runData.Adobe?.[0]?.hints ?? []).map(
			({ message }) => message,
		);
		expect(hints).toStrictEqual([expect.stringContaining('one in a private network')]);
	});

	it('are never repeated by the refusal of another form', async () => {
		const sources = [
			text(`psql '${url}?sslcert=x'`),
			text(`PGPASSWORD=${password} psql -h a.io -U u`),
			text(`host=a.io,b.io dbname=d user=u password=${password}`),
			text(`jdbc:postgresql://a.io/d?user=u&password=${password}&foo=${password}`),
			text(`${adobes};${password}=1`),
		];
		for (const source of sources) {
			const thrown = await thrownBy(
				async () =>
					await runConnectionNode(azure, create({ authMode: 'connectionString' }), { source }),
			);
			expect(thrown.whole).not.toContain(password);
		}
	});
});
