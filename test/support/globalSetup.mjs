import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import startTestPostgres from './postgresGlobalSetup.mjs';

/** Before all tests: a folder for what n8n-core writes, and the PostgreSQL that they share. */
export default async function setUp() {
	process.env.ADOBE_PG_TEST_FOLDER = await mkdtemp(join(tmpdir(), 'adobe-postgresql-tests-'));
	await startTestPostgres();
}
