import { parseArgs } from 'node:util';
import type { EmulatorOptions } from './emulator.mts';
import { TIMES_IN_GET } from './options.mts';
import { readWeather, weatherOptions } from './weather.mts';

const USAGE = `emulator [options]
  Prints one line of JSON when it is ready. Its platformUrl, opened in a browser, shows what it holds.

  --port N                      port on 127.0.0.1 (default: a free one)
  --latency MS                  added to every answer
  --rate PER_SECOND             more requests than that are answered 429
  --concurrency N               more requests in flight than that are answered 429
  --list-lag MS                 how long lists do not show what was created
  --date-skew MS                how far Date is ahead of the times of entities
  --weather foul|SEED           answer in the unkindest form, or in one by that number, where Adobe is free to;
                                other options count before it
  --strict                      refuse requests without x-sandbox-name
  --cloud azure|aws
  --secrets absent|placeholder|clear      what GET shows of secrets
  --times numbers|texts|dates|absent      how GET shows times
  --test-failure error|result   form of a failed connection test
  --validate-on-create          log in to the database before a connection is created or changed
  --initializing-polls N        how many GETs see a new connection as initializing
  --token-lifetime MS
  --run-duration MS             how long a run of a dataflow is in progress at least (default: 150)
  --run-answer items|bare|full  form of the answer to a run on demand
  --distrust-sample-ca          do not trust the sample database's own authority
  --postgres URL                use this server instead of starting one
  --postgres-sample             create the sample tables in it
  --exit-with-parent            end when the process that started this one has gone
`;

/** Reads the command line. @throws TypeError, RangeError for anything that is not in the usage text */
function readOptions() {
	const { values } = parseArgs({
		options: {
			port: { type: 'string' },
			latency: { type: 'string' },
			rate: { type: 'string' },
			concurrency: { type: 'string' },
			'list-lag': { type: 'string' },
			'date-skew': { type: 'string' },
			weather: { type: 'string' },
			strict: { type: 'boolean' },
			cloud: { type: 'string' },
			secrets: { type: 'string' },
			times: { type: 'string' },
			'test-failure': { type: 'string' },
			'validate-on-create': { type: 'boolean' },
			'initializing-polls': { type: 'string' },
			'token-lifetime': { type: 'string' },
			'run-duration': { type: 'string' },
			'run-answer': { type: 'string' },
			'distrust-sample-ca': { type: 'boolean' },
			postgres: { type: 'string' },
			'postgres-sample': { type: 'boolean' },
			'exit-with-parent': { type: 'boolean' },
			help: { type: 'boolean' },
		},
	});
	type Numeric =
		| 'port'
		| 'latency'
		| 'rate'
		| 'concurrency'
		| 'list-lag'
		| 'date-skew'
		| 'initializing-polls'
		| 'token-lifetime'
		| 'run-duration';
	const number = (name: Numeric) => {
		const text = values[name];
		if (text === undefined) return undefined;
		if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`--${name} must be a number`);
		return Number(text);
	};
	type Choice = 'cloud' | 'secrets' | 'times' | 'test-failure' | 'run-answer';
	const choice = <T extends string>(name: Choice, choices: readonly T[]) => {
		const text = values[name];
		if (text === undefined) return undefined;
		const found = choices.find((one) => one === text);
		if (found === undefined) throw new RangeError(`--${name} must be ${choices.join(' or ')}`);
		return found;
	};
	const weather = values.weather === undefined ? {} : weatherOptions(readWeather(values.weather));
	const own: Partial<EmulatorOptions> = {
		port: number('port'),
		latencyMs: number('latency'),
		ratePerSecond: number('rate'),
		concurrency: number('concurrency'),
		listLagMs: number('list-lag'),
		dateSkewMs: number('date-skew'),
		strict: values.strict,
		cloud: choice('cloud', ['azure', 'aws']),
		secretsInGet: choice('secrets', ['absent', 'placeholder', 'clear']),
		timesInGet: choice('times', TIMES_IN_GET),
		testFailure: choice('test-failure', ['error', 'result']),
		validateOnCreate: values['validate-on-create'],
		initializingPolls: number('initializing-polls'),
		tokenLifetimeMs: number('token-lifetime'),
		runDurationMs: number('run-duration'),
		runCreateAnswer: choice('run-answer', ['items', 'bare', 'full']),
		trustSampleCa: values['distrust-sample-ca'] === true ? false : undefined,
	};
	const named = Object.entries(own).filter(([, value]) => value !== undefined);
	const given: Partial<EmulatorOptions> = { ...weather, ...Object.fromEntries(named) };
	return { given, values };
}

/** Starts everything, prints one line of JSON on standard output, and runs until a signal. */
async function main(): Promise<void> {
	const parent = process.ppid;
	const { given, values } = readOptions();
	if (values.help === true) {
		process.stdout.write(USAGE);
		return;
	}
	let end: () => Promise<void> = async () => undefined;
	let ending = false;
	const leave = () => {
		if (ending) return;
		ending = true;
		void started.then(async () => await end()).finally(() => process.exit(process.exitCode ?? 0));
	};
	// Before anything is started, so that a signal in between leaves nothing behind.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave);
	if (values['exit-with-parent'] === true) {
		setInterval(() => process.ppid !== parent && leave(), 500).unref();
	}

	const start = async () => {
		// Loaded only now: most of the time that a refusal would take.
		const { startPostgres, usePostgres } = await import('./postgres.mts');
		const { startEmulator } = await import('./emulator.mts');
		const { stop, ...postgres } =
			values.postgres === undefined
				? await startPostgres()
				: await usePostgres(values.postgres, values['postgres-sample']);
		end = stop;
		const emulator = await startEmulator({ postgres, ...given });
		end = async () => {
			await emulator.close();
			await stop();
		};
		return emulator;
	};
	const started = start().catch((error: unknown) => {
		fail(error);
		leave();
		return undefined;
	});
	const emulator = await started;
	if (emulator === undefined || ending) return;
	const { platformUrl, imsUrl, clientId, clientSecret, orgId } = emulator;
	const { server, port, database, username, password } = emulator.postgres;
	const postgres = { server, port, database, username, password };
	const ready = { ready: true, platformUrl, imsUrl, clientId, clientSecret, orgId, postgres };
	process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** The message alone: a stack would only hide it, and an option may contain a secret. */
function fail(error: unknown): void {
	process.exitCode = 1;
	process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
}

main().catch(fail);
