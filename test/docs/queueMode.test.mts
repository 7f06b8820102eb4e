import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const folder = join(__dirname, '..', '..', 'docs', 'queue-mode');
const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');
const document = parseDocument(text, { merge: true });

const Service = z.object({
	image: z.string().regex(/^[\w./-]+:\d[\w.-]*$/, 'an image with an exact or a major version'),
	restart: z.literal('unless-stopped'),
	command: z.string().optional(),
	environment: z.record(z.string()).default({}),
	ports: z.array(z.string()).default([]),
	volumes: z.array(z.string()),
	healthcheck: z.object({ test: z.array(z.string()).min(2), interval: z.string() }).passthrough(),
	depends_on: z.record(z.object({ condition: z.literal('service_healthy') })).default({}),
	stop_grace_period: z.string().optional(),
});
const { services, volumes } = z
	.object({ services: z.record(Service), volumes: z.record(z.null()) })
	.parse(document.toJS());

const WORKERS = ['worker-1', 'worker-2'];
const N8N = ['main', ...WORKERS];

const environmentOf = (name: string) => services[name]?.environment ?? {};

describe('the compose file of the guide on queue mode', () => {
	test('is YAML without a warning', () => {
		expect([...document.errors, ...document.warnings]).toEqual([]);
	});

	test('has one main process, two workers, PostgreSQL and Redis', () => {
		expect(Object.keys(services).sort()).toEqual([...N8N, 'postgres', 'redis'].sort());
		expect(services.main?.command).toBeUndefined();
		for (const name of WORKERS)
			expect(services[name]?.command).toMatch(/^worker --concurrency=\d+$/);
	});

	test('runs the n8n that the end-to-end tests run, the same in every process', () => {
		const manifest = readFileSync(join(__dirname, '..', '..', 'e2e', 'package.json'), 'utf8');
		const { dependencies } = JSON.parse(manifest) as { dependencies: { n8n: string } };
		for (const name of N8N) {
			expect(services[name]?.image).toBe(`docker.n8n.io/n8nio/n8n:${dependencies.n8n}`);
		}
	});

	test('gives every process of n8n the same key, queue and database', () => {
		const shared = environmentOf('main');
		expect(shared).toMatchObject({
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: 'redis',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: 'postgres',
			DB_POSTGRESDB_DATABASE: environmentOf('postgres').POSTGRES_DB,
			DB_POSTGRESDB_USER: environmentOf('postgres').POSTGRES_USER,
			DB_POSTGRESDB_PASSWORD: environmentOf('postgres').POSTGRES_PASSWORD,
		});
		expect(shared.N8N_ENCRYPTION_KEY).toMatch(/^\$\{N8N_ENCRYPTION_KEY:\?/);
		for (const name of WORKERS) expect(environmentOf(name)).toMatchObject(shared);
	});

	test('holds no secret: each comes from outside, and is asked for when it is missing', () => {
		for (const { environment } of Object.values(services)) {
			for (const [name, value] of Object.entries(environment)) {
				if (/KEY|PASSWORD|SECRET/.test(name)) expect(value).toMatch(/^\$\{\w+:\?.+\}$/);
			}
		}
	});

	test('names in its head every variable that it asks for', () => {
		const asked = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => String(name)));
		const head = text.slice(0, text.indexOf('\n\n'));
		expect(asked.size).toBeGreaterThan(0);
		for (const name of asked) expect(head).toContain(`#   ${name}=`);
	});

	test('lets every process of n8n have the package, also a new one', () => {
		for (const name of N8N) {
			expect(environmentOf(name).N8N_REINSTALL_MISSING_PACKAGES).toBe('true');
		}
	});

	test('renews the lock of a job well before it ends, and lets a worker finish before it is ended', () => {
		const shared = environmentOf('main');
		const renewMs = Number(shared.QUEUE_WORKER_LOCK_RENEW_TIME);
		expect(renewMs).toBeGreaterThan(0);
		expect(Number(shared.QUEUE_WORKER_LOCK_DURATION)).toBeGreaterThanOrEqual(3 * renewMs);
		for (const name of WORKERS) {
			const graceS = Number(environmentOf(name).N8N_GRACEFUL_SHUTDOWN_TIMEOUT);
			expect(Number.parseInt(String(services[name]?.stop_grace_period), 10)).toBeGreaterThan(
				graceS,
			);
			expect(services[name]?.stop_grace_period).toMatch(/^\d+s$/);
		}
	});

	test('waits for what is needed, and everything that is waited for exists', () => {
		expect(Object.keys(services.main?.depends_on ?? {}).sort()).toEqual(['postgres', 'redis']);
		for (const name of WORKERS)
			expect(Object.keys(services[name]?.depends_on ?? {})).toEqual(['main']);
		for (const { depends_on } of Object.values(services)) {
			for (const name of Object.keys(depends_on)) expect(services[name]?.healthcheck).toBeDefined();
		}
	});

	test('gives every service a volume of its own, and no volume is left over', () => {
		const used = Object.values(services).flatMap(({ volumes: own }) =>
			own.map((each) => String(each.split(':')[0])),
		);
		expect([...used].sort()).toEqual(Object.keys(volumes).sort());
	});

	test('opens no port beyond this machine', () => {
		for (const { ports } of Object.values(services)) {
			for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
		}
		expect(services.main?.ports).toHaveLength(1);
	});
});

describe('the workflow that runs again what a lost worker has left', () => {
	const workflow = JSON.parse(
		readFileSync(join(folder, 'run-again-after-a-crash.json'), 'utf8'),
	) as { nodes: Array<{ name: string; type: string }>; connections: Record<string, unknown> };

	test('begins with an error, goes on only for a lost worker, and starts the same workflow', () => {
		const types = workflow.nodes.map(({ type }) => type.replace('n8n-nodes-base.', ''));
		expect(types).toEqual(['stickyNote', 'errorTrigger', 'filter', 'executeWorkflow']);
		expect(JSON.stringify(workflow.nodes)).toContain('{{ $json.workflow.id }}');
	});
});
