import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testPostgres } from './postgresGlobal.mts';

/** A database of a test's own on the shared server. */
export interface ScratchDatabase {
	name: string;
	/** Logged in as the owner of everything. */
	owner: pg.Client;
	/** Logged in as the sample database's reader, who may read what it is granted. */
	reader: pg.Client;
	/** Logs in to another database of the server as that reader. */
	logInTo(database: string): Promise<pg.Client>;
	/** Logs out and drops the database. */
	drop(): Promise<void>;
}

export async function makeScratchDatabase(): Promise<ScratchDatabase> {
	const { server: host, port, username, password, superuser } = testPostgres();
	const logIn = async (database: string, user = superuser) => {
		const given = { host, port, database, user: user.username, password: user.password };
		const client = new pg.Client(given);
		await client.connect();
		return client;
	};
	const name = `scratch_${randomBytes(6).toString('hex')}`;
	const server = await logIn('postgres');
	await server.query(`create database ${name}`);
	const owner = await logIn(name);
	const logInTo = async (database: string) => await logIn(database, { username, password });
	const reader = await logInTo(name);
	const drop = async () => {
		await Promise.all([owner.end(), reader.end()]);
		await server.query(`drop database ${name} with (force)`);
		await server.end();
	};
	return { name, owner, reader, logInTo, drop };
}
