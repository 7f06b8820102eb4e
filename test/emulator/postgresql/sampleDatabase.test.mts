import pg from 'pg';
import { testPostgres } from '../../support/postgresGlobal.mts';

const { server, port, database, username, password, caPem, tlsOnly } = testPostgres();
let client: pg.Client;
beforeAll(async () => {
	const ssl = { ca: caPem };
	client = new pg.Client({ host: server, port, database, user: username, password, ssl });
	await client.connect();
});
afterAll(async () => await client.end());

const value = async (sql: string) => Object.values((await client.query(sql)).rows[0])[0];

describe('the sample database', () => {
	it.each([
		['2,000 customers', 'select count(*)::int from customers', 2_000],
		['5,000 orders', 'select count(*)::int from orders', 5_000],
		['8,000 order items under a quoted name', 'select count(*)::int from "Order Items"', 8_000],
		['400 accounts in another schema', 'select count(*)::int from crm.accounts', 400],
		['300 of them in a view', 'select count(*)::int from crm.active_accounts', 300],
		[
			'the same rows at every start',
			`select id from customers where email = 'customer7@example.com'`,
			'700a2a33-c9fc-420f-5932-a9954396f385',
		],
		['amounts of two decimals', 'select total::text from orders where id = 1', '79.19'],
		[
			'the types that are awkward',
			`select string_agg(distinct data_type, ',' order by data_type) from information_schema.columns where table_schema = 'public'`,
			'ARRAY,USER-DEFINED,bigint,boolean,character varying,integer,jsonb,numeric,smallint,text,timestamp with time zone,uuid',
		],
	])('holds %s', async (_case, sql, expected) => {
		const found = await value(sql);
		if (typeof expected === 'number') expect(found).toBe(expected);
		else expect(String(found)).toContain(expected);
	});

	it('lets the reader read and nothing more', async () => {
		for (const sql of [
			'delete from orders',
			'create table x ()',
			'create schema x',
			'drop view crm.active_accounts',
		]) {
			await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
		}
	});

	it.each([
		['refuses the TLS-only user without TLS', false, '28000'],
		['lets the TLS-only user in with TLS', { ca: caPem }, undefined],
	])('%s', async (_case, ssl, code) => {
		const { username: user, password: secret } = tlsOnly;
		const other = new pg.Client({ host: server, port, database, user, password: secret, ssl });
		const failure = await other.connect().then(
			() => undefined,
			(error) => error.code,
		);
		await other.end().catch(() => {});
		expect(failure).toBe(code);
	});
});
