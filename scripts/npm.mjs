import { spawn } from 'node:child_process';
import { onStop } from './stopSignals.mjs';

const LAST_LINES = 10;

/**
 * Runs npm. It is started through the path that it left in the environment where there is one,
 * because on Windows a `.cmd` file cannot be started directly.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string>} what it printed on stdout
 * @throws {Error} with npm's last lines, when it fails
 */
export async function npm(args, cwd) {
	const path = process.env.npm_execpath;
	const [command, first] = path?.endsWith('.js') ? [process.execPath, [path]] : ['npm', []];
	const child = spawn(command, [...first, ...args], {
		cwd,
		shell: command === 'npm' && process.platform === 'win32',
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
	child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
	const endWatch = onStop((signal) => child.kill(signal));
	// Another listener may end this process as soon as it is told to stop.
	const kill = () => child.kill();
	process.on('exit', kill);
	const exitCode = await new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	}).finally(() => {
		endWatch();
		process.off('exit', kill);
	});
	if (exitCode === 0) return stdout;
	const words = (stderr || stdout).trim().split('\n').slice(-LAST_LINES).join('\n');
	throw new Error(`npm ${args[0]} failed:\n${words}`);
}
