import { searched } from './canary/searched.mts';
import { importCredentials } from './n8n/examples.mts';
import { N8N_2, type N8nLine } from './n8n/install.mts';
import type { ProcessLog } from './n8n/processLog.mts';
import { timedProgress } from './n8n/progress.mts';
import { startStage, type Stage } from './n8n/stage.mts';
import { Teardown } from './n8n/teardown.mts';

/** Ends what the tests of this process have started. */
export const teardown = new Teardown();

/** The stage that the tests share, and the credentials that work on it. */
export interface SharedStage extends Stage {
	/** IDs by `type/name`. */
	credentialIds: Map<string, string>;
	/** Everything that its n8n has printed, by its starts. */
	logs: Map<string, ProcessLog>;
	/** Ends its n8n in good order. */
	stop: () => Promise<void>;
}

let line = N8N_2;

/** Chooses the n8n of the shared stage, before its start. */
export function useLine(chosen: N8nLine): void {
	line = chosen;
}

/** The n8n that was chosen. */
export function chosenLine(): N8nLine {
	return line;
}

let starting: Promise<SharedStage> | undefined;

/** The shared stage; the first call starts it. Nothing beyond this machine can be reached from it. */
export async function sharedStage(): Promise<SharedStage> {
	starting ??= start();
	return await starting;
}

/** Ends the shared stage, if there is one. */
export async function endSharedStage(): Promise<void> {
	await teardown.end();
}

async function start(): Promise<SharedStage> {
	const progress = timedProgress();
	// Debug, because what may not be in a log may not be in the most talkative one either.
	const stage = await startStage({
		teardown,
		progress,
		line,
		loopbackOnly: true,
		logLevel: 'debug',
	});
	const logs = new Map([['n8n', stage.instance.log]]);
	let running = stage.instance;
	const stop = async () => await running.stop();
	const startAgain = async () => {
		running = await stage.startAgain();
		logs.set(`n8n, start ${logs.size + 1}`, running.log);
		return running;
	};
	searched.push({ ...stage, logs, folder: stage.userFolder, beReady: async () => {}, stop });
	const credentialIds = await importCredentials(stage.session, stage);
	return { ...stage, logs, startAgain, stop, credentialIds };
}
