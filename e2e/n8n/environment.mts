import { delimiter, dirname } from 'node:path';
import type { Database } from './database.mts';
import type { InstalledN8n } from './install.mts';

/** What an n8n process needs to know. */
export interface EnvironmentOptions {
	n8n: InstalledN8n;
	/** Folder of this instance alone; n8n makes `.n8n` in it. */
	userFolder: string;
	database: Database;
	port: number;
	taskBrokerPort: number;
	/** Whether everything beyond this machine is refused, and reported in the log. */
	loopbackOnly: boolean;
	logLevel: 'info' | 'debug';
	/** Settings of n8n beyond these. */
	settings?: NodeJS.ProcessEnv;
}

/** Everything in n8n that would call out on its own, or ask the user about it. */
const QUIET = {
	N8N_AI_GATEWAY_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** What only one line needs, or knows, by its major version. */
const OF_MAJOR: Record<number, NodeJS.ProcessEnv> = {
	// Its default engine for expressions has no binary for Node.js 20 (isolated-vm 6.2 begins with 22).
	1: { N8N_EXPRESSION_ENGINE: 'legacy' },
	// The registry of MCP servers is fetched from n8n.io at every start, and has no switch of its own.
	2: { N8N_DISABLED_MODULES: 'mcp-registry' },
};

/**
 * The whole environment of an n8n process. Nothing of ours is passed on but the path, so that
 * neither a proxy nor somebody's own n8n settings change what runs.
 */
export function n8nEnvironment(options: EnvironmentOptions): NodeJS.ProcessEnv {
	const { n8n, userFolder, database, port, taskBrokerPort, loopbackOnly, logLevel, settings } =
		options;
	const preloaded = ['./endWithParent.mjs', ...(loopbackOnly ? ['./loopbackOnly.mjs'] : [])];
	return {
		...QUIET,
		...OF_MAJOR[n8n.line.major],
		NODE_OPTIONS: preloaded.map((file) => `--import=${new URL(file, import.meta.url)}`).join(' '),
		PATH: [dirname(n8n.node), process.env.PATH].join(delimiter),
		HOME: userFolder,
		TMPDIR: process.env.TMPDIR,
		SystemRoot: process.env.SystemRoot,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_PROTOCOL: 'http',
		// The editor is served over http, where a browser would not send a secure cookie back.
		N8N_SECURE_COOKIE: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_LOG_LEVEL: logLevel,
		N8N_LOG_FORMAT: 'json',
		N8N_RUNNERS_BROKER_PORT: String(taskBrokerPort),
		N8N_PYTHON_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.server,
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_DATABASE: database.database,
		DB_POSTGRESDB_USER: database.username,
		DB_POSTGRESDB_PASSWORD: database.password,
		...settings,
	};
}
