import { rm } from 'node:fs/promises';

import stopTestPostgres from './postgresGlobalTeardown.mjs';

export default async function tearDown() {
	await stopTestPostgres();
	await rm(process.env.ADOBE_PG_TEST_FOLDER, { recursive: true, force: true });
}
