import type { Adobe } from '../e2e/n8n/adobe.mts';
import type { Session } from '../e2e/n8n/session.mts';
import type { Workflow } from '../e2e/n8n/workflow.mts';

/** An example as n8n has it. */
export interface StoredExample {
	name: Workflow['name'];
	url: string;
	/** Why it does not run to its end as it is here; undefined where it does. */
	needs: string | undefined;
}

/** What there is to see. */
export interface Welcome {
	/** Signs the browser in and opens the example of the demo. */
	link: string;
	example: StoredExample;
	others: StoredExample[];
	owner: Session['owner'];
	emulator: Pick<
		Adobe['emulator'],
		'clientId' | 'clientSecret' | 'orgId' | 'platformUrl' | 'imsUrl'
	>;
	postgres: Pick<Adobe['postgres'], 'server' | 'port' | 'database' | 'username' | 'password'>;
}

/** What the demo prints: where to click, where to look, and what to type to build from nothing. */
export function welcome({ link, example, others, owner, emulator, postgres }: Welcome): string {
	return `
1. Open this link and click "Execute workflow":

     ${link}

   It signs this machine's browser in as ${owner.email} (password ${owner.password})
   and opens "${example.name}": a connection, a dataflow, and its first run.

2. Watch the rows arrive on Adobe's side:

     ${emulator.platformUrl}/

Other examples, once you are signed in:

${columns(others.map(({ name, url, needs }) => [name, needs === undefined ? url : `${url}  (${needs})`]))}

Both credentials are there already. To create them yourself, type:

  Adobe Experience Platform
${columns([
	['  Client ID', emulator.clientId],
	['  Client Secret', emulator.clientSecret],
	['  Organization ID', emulator.orgId],
	['  Environment', 'Custom'],
	['  Platform URL', emulator.platformUrl],
	['  IMS URL', emulator.imsUrl],
])}

  PostgreSQL Source
${columns([
	['  Authentication', 'Basic'],
	['  Server', postgres.server],
	['  Port', String(postgres.port)],
	['  Database', postgres.database],
	['  Username', postgres.username],
	['  Password', postgres.password],
])}

All of this runs on this machine alone. Ctrl+C stops and removes everything.
`;
}

function columns(rows: Array<[left: string, right: string]>): string {
	const width = Math.max(...rows.map(([left]) => left.length));
	return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
