// n8n-core reads these when its modules load, so they are set before any of them is imported.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-user-'));
process.on('exit', () => rmSync(process.env.N8N_USER_FOLDER, { recursive: true, force: true }));
process.env.N8N_ENCRYPTION_KEY = 'key-for-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';
