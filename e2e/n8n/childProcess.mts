import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessLog } from './processLog.mts';

const hasProcessGroups = process.platform !== 'win32';

/** Groups to end when this process ends without having had the time for anything asynchronous. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
	for (const child of running) signal(child, 'SIGKILL');
});

/** What to start. */
export interface Command {
	program: string;
	args: string[];
	cwd: string;
	/** The whole environment; nothing is inherited. */
	env: NodeJS.ProcessEnv;
}

/** A process with its children, as one thing that can be waited for and stopped. */
export interface RunningProcess {
	log: ProcessLog;
	/** Ends with the process; the exit code is undefined when a signal ended it. */
	ended: Promise<number | undefined>;
	/** Ends the whole group at once, as a crash would: nothing in it can clean up. */
	kill: () => Promise<void>;
	/** Asks the process to end, and ends the whole group when it has not done so in time. */
	stop: () => Promise<void>;
}

/**
 * Starts a process in a group of its own, so that whatever it starts can be ended with it.
 *
 * @param graceMs how long `stop` waits before it ends the group by force
 */
export function startProcess(command: Command, graceMs = 15_000): RunningProcess {
	const log = new ProcessLog();
	const child = spawn(command.program, command.args, {
		cwd: command.cwd,
		env: command.env,
		detached: hasProcessGroups,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8');
		stream.on('data', (chunk: string) => log.append(chunk));
	}
	running.add(child);
	const ended = exit(child, log);
	const kill = async () => {
		signal(child, 'SIGKILL');
		await ended;
	};
	return { log, ended, kill, stop: async () => await stop(child, ended, graceMs) };
}

async function exit(child: ChildProcess, log: ProcessLog): Promise<number | undefined> {
	try {
		const [code] = (await once(child, 'close')) as [number | null];
		return code ?? undefined;
	} catch (error) {
		// The program could not be started at all.
		log.append(`${String(error)}\n`);
		return 127;
	} finally {
		running.delete(child);
	}
}

async function stop(child: ChildProcess, ended: Promise<unknown>, graceMs: number): Promise<void> {
	signal(child, 'SIGTERM');
	const timer = new AbortController();
	const isOver = await Promise.race([
		ended.then(() => true),
		sleep(graceMs, false, { signal: timer.signal }),
	]);
	timer.abort();
	// Also after a good end: a grandchild may have outlived its parent.
	signal(child, 'SIGKILL');
	if (!isOver) await ended;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		if (hasProcessGroups) process.kill(-child.pid, name);
		else child.kill(name);
	} catch {
		// Nobody is left in the group.
	}
}
