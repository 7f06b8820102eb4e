import { randomBytes } from 'node:crypto';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import pg from 'pg';

import { basicCredential, connectionStringCredential, sharedAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { testPostgres } from '../support/postgresGlobal.mts';
import { makeScratchDatabase, type ScratchDatabase } from '../support/scratchDatabase.mts';

const DATAFLOW = 'Orders to CDP';

describe('Rotation of a password', () => {
	const { server, port } = testPostgres();
	const role = `rotating_${randomBytes(6).toString('hex')}`;
	const adobe = sharedAdobe();
	let database: ScratchDatabase;
	let oldPassword: string;
	let newPassword: string;

	beforeAll(async () => {
		database = await makeScratchDatabase();
		await database.owner.query(`
			CREATE ROLE ${role} LOGIN;
			CREATE TABLE orders (id int);
			INSERT INTO orders VALUES (1), (2);
			GRANT SELECT ON orders TO ${role};
		`);
	});

	afterAll(async () => {
		await database.owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
		await database.drop();
	});

	const changePassword = async (password: string) =>
		await database.owner.query(
			`ALTER ROLE ${role} PASSWORD ${database.owner.escapeLiteral(password)}`,
		);

	beforeEach(async () => {
		adobe.reset();
		oldPassword = `old ${randomBytes(9).toString('base64url')}`;
		newPassword = `new ${randomBytes(9).toString('base64url')}`;
		await changePassword(oldPassword);
	});

	const details = (password: string) => ({
		server,
		port,
		database: database.name,
		username: role,
		password,
	});

	/** Logs in to PostgreSQL without Adobe; `ok`, or PostgreSQL's code of the refusal. */
	const logIn = async (password: string): Promise<string> => {
		const client = new pg.Client({
			host: server,
			port,
			database: database.name,
			user: role,
			password,
		});
		try {
			await client.connect();
			return 'ok';
		} catch (error) {
			return String((error as { code?: string }).code);
		} finally {
			await client.end();
		}
	};

	type Source = (password: string) => ICredentialDataDecryptedObject;
	const WAYS: Array<[string, string, Source]> = [
		['basic authentication', 'basic', (password) => basicCredential(details(password))],
		[
			'a connection string',
			'connectionString',
			(password) => connectionStringCredential(details(password)),
		],
	];

	describe.each(WAYS)('with %s', (_way, authMode, source) => {
		const run = async (parameters: INodeParameters, password = oldPassword) =>
			(await runConnectionNode(adobe, parameters, { source: source(password) }))[0]?.json ?? {};

		/** A connection that works and feeds a dataflow. */
		const made = async (): Promise<string> => {
			const { connectionId } = await run({
				operation: 'create',
				verify: false,
				name: 'Sales',
				authMode,
			});
			adobe.markInUse(String(connectionId), [DATAFLOW]);
			return String(connectionId);
		};
		const byId = (operation: string, id: string): INodeParameters => ({
			operation,
			connectionId: { __rl: true, mode: 'id', value: id },
		});
		const rotate = async (id: string, password: string) =>
			await run({ ...byId('update', id), replaceDatabaseDetails: true, authMode }, password);

		it('the dataflow’s connection keeps its ID, the old password stops working, the new one tests true', async () => {
			const id = await made();
			expect(await run(byId('test', id))).toMatchObject({ result: true });

			await changePassword(newPassword);
			expect(await logIn(oldPassword)).toBe('28P01');
			expect(await run(byId('test', id))).toMatchObject({
				result: false,
				advice: expect.stringContaining("'Password'"),
			});

			const etag = adobe.connections()[0]?.etag;
			const updated = await rotate(id, newPassword);
			expect(updated).toMatchObject({ connectionId: id, action: 'updated', authMode });
			expect(updated.etag).not.toBe(etag);
			expect(await run(byId('test', id))).toMatchObject({ connectionId: id, result: true });
			expect(await logIn(oldPassword)).toBe('28P01');
			expect(await logIn(newPassword)).toBe('ok');

			expect(adobe.connections().map((connection) => connection.id)).toStrictEqual([id]);
			const inUse = await thrownBy(async () => await run(byId('delete', id)));
			expect(inUse.description).toContain(`'${DATAFLOW}'`);
		});

		it('what Adobe reads through the connection is there again', async () => {
			const id = await made();
			const preview: INodeParameters = {
				...byId('preview', id),
				resource: 'table',
				table: { __rl: true, mode: 'name', value: 'public.orders' },
			};
			await changePassword(newPassword);
			const thrown = await thrownBy(async () => await run(preview));
			expect(thrown.message).toContain('Adobe could not look into the database');
			expect(thrown.whole).not.toContain(oldPassword);
			await rotate(id, newPassword);
			expect(await run(preview)).toStrictEqual({ id: 1 });
		});

		it('a new password that PostgreSQL does not know is told', async () => {
			const id = await made();
			const thrown = await thrownBy(async () => await rotate(id, newPassword));
			expect(thrown.message).toContain('Adobe cannot log in to the database');
			for (const password of [oldPassword, newPassword]) {
				expect(thrown.whole).not.toContain(password);
			}
			expect(requestsBy(adobe, 'PATCH')).toHaveLength(1);
		});

		it('no output holds a password', async () => {
			const id = await made();
			await changePassword(newPassword);
			const outputs = [await rotate(id, newPassword), await run(byId('get', id))];
			for (const password of [oldPassword, newPassword]) {
				expect(JSON.stringify(outputs)).not.toContain(password);
			}
		});
	});
});
