import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { testPostgres } from '../support/postgresGlobal.mts';
import { ALL_SCOPES, read } from './wire.mts';

jest.setTimeout(40_000);

const ROOT = resolve(__dirname, '../..');
const MAIN = ['--import', 'tsx', 'emulator/main.mts'];
const scratch = mkdtempSync(join(tmpdir(), 'emulator-cli-'));
// The server may run as another user, who has to get at its data in there.
chmodSync(scratch, 0o755);
const started: ChildProcess[] = [];

afterAll(() => {
	for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
	rmSync(scratch, { recursive: true, force: true });
});

/** What the emulator has in the temporary folder; tsx keeps its own cache there. */
const leftovers = () => readdirSync(scratch).filter((name) => !name.startsWith('tsx-'));

const launch = (args: string[], command = [...MAIN]) => {
	const env = { ...process.env, TMPDIR: scratch };
	const child = spawn(process.execPath, [...command, ...args], { cwd: ROOT, env });
	started.push(child);
	const output = { stdout: '', stderr: '' };
	child.stdout.on('data', (chunk) => (output.stdout += chunk));
	child.stderr.on('data', (chunk) => (output.stderr += chunk));
	const ended = once(child, 'close') as Promise<[number | null, string | null]>;
	const ready = async () => {
		const lines = createInterface({ input: child.stdout });
		const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
		if (typeof line !== 'string') throw new Error(output.stderr);
		return JSON.parse(line);
	};
	return { child, output, ended, ready };
};

const canLogIn = async (where: {
	server: string;
	port: number;
	database: string;
	username: string;
	password: string;
}) => {
	const { server: host, port, database, username: user, password } = where;
	const client = new pg.Client({ host, port, database, user, password });
	try {
		await client.connect();
		return (await client.query('select count(*)::int as n from orders')).rows[0].n as number;
	} catch {
		return 0;
	} finally {
		await client.end().catch(() => {});
	}
};

const eventually = async (condition: () => boolean) => {
	for (let tries = 0; tries < 100 && !condition(); tries++) await sleep(100);
	return condition();
};

describe('npm run emulator', () => {
	it('says once and in one line where everything is, works, and leaves nothing behind after SIGTERM', async () => {
		const { child, output, ended, ready } = launch([
			'--cloud',
			'aws',
			'--latency',
			'1',
			'--strict',
		]);
		const line = await ready();
		expect(line).toEqual({
			ready: true,
			platformUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
			imsUrl: line.platformUrl,
			clientId: expect.any(String),
			clientSecret: expect.any(String),
			orgId: expect.stringMatching(/^[0-9A-F]{24}@AdobeOrg$/),
			postgres: {
				server: 'localhost',
				port: expect.any(Number),
				database: 'sales',
				username: 'aep_reader',
				password: expect.any(String),
			},
		});
		expect(await canLogIn(line.postgres)).toBe(5_000);
		const form = new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: line.clientId,
			client_secret: line.clientSecret,
			scope: ALL_SCOPES,
		});
		const token = await read(
			await fetch(`${line.imsUrl}/ims/token/v3`, { method: 'POST', body: form }),
		);
		const headers = {
			authorization: `Bearer ${token.json.access_token}`,
			'x-api-key': line.clientId,
			'x-gw-ims-org-id': line.orgId,
		};
		const specs = async (more: object) =>
			await read(
				await fetch(`${line.platformUrl}/data/foundation/flowservice/connectionSpecs`, {
					headers: { ...headers, ...more },
				}),
			);
		expect((await specs({})).text).toContain('FLOW-2105-400');
		expect((await specs({ 'x-sandbox-name': 'prod' })).json.items[0].authSpec).toHaveLength(1);

		child.kill('SIGTERM');
		expect(await ended).toEqual([0, null]);
		expect(output.stdout.trim().split('\n')).toHaveLength(1);
		expect(output.stderr).toBe('');
		expect(await canLogIn(line.postgres)).toBe(0);
		expect(leftovers()).toEqual([]);
	});

	it('ends well by SIGINT before it is ready', async () => {
		const { child, output, ended } = launch([]);
		expect(await eventually(() => leftovers().length === 1)).toBe(true);
		child.kill('SIGINT');
		expect(await ended).toEqual([0, null]);
		expect(output).toEqual({ stdout: '', stderr: '' });
		expect(leftovers()).toEqual([]);
	});

	it('leaves nothing behind when the process ends while the database is being made', async () => {
		const script = `
			const { startPostgres } = await import('./emulator/postgres.mts');
			void startPostgres().catch(() => {});
			setTimeout(() => process.exit(3), 500);`;
		const { ended } = launch([], ['--import', 'tsx', '--input-type=module', '-e', script]);
		expect(await eventually(() => leftovers().length === 1)).toBe(true);
		expect(await ended).toEqual([3, null]);
		expect(await eventually(() => leftovers().length === 0)).toBe(true);
	});

	it('leaves nothing behind even when it is killed', async () => {
		const { child, ended, ready } = launch([]);
		const { postgres } = await ready();
		child.kill('SIGKILL');
		await ended;
		expect(await eventually(() => leftovers().length === 0)).toBe(true);
		expect(await canLogIn(postgres)).toBe(0);
	});

	it('ends with the process that started it, when it is told to', async () => {
		const parent = `const { spawn } = require('node:child_process');
			spawn(process.execPath, ${JSON.stringify([...MAIN, '--exit-with-parent'])}, { stdio: 'inherit' });
			setInterval(() => {}, 1000);`;
		const { child, ready } = launch([], ['-e', parent]);
		const { postgres } = await ready();
		child.kill('SIGKILL');
		expect(await eventually(() => leftovers().length === 0)).toBe(true);
		expect(await canLogIn(postgres)).toBe(0);
	});

	it('uses a server that is there, and creates tables in it only when it is told to', async () => {
		const { server, port, superuser } = testPostgres();
		const admin = new pg.Client({
			host: server,
			port,
			user: superuser.username,
			password: superuser.password,
			database: 'postgres',
		});
		await admin.connect();
		await admin.query('create database other');
		try {
			const url = `postgres://${superuser.username}:${superuser.password}@${server}:${port}/other`;
			for (const [args, orders] of [
				[[], 0],
				[['--postgres-sample'], 5_000],
			] as const) {
				const { child, ended, ready } = launch(['--postgres', url, ...args]);
				const { postgres } = await ready();
				expect(postgres).toEqual({ server, port, database: 'other', ...superuser });
				expect(await canLogIn(postgres)).toBe(orders);
				child.kill('SIGTERM');
				expect((await ended)[0]).toBe(0);
			}
			expect(leftovers()).toEqual([]);
		} finally {
			await admin.query('drop database other with (force)');
			await admin.end();
		}
	});

	it.each([
		['an unknown option', ['--colour', 'green'], '--colour'],
		['a port that is no number', ['--port', 'x'], '--port must be a number'],
		['an unknown cloud', ['--cloud', 'gcp'], '--cloud must be azure or aws'],
		['a URL of something else', ['--postgres', 'http://localhost/'], 'postgres://'],
	])('refuses %s with a word and status 1', async (_case, args, words) => {
		const { output, ended } = launch(args);
		expect((await ended)[0]).toBe(1);
		expect(output.stderr).toContain(words);
		expect(output.stdout).toBe('');
		expect(leftovers()).toEqual([]);
	});

	it('explains itself', async () => {
		const { output, ended } = launch(['--help']);
		expect((await ended)[0]).toBe(0);
		expect(output.stdout).toContain('--rate PER_SECOND');
	});
});
