import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/**
 * Makes sure that a folder does not outlive this process, even when that is killed; the same for a
 * PostgreSQL server whose `data` is in it.
 *
 * @returns removes the folder
 */
export function guardFolder(folder: string): () => Promise<void> {
	const script = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
	const watchdog = spawn(process.execPath, [script, folder], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
		env: {},
	});
	// Neither may keep a process alive that has nothing else to do.
	watchdog.unref();
	(watchdog.stdin as Socket).unref();
	return async () => {
		await rm(folder, { recursive: true, force: true, maxRetries: 10 });
		const gone = once(watchdog, 'close');
		watchdog.ref();
		watchdog.stdin.end();
		await gone;
	};
}
