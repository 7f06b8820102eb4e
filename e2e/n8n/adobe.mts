import { startEmulator, type EmulatorOptions } from '../../emulator/emulator.mts';
import { startPostgres } from '../../emulator/postgres.mts';
import { canaries } from '../canary/canaries.mts';
import type { CredentialInput } from './workflow.mts';

/** Adobe's side and the database behind it. */
export interface Adobe {
	emulator: Awaited<ReturnType<typeof startEmulator>>;
	postgres: Awaited<ReturnType<typeof startPostgres>>;
}

/** Starts the sample database and the emulator that connects to it; `canaries` know their secrets. */
export async function startAdobe(
	options: Omit<EmulatorOptions, 'postgres'> = {},
): Promise<Adobe & { stop: () => Promise<void> }> {
	const postgres = await startPostgres();
	try {
		const emulator = await startEmulator({ ...options, postgres });
		canaries.watch(emulator);
		for (const { username, password } of [postgres, postgres.tlsOnly, postgres.superuser]) {
			canaries.add(`password of the database user ${username}`, password);
		}
		const stop = async () => {
			await emulator.close();
			await postgres.stop();
		};
		return { emulator, postgres, stop };
	} catch (error) {
		await postgres.stop();
		throw error;
	}
}

/** The credential that calls the emulator, under the name that the examples use. */
export function imsCredential({ emulator }: Adobe): CredentialInput {
	const { clientId, clientSecret, orgId, platformUrl, imsUrl } = emulator;
	return {
		name: 'Adobe IMS account',
		type: 'adobeImsApi',
		data: {
			clientId,
			clientSecret,
			orgId,
			sandboxName: 'prod',
			environment: 'custom',
			platformUrl,
			imsUrl,
		},
	};
}

/** The credential of the sample database, under the name that the examples use. */
export function sourceCredential({ postgres }: Adobe): CredentialInput {
	const { server, database, port, username, password } = postgres;
	return {
		name: 'Sales database account',
		type: 'adobePostgreSqlSourceApi',
		data: {
			authMode: 'connectionString',
			connectionString: `Server=${server};Database=${database};Port=${port};UID=${username};Password=${password};EncryptionMethod=1;ValidateServerCertificate=1`,
		},
	};
}

/** The credential of n8n's own Postgres node for the same database, under the name that the examples use. */
export function postgresCredential({ postgres }: Adobe): CredentialInput {
	const { server, database, port, username, password } = postgres;
	return {
		name: 'Sales database in n8n',
		type: 'postgres',
		// Its certificate is from an authority of its own.
		data: { host: server, port, database, user: username, password, allowUnauthorizedCerts: true },
	};
}
