import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { checkout } from '../e2e/n8n/checkout.mts';
import type { Fault, PostgresServer, Stats } from '../emulator/emulator.mts';

/** An emulator in a process of its own, so that it does not share a thread with what is measured. */
export interface EmulatorProcess {
	platformUrl: string;
	imsUrl: string;
	clientId: string;
	clientSecret: string;
	orgId: string;
	/** Counts from zero again; forgets all connections too, unless they are to be kept. */
	reset(keep?: 'connections'): Promise<void>;
	stats(): Promise<Stats>;
	addFaults(faults: Fault[]): Promise<void>;
	stop(): Promise<void>;
}

interface Ready {
	platformUrl: string;
	imsUrl: string;
	clientId: string;
	clientSecret: string;
	orgId: string;
}

/**
 * @param args options of the emulator's command line
 * @throws {Error} when it ends before it is ready
 */
export async function startEmulatorProcess(
	{ server, port, database, username, password }: PostgresServer,
	args: string[],
): Promise<EmulatorProcess> {
	const url = `postgres://${username}:${encodeURIComponent(password)}@${server}:${port}/${database}`;
	const child = spawn(
		process.execPath,
		['--import', 'tsx', 'emulator/main.mts', '--exit-with-parent', '--postgres', url, ...args],
		{ cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const ready = await new Promise<Ready>((resolve, reject) => {
		createInterface({ input: child.stdout }).once('line', (line) =>
			resolve(JSON.parse(line) as Ready),
		);
		void ended.then(() => reject(new Error('The emulator ended while it was starting')));
	});
	const control = async (path: string, body?: unknown) => {
		const answer = await fetch(`${ready.platformUrl}/__emulator/${path}`, {
			method: path === 'stats' ? 'GET' : 'POST',
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!answer.ok) throw new Error(`The emulator answered ${answer.status} to ${path}`);
		return answer;
	};
	return {
		...ready,
		reset: async (keep) => void (await control('reset', { keep })),
		stats: async () => (await (await control('stats')).json()) as Stats,
		addFaults: async (faults) => void (await control('faults', faults)),
		stop: async () => {
			child.kill('SIGTERM');
			await ended;
		},
	};
}
