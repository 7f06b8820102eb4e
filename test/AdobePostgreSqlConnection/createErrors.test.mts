import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import {
	basicCredential,
	connectionStringCredential,
	connectionStringOf,
	sharedAdobe,
} from '../support/adobe.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { NEXT, NEXT_ON_ERROR, outputOf, runWorkflow } from '../support/core.mts';
import { byParameters, create } from './newConnection.mts';

describe('Create', () => {
	const azure = sharedAdobe();

	beforeEach(() => {
		azure.reset();
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
					way: 'not the title',
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
				'details in the credential whose SSL mode no connection string can say',
				() => ({
					parameters: { authMode: 'connectionString' },
					source: { ...basicCredential(azure.postgres), sslMode: 'Verify Full' },
					message: "'SSL Mode' of the credential",
					way: "'SSL Encryption'",
				}),
			],
			[
				'TLS of another driver, which Adobe would ignore',
				() => ({
					source: connectionStringCredential(azure.postgres, ';SSL Mode=VerifyFull'),
					message: "'Connection String' of the credential",
					way: 'EncryptionMethod',
				}),
			],
			[
				'a semicolon in the password of a connection string',
				() => ({
					source: connectionStringCredential(azure.postgres, ';x=1'),
					message: 'most likely the password holds a semicolon',
					way: 'double quotes',
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
					parameters: { options: { timeout: 2 } },
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
});
