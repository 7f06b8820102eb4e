import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	OnError,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createRunExecutionData, ObservableObject } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { wholeTextOf } from '../support/connectionNode.mts';
import { wire } from '../support/core.mts';
import { Poller } from '../support/poll.mts';
import { EXECUTION_HEADER } from './engine/network.mts';

/** One execution of a workflow with one node of ours. */
export interface ExecutionPlan {
	/** As traces name it. */
	title: string;
	node: 'connection' | 'dataflow';
	parameters: INodeParameters;
	items: INodeExecutionData[];
	onError: OnError;
	/** How often n8n tries in all; 1 without Retry On Fail. */
	tries: number;
	mode: WorkflowExecuteMode;
}

/** What an n8n has in its database. */
export interface Database {
	ims: ICredentialDataDecryptedObject;
	/** By workflow; written after production executions only. */
	staticData: string;
}

/** One of the times that n8n has called the node. */
export interface Try {
	beganEpochMs: number;
	endedEpochMs: number;
	items: INodeExecutionData[];
	/** What the node threw, with all that hangs on it. */
	error?: { text: string; whole: string };
}

export interface Executed {
	tries: Try[];
	/** Messages beside the items. */
	hints: string[];
	/** What n8n's engine made of the last error, when that is more than the node's own. */
	failure?: string;
	isCancelled: boolean;
}

const TYPES: Record<ExecutionPlan['node'], () => INodeType> = {
	connection: () => new AdobePostgreSqlConnection(),
	dataflow: () => new AdobePostgreSqlDataflow(),
};

/**
 * Executes as n8n does: through its engine, with Retry On Fail, On Error and cancelling, with the
 * credential and the static data of its database.
 *
 * @param cancelled resolves when somebody stops the execution
 */
export async function execute(
	plan: ExecutionPlan,
	database: Database,
	cancelled?: Promise<void>,
): Promise<Executed> {
	const tries: Try[] = [];
	const nodeType = watched(TYPES[plan.node](), tries);
	const wired = wire({
		nodeType,
		parameters: plan.parameters,
		credentials: { ims: database.ims },
		onError: plan.onError,
		retryOnFail: plan.tries > 1,
	});
	Object.assign(wired.node, { maxTries: plan.tries, waitBetweenTries: 1 });
	const { workflow, credentials, additional } = wired;
	workflow.staticData = ObservableObject.create(
		JSON.parse(database.staticData) as IDataObject,
		undefined,
		{ ignoreEmptyOnFirstChild: true },
	) as IDataObject;
	const authenticate = credentials.authenticate.bind(credentials);
	credentials.authenticate = async (data, type, request) => {
		const signed = await authenticate(data, type, request);
		return { ...signed, headers: { ...signed.headers, [EXECUTION_HEADER]: plan.title } };
	};
	const start = workflow.getNode('Start');
	if (start === null) throw new Error('The workflow has no start');
	additional.hooks = new ExecutionLifecycleHooks(plan.mode, '1', {
		id: 'workflow',
		name: 'workflow',
		nodes: [],
		connections: {},
		active: plan.mode === 'trigger',
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(),
		updatedAt: new Date(),
	});
	const data = createRunExecutionData({
		executionData: {
			contextData: {},
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			nodeExecutionStack: [{ node: start, data: { main: [plan.items] }, source: null }],
		},
	});
	const running = new WorkflowExecute(additional, plan.mode, data).processRunExecutionData(
		workflow,
	);
	let isCancelled = false;
	void cancelled?.then(() => {
		isCancelled = true;
		running.cancel();
	});
	const run = await running;
	database.ims = credentials.data('adobeImsApi');
	if (plan.mode === 'trigger') database.staticData = JSON.stringify(workflow.staticData);
	const results = run.data.resultData;
	return {
		tries,
		hints: (results.runData[wired.node.name] ?? []).flatMap(({ hints = [] }) =>
			hints.map(({ message }) => message),
		),
		failure: results.error === undefined ? undefined : wholeTextOf(results.error),
		isCancelled,
	};
}

/** What came of one poll: the events of it, or what it has failed with. */
export interface Polled {
	events: IDataObject[];
	error?: string;
}

const EVENT_SCOPES =
	'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext,adobeio_api';

/** The trigger in an active workflow. */
export class Trigger {
	private readonly poller: Poller;

	constructor(
		emulator: Emulator,
		parameters: INodeParameters,
		private readonly database: Database,
	) {
		this.poller = new Poller(emulator, parameters, {
			ioUrl: emulator.platformUrl,
			projectSecretJson: emulator.projectJson(),
			scopes: EVENT_SCOPES,
		});
	}

	/** @param isStored whether n8n gets to store its static data afterwards */
	async poll(budgetMs: number, isStored: () => boolean): Promise<Polled> {
		const { poller, database } = this;
		poller.stored = database.staticData;
		try {
			return { events: (await poller.poll({ budgetMs })) ?? [] };
		} catch (error) {
			return { events: [], error: wholeTextOf(error) };
		} finally {
			if (isStored()) database.staticData = poller.stored;
		}
	}
}

/** Notes each call of a node: of several tries, n8n keeps the last one only. */
function watched(nodeType: INodeType, tries: Try[]): INodeType {
	const run = nodeType.execute;
	nodeType.execute = async function (...given) {
		const beganEpochMs = performance.now();
		const one: Try = { beganEpochMs, endedEpochMs: Infinity, items: [] };
		tries.push(one);
		try {
			const output = await run?.apply(this, given);
			one.items = Array.isArray(output) ? output.flat() : [];
			return output ?? [];
		} catch (error) {
			const { message, description } = error as { message: string; description?: string };
			one.error = { text: `${message}\n${description ?? ''}`, whole: wholeTextOf(error) };
			throw error;
		} finally {
			one.endedEpochMs = performance.now();
		}
	};
	return nodeType;
}
