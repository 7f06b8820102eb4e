import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/**
 * Makes sure that a folder goes with this process, even when that is killed.
 *
 * @returns the orderly way to make it go
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
		await rm(folder, { recursive: true, force: true });
		const gone = once(watchdog, 'close');
		watchdog.ref();
		watchdog.stdin.end();
		await gone;
	};
}
