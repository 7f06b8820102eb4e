import type { SamplePostgres } from '../../emulator/postgresql/postgresServer.mts';

/**
 * The PostgreSQL that the whole test run shares, with the sample database; read only for tests.
 *
 * @throws Error when jest was started without the global set-up
 */
export function testPostgres(): SamplePostgres {
	const text = process.env.ADOBE_PG_TEST_POSTGRES;
	if (!text) throw new Error('globalSetup must be test/support/postgresGlobalSetup.mjs');
	return JSON.parse(text) as SamplePostgres;
}
