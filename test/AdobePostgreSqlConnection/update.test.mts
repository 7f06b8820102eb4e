import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import {
	basicCredential,
	connectionStringCredential,
	connectionStringOf,
	sharedAdobe,
	withAdobe,
} from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const byId = (value: string): INodeParameters => ({
	connectionId: { __rl: true, mode: 'id', value },
});

describe('Update', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	/** Only tests of the verification have Adobe log in. */
	const unverified = { operation: 'update', verify: false, authMode: 'connectionString' };
	const update = async (id: string, parameters: INodeParameters, setup: NodeSetup = {}) =>
		await runConnectionNode(adobe, { ...unverified, ...byId(id), ...parameters }, setup);

	const made = async (parameters: INodeParameters = {}, setup: NodeSetup = {}): Promise<string> => {
		const [item] = await runConnectionNode(
			adobe,
			{
				operation: 'create',
				verify: false,
				authMode: 'connectionString',
				name: 'Sales',
				...parameters,
			},
			setup,
		);
		adobe.journal.length = 0;
		return String(item?.json.connectionId);
	};

	const stored = () => adobe.connections()[0];
	const patches = () => requestsBy(adobe, 'PATCH').map(({ body }) => JSON.parse(body) as unknown);
	const tests = async (id: string) =>
		(await runConnectionNode(adobe, { operation: 'test', ...byId(id) }))[0]?.json.result;

	const rotation = (changes: ICredentialDataDecryptedObject = {}): [INodeParameters, NodeSetup] => [
		{ replaceDatabaseDetails: true, authMode: 'basic' },
		{ source: { ...basicCredential(adobe.postgres), ...changes } },
	];

	describe('of name and description', () => {
		it('sends what differs, with the version that was read', async () => {
			const id = await made();
			const etag = stored()?.etag;
			const [item] = await update(id, {
				updateFields: { name: 'Sales EU', description: 'For the CDP' },
			});
			expect(patches()).toStrictEqual([
				[
					{ op: 'replace', path: '/name', value: 'Sales EU' },
					{ op: 'add', path: '/description', value: 'For the CDP' },
				],
			]);
			expect(requestsBy(adobe, 'PATCH')[0]?.headers['if-match']).toBe(etag);
			expect(item?.json).toStrictEqual({
				name: 'Sales EU',
				state: 'enabled',
				action: 'updated',
				connectionId: id,
				cloud: 'azure',
				authMode: 'connectionString',
				sandboxName: 'prod',
				etag: stored()?.etag,
			});
			expect(stored()).toMatchObject({ name: 'Sales EU', description: 'For the CDP' });
		});

		it.each<[string, INodeParameters]>([
			['no field', {}],
			['the name that it has', { updateFields: { name: 'Sales' } }],
			['no description where it has none', { updateFields: { description: '' } }],
		])('sends nothing for %s', async (_case, parameters) => {
			const [item] = await update(await made(), parameters);
			expect(item?.json).toMatchObject({ action: 'unchanged', name: 'Sales' });
			expect(patches()).toHaveLength(0);
		});

		it('takes the description away when it is empty', async () => {
			const id = await made({ additionalFields: { description: 'Old' } });
			await update(id, { updateFields: { description: '' } });
			expect(stored()?.description ?? '').toBe('');
		});

		it('refuses half an emoji in a name before anything is sent', async () => {
			const id = await made();
			const thrown = await thrownBy(
				async () => await update(id, { updateFields: { name: 'Sales \ud83d' } }),
			);
			expect(thrown.message).toContain("'Name' contains half an emoji");
			expect(adobe.journal).toHaveLength(0);
		});

		it('keeps the database details', async () => {
			const id = await made();
			await update(id, { updateFields: { name: 'Sales EU' } });
			expect(await tests(id)).toBe(true);
		});
	});

	describe('of the database details', () => {
		it('sends all of them, and the connection keeps its ID and works', async () => {
			const id = await made(
				{ authMode: 'basic' },
				{ source: { ...basicCredential(adobe.postgres), password: 'old-pass-1' } },
			);
			expect(await tests(id)).toBe(false);
			adobe.journal.length = 0;
			const [item] = await update(id, ...rotation());
			const { server, port, database, username, password } = adobe.postgres;
			const value = { server, port: String(port), database, username, password, sslMode: 'Prefer' };
			expect(patches()).toStrictEqual([[{ op: 'replace', path: '/auth/params', value }]]);
			expect(item?.json).toMatchObject({ connectionId: id, action: 'updated', authMode: 'basic' });
			expect(JSON.stringify(item)).not.toContain(adobe.postgres.password);
			expect(await tests(id)).toBe(true);
		});

		it('takes a connection string with its TLS keys', async () => {
			const id = await made();
			await update(id, { replaceDatabaseDetails: true, options: { encryptionMethod: '1' } });
			expect(stored()?.auth.params).toStrictEqual({
				connectionString: connectionStringOf(adobe.postgres, ';EncryptionMethod=1'),
			});
			expect(await tests(id)).toBe(true);
		});

		it('can change the way of authentication', async () => {
			const id = await made();
			await update(id, ...rotation());
			expect(stored()?.auth.specName).toBe('Basic Authentication');
			expect(await tests(id)).toBe(true);
			await update(
				id,
				{ replaceDatabaseDetails: true },
				{ source: connectionStringCredential(adobe.postgres) },
			);
			expect(stored()?.auth.specName).toBe('Connection String Based Authentication');
			expect(await tests(id)).toBe(true);
		});

		it('is verified when that is wanted', async () => {
			const id = await made();
			const [parameters, setup] = rotation();
			const [item] = await update(id, { ...parameters, verify: true }, setup);
			expect(item?.json).toMatchObject({ action: 'updated', verified: true, etag: stored()?.etag });
		});

		it('keeps a connection whose new details fail the test, and says what it holds', async () => {
			const id = await made();
			const [parameters, setup] = rotation({ password: 'wrong-pass-1' });
			const thrown = await thrownBy(
				async () => await update(id, { ...parameters, verify: true }, setup),
			);
			expect(thrown.message).toBe(
				'The connection was changed, but Adobe cannot log in to the database with it [item 0]',
			);
			expect(thrown.description).toContain("'Password'");
			expect(thrown.description).toContain(`The connection ${id} holds the new details.`);
			expect(thrown.whole).not.toContain('wrong-pass-1');
			expect(adobe.connections()).toHaveLength(1);
		});
	});

	describe('while somebody else writes', () => {
		/** Lets somebody else change the connection after we have read it. */
		const interfere = (id: string, parameters: INodeParameters, setup: NodeSetup = {}) => {
			const original = stored()?.etag;
			adobe.addFault({
				method: 'PATCH',
				kind: 'delay',
				delayMs: 300,
				when: 'before',
			});
			return async () => {
				while (patchesUnderWay() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
				await update(id, parameters, setup);
				expect(stored()?.etag).not.toBe(original);
			};
		};
		const patchesUnderWay = () => requestsBy(adobe, 'PATCH').length;

		it('sends a change of something else again with the fresh version', async () => {
			const id = await made();
			const other = interfere(id, { updateFields: { description: 'Theirs' } });
			const [items] = await Promise.all([update(id, { updateFields: { name: 'Ours' } }), other()]);
			expect(items[0]?.json).toMatchObject({ action: 'updated', name: 'Ours' });
			expect(stored()).toMatchObject({ name: 'Ours', description: 'Theirs' });
		});

		it('overwrites no other new name', async () => {
			const id = await made();
			const other = interfere(id, { updateFields: { name: 'Theirs' } });
			const [thrown] = await Promise.all([
				thrownBy(async () => await update(id, { updateFields: { name: 'Ours' } })),
				other(),
			]);
			expect(thrown.message).toContain('Somebody else has changed the connection');
			expect(thrown.context.data).toMatchObject({ status: 412, code: 'FLOW-1404-412' });
			expect(stored()?.name).toBe('Theirs');
		});

		it('is content when the other one made the same change', async () => {
			const id = await made();
			const other = interfere(id, { updateFields: { name: 'Same' } });
			const [items] = await Promise.all([update(id, { updateFields: { name: 'Same' } }), other()]);
			expect(items[0]?.json).toMatchObject({ action: 'unchanged', name: 'Same' });
		});

		it('loses none of two new passwords silently', async () => {
			const id = await made();
			const other = interfere(id, ...rotation());
			const [thrown] = await Promise.all([
				thrownBy(async () => await update(id, ...rotation({ password: 'their-pass-1' }))),
				other(),
			]);
			expect(thrown.message).toContain('Somebody else has changed the connection');
			expect(thrown.whole).not.toContain('their-pass-1');
			expect(await tests(id)).toBe(true);
		});
	});

	describe('what goes wrong', () => {
		it.each<[string, string | undefined, INodeParameters, string]>([
			['an unknown connection', UNKNOWN_ID, { updateFields: { name: 'X' } }, 'was not found'],
			['no connection', '', {}, "'Connection' is empty"],
			['an empty name', undefined, { updateFields: { name: ' ' } }, "'Name' is empty"],
			[
				'a connection string on AWS',
				undefined,
				{ replaceDatabaseDetails: true, cloud: '={{ "aws" }}', authMode: 'connectionString' },
				'does not exist on AWS',
			],
			[
				'details that Basic has no word for',
				undefined,
				{
					replaceDatabaseDetails: true,
					databaseDetails: 'parameters',
					connectionString: 'Server=a.io;Database=b;UID=c;Password=d;SSL Key=/e',
				},
				'TLS setting SSL Key',
			],
		])('says what is wrong with %s', async (_case, given, parameters, message) => {
			const id = given ?? (await made());
			const thrown = await thrownBy(async () => await update(id, parameters));
			expect(thrown.message).toContain(message);
			expect(patches()).toHaveLength(0);
		});

		it('says that a connection on AWS is not ready to be changed', async () => {
			await withAdobe({ cloud: 'aws', initializingPolls: 1_000 }, async (aws) => {
				const [item] = await runConnectionNode(
					aws,
					{ operation: 'create', verify: false, name: 'Sales', cloud: 'aws', authMode: 'basic' },
					{ source: basicCredential(aws.postgres, 'false') },
				);
				const thrown = await thrownBy(
					async () =>
						await runConnectionNode(aws, {
							operation: 'update',
							...byId(String(item?.json.connectionId)),
							updateFields: { name: 'X' },
							options: { timeout: 5 },
						}),
				);
				expect(thrown.message).toContain("still 'initializing'");
			});
		});

		it('names the permission to manage, and becomes an error item on Continue', async () => {
			const id = await made();
			const { clientId, clientSecret } = adobe.addClient({ permissions: ['read'] });
			const items = await update(
				id,
				{ updateFields: { name: 'X' } },
				{ ims: { clientId, clientSecret }, onError: 'continueRegularOutput' },
			);
			expect(items[0]?.json).toMatchObject({
				error: expect.stringContaining('not allowed'),
				message: expect.stringContaining("'Manage Sources'"),
			});
		});
	});
});
