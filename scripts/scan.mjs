import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { main } from './run.mjs';

/** What the scanner reads of a published package; the same list as in its own program. */
const PUBLISHED_FILES = ['**/*.js', 'package.json'];

/**
 * Lints by the rules of n8n's verification (`@n8n/scan-community-package`), which ignore every
 * comment that switches a rule off. Its own program takes published packages only, from the registry
 * and from GitHub; its rules are called here directly, so nothing is downloaded.
 *
 * `node scripts/scan.mjs` reads the source, `node scripts/scan.mjs FOLDER` an unpacked package.
 */
await main(async () => {
	// The scanner makes a temporary folder when it is loaded, and leaves it behind.
	const temporary = await mkdtemp(join(tmpdir(), 'scan-'));
	process.env.TMPDIR = temporary;
	try {
		const scanner = await import('@n8n/scan-community-package/scanner/scanner.mjs');
		const [folder] = process.argv.slice(2);
		const { passed, message, details } = await scanner.analyzePackage(
			resolve(folder ?? '.'),
			folder === undefined ? scanner.SOURCE_FILE_PATTERNS : PUBLISHED_FILES,
		);
		// Without a file it says that all is well.
		if (!passed || message !== undefined) throw new Error(`${message}\n${details ?? ''}`);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
});
