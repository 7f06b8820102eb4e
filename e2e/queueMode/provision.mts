import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { node, type ConnectionWorkflowOptions } from '../connectionWorkflow.mts';
import { checkout } from '../n8n/checkout.mts';
import type { Workflow } from '../n8n/workflow.mts';

/** What differs between the workflows of the tests. */
export interface ProvisionOptions extends Pick<ConnectionWorkflowOptions, 'ims' | 'source'> {
	name: string;
	/** Names of the connections. */
	connections: string[];
	/** `create`, or `upsert`: Create or Update. */
	operation: 'create' | 'upsert';
	/** Requests in flight at a time; the node's own default when not given. */
	maxConcurrency?: number;
	/** Starts by a webhook with this path, or every second. */
	start: { webhook: string } | 'everySecond';
	/** ID of the workflow that n8n starts when an execution fails. */
	errorWorkflow?: string;
}

/**
 * A table of connections and the node that makes them, in a workflow that starts by itself, or from
 * another workflow.
 */
export function provisionWorkflow(options: ProvisionOptions): Workflow {
	const { name, connections, operation, maxConcurrency, start, errorWorkflow, ims, source } =
		options;
	const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });
	const rows = connections.map((each) => ({ name: each }));
	const trigger =
		start === 'everySecond'
			? node('Start', 'n8n-nodes-base.scheduleTrigger', 1.2, 0, {
					rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] },
				})
			: {
					...node('Start', 'n8n-nodes-base.webhook', 2, 0, {
						httpMethod: 'POST',
						path: start.webhook,
						options: {},
					}),
					webhookId: start.webhook,
				};
	return {
		name,
		nodes: [
			trigger,
			node('Start again', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, 0, {
				inputSource: 'passthrough',
			}),
			node('Databases', 'n8n-nodes-base.set', 3.4, 1, {
				mode: 'raw',
				jsonOutput: JSON.stringify({ rows }),
				options: {},
			}),
			node('One item a row', 'n8n-nodes-base.splitOut', 1, 2, {
				fieldToSplitOut: 'rows',
				options: {},
			}),
			{
				...node('Connections', 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection', 1, 3, {
					resource: 'connection',
					operation,
					name: '={{ $json.name }}',
					cloud: 'azure',
					authMode: 'connectionString',
					verify: false,
					databaseDetails: 'credential',
					...(maxConcurrency !== undefined && { options: { maxConcurrency } }),
				}),
				credentials: { adobeImsApi: ims, adobePostgreSqlSourceApi: source },
			},
		],
		connections: {
			Start: to('Databases'),
			'Start again': to('Databases'),
			Databases: to('One item a row'),
			'One item a row': to('Connections'),
		},
		settings: { executionOrder: 'v1', ...(errorWorkflow !== undefined && { errorWorkflow }) },
	};
}

/** The error workflow of the guide, which starts again what a lost worker has left. */
export async function runAgainWorkflow(): Promise<Workflow> {
	const file = join(checkout, 'docs', 'queue-mode', 'run-again-after-a-crash.json');
	return JSON.parse(await readFile(file, 'utf8')) as Workflow;
}
