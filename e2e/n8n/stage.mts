import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAdobe, type Adobe } from './adobe.mts';
import { createDatabase, type Database } from './database.mts';
import type { N8nOptions } from './instance.mts';
import { startN8n, type N8nInstance } from './instance.mts';
import { ensureN8n, type InstalledN8n, type N8nLine } from './install.mts';
import { installPackage, packPackage, type PackedPackage } from './packed.mts';
import type { Progress } from './progress.mts';
import { Session } from './session.mts';
import type { Teardown } from './teardown.mts';

/** Everything that plays together: Adobe's side, a database, and n8n with the packed package. */
export interface Stage extends Adobe {
	n8n: InstalledN8n;
	packed: PackedPackage;
	/** Folder of this n8n alone; gone at the end. */
	userFolder: string;
	/** n8n's own database, beside the sample database. */
	database: Database;
	instance: N8nInstance;
	session: Session;
	/** Starts n8n again after its end, at the same address, with what it has stored. */
	startAgain: () => Promise<N8nInstance>;
}

/** What may differ between a demo and a test. */
export interface StageOptions extends Pick<N8nOptions, 'loopbackOnly' | 'logLevel'> {
	/** Gets a step for everything that was started. */
	teardown: Teardown;
	progress: Progress;
	/** Which n8n; the current line by default. */
	line?: N8nLine;
}

/**
 * Starts everything: PostgreSQL, the emulator, and real n8n with the packed package installed and
 * its owner signed in. What was started before a failure is ended by `teardown`.
 */
export async function startStage(options: StageOptions): Promise<Stage> {
	const { teardown, progress, line, loopbackOnly, logLevel } = options;
	const n8n = await ensureN8n(progress, line);

	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-adobe-postgresql-'));
	await teardown.add('removing the temporary folder', async () => {
		await rm(userFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	});
	progress('Starting PostgreSQL and the emulator of Adobe’s side …');
	const { stop, ...adobe } = await startAdobe();
	await teardown.add('stopping PostgreSQL and the emulator', stop);

	progress('Packing the package and installing it into n8n …');
	const packed = await packPackage(userFolder);
	await installPackage(packed, userFolder);

	progress(`Starting n8n ${n8n.version} …`);
	const { server, port, superuser } = adobe.postgres;
	const database = await createDatabase({ server, port, ...superuser }, 'n8n');
	const start = async (at?: number) => {
		const started = await startN8n({ n8n, userFolder, database, loopbackOnly, logLevel }, at);
		await teardown.add('stopping n8n', started.stop);
		return started;
	};
	const instance = await start();
	const session = await Session.signUp(n8n, instance.url);
	const startAgain = async () => await start(Number(new URL(instance.url).port));
	return { ...adobe, n8n, packed, userFolder, database, instance, session, startAgain };
}
