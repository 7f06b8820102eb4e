import { parseArgs } from 'node:util';
import { timedProgress } from '../e2e/n8n/progress.mts';
import { startStage } from '../e2e/n8n/stage.mts';
import { Teardown } from '../e2e/n8n/teardown.mts';
import { runOnce } from './once.mts';
import { stay } from './stay.mts';

const HELP = `Tries the nodes without an Adobe account: real n8n with the package installed, an
emulator of Adobe's side, and a real PostgreSQL with sample data, all on this machine.

  npm run demo            starts everything and prints what to open; ends with Ctrl+C
  npm run demo -- --once  executes the first example without a browser and prints what happened

The first start installs n8n (3 GB), which takes several minutes; it is kept for later ones.
`;

const options = readOptions();
if (options === undefined) process.exitCode = 2;
else if (options.help) process.stdout.write(HELP);
else await demo(options.once ? runOnce : stay);

/** The command line; undefined, with a word to the user, when there is something wrong with it. */
function readOptions(): { once?: boolean; help?: boolean } | undefined {
	try {
		return parseArgs({ options: { once: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
		return undefined;
	}
}

/** Starts everything, lets `body` have it, and ends everything, whatever happened. */
async function demo(body: typeof runOnce): Promise<void> {
	const progress = timedProgress();
	const teardown = new Teardown();
	teardown.endOnSignals(() => progress('Stopping everything …'));
	try {
		const stage = await startStage({ teardown, progress, loopbackOnly: false, logLevel: 'info' });
		await body({ stage, teardown, progress });
	} catch (error) {
		// A signal takes things away from under the start-up; its complaints are of no interest then.
		if (!teardown.isEnding) {
			process.stderr.write(
				`\nThe demo failed: ${error instanceof Error ? error.message : error}\n`,
			);
			process.exitCode = 1;
		}
	}
	await teardown.end();
}
