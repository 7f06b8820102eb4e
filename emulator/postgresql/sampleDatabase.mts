import type { Client } from 'pg';

/**
 * The server generates the sample data from numbers only, so that every start on every machine has
 * the same rows. It covers what is awkward in PostgreSQL for a reader: uuid, jsonb,
 * numeric, enum, arrays, time stamps with a zone, a mixed-case quoted name, a second schema, a view.
 */
const TABLES = `
create table customers (
	id uuid primary key,
	email varchar(120) not null unique,
	full_name text not null,
	country varchar(2) not null,
	newsletter boolean not null,
	attributes jsonb not null,
	created_at timestamptz not null
);
insert into customers
select
	md5('customer ' || n)::uuid,
	'customer' || n || '@example.com',
	(array['Ada', 'Björn', 'Chiara', 'Dmitri', 'Élodie', 'Farid', 'Grace', 'Hana'])[1 + n % 8]
		|| ' ' || (array['Andersson', 'Berg', 'Costa', 'Dubois', 'Eriksen', 'O''Neill', 'Şahin'])[1 + n % 7],
	(array['SE', 'DE', 'FR', 'IT', 'US'])[1 + n % 5],
	n % 3 = 0,
	jsonb_build_object('segment', (array['new', 'loyal', 'lapsed'])[1 + n % 3], 'score', n % 101),
	timestamptz '2025-01-01 00:00:00+00' + n * interval '37 minutes'
from generate_series(1, 2000) as n;

create type order_status as enum ('placed', 'paid', 'shipped', 'returned');
create table orders (
	id bigint generated always as identity primary key,
	customer_id uuid not null references customers (id),
	total numeric(12, 2) not null,
	status order_status not null,
	tags text[] not null,
	updated_at timestamptz not null
);
insert into orders (customer_id, total, status, tags, updated_at)
select
	md5('customer ' || (1 + n % 2000))::uuid,
	(n * 7919 % 500000)::numeric / 100,
	(array['placed', 'paid', 'shipped', 'returned'])[1 + n % 4]::order_status,
	case when n % 5 = 0 then array['gift', 'express'] when n % 2 = 0 then array['web'] else array[]::text[] end,
	timestamptz '2025-03-01 00:00:00+00' + n * interval '11 minutes'
from generate_series(1, 5000) as n;
create index orders_updated_at on orders (updated_at);

create table "Order Items" (
	id integer primary key,
	"Order Id" bigint not null references orders (id),
	"Product Name" text not null,
	quantity smallint not null,
	"unitPrice" numeric(10, 2) not null
);
insert into "Order Items"
select n, 1 + n % 5000, 'Product ' || (1 + n % 120), 1 + n % 9, (n * 613 % 20000)::numeric / 100
from generate_series(1, 8000) as n;

create schema crm;
create table crm.accounts (
	id integer primary key,
	name text not null,
	active boolean not null,
	opened_on date not null,
	balance double precision not null
);
insert into crm.accounts
select n, 'Account ' || n, n % 4 <> 0, date '2024-01-01' + n, (n * 31 % 9000) / 10.0
from generate_series(1, 400) as n;
create view crm.active_accounts as select id, name, opened_on, balance from crm.accounts where active;

analyze;
`;

/**
 * Creates the sample tables in the database that `client` is connected to, all or nothing.
 *
 * @throws the server's error, for instance when a table of that name exists
 */
export async function createSampleTables(client: Client): Promise<void> {
	await client.query('begin');
	try {
		await client.query(TABLES);
		await client.query('commit');
	} catch (error) {
		await client.query('rollback');
		throw error;
	}
}

/**
 * Lets `role` read all sample tables and nothing more. The role must exist.
 *
 * @param role name of the role, quoted here
 */
export async function grantReadAccess(client: Client, role: string): Promise<void> {
	const name = client.escapeIdentifier(role);
	await client.query(`
		grant usage on schema public, crm to ${name};
		grant select on all tables in schema public, crm to ${name};
	`);
}
