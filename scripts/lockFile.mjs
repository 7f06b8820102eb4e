import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {number} pid */
function isRunning(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}

// Longer than anything done under a lock takes: the process ID of an owner that was killed may
// belong to somebody else by now.
const STALE_AFTER_MS = 30 * 60_000;

/** @param {string} file */
async function isStale(file) {
	const written = await stat(file).catch(() => undefined);
	return written !== undefined && Date.now() - written.mtimeMs > STALE_AFTER_MS;
}

/**
 * Runs `body` while no other process on this machine runs one for the same `subject`. The lock is
 * a file in the temporary folder with the owner's process ID; one whose owner is gone, or
 * that is half an hour old, is removed.
 *
 * @template T
 * @param {string} subject what is being worked on, e.g. a folder
 * @param {() => void} onWait called once, when another process holds the lock
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function exclusively(subject, onWait, body) {
	const name = createHash('sha256').update(subject).digest('hex').slice(0, 16);
	const file = join(tmpdir(), `n8n-nodes-adobe-postgresql-${name}.lock`);
	let announced = false;
	for (;;) {
		try {
			await writeFile(file, String(process.pid), { flag: 'wx' });
			break;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		const owner = Number(await readFile(file, 'utf8').catch(() => ''));
		// An empty file is one that its owner is just about to fill.
		if ((owner > 0 && !isRunning(owner)) || (await isStale(file))) {
			await rm(file, { force: true });
			continue;
		}
		if (!announced) onWait();
		announced = true;
		await sleep(500);
	}
	try {
		return await body();
	} finally {
		await rm(file, { force: true });
	}
}
