import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imsCredential, postgresCredential, sourceCredential, type Adobe } from './adobe.mts';
import { checkout } from './checkout.mts';
import type { Session } from './session.mts';
import { withCredentials, type Workflow } from './workflow.mts';

const folder = join(checkout, 'examples');

/** The example that shows what the package is for. */
export const MAIN_EXAMPLE = 'onboard-a-database.json';

/** The example that the demo opens: it ends with rows in a dataset. */
export const DEMO_EXAMPLE = 'table-to-dataflow.json';

/** What others say that they work on. */
const FIRST_OF_ALL = [MAIN_EXAMPLE, DEMO_EXAMPLE];

/** The examples that work on somebody else's service, and what that is. */
const NEEDS: Record<string, string> = {
	'ai-data-steward.json': 'for your own n8n, with a chat model',
	'keep-in-step-with-a-database.json': 'needs your webhook URL',
	'notify-slack-at-once.json': 'needs your webhook URL, and an address that Adobe can reach',
	'notify-slack-or-teams.json': 'needs your webhook URL',
};

/** What an example needs that is not on this machine; undefined for nothing. */
export function needsOf(file: string): string | undefined {
	return NEEDS[file];
}

/** Names of all example files, in an order in which each finds what it works on. */
export async function exampleFiles(): Promise<string[]> {
	const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	return [...FIRST_OF_ALL, ...files.filter((name) => !FIRST_OF_ALL.includes(name))];
}

/** An example as it is in the checkout, its credentials not yet those of any n8n. */
export async function readExample(file: string): Promise<Workflow> {
	return JSON.parse(await readFile(join(folder, file), 'utf8')) as Workflow;
}

/**
 * Stores the credentials that the examples use, filled in for the emulator and the sample
 * database.
 *
 * @returns their IDs by `type/name`, see `withCredentials`
 */
export async function importCredentials(
	session: Session,
	adobe: Adobe,
): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	const all = [imsCredential(adobe), sourceCredential(adobe), postgresCredential(adobe)];
	for (const credential of all) {
		ids.set(`${credential.type}/${credential.name}`, await session.createCredential(credential));
	}
	return ids;
}

/** What the examples have in the place of a database, and the sample database's own. */
function placeholders({ postgres }: Adobe): Array<[placeholder: string, value: string]> {
	const { server, port, database, username, password } = postgres;
	const text = (value: string) => JSON.stringify(value);
	return [
		[text('db.example.com'), text(server)],
		['"port": 5432', `"port": ${port}`],
		['"database": "sales"', `"database": ${text(database)}`],
		[text('aep_reader'), text(username)],
		[text('change-me'), text(password)],
	];
}

/** A copy whose table of databases, a JSON text, names the sample database. */
export function withSampleDatabase(workflow: Workflow, adobe: Adobe): Workflow {
	const copy = structuredClone(workflow);
	for (const { parameters } of copy.nodes) {
		if (typeof parameters.jsonOutput !== 'string') continue;
		parameters.jsonOutput = placeholders(adobe).reduce(
			(text, [placeholder, value]) => text.replaceAll(placeholder, value),
			parameters.jsonOutput,
		);
	}
	return copy;
}

/**
 * Stores all examples.
 *
 * @returns the workflows' IDs by file name
 */
export async function importExamples(
	session: Session,
	adobe: Adobe,
	credentialIds: Map<string, string>,
): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	for (const file of await exampleFiles()) {
		const example = withSampleDatabase(await readExample(file), adobe);
		const workflow = withCredentials(example, credentialIds);
		ids.set(file, await session.createWorkflow(workflow));
	}
	return ids;
}

/** Ours that a workflow can start from besides n8n's own. */
const OUR_TRIGGER = /^n8n-nodes-adobe-postgresql\..*Trigger$/;

/**
 * Name of the node that an example starts from when somebody executes it by hand.
 *
 * @throws {Error} when the workflow has no such node
 */
export function startOf(workflow: Workflow): string {
	const trigger =
		workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger') ??
		workflow.nodes.find(({ type }) => OUR_TRIGGER.test(type));
	if (trigger === undefined) throw new Error(`"${workflow.name}" has nothing to start from`);
	return trigger.name;
}
