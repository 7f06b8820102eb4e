import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { imsCredential } from './adobe.mts';
import type { NodeSetup } from './connectionNode.mts';
import type { Wired } from './core.mts';
import { executeNode, outputOf, runWorkflow, wire } from './core.mts';

/** The Dataflow node wired to an emulator. */
export function wireDataflowNode(
	emulator: Emulator,
	parameters: INodeParameters,
	setup: NodeSetup = {},
): Wired {
	return wire({
		nodeType: new AdobePostgreSqlDataflow(),
		parameters: { resource: 'dataflow', ...parameters },
		credentials: { ims: imsCredential(emulator, setup.ims) },
		...setup,
	});
}

/** Runs the Dataflow node alone; the items it returns. */
export async function runDataflowNode(
	emulator: Emulator,
	parameters: INodeParameters,
	setup: NodeSetup = {},
	items: INodeExecutionData[] = [{ json: {} }],
): Promise<INodeExecutionData[]> {
	return await executeNode(wireDataflowNode(emulator, parameters, setup), items);
}

/** Runs the node in a workflow: the items it returns, and what it tells the user beside them. */
export async function executionHints(
	wired: Wired,
): Promise<{ items: INodeExecutionData[]; hints: string[] }> {
	const run = await runWorkflow(wired);
	const hints = run.data.resultData.runData[wired.node.name]?.[0]?.hints ?? [];
	return { items: outputOf(run, wired.node.name), hints: hints.map(({ message }) => message) };
}
