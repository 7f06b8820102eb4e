import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Emulator, EmulatorOptions, PostgresServer } from '../../emulator/emulator.mts';
import { startEmulator } from '../../emulator/emulator.mts';
import { readWeather, unkindSwitches, weatherOptions } from '../../emulator/weather.mts';
import { testPostgres } from './postgresGlobal.mts';

/** A limit on what hangs: on a busy machine, a login alone may take many seconds. */
export const MAX_LOGIN_MS = 55_000;

/** An emulator of Adobe's side over that PostgreSQL. */
export async function startAdobe(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
	return await startEmulator({
		postgres: testPostgres(),
		connectTimeoutMs: MAX_LOGIN_MS,
		...weatherOfTests(),
		...options,
	});
}

/** What Adobe's side is like in a test, where that is not fair. */
export type TestWeather = Partial<EmulatorOptions>;

/** Lists do not lag in these tests and nothing is refused for its number, which would only take time. */
const NEVER_IN_TESTS = { listLagMs: 0, concurrency: Infinity } as const;

/**
 * `TEST_WEATHER=foul npx jest faultTable` (or a number instead of foul) runs tests where Adobe answers in the
 * unkindest form.
 */
export function weatherOfTests(): TestWeather {
	const { TEST_WEATHER: weather = '' } = process.env;
	if (weather === '' || weather === 'fair') return {};
	return { ...weatherOptions(readWeather(weather)), ...NEVER_IN_TESTS };
}

/** One thing about Adobe that is unkind, by a number: those that follow one another differ. */
export function unkindWeather(number: number): TestWeather {
	const switches = unkindSwitches().filter((one) =>
		Object.keys(one).every((name) => !Object.hasOwn(NEVER_IN_TESTS, name)),
	);
	return switches[number % switches.length] ?? {};
}

/**
 * Whether it can't be told what is ours: Adobe does not show who has made a thing, or when by a clock that is
 * known. Then the right end of a lost answer is to say that it is not clear.
 */
export function hidesOrigin({
	showsMaker = true,
	timesInGet = 'numbers',
	dateHeader = true,
	dateSkewMs = 0,
}: TestWeather): boolean {
	return !showsMaker || timesInGet === 'absent' || !dateHeader || dateSkewMs > 0;
}

/**
 * One emulator for all tests of the file or block that calls this: starts it before them and closes it
 * after them. What it gives stands for that emulator, and must not be used before the tests begin. It
 * keeps what it holds from test to test, unless the caller resets it.
 */
export function sharedAdobe(options: Partial<EmulatorOptions> = {}): Emulator {
	let started: Emulator | undefined;
	beforeAll(async () => {
		started = await startAdobe(options);
	});
	afterAll(async () => {
		await started?.close();
	});
	return new Proxy({} as Emulator, {
		get: (_target, name) => {
			if (started === undefined) throw new Error('The emulator starts with the first test');
			return Reflect.get(started, name) as unknown;
		},
	});
}

/** Starts an emulator for one test and ends it whatever the test does. */
export async function withAdobe(
	options: Partial<EmulatorOptions>,
	test: (emulator: Emulator) => Promise<void>,
): Promise<void> {
	const emulator = await startAdobe(options);
	try {
		await test(emulator);
	} finally {
		await emulator.close();
	}
}

const SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };
const SEEDED_AT_ONCE = 20;

/** Creates connections of these names without a node, which would need many times as long for many. */
export async function seedConnections(adobe: Emulator, names: readonly string[]): Promise<void> {
	const post = async (path: string, headers: Record<string, string>, body: string) => {
		const response = await fetch(adobe.platformUrl + path, { method: 'POST', headers, body });
		const answer = (await response.json()) as { access_token?: string };
		if (!response.ok) throw new Error(`${path} answered ${response.status}`);
		return answer;
	};
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: adobe.clientId,
		client_secret: adobe.clientSecret,
		scope: 'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext',
	});
	const formType = { 'content-type': 'application/x-www-form-urlencoded' };
	const { access_token: token } = await post('/ims/token/v3', formType, form.toString());
	const headers = {
		authorization: `Bearer ${token}`,
		'x-api-key': adobe.clientId,
		'x-gw-ims-org-id': adobe.orgId,
		'x-sandbox-name': 'prod',
		'content-type': 'application/json',
	};
	const params = { connectionString: connectionStringOf(adobe.postgres) };
	const auth = { specName: 'Connection String Based Authentication', params };
	for (let first = 0; first < names.length; first += SEEDED_AT_ONCE) {
		await Promise.all(
			names.slice(first, first + SEEDED_AT_ONCE).map(async (name) => {
				const body = JSON.stringify({ name, auth, connectionSpec: SPEC });
				await post('/data/foundation/flowservice/connections', headers, body);
			}),
		);
	}
}

/** The IMS credential of the emulator's first client. */
export function imsCredential(
	emulator: Emulator,
	changes: ICredentialDataDecryptedObject = {},
): ICredentialDataDecryptedObject {
	return {
		clientId: emulator.clientId,
		clientSecret: emulator.clientSecret,
		orgId: emulator.orgId,
		sandboxName: 'prod',
		environment: 'custom',
		platformUrl: emulator.platformUrl,
		imsUrl: emulator.imsUrl,
		...changes,
	};
}

/** Adobe's form of a connection string for a database. */
export function connectionStringOf(
	{ server, port, database, username, password }: PostgresServer,
	more = '',
): string {
	return `Server=${server};Database=${database};Port=${port};UID=${username};Password=${password}${more}`;
}

/** A source credential that holds the database's connection string. */
export function connectionStringCredential(postgres: PostgresServer, more = '') {
	return { authMode: 'connectionString', connectionString: connectionStringOf(postgres, more) };
}

/** A source credential that holds the database's details one by one. */
export function basicCredential(
	{ server, port, database, username, password }: PostgresServer,
	sslMode = 'Prefer',
): ICredentialDataDecryptedObject {
	return { authMode: 'basic', server, port, database, username, password, sslMode };
}
