import { setTimeout as sleep } from 'node:timers/promises';

const STEP_TIMEOUT_MS = 30_000;
const PARENT_CHECK_INTERVAL_MS = 500;
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

interface Step {
	label: string;
	run: () => Promise<void> | void;
}

/**
 * What has to be undone when a run ends, however it ends: steps run once, the newest first, each
 * with a time limit, and one that fails does not keep the others from running.
 */
export class Teardown {
	private readonly steps: Step[] = [];
	private ending: Promise<void> | undefined;

	/**
	 * Registers a step. When the end has already begun (a signal during start-up), it runs at once,
	 * because nobody else would.
	 */
	async add(label: string, run: Step['run']): Promise<void> {
		const step = { label, run };
		if (this.ending === undefined) this.steps.push(step);
		else await runStep(step);
	}

	/** Runs all steps; later calls wait for the same end. */
	async end(): Promise<void> {
		this.ending ??= this.runAll();
		await this.ending;
	}

	/** Whether the end has begun. */
	get isEnding(): boolean {
		return this.ending !== undefined;
	}

	/**
	 * Ends everything and then the process when it is told to go, or when the script that started it
	 * has gone without telling. A second signal changes nothing: Ctrl+C reaches a child both from the
	 * terminal and from the npm script above it.
	 *
	 * @param onSignal says so to the user
	 */
	endOnSignals(onSignal: () => void = () => {}): void {
		const leave = (exitCode: number) => {
			if (this.isEnding) return;
			onSignal();
			void this.end().finally(() => process.exit(exitCode));
		};
		for (const [signal, exitCode] of Object.entries(SIGNALS)) {
			process.on(signal, () => leave(exitCode));
		}
		const parent = process.ppid;
		const check = () => process.ppid !== parent && leave(SIGNALS.SIGHUP);
		setInterval(check, PARENT_CHECK_INTERVAL_MS).unref();
	}

	private async runAll(): Promise<void> {
		for (let step = this.steps.pop(); step; step = this.steps.pop()) await runStep(step);
	}
}

async function runStep({ label, run }: Step): Promise<void> {
	const timeout = new AbortController();
	try {
		await Promise.race([
			run(),
			sleep(STEP_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
				throw new Error(`no end after ${STEP_TIMEOUT_MS / 1000} s`);
			}),
		]);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		process.stderr.write(`Could not finish: ${label}: ${reason}\n`);
	} finally {
		timeout.abort();
	}
}
