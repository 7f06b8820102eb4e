import { ExecuteContext } from 'n8n-core';
import type { IExecuteData, INode, INodeType } from 'n8n-workflow';
import { createRunExecutionData, NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';

import { describeType, type Wired } from './core.mts';

/** A tool as n8n hands it to an agent's model. */
export interface AgentTool {
	name: string;
	description: string;
	/** What the model has to fill in: the keys of `$fromAI`. */
	schema: { shape: Record<string, unknown> };
	/** Gives the text that the model reads; throws what the agent tells the model instead. */
	invoke(filledIn: Record<string, unknown>): Promise<string>;
}

const AGENT = 'Agent';

/**
 * Lets n8n-core make a tool of a wired node, connected to an agent. n8n itself (not n8n-core) offers
 * a node that is `usableAsTool` a second time under the name with `Tool` behind it, without an input
 * and with the output `ai_tool`; that is done here in the same way.
 *
 * @throws Error for a node that does not say that it is usable as a tool
 */
export async function toolOf({ node, nodeType, additional }: Wired): Promise<AgentTool> {
	const toolType = asToolType(nodeType);
	const agentType: INodeType = {
		description: describeType('agent', {
			inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool, required: true }],
		}),
	};
	const types = [agentType, toolType];
	const agent: INode = {
		id: AGENT,
		name: AGENT,
		type: agentType.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const find = (name: string): INodeType => {
		const type = types.find(({ description }) => description.name === name);
		if (type === undefined) throw new Error(`No node type ${name}`);
		return type;
	};
	const workflow = new Workflow({
		id: 'workflow',
		active: false,
		nodes: [agent, { ...node, type: toolType.description.name }],
		connections: {
			[node.name]: {
				[NodeConnectionTypes.AiTool]: [
					[{ node: AGENT, type: NodeConnectionTypes.AiTool, index: 0 }],
				],
			},
		},
		nodeTypes: {
			getByName: find,
			getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(find(name), version),
			getKnownTypes: () => ({}),
		},
	});
	const items = [{ json: { chatInput: 'Do it' } }];
	const executeData: IExecuteData = { node: agent, data: { main: [items] }, source: null };
	const context = new ExecuteContext(
		workflow,
		agent,
		additional,
		'manual',
		createRunExecutionData({ executionData: { nodeExecutionStack: [] } }),
		0,
		items,
		{ main: [items] },
		executeData,
		[],
	);
	const tools = (await context.getInputConnectionData(
		NodeConnectionTypes.AiTool,
		0,
	)) as AgentTool[];
	const [tool] = tools;
	if (tool === undefined) throw new Error('n8n-core made no tool of the node');
	return tool;
}

function asToolType(nodeType: INodeType): INodeType {
	const { usableAsTool, ...description } = nodeType.description;
	if (usableAsTool !== true) throw new Error('The node is not usable as a tool');
	return Object.assign(Object.create(nodeType) as INodeType, {
		description: {
			...description,
			name: `${description.name}Tool`,
			displayName: `${description.displayName} Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		},
	});
}
