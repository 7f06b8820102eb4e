import { randomUUID } from 'node:crypto';
import { type CallOptions, SPEC, type Wire } from './wire.mts';

export const TARGET_SPEC = 'c604ff05-7f1a-43c0-8e18-33bf874cb11c';
export const FLOW_SPEC = '14518937-270c-4525-bdec-c2ba7cce3860';
export const FULL = 'application/vnd.adobe.xed-full+json;version=1';
const REGISTRY = '/data/foundation/schemaregistry';

/** A dataset and its schema. */
export interface DataSet {
	id: string;
	schemaId: string;
	/** The member of a record under which the tenant's own fields are, as `_acme`. */
	tenant: string;
}

/** The parts of a dataflow that may be put together. */
export interface Parts {
	connectionId: string;
	dataSet: DataSet;
	sourceId: string;
	targetId: string;
	mappingId: string;
}

/** Makes a schema with these fields of the tenant's own, and a dataset. */
export async function makeDataSet(
	wire: Wire,
	fields: Record<string, object>,
	options: CallOptions & { required?: string[] } = {},
): Promise<DataSet> {
	const { required } = options;
	const stats = await wire.call('GET', `${REGISTRY}/stats`, options);
	const tenant = `_${stats.json.tenantId}`;
	const post = async (kind: string, body: object) => {
		const answer = await wire.call('POST', `${REGISTRY}/tenant/${kind}`, { ...options, body });
		if (answer.status !== 201) throw new Error(`${kind}: ${answer.status} ${answer.text}`);
		return answer.json.$id as string;
	};
	// Titles have to be unique.
	const title = `Table ${randomUUID()}`;
	const profile = 'https://ns.adobe.com/xdm/context/profile';
	const group = await post('fieldgroups', {
		type: 'object',
		title: `${title} fields`,
		'meta:intendedToExtend': [profile],
		definitions: {
			own: { properties: { [tenant]: { type: 'object', properties: fields, required } } },
		},
		allOf: [{ $ref: '#/definitions/own' }],
	});
	const schemaId = await post('schemas', {
		type: 'object',
		title,
		allOf: [{ $ref: profile }, { $ref: group }],
	});
	const made = await wire.call('POST', '/data/foundation/catalog/dataSets', {
		...options,
		body: { name: title, schemaRef: { id: schemaId, contentType: FULL } },
	});
	if (made.status !== 201) throw new Error(`dataset: ${made.status} ${made.text}`);
	return { id: made.json[0].split('/').at(-1), schemaId, tenant };
}

export function sourceBody(baseConnectionId: string, tableName: string, columns?: string[]): any {
	return {
		name: `${tableName} source`,
		baseConnectionId,
		data: { format: 'tabular' },
		params: {
			tableName,
			...(columns && { columns: columns.map((name) => ({ name, type: 'string' })) }),
		},
		connectionSpec: { id: SPEC, version: '1.0' },
	};
}

export function targetBody({ id, schemaId }: DataSet): any {
	return {
		name: 'target',
		data: { schema: { id: schemaId, version: FULL } },
		params: { dataSetId: id },
		connectionSpec: { id: TARGET_SPEC, version: '1.0' },
	};
}

/** The body of a flow of frequency once that starts far in the future; `over` replaces members. */
export function flowBody({ sourceId, targetId, mappingId }: Parts, over: object = {}): any {
	return {
		name: 'Orders',
		flowSpec: { id: FLOW_SPEC, version: '1.0' },
		sourceConnectionIds: [sourceId],
		targetConnectionIds: [targetId],
		transformations: [{ name: 'Mapping', params: { mappingId, mappingVersion: 0 } }],
		scheduleParams: { startTime: '2000000000', frequency: 'once' },
		...over,
	};
}

export const copyBy = (name: string) => ({ name: 'Copy', params: { deltaColumn: { name } } });

/** Posts to Flow Service and answers the ID. */
export async function made(
	wire: Wire,
	path: string,
	body: object,
	options: CallOptions = {},
): Promise<string> {
	const answer = await wire.flow('POST', path, { ...options, body });
	if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
	return answer.json.id as string;
}

/** Makes a mapping set of `source to destination`; a destination counts from the tenant's own fields. */
export async function makeMapping(
	wire: Wire,
	{ schemaId, tenant }: DataSet,
	mappings: Array<[source: string, destination: string, sourceType?: string]>,
	options: CallOptions = {},
): Promise<string> {
	const body = {
		outputSchema: { schemaRef: { id: schemaId, contentType: FULL } },
		mappings: mappings.map(([source, destination, sourceType = 'ATTRIBUTE']) => ({
			sourceType,
			source,
			destination: `${tenant}.${destination}`,
		})),
	};
	const path = '/data/foundation/conversion/mappingSets';
	const answer = await wire.call('POST', path, { ...options, body });
	if (answer.status !== 200) throw new Error(`mapping set: ${answer.status} ${answer.text}`);
	return answer.json.id as string;
}

/** Makes everything but the flow. */
export async function makeParts(
	wire: Wire,
	given: {
		connection: object;
		tableName: string;
		columns?: string[];
		fields: Record<string, object>;
		/** Fields without which a record is rejected. */
		required?: string[];
		mappings: Array<[source: string, destination: string, sourceType?: string]>;
	},
): Promise<Parts> {
	const connectionId = await wire.create(given.connection);
	const { required } = given;
	const dataSet = await makeDataSet(wire, given.fields, required === undefined ? {} : { required });
	const source = sourceBody(connectionId, given.tableName, given.columns);
	return {
		connectionId,
		dataSet,
		sourceId: await made(wire, '/sourceConnections', source),
		targetId: await made(wire, '/targetConnections', targetBody(dataSet)),
		mappingId: await makeMapping(wire, dataSet, given.mappings),
	};
}
