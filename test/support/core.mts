import 'reflect-metadata';

import {
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	WorkflowExecute,
} from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IExecuteData,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IRun,
	IWorkflowExecuteAdditionalData,
	OnError,
} from 'n8n-workflow';
import {
	createEmptyRunExecutionData,
	createRunExecutionData,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';

import { AdobeImsApi } from '../../credentials/AdobeImsApi.credentials';
import { AdobePostgreSqlSourceApi } from '../../credentials/AdobePostgreSqlSourceApi.credentials';
import { CredentialsDouble } from './credentials.mts';

/** A node of ours between a start node and a second node that reads its output. */
export interface Wired {
	workflow: Workflow;
	node: INode;
	nodeType: INodeType;
	additional: IWorkflowExecuteAdditionalData;
	credentials: CredentialsDouble;
}

export interface WiredOptions {
	nodeType: INodeType;
	parameters: INodeParameters;
	credentials: { ims: ICredentialDataDecryptedObject; source?: ICredentialDataDecryptedObject };
	onError?: OnError;
	retryOnFail?: boolean;
	/** Parameters of the node behind ours. */
	next?: INodeParameters;
}

/** Each workflow that is wired is executed once, or tried several times. */
let executions = 0;

const START = 'Start';
const NODE = 'Adobe';
export const NEXT = 'Next';
export const NEXT_ON_ERROR = 'Next on Error';

/** Wires a node into a workflow of n8n's own classes, with credentials that count their use. */
export function wire(options: WiredOptions): Wired {
	const { nodeType, parameters } = options;
	const credentials = new CredentialsDouble();
	credentials.add(new AdobeImsApi(), options.credentials.ims);
	if (options.credentials.source !== undefined) {
		credentials.add(new AdobePostgreSqlSourceApi(), options.credentials.source);
	}
	const node: INode = {
		id: 'node',
		name: NODE,
		type: nodeType.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		onError: options.onError,
		retryOnFail: options.retryOnFail,
		waitBetweenTries: 0,
		credentials: {
			adobeImsApi: { id: 'ims', name: 'Adobe IMS' },
			...(options.credentials.source === undefined
				? {}
				: { adobePostgreSqlSourceApi: { id: 'source', name: 'PostgreSQL source' } }),
		},
	};
	const workflow = new Workflow({
		id: 'workflow',
		active: false,
		nodes: [
			plainNode(START, 'start'),
			node,
			plainNode(NEXT, 'reader', options.next),
			plainNode(NEXT_ON_ERROR, 'start'),
		],
		connections: {
			[START]: { main: [[toInput(NODE)]] },
			[NODE]: { main: [[toInput(NEXT)], [toInput(NEXT_ON_ERROR)]] },
		},
		nodeTypes: nodeTypesWith(nodeType),
	});
	const wired = workflow.nodes[NODE];
	if (wired === undefined) throw new Error('The node is not part of the workflow');
	return { workflow, node: wired, nodeType, additional: additionalData(credentials), credentials };
}

/** Runs the node alone; what it throws reaches the caller. */
export async function executeNode(
	wired: Wired,
	items: INodeExecutionData[] = [{ json: {} }],
	signal?: AbortSignal,
): Promise<INodeExecutionData[]> {
	const { workflow, node, additional, nodeType } = wired;
	const executeData: IExecuteData = { node, data: { main: [items] }, source: null };
	const context = new ExecuteContext(
		workflow,
		node,
		additional,
		'manual',
		createEmptyRunExecutionData(),
		0,
		items,
		{ main: [items] },
		executeData,
		[],
		signal,
	);
	const output = (await nodeType.execute?.call(context)) as INodeExecutionData[][] | undefined;
	return output?.[0] ?? [];
}

/** Runs the whole workflow through n8n's engine: onError, error output, Retry On Fail. */
export async function runWorkflow(
	wired: Wired,
	items: INodeExecutionData[] = [{ json: {} }],
): Promise<IRun> {
	const start = wired.workflow.getNode(START);
	if (start === null) throw new Error('The workflow has no start');
	wired.additional.hooks = new ExecutionLifecycleHooks('manual', '1', {
		id: 'workflow',
		name: 'workflow',
		nodes: [],
		connections: {},
		active: false,
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(),
		updatedAt: new Date(),
	});
	const run = createRunExecutionData({
		executionData: {
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			nodeExecutionStack: [{ node: start, data: { main: [items] }, source: null }],
		},
	});
	return await new WorkflowExecute(wired.additional, 'manual', run).processRunExecutionData(
		wired.workflow,
	);
}

/** The items that a node returned in a run, by its output. */
export function outputOf(run: IRun, nodeName: string, output = 0): INodeExecutionData[] {
	return run.data.resultData.runData[nodeName]?.[0]?.data?.main?.[output] ?? [];
}

/** The context that the editor's lists run in. */
export function editorContext(wired: Wired): LoadOptionsContext {
	// The editor hands the parameters over as they are typed, without saving them first.
	wired.additional.currentNodeParameters = wired.node.parameters;
	return new LoadOptionsContext(wired.workflow, wired.node, wired.additional, '');
}

/** The description of a node type for a test: one input, one output, and what is given. */
export function describeType(
	name: string,
	more: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
		...more,
	};
}

/** Lets items through as they are; the reader shows its parameter `value` for each. */
const plainType = (name: string): INodeType => ({
	description: describeType(name, {
		properties: [{ displayName: 'Value', name: 'value', type: 'string', default: '' }],
	}),
	async execute() {
		const items = this.getInputData();
		if (name === 'start') return [items];
		return [
			items.map((_item, index) => ({
				json: { value: this.getNodeParameter('value', index, null) },
				pairedItem: { item: index },
			})),
		];
	},
});

function plainNode(name: string, type: string, parameters: INodeParameters = {}): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function toInput(node: string) {
	return { node, type: NodeConnectionTypes.Main, index: 0 };
}

function nodeTypesWith(nodeType: INodeType): INodeTypes {
	const known = new Map<string, INodeType>(
		[nodeType, plainType('start'), plainType('reader')].map((type) => [
			type.description.name,
			type,
		]),
	);
	const find = (name: string): INodeType => {
		const type = known.get(name);
		if (type === undefined) throw new Error(`No node type ${name}`);
		return type;
	};
	return {
		getByName: find,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(find(name), version),
		getKnownTypes: () => ({}),
	};
}

function additionalData(credentialsHelper: CredentialsDouble): IWorkflowExecuteAdditionalData {
	const unused = () => {
		throw new Error('Not used by these tests');
	};
	return {
		credentialsHelper,
		executionId: String(++executions),
		restApiUrl: 'http://127.0.0.1/rest',
		instanceBaseUrl: 'http://127.0.0.1/',
		webhookBaseUrl: 'http://127.0.0.1/webhook',
		webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
		webhookTestBaseUrl: 'http://127.0.0.1/webhook-test',
		formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		variables: {},
		currentNodeParameters: undefined,
		setExecutionStatus: () => {},
		sendDataToUI: () => {},
		getRunExecutionData: async () => undefined,
		executeWorkflow: unused,
		logAiEvent: () => {},
		startRunnerTask: unused,
	} as unknown as IWorkflowExecuteAdditionalData;
}
