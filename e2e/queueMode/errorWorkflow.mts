import { runAgainWorkflow } from './provision.mts';
import type { SharedQueue } from './sharedQueue.mts';

let storing: Promise<string> | undefined;

/** The workflow that runs again what was killed, stored once: n8n 2 refuses a second one of its ID. */
export async function errorWorkflowOf(queue: SharedQueue): Promise<string> {
	storing ??= store(queue);
	return await storing;
}

async function store({ session, n8n }: SharedQueue): Promise<string> {
	const id = await session.createWorkflow(await runAgainWorkflow());
	// n8n 1 starts an error workflow as it is, and refuses to activate one without another trigger.
	if (n8n.line.major > 1) await session.activate(id);
	return id;
}
