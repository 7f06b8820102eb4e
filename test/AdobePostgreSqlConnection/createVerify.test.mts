import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { basicCredential, withAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';

import { bothClouds, create } from './newConnection.mts';

describe('Create', () => {
	const { azure, aws } = bothClouds();

	describe('Verify Connection', () => {
		const verified = (parameters: INodeParameters = {}) => create({ ...parameters, verify: true });

		it.each<[string, INodeParameters]>([
			['with the connection string as it is', {}],
			['over TLS', { options: { encryptionMethod: '1' } }],
			[
				'over TLS with its certificate checked',
				{ options: { encryptionMethod: '1', validateServerCertificate: '1' } },
			],
			['without TLS', { options: { encryptionMethod: '0' } }],
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
								verify: true,
								options: { timeout: 1.5 },
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
			expect(thrown.message).toMatch(/^The connection was created but could not be verified: /);
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
			['a port where nothing listens', { port: 1 }, "'Server' is localhost"],
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
					'Adobe could not log in to the database, so no connection ID is returned [item 0]',
				);
				expect(thrown.description).toContain(field);
				expect(thrown.whole).not.toContain(String(source.password));
				expect(azure.connections()).toHaveLength(0);
			},
		);
	});
});
