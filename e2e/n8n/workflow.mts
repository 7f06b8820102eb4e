/** A node of a workflow, as in an export. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	/** For the first of its items only. */
	executeOnce?: boolean;
	/** Lets items through as they are. */
	disabled?: boolean;
	/** In the address of a form or a webhook that it starts from. */
	webhookId?: string;
	onError?: 'continueErrorOutput' | 'continueRegularOutput' | 'stopWorkflow';
}

/** Where the outputs of a node lead: for each output, the inputs. */
type Outputs<Type extends string> = Array<Array<{ node: string; type: Type; index: number }>>;

/** Where a node leads, by the kind of its output. */
interface NodeConnections {
	main?: Outputs<'main'>;
	ai_languageModel?: Outputs<'ai_languageModel'>;
	ai_tool?: Outputs<'ai_tool'>;
}

/** A workflow, as in an export. */
export interface Workflow {
	id?: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, NodeConnections>;
	settings?: Record<string, unknown>;
	/** Items that stand in for a node's output, by its name. */
	pinData?: Record<string, Array<{ json: Record<string, unknown> }>>;
}

/** A credential with its secrets. */
export interface CredentialInput {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/**
 * A copy of a workflow whose nodes use the given credentials; a reference is matched by its type
 * and name, because n8n gives a new credential a new ID.
 *
 * @param ids ID of a credential by `type/name`
 * @throws {Error} naming a credential that the workflow wants and that is not given
 */
export function withCredentials(workflow: Workflow, ids: Map<string, string>): Workflow {
	const copy = structuredClone(workflow);
	for (const node of copy.nodes) {
		for (const [type, reference] of Object.entries(node.credentials ?? {})) {
			const id = ids.get(`${type}/${reference.name}`);
			if (id === undefined) {
				throw new Error(`"${workflow.name}" wants the credential "${reference.name}" (${type})`);
			}
			reference.id = id;
		}
	}
	return copy;
}
