import { once } from 'node:events';
import {
	DEMO_EXAMPLE,
	importCredentials,
	importExamples,
	needsOf,
	readExample,
} from '../e2e/n8n/examples.mts';
import { startSignInLink } from '../e2e/n8n/signInLink.mts';
import type { DemoRun } from './demoRun.mts';
import { type StoredExample, welcome } from './welcome.mts';

/** Prints the link to the example in the editor, and stays until the user ends it. */
export async function stay({ stage, teardown, progress }: DemoRun): Promise<void> {
	progress('Importing the examples …');
	const { session, emulator, postgres } = stage;
	const ids = await importExamples(session, stage, await importCredentials(session, stage));
	const stored = async (file: string): Promise<StoredExample> => ({
		name: (await readExample(file)).name,
		url: `${session.url}/workflow/${ids.get(file)}`,
		needs: needsOf(file),
	});
	const example = await stored(DEMO_EXAMPLE);
	const others = [...ids.keys()].filter((file) => file !== DEMO_EXAMPLE);
	const link = await startSignInLink(session.cookie, example.url);
	await teardown.add('stopping the sign-in link', link.stop);
	progress('Ready.');

	process.stdout.write(
		welcome({
			link: link.url,
			example,
			others: await Promise.all(others.map(stored)),
			owner: session.owner,
			emulator,
			postgres,
		}),
	);
	const whichever = [stage.instance.ended, once(process, 'SIGINT'), once(process, 'SIGTERM')];
	await Promise.race([...whichever, once(process, 'SIGHUP')]);
	if (!teardown.isEnding) throw new Error(`n8n has ended:\n${stage.instance.log.tail()}`);
}
