import type {
	ICredentialDataDecryptedObject,
	ICredentialsExpressionResolveValues,
	ICredentialType,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	INodeType,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { ICredentialsHelper, Workflow } from 'n8n-workflow';

/** What n8n would have done with a credential: database reads, refreshes and writes. */
export interface CredentialCalls {
	decrypts: number;
	preAuthentications: number;
	persists: number;
}

interface Stored {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
	calls: CredentialCalls;
}

/**
 * Stands in for n8n's own CredentialsHelper, which needs n8n's database. It follows its branches:
 * `preAuthentication` runs when the expirable property is empty or a 401 came back, what it gives
 * is stored, and `authenticate` is the credential type's own.
 */
export class CredentialsDouble extends ICredentialsHelper {
	private readonly stored = new Map<string, Stored>();

	add(type: ICredentialType, data: ICredentialDataDecryptedObject): void {
		const defaults = Object.fromEntries(
			type.properties.map(({ name, default: value }) => [name, value]),
		);
		this.stored.set(type.name, {
			type,
			data: { ...defaults, ...data } as ICredentialDataDecryptedObject,
			calls: { decrypts: 0, preAuthentications: 0, persists: 0 },
		});
	}

	calls(type: string): CredentialCalls {
		return this.find(type).calls;
	}

	/** The data as n8n's database would hold them. */
	data(type: string): ICredentialDataDecryptedObject {
		return this.find(type).data;
	}

	change(type: string, changes: ICredentialDataDecryptedObject): void {
		Object.assign(this.find(type).data, changes);
	}

	override async getDecrypted(
		_additionalData: unknown,
		_details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		_raw?: boolean,
		resolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.find(type);
		stored.calls.decrypts++;
		const data = structuredClone(stored.data) as INodeParameters;
		const resolved =
			resolveValues === undefined
				? resolvedWithoutItems(data, mode)
				: resolveValues.workflow.expression.getParameterValue(
						data,
						resolveValues.runExecutionData,
						resolveValues.runIndex,
						resolveValues.itemIndex,
						resolveValues.node.name,
						resolveValues.connectionInputData,
						mode,
						{},
						executeData,
						false,
						data,
					);
		return resolved as ICredentialDataDecryptedObject;
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		type: string,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.find(type).type;
		if (typeof authenticate !== 'function') throw new Error(`${type} has no authenticate function`);
		return await authenticate(credentials, request);
	}

	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		type: string,
		node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const stored = this.find(type);
		const hidden = stored.type.properties.find(isExpirable);
		if (hidden === undefined || stored.type.preAuthentication === undefined) return undefined;
		if (credentials[hidden.name] !== '' && !expired) return undefined;
		stored.calls.preAuthentications++;
		const output = await stored.type.preAuthentication.call(
			{ helpers: { httpRequest: helpers.helpers.httpRequest } },
			credentials,
		);
		if (output[hidden.name] === undefined || node.credentials?.[type] === undefined)
			return undefined;
		stored.calls.persists++;
		// n8n 1.x stores everything that was handed in, so a mark left behind would show here.
		stored.data = {
			...structuredClone(credentials),
			...(output as ICredentialDataDecryptedObject),
		};
		return Object.assign(credentials, output);
	}

	override async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	override getParentTypes(): string[] {
		return [];
	}

	override getCredentialsProperties(type: string): INodeProperties[] {
		return this.find(type).type.properties;
	}

	override async getCredentials(): Promise<never> {
		throw new Error('Not used by n8n-core for these nodes');
	}

	override async updateCredentials(): Promise<void> {
		throw new Error('Not used by n8n-core for these nodes');
	}

	override async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('Not used by n8n-core for these nodes');
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}

	private find(type: string): Stored {
		const stored = this.stored.get(type);
		if (stored === undefined) throw new Error(`No credential of the type ${type}`);
		return stored;
	}
}

/** In the editor and in polls: n8n resolves expressions there with a workflow of one empty node. */
function resolvedWithoutItems(data: INodeParameters, mode: WorkflowExecuteMode): unknown {
	const node: INode = {
		id: '',
		name: '',
		type: 'mock',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const find = () => ({ description: { properties: [] } }) as unknown as INodeType;
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) },
	});
	return workflow.expression.getComplexParameterValue(
		node,
		data,
		mode,
		{},
		undefined,
		undefined,
		data,
	);
}

function isExpirable({ type, typeOptions }: INodeProperties): boolean {
	return type === 'hidden' && typeOptions?.expirable === true;
}
