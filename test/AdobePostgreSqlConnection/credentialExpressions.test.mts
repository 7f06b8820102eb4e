import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { basicCredential, sharedAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { requestsBy, thrownBy, wireConnectionNode } from '../support/connectionNode.mts';
import { executeNode } from '../support/core.mts';

describe('A credential', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	const itemsOf = (items: IDataObject[]) => items.map((json) => ({ json }));
	const run = async (setup: NodeSetup, items: IDataObject[], parameters: INodeParameters = {}) => {
		const wired = wireConnectionNode(
			adobe,
			{
				operation: 'create',
				verify: false,
				name: '={{ $json.name }}',
				authMode: 'basic',
				...parameters,
			},
			{ source: basicCredential(adobe.postgres), ...setup },
		);
		const output = await executeNode(wired, itemsOf(items));
		return { output: output.map(({ json }) => json), wired };
	};
	const paramsOf = (name: unknown) =>
		adobe.connections().find((connection) => connection.name === name)?.auth.params;

	describe('of a database with expressions', () => {
		const source: ICredentialDataDecryptedObject = {
			authMode: 'basic',
			server: '={{ $json.server }}',
			port: '={{ $json.port }}',
			database: "=db_{{ $('Start').item.json.name }}",
			username: '={{ $json.user }}',
			password: '={{ $json.password }}',
			sslMode: '={{ $itemIndex === 1 ? "Require" : "Prefer" }}',
		};
		const rows = ['a', 'b', 'c'].map((name, index) => ({
			name,
			server: `${name}.example.com`,
			port: 5432 + index,
			user: `user_${name}`,
			password: `s3cret-${name}`,
		}));

		it.each(['stopWorkflow', 'continueRegularOutput'] as const)(
			'is read for each item (%s)',
			async (onError) => {
				await run({ source: { ...source, database: '={{ $json.name }}' }, onError }, rows);
				for (const [index, { name, server, port, user, password }] of rows.entries()) {
					expect(paramsOf(name)).toStrictEqual({
						server,
						port: String(port),
						database: name,
						username: user,
						password,
						sslMode: index === 1 ? 'Require' : 'Prefer',
					});
				}
			},
		);

		it('is read for each item of Update, and of Create or Update', async () => {
			const { output } = await run(
				{ source: { ...source, database: 'sales' } },
				rows.map((row) => ({ ...row, password: `old-${row.name}` })),
				{ operation: 'upsert' },
			);
			await run(
				{ source: { ...source, database: 'sales' } },
				rows.map((row, index) => ({ ...row, connectionId: output[index]?.connectionId })),
				{
					operation: 'update',
					connectionId: '={{ $json.connectionId }}',
					replaceDatabaseDetails: true,
				},
			);
			expect(rows.map(({ name }) => paramsOf(name)?.password)).toStrictEqual(
				rows.map(({ password }) => password),
			);
		});

		it.each<[string, string, string]>([
			['no server', 'server', 'Server'],
			['no port, for which there is a default', 'port', 'Port'],
			['no password', 'password', 'Password'],
		])('is refused for the item that gives %s, and only for that', async (_case, field, label) => {
			const { output } = await run(
				{ source: { ...source, database: 'sales' }, onError: 'continueRegularOutput' },
				rows.map((row, index) => (index === 1 ? { ...row, [field]: undefined } : row)),
			);
			expect(output.map(({ action }) => action)).toStrictEqual(['created', undefined, 'created']);
			expect(output[1]?.error).toContain(`The credential's '${label}' has no value`);
			expect(adobe.connections()).toHaveLength(2);
		});

		it('is refused for the first item alone where n8n can’t resolve it', async () => {
			const { output } = await run(
				{
					source: { ...source, database: '={{ $json.name.toUpperCase() }}' },
					onError: 'continueRegularOutput',
				},
				[{ ...rows[0], name: 5 }, ...rows.slice(1)],
			);
			expect(output.map(({ action }) => action)).toStrictEqual([undefined, 'created', 'created']);
		});
	});

	it('of a database without expressions is decrypted once, however many items there are', async () => {
		const names = Array.from({ length: 30 }, (_, index) => ({ name: `n${index}` }));
		for (const onError of ['stopWorkflow', 'continueRegularOutput'] as const) {
			adobe.reset();
			const { wired } = await run({ onError }, names);
			expect(adobe.connections()).toHaveLength(30);
			expect(wired.credentials.calls('adobePostgreSqlSourceApi').decrypts).toBe(1);
			expect(wired.credentials.calls('adobeImsApi').decrypts).toBe(1);
		}
	});

	describe('of Adobe with expressions', () => {
		it('is read for each item, and each item is made in its own sandbox', async () => {
			const ims = { sandboxName: '={{ $json.sandbox }}' };
			const items = ['prod', 'dev', 'prod'].map((sandbox, index) => ({
				name: `n${index}`,
				sandbox,
			}));
			const { output } = await run({ ims }, items);
			expect(output.map(({ sandboxName }) => sandboxName)).toStrictEqual(['prod', 'dev', 'prod']);
			expect(adobe.connections().map(({ name, sandboxName }) => [name, sandboxName])).toStrictEqual(
				expect.arrayContaining([
					['n0', 'prod'],
					['n1', 'dev'],
					['n2', 'prod'],
				]),
			);
		});

		it('tells two organizations apart whose connections have the same name', async () => {
			const other = adobe.addClient({ orgId: '0123456789ABCDEF01234567@AdobeOrg' });
			const clients = [adobe, other, adobe].map(({ clientId, clientSecret, orgId }) => ({
				name: 'Sales',
				clientId,
				clientSecret,
				orgId,
			}));
			const ims = {
				clientId: '={{ $json.clientId }}',
				clientSecret: '={{ $json.clientSecret }}',
				orgId: '={{ $json.orgId }}',
			};
			const { output, wired } = await run({ ims }, clients, { operation: 'upsert' });
			const [first, second, third] = output;
			expect(output.map(({ action }) => action)).toStrictEqual(['created', 'created', 'unchanged']);
			expect(third?.connectionId).toBe(first?.connectionId);
			expect(second?.connectionId).not.toBe(first?.connectionId);
			// n8n 1 would store what it has resolved for one item in place of the expressions.
			expect(wired.credentials.data('adobeImsApi')).toMatchObject(ims);
		});

		it.each<[string, unknown]>([
			['nothing', undefined],
			['null', null],
			['an empty text', ''],
			['a blank', ' '],
			['a line break', '\n'],
		])(
			'is refused where the sandbox is %s, and never works in prod instead',
			async (_case, sandbox) => {
				const ims = { sandboxName: '={{ $json.sandbox }}' };
				const thrown = await thrownBy(
					async () => await run({ ims }, [{ name: 'a', sandbox } as IDataObject]),
				);
				expect(thrown.message).toContain("The credential's 'Sandbox' has no value");
				expect(requestsBy(adobe, 'POST')).toStrictEqual([]);
			},
		);

		it.each([
			['environment', 'Environment'],
			['tenantName', 'Tenant Name'],
		])('is refused where its %s is nothing', async (field, label) => {
			const ims = { [field]: '={{ $json.nothing }}' };
			const thrown = await thrownBy(async () => await run({ ims }, [{ name: 'a' }]));
			expect(thrown.message).toContain(`The credential's '${label}' has no value`);
		});
	});

	it('of Adobe whose sandbox was left empty by hand works in prod', async () => {
		const { output } = await run({ ims: { sandboxName: '' } }, [{ name: 'a' }]);
		expect(output[0]?.sandboxName).toBe('prod');
	});
});
