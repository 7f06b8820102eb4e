import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { HookContext, WebhookContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	IWebhookData,
	IWebhookDescription,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { ObservableObject } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlDataflowWebhookTrigger } from '../../nodes/AdobePostgreSqlDataflowWebhookTrigger/AdobePostgreSqlDataflowWebhookTrigger.node';
import { imsCredential } from './adobe.mts';
import { wire } from './core.mts';

/** The scopes of a credential that may register for events. */
export const EVENT_SCOPES =
	'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext,adobeio_api';

/** The credential of a client whose project is pasted into it. */
export function eventsCredential(
	emulator: Emulator,
	changes: ICredentialDataDecryptedObject = {},
): ICredentialDataDecryptedObject {
	return imsCredential(emulator, {
		ioUrl: emulator.platformUrl,
		scopes: EVENT_SCOPES,
		projectSecretJson: emulator.projectJson(),
		...changes,
	});
}

let hosts = 0;

/**
 * The webhook trigger behind a server of its own, as n8n runs it: every request begins with the static data
 * that was stored, which is stored again when the node has returned.
 */
export class WebhookHost {
	/** As n8n's database would hold it. */
	stored = '{}';
	/** The items of each execution that was started. */
	readonly executions: IDataObject[][] = [];
	/** What was written to the log. */
	readonly log: string[] = [];
	/** Set to answer nobody, as when n8n is stopped. */
	isDown = false;
	mode: 'webhook' | 'manual' = 'webhook';
	/** What the trigger remembers goes by it, so every host has another one. */
	workflowId = `workflow-${++hosts}-`;
	private running = 0;
	private readonly nodeType = new AdobePostgreSqlDataflowWebhookTrigger();

	private constructor(
		private readonly server: Server,
		readonly origin: string,
		public parameters: INodeParameters,
		private credential: ICredentialDataDecryptedObject,
	) {}

	static async start(
		parameters: INodeParameters,
		credential: ICredentialDataDecryptedObject,
	): Promise<WebhookHost> {
		const server = createServer();
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const host = new WebhookHost(server, origin, parameters, credential);
		server.on('request', (request, response) => void host.handle(request, response));
		return host;
	}

	/** Where events are delivered. */
	get url(): string {
		return this.hook('default').context.getNodeWebhookUrl('default') ?? '';
	}

	/** All items, execution by execution. */
	get items(): IDataObject[] {
		return this.executions.flat();
	}

	get state(): IDataObject {
		return ((JSON.parse(this.stored) as IDataObject)['node:Adobe'] ?? {}) as IDataObject;
	}

	set state(state: IDataObject) {
		this.stored = JSON.stringify({ 'node:Adobe': state });
	}

	isIdle(): boolean {
		return this.running === 0;
	}

	/** As n8n does when a workflow is published, or when it starts. */
	async publish(activation: WorkflowActivateMode = 'activate'): Promise<void> {
		const { context } = this.hook('default', activation);
		const methods = this.nodeType.webhookMethods.default;
		if (!(await methods.checkExists.call(context))) await methods.create.call(context);
	}

	async unpublish(): Promise<boolean> {
		const { context } = this.hook('default', 'update');
		return await this.nodeType.webhookMethods.default.delete.call(context);
	}

	/** As after a restart: all that is known is what was stored. Memory goes by the workflow. */
	forget(): void {
		this.workflowId += '+';
	}

	/** As if this time had passed since the last delivery, and n8n been restarted. */
	sleep(ms: number): void {
		const { caughtUpEpochMs, sinceEpochMs } = this.state as Record<string, number>;
		this.state = {
			...this.state,
			caughtUpEpochMs: (caughtUpEpochMs ?? 0) - ms,
			sinceEpochMs: (sinceEpochMs ?? 0) - ms,
		};
		this.forget();
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}

	private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const rawBody = await buffer(request);
		if (this.isDown) {
			response.destroy();
			return;
		}
		this.running++;
		try {
			const { searchParams } = new URL(request.url ?? '/', this.origin);
			const query = Object.fromEntries(searchParams);
			Object.assign(request, { rawBody, query, body: {}, params: {} });
			const name = request.method === 'GET' ? 'setup' : 'default';
			const { context, staticData, credentials } = this.webhook(name, request, response);
			const result = await this.nodeType.webhook.call(context);
			this.stored = JSON.stringify(staticData);
			this.credential = credentials.data('adobeImsApi');
			const items = result.workflowData?.[0] as INodeExecutionData[] | undefined;
			if (items !== undefined) this.executions.push(items.map(({ json }) => json));
		} catch (error) {
			this.log.push(`thrown: ${String(error)}`);
			response.destroy();
		} finally {
			this.running--;
		}
	}

	private webhook(name: string, request: IncomingMessage, response: ServerResponse) {
		const { workflow, node, additional, data, staticData, credentials } = this.wired(name);
		Object.assign(additional, { httpRequest: request, httpResponse: response });
		const context = new WebhookContext(workflow, node, additional, this.mode, data, [], null);
		this.listen(context);
		return { context, staticData, credentials };
	}

	private hook(name: string, activation: WorkflowActivateMode = 'activate') {
		const { workflow, node, additional, data } = this.wired(name);
		const mode = this.mode === 'manual' ? 'manual' : 'trigger';
		const context = new HookContext(workflow, node, additional, mode, activation, data);
		this.listen(context);
		return { context };
	}

	private listen({ logger }: WebhookContext | HookContext): void {
		const note = (message: string) => this.log.push(message);
		Object.assign(logger, { warn: note, error: note, debug: () => undefined });
	}

	private wired(name: string) {
		const staticData = ObservableObject.create(JSON.parse(this.stored) as IDataObject, undefined, {
			ignoreEmptyOnFirstChild: true,
		}) as IDataObject;
		const wired = wire({
			nodeType: this.nodeType,
			parameters: this.parameters,
			credentials: { ims: this.credential },
		});
		const { workflow, node, additional, credentials } = wired;
		workflow.id = this.workflowId;
		workflow.staticData = staticData;
		node.webhookId = 'webhook-id';
		additional.webhookBaseUrl = `${this.origin}/webhook`;
		additional.webhookTestBaseUrl = `${this.origin}/webhook-test`;
		const webhookDescription = this.nodeType.description.webhooks?.find(
			(one) => one.name === name,
		) as IWebhookDescription;
		const data: IWebhookData = {
			httpMethod: name === 'setup' ? 'GET' : 'POST',
			node: node.name,
			path: 'events',
			webhookDescription,
			workflowId: this.workflowId,
			workflowExecuteAdditionalData: additional,
			isTest: this.mode === 'manual',
		};
		return { workflow, node, additional, data, staticData, credentials };
	}
}
