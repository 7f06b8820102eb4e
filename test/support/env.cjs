// n8n-core reads these when its modules load, so they are set before any of them is imported.
const { mkdtempSync } = require('node:fs');
const { join } = require('node:path');

process.env.N8N_USER_FOLDER = mkdtempSync(join(process.env.ADOBE_PG_TEST_FOLDER, 'n8n-'));
process.env.N8N_ENCRYPTION_KEY = 'key-for-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';
