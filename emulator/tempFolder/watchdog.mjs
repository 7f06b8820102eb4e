// Run by `guardFolder` as a process of its own: node watchdog.mjs FOLDER, its standard input held open
// by the process that uses the folder. However that process ends, even by SIGKILL, its end of the pipe
// closes; then a PostgreSQL server in the folder is ended, and the folder removed.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [folder] = process.argv.slice(2);

// A signal to the whole process group must not end the process that cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

process.stdin.resume();
process.stdin.once('close', async () => {
	for (let attempt = 0; attempt < 50; attempt++) {
		try {
			// The server removes this file when it ends, so the number cannot be another process's yet.
			const pid = Number(
				readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
			);
			process.kill(pid, attempt < 30 ? 'SIGQUIT' : 'SIGKILL');
		} catch {
			break;
		}
		await sleep(100);
	}
	rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});
