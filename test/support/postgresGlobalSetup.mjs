// Starts one PostgreSQL for the whole test run; the workers find it in ADOBE_PG_TEST_POSTGRES.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export default async function startTestPostgres() {
	// A server that somebody holds ready already, as for running single files again and again.
	if (process.env.ADOBE_PG_TEST_POSTGRES) return;

	const entry = fileURLToPath(new URL('./postgresGlobalServer.mts', import.meta.url));
	const loader = import.meta.resolve('tsx');
	// Detached: an interrupt from the keyboard must not reach it before it can clean up. It notices
	// the end of the run by its standard input.
	const child = spawn(process.execPath, ['--import', loader, entry], {
		detached: true,
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let complaint = '';
	child.stderr.on('data', (chunk) => (complaint = (complaint + chunk).slice(-4000)));
	const lines = createInterface({ input: child.stdout });
	const [line] = await Promise.race([
		once(lines, 'line'),
		once(child, 'close').then(() => []),
		once(child, 'error').then(([error]) => {
			throw error;
		}),
	]);
	if (line === undefined) throw new Error(`PostgreSQL for the tests did not start: ${complaint}`);
	process.env.ADOBE_PG_TEST_POSTGRES = line;
	globalThis.adobePgTestPostgres = child;
	for (const part of [child, child.stdin, child.stdout, child.stderr]) part.unref();
}
