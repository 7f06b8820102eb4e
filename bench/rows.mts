import type { WorkflowNode } from '../e2e/n8n/workflow.mts';
import type { Case } from './cases.mts';
import type { EmulatorProcess } from './emulatorProcess.mts';

/** The dataset that dataflows write to. */
export interface Dataset {
	id: string;
	/** `$id` of its schema. */
	schemaId: string;
}

type HttpRow = Extract<RowName, 'httpRequestCredential' | 'httpRequestHeader'>;

/** What does the work; `floor` is outside n8n. */
export type RowName = 'node' | 'httpRequestCredential' | 'httpRequestHeader' | 'floor';

export const ROW_MEANINGS: Record<RowName, string> = {
	node: 'our Connection node; our Dataflow node where dataflows are created or planned, and our trigger where they are watched',
	httpRequestCredential:
		'n8n’s HTTP Request node with our credential, as it comes; for dataflows four of them, one after the other, which are given the columns and check nothing',
	httpRequestHeader: 'n8n’s HTTP Request node with the token as a plain header, as it comes',
	floor:
		'a keep-alive HTTP client outside n8n, with as many requests at a time as our node sends or, where their number is limited, as Adobe takes; for a plan it only reads, as much as our node, and as fast as Adobe takes it; where dataflows are created or watched the time that our node’s requests take at least: latency by so many at a time',
};

export const SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };
export const OUR_CONNECTION = 'n8n-nodes-adobe-postgresql.adobePostgreSqlConnection';
const OUR_DATAFLOW = 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflow';
const HTTP_REQUEST = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
const CONNECTIONS = '/data/foundation/flowservice/connections';

type Measured = Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'> & {
	usesCredential: boolean;
};

/** The same database for every connection: what Adobe's side does with it is not what is measured. */
export const DETAILS = {
	server: 'db',
	port: '5432',
	database: 'd',
	username: 'u',
	password: 'p',
	sslMode: 'Prefer',
};

/** What a POST of these measurements carries, for item `name`. */
export function createBody(name: string, description?: string, params: object = DETAILS): object {
	return {
		name,
		description,
		auth: { specName: 'Basic Authentication', params },
		connectionSpec: SPEC,
	};
}

/** The node that is measured in a row of a case. */
export function measuredNode(
	row: Exclude<RowName, 'floor'>,
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	dataset: Dataset,
): Measured {
	if (row === 'node') return ourNode(measured, dataset.id);
	return requestNode(
		row,
		emulator,
		token,
		measured.work === 'list'
			? listParameters(`${emulator.platformUrl}${CONNECTIONS}`)
			: createParameters(`${emulator.platformUrl}${CONNECTIONS}`, measured),
	);
}

/** A node of HTTP Request that calls Adobe. */
function requestNode(
	row: HttpRow,
	emulator: EmulatorProcess,
	token: string,
	parameters: Record<string, unknown>,
): Measured {
	const headers: Record<string, string> = {
		Authorization: `Bearer ${token}`,
		'x-api-key': emulator.clientId,
		'x-gw-ims-org-id': emulator.orgId,
		'x-sandbox-name': 'prod',
	};
	return {
		...HTTP_REQUEST,
		usesCredential: row === 'httpRequestCredential',
		parameters: {
			...(row === 'httpRequestCredential'
				? { authentication: 'predefinedCredentialType', nodeCredentialType: 'adobeImsApi' }
				: {
						sendHeaders: true,
						headerParameters: {
							parameters: Object.entries(headers).map(([name, value]) => ({ name, value })),
						},
					}),
			...parameters,
		},
	};
}

function ourNode({ work, detailsOfItem }: Case, datasetId: string): Measured {
	if (work === 'dataflow') return dataflowNode(datasetId);
	if (work === 'plan') return planNode();
	const type = { type: OUR_CONNECTION, typeVersion: 1 };
	if (work === 'list') {
		const parameters = { resource: 'connection', operation: 'getAll', returnAll: true };
		return { ...type, usesCredential: true, parameters };
	}
	return {
		...type,
		usesCredential: true,
		parameters: {
			resource: 'connection',
			operation: work,
			name: '={{ $json.name }}',
			cloud: 'azure',
			authMode: 'basic',
			databaseDetails: 'parameters',
			// HTTP Request does not verify either.
			verify: false,
			...(detailsOfItem === true ? detailsOfItems('={{ ', ' }}') : { ...DETAILS, port: 5432 }),
			// One expression, as in the body of HTTP Request: n8n takes long for each.
			additionalFields: work === 'upsert' ? { description: '={{ $json.description }}' } : {},
		},
	};
}

/** The node before that creates the connection of the dataflows. */
export const CONNECTION = 'Connection';

function dataflowNode(datasetId: string): Measured {
	return {
		type: OUR_DATAFLOW,
		typeVersion: 1,
		usesCredential: true,
		parameters: {
			resource: 'dataflow',
			operation: 'create',
			name: '={{ $json.name }}',
			connectionId: {
				__rl: true,
				mode: 'id',
				value: `={{ $('${CONNECTION}').first().json.connectionId }}`,
			},
			table: { __rl: true, mode: 'name', value: 'public.orders' },
			dataset: { __rl: true, mode: 'id', value: datasetId },
			schedule: 'once',
		},
	};
}

