import { node, TRIGGER } from './connectionWorkflow.mts';
import type { ScriptedModel } from './n8n/scriptedModel.mts';
import type { CredentialInput, Workflow, WorkflowNode } from './n8n/workflow.mts';

/** Names of the nodes of the workflow below. */
export const AGENT = 'AI Agent';
export const MODEL = 'OpenAI Chat Model';

/** What differs between the workflows of the tests. */
export interface AgentWorkflowOptions {
	/** Name of the workflow. */
	name: string;
	/** What the agent is asked to do. */
	prompt: string;
	/** ID and name of the credential of its model. */
	model: { id: string; name: string };
	/** The newest version of the agent that the n8n in question has. */
	agentVersion: number;
	/** The agent's tools. */
	tools: WorkflowNode[];
}

/** Start → AI Agent, with a model and tools. */
export function agentWorkflow(options: AgentWorkflowOptions): Workflow {
	const { name, prompt, model, agentVersion, tools } = options;
	return {
		name,
		nodes: [
			node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, 0, {}),
			node(AGENT, '@n8n/n8n-nodes-langchain.agent', agentVersion, 1, {
				promptType: 'define',
				text: prompt,
				options: {},
			}),
			{
				...node(MODEL, '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.3, 1, {
					model: { __rl: true, mode: 'id', value: 'scripted' },
					// As for every server that has OpenAI's older API alone.
					responsesApiEnabled: false,
					options: {},
				}),
				position: [160, 220],
				credentials: { openAiApi: model },
			},
			...tools,
		],
		connections: {
			[TRIGGER]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
			[MODEL]: { ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]] },
			...Object.fromEntries(
				tools.map((tool) => [
					tool.name,
					{ ai_tool: [[{ node: AGENT, type: 'ai_tool' as const, index: 0 }]] },
				]),
			),
		},
		settings: { executionOrder: 'v1' },
	};
}

/** The credential by which n8n's OpenAI nodes ask a scripted model. */
export function modelCredential({ url }: ScriptedModel, name: string): CredentialInput {
	return { name, type: 'openAiApi', data: { apiKey: 'key-of-the-scripted-model', url } };
}
