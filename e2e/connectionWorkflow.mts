import { imsCredential, sourceCredential, type Adobe } from './n8n/adobe.mts';
import type { Execution } from './n8n/execution.mts';
import type { Session } from './n8n/session.mts';
import type { CredentialInput, Workflow, WorkflowNode } from './n8n/workflow.mts';

/** Names of the nodes of the workflow below. */
export const TRIGGER = 'Start';
export const CONNECTION = 'Connection';
export const USE_ID = 'Use the ID';
export const USE_ERROR = 'Use the error';

/** What differs between the workflows of the tests. */
export interface ConnectionWorkflowOptions {
	/** Name of the workflow. */
	name: string;
	/** Items that go into the connection node; default: one with `name`. */
	items?: Array<Record<string, unknown>>;
	/** Parameters of the connection node beside, or instead of, those of a Create. */
	parameters?: Record<string, unknown>;
	onError?: WorkflowNode['onError'];
	/** ID and name of the credential that calls Adobe. */
	ims: { id: string; name: string };
	/** ID and name of the database credential. */
	source: { id: string; name: string };
}

/**
 * Start (pinned items) → Connection → Use the ID; the node's error output, where it has one, goes
 * to "Use the error".
 */
export function connectionWorkflow(options: ConnectionWorkflowOptions): Workflow {
	const { name, items = [{ name }], parameters, onError, ims, source } = options;
	const to = (node: string) => [{ node, type: 'main' as const, index: 0 }];
	return {
		name,
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, 0, {}),
			{
				...node(CONNECTION, 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection', 1, 1, {
					resource: 'connection',
					operation: 'create',
					name: '={{ $json.name }}',
					cloud: 'azure',
					authMode: 'connectionString',
					databaseDetails: 'credential',
					// Only tests of the verification have Adobe log in.
					verify: false,
					...parameters,
				}),
				credentials: { adobeImsApi: ims, adobePostgreSqlSourceApi: source },
				...(onError && { onError }),
			},
			node(USE_ID, 'n8n-nodes-base.set', 3.4, 2, assign('connectionId')),
			node(USE_ERROR, 'n8n-nodes-base.set', 3.4, 3, assign('error')),
		],
		connections: {
			[TRIGGER]: { main: [to(CONNECTION)] },
			[CONNECTION]: {
				main: onError === 'continueErrorOutput' ? [to(USE_ID), to(USE_ERROR)] : [to(USE_ID)],
			},
		},
		settings: { executionOrder: 'v1' },
		pinData: { [TRIGGER]: items.map((json) => ({ json })) },
	};
}

/** Stores a workflow and executes it. */
export async function executeWorkflow(session: Session, workflow: Workflow): Promise<Execution> {
	return await session.execute(await session.createWorkflow(workflow), TRIGGER);
}

/** References to the two credentials that work, for the workflow above. */
export function workingCredentials(
	adobe: Adobe,
	ids: Map<string, string>,
): Pick<ConnectionWorkflowOptions, 'ims' | 'source'> {
	const reference = ({ type, name }: CredentialInput) => ({
		id: String(ids.get(`${type}/${name}`)),
		name,
	});
	return { ims: reference(imsCredential(adobe)), source: reference(sourceCredential(adobe)) };
}

/** A node of a workflow that is written from left to right. */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	column: number,
	parameters: Record<string, unknown>,
): WorkflowNode {
	return { id: name, name, type, typeVersion, position: [column * 220, 0], parameters };
}

/** An Edit Fields node that reads one field of what the connection node passed on. */
function assign(field: string): Record<string, unknown> {
	const value = `={{ $json.${field} }}`;
	return {
		assignments: { assignments: [{ id: field, name: field, type: 'string', value }] },
		options: {},
	};
}