/** Wants the table of the item as its columns say. */
export function planNode(): Measured {
	return {
		type: OUR_DATAFLOW,
		typeVersion: 1,
		usesCredential: true,
		parameters: {
			resource: 'database',
			operation: 'plan',
			planFor: 'tables',
			connectionId: {
				__rl: true,
				mode: 'id',
				value: `={{ $('${CONNECTION}').first().json.connectionId }}`,
			},
			table: { __rl: true, mode: 'name', value: '={{ $json.table }}' },
			schedule: 'day',
			interval: 1,
			deltaColumn: 'updated_at',
		},
	};
}

/** Carries out what the node before has planned. */
export function applyNode(): Measured {
	return {
		type: OUR_DATAFLOW,
		typeVersion: 1,
		usesCredential: true,
		parameters: { resource: 'database', operation: 'apply', plan: '={{ $json }}' },
	};
}

const FULL_SCHEMA = 'application/vnd.adobe.xed-full+json;version=1';
const LAKE = { id: 'c604ff05-7f1a-43c0-8e18-33bf874cb11c', version: '1.0' };
const FLOW_SPEC = { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' };

/** The node before that explores the table, once, as HTTP Request has to be given the columns. */
export const COLUMNS = 'Columns';

/** The nodes of HTTP Request that create a dataflow, in their order, by their names. */
export function dataflowNodes(
	row: HttpRow,
	emulator: EmulatorProcess,
	token: string,
	{ id: dataSetId, schemaId }: Dataset,
	last: string,
): Map<string, Measured> {
	const idOf = (node: string) => `{{ $('${node}').item.json.id }}`;
	const name = "{{ $('Items').item.json.name }}";
	const post = (path: string, body: object) =>
		requestNode(row, emulator, token, postParameters(emulator.platformUrl + path, body));
	const flowService = '/data/foundation/flowservice';
	const url = `${emulator.platformUrl}${flowService}/connections/{{ $json.connectionId }}/explore`;
	const explore = { url: `=${url}?objectType=table&object=public.orders`, options: {} };
	return new Map([
		[COLUMNS, requestNode(row, emulator, token, explore)],
		[
			'Source',
			post(`${flowService}/sourceConnections`, {
				name: `${name} source`,
				baseConnectionId: `{{ $('${CONNECTION}').first().json.connectionId }}`,
				data: { format: 'tabular' },
				params: { tableName: 'public.orders', columns: COLUMNS_OF_TABLE },
				connectionSpec: SPEC,
			}),
		],
		[
			'Mapping Set',
			post('/data/foundation/conversion/mappingSets', {
				outputSchema: { schemaRef: { id: schemaId, contentType: FULL_SCHEMA } },
				mappings: [{ sourceType: 'ATTRIBUTE', source: 'id', destination: '_id' }],
			}),
		],
		[
			'Target',
			post(`${flowService}/targetConnections`, {
				name: `${name} target`,
				data: { schema: { id: schemaId, version: FULL_SCHEMA } },
				params: { dataSetId },
				connectionSpec: LAKE,
			}),
		],
		[
			last,
			post(`${flowService}/flows`, {
				name,
				flowSpec: FLOW_SPEC,
				sourceConnectionIds: [idOf('Source')],
				targetConnectionIds: [idOf('Target')],
				transformations: [
					{ name: 'Mapping', params: { mappingId: idOf('Mapping Set'), mappingVersion: 0 } },
				],
				scheduleParams: {
					startTime: '{{ Math.floor(Date.now() / 1000) + 600 }}',
					frequency: 'once',
				},
			}),
		],
	]);
}

/** Stands for an expression that is no text. */
const COLUMNS_OF_TABLE = '(columns)';

function postParameters(url: string, body: object): Record<string, unknown> {
	const columns = `{{ JSON.stringify($('${COLUMNS}').first().json.schema.columns) }}`;
	const text = JSON.stringify(body).replace(`"${COLUMNS_OF_TABLE}"`, columns);
	return {
		method: 'POST',
		url,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `=${text}`,
		options: {},
	};
}

/** An expression for each detail, e.g. `$json.server` between the marks. */
function detailsOfItems(before: string, after: string): Record<string, string> {
	return Object.fromEntries(
		Object.keys(DETAILS).map((name) => [name, `${before}$json.${name}${after}`]),
	);
}

function createParameters(url: string, { detailsOfItem }: Case): Record<string, unknown> {
	const params = detailsOfItem === true ? detailsOfItems('{{ ', ' }}') : DETAILS;
	return postParameters(url, createBody('{{ $json.name }}', undefined, params));
}

function listParameters(url: string): Record<string, unknown> {
	const first = `${url}?property=connectionSpec.id==${SPEC.id}&limit=100`;
	// Adobe's link is relative to Flow Service and has nothing but the token, encoded as it has to be.
	const next = `"${first}&" + ($response.body._links?.next?.href ?? "").split("?")[1]`;
	return {
		url: first,
		options: {
			pagination: {
				pagination: {
					paginationMode: 'responseContainsNextURL',
					nextURL: `={{ ${next} }}`,
					paginationCompleteWhen: 'other',
					completeExpression: '={{ !$response.body._links?.next?.href }}',
				},
			},
		},
	};
}
