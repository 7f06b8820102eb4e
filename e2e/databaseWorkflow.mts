import { node, TRIGGER } from './connectionWorkflow.mts';
import type { Workflow, WorkflowNode } from './n8n/workflow.mts';

const DATAFLOW = 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflow';

/** Names of the nodes of the workflow below. */
export const PLAN = 'Plan';
export const APPLY = 'Apply';

/** What a plan is made for. */
export interface PlanWorkflowOptions {
	/** The credential that calls Adobe. */
	ims: { id: string; name: string };
	connectionId: string;
	/** Desired tables, as items with the columns that Plan knows. */
	desired: Array<Record<string, unknown>>;
	/** Whether the plan is applied at once. */
	isApplied?: boolean;
}

/** Start (pinned tables) → Plan, and on request → Apply. */
export function planWorkflow(options: PlanWorkflowOptions): Workflow {
	const { ims, connectionId, desired, isApplied = false } = options;
	const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });
	return {
		name: isApplied ? 'Plan and apply' : 'Plan',
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, 0, {}),
			{
				...node(PLAN, DATAFLOW, 1, 1, {
					resource: 'database',
					operation: 'plan',
					planFor: 'tables',
					connectionId: { __rl: true, mode: 'id', value: connectionId },
					table: { __rl: true, mode: 'name', value: '={{ $json.table }}' },
					useColumns: true,
					schemaClass: 'profile',
					schedule: 'day',
					newColumns: 'add',
				}),
				credentials: { adobeImsApi: ims },
			},
			...(isApplied ? [applyNode(ims, 2)] : []),
		],
		connections: { [TRIGGER]: to(PLAN), ...(isApplied && { [PLAN]: to(APPLY) }) },
		settings: { executionOrder: 'v1' },
		pinData: { [TRIGGER]: desired.map((json) => ({ json })) },
	};
}

/** Applies the items of a plan that come in. */
export function applyNode(ims: PlanWorkflowOptions['ims'], column: number): WorkflowNode {
	return {
		...node(APPLY, DATAFLOW, 1, column, {
			resource: 'database',
			operation: 'apply',
			plan: '={{ $json }}',
			options: {},
		}),
		credentials: { adobeImsApi: ims },
	};
}
