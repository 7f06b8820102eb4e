import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';
import { onStop, stoppedExitCodes } from './stopSignals.mjs';

/** A command that ended with something other than 0. */
export class CommandFailed extends Error {
	/**
	 * @param {string} label what was run, in words
	 * @param {number} exitCode what the process should exit with in its turn
	 */
	constructor(label, exitCode) {
		super(`${label} ended with exit code ${exitCode}`);
		this.exitCode = exitCode;
	}
}

/**
 * Runs a program in the checkout, passes its output through and hands signals on to it, so that
 * it can stop what it started before this process ends.
 *
 * @param {string} label what is run, in words, for the error
 * @param {string} command program
 * @param {string[]} args
 * @param {{ stdout?: 'inherit' | 'stderr', cwd?: string }} [options]
 *   `stdout: 'stderr'` keeps the program's output away from our own stdout
 * @returns {Promise<void>}
 * @throws {CommandFailed} when the program ends with another code than 0
 */
export async function run(label, command, args, options = {}) {
	const child = spawn(command, args, {
		cwd: options.cwd ?? root,
		stdio: ['inherit', options.stdout === 'stderr' ? process.stderr : 'inherit', 'inherit'],
	});
	const endWatch = onStop((signal) => child.kill(signal));
	try {
		const exitCode = await new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
		});
		if (exitCode !== 0) throw new CommandFailed(label, exitCode);
	} finally {
		endWatch();
	}
}

/**
 * Runs a JavaScript program of an installed package by its path below `node_modules`, with this
 * Node.js; `.bin` links are shell scripts on Windows, so they are not used.
 *
 * @param {string} label
 * @param {string} program e.g. `typescript/bin/tsc`
 * @param {string[]} args
 * @param {Parameters<typeof run>[3]} [options]
 */
export async function runInstalled(label, program, args, options) {
	await run(label, process.execPath, [`node_modules/${program}`, ...args], options);
}

/**
 * Runs a TypeScript file of the checkout, as it is.
 *
 * @param {string} label
 * @param {string} file path from the checkout
 * @param {string[]} args
 * @param {string[]} [nodeOptions] options for Node.js itself
 */
export async function runTypeScript(label, file, args, nodeOptions = []) {
	await run(label, process.execPath, ['--import', 'tsx', ...nodeOptions, file, ...args]);
}

/**
 * The body of a script: reports a failure in one line, and sets the exit code.
 *
 * @param {() => Promise<void>} body
 */
export async function main(body) {
	try {
		await body();
	} catch (error) {
		process.exitCode = error instanceof CommandFailed ? error.exitCode : 1;
		// Whoever stopped it does not need to be told.
		if (stoppedExitCodes.includes(process.exitCode)) return;
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	}
}
