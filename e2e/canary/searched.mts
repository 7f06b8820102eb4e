import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { dumpDatabase, type Database } from '../n8n/database.mts';
import type { InstalledN8n } from '../n8n/install.mts';
import type { ProcessLog } from '../n8n/processLog.mts';
import type { Redis } from '../n8n/redis.mts';
import type { Session } from '../n8n/session.mts';
import { artifacts } from '../picture.mts';
import type { PlacedText } from './canaries.mts';

/** What an n8n leaves behind, main process and workers together. */
export interface Searched {
	n8n: InstalledN8n;
	session: Session;
	database: Database;
	/** Everything that its processes have printed, by their names; those that were killed, too. */
	logs: Map<string, ProcessLog>;
	/** What all its user folders are below. */
	folder: string;
	/** In queue mode. */
	redis?: Redis;
	/** Makes sure that something carries out executions. */
	beReady: () => Promise<void>;
	/** Ends its processes, in good order; the databases stay. */
	stop: () => Promise<void>;
}

/** Every n8n that was started in this process, for the last look. */
export const searched: Searched[] = [];

/** Every row of its database, with the data of the executions. */
export async function* databaseTexts({ database }: Searched): AsyncIterable<PlacedText> {
	for (const { table, row } of await dumpDatabase(database)) {
		yield { kind: 'database', where: table, text: row };
	}
}

export async function* logTexts({ logs }: Searched): AsyncIterable<PlacedText> {
	for (const [where, { text }] of logs) yield { kind: 'log', where, text };
}

export async function* fileTexts({ folder }: Searched): AsyncIterable<PlacedText> {
	yield* textsBelow(folder, 'file', () => true);
}

/** What is in Redis, and whatever was sent to it and may be gone again. */
export async function* redisTexts({ redis }: Searched): AsyncIterable<PlacedText> {
	if (redis === undefined) return;
	for (const [key, text] of await redis.contents()) yield { kind: 'redis', where: key, text };
	yield { kind: 'redis', where: 'commands', text: redis.commands.text };
}

/** What can be read on the screenshots, and everything else that is kept beside them. */
export async function* pictureTexts(): AsyncIterable<PlacedText> {
	yield* textsBelow(artifacts, 'picture', (name) => !name.endsWith('.png'));
}

async function* textsBelow(
	folder: string,
	kind: PlacedText['kind'],
	isWanted: (name: string) => boolean,
): AsyncIterable<PlacedText> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	for (const entry of entries) {
		if (!entry.isFile() || !isWanted(entry.name)) continue;
		const path = join(entry.parentPath, entry.name);
		const text = await readIfThere(path);
		if (text !== undefined) yield { kind, where: relative(folder, path), text };
	}
}

/** A file of a running n8n may go between the listing and the reading. */
async function readIfThere(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}
