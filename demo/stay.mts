import { once } from 'node:events';
import { importCredentials, importExamples, MAIN_EXAMPLE } from '../e2e/n8n/examples.mts';
import { startSignInLink } from '../e2e/n8n/signInLink.mts';
import type { DemoRun } from './demoRun.mts';

/** Prints the link to the main example in the editor, and stays until the user ends it. */
export async function stay({ stage, teardown, progress }: DemoRun): Promise<void> {
	progress('Importing the examples …');
	const { session, emulator, postgres } = stage;
	const workflows = await importExamples(session, stage, await importCredentials(session, stage));
	const page = `${session.url}/workflow/${workflows.get(MAIN_EXAMPLE)}`;
	const link = await startSignInLink(session.cookie, page);
	await teardown.add('stopping the sign-in link', link.stop);
	progress('Ready.');

	process.stdout.write(`
Open this link and click "Execute workflow":

  ${link.url}

Then open the node "Create or update the connection" by a double-click: on its right is the connection
that Adobe's side has now, with its connectionId.

It signs this machine's browser in as ${session.owner.email} (password ${session.owner.password})
and opens the example at ${page}

Adobe's side   ${emulator.platformUrl}  (what it was asked: ${emulator.platformUrl}/__emulator/stats)
PostgreSQL     ${postgres.server}:${postgres.port}, database ${postgres.database}, user ${postgres.username}

Nothing here is kept: Ctrl+C stops everything and removes it.
`);
	const whichever = [stage.instance.ended, once(process, 'SIGINT'), once(process, 'SIGTERM')];
	await Promise.race([...whichever, once(process, 'SIGHUP')]);
	if (!teardown.isEnding) throw new Error(`n8n has ended:\n${stage.instance.log.tail()}`);
}
