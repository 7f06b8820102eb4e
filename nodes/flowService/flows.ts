import type { ItemClient } from '../platform/client';
import { asRecord, textOf } from '../platform/shape';
import { POSTGRESQL_CONNECTION_SPEC } from './connectionSpec';
import { FLOW_REFUSALS } from './flowRefusals';
import { FLOW_SERVICE } from './path';
import type { ListOptions, Reference, Resource, ResourceKind, ResourcePage } from './resources';
import { createResource, deleteResource, getResource, listResources, write } from './resources';
import type { FlowSchedule } from './schedule';
import { readSchedule } from './schedule';
import { numberOf, truthOf } from './wireValues';

/** Adobe's flow spec "CRMToAEP", for databases and CRMs alike (Adobe's database tutorial). */
export const FLOW_SPEC = { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' } as const;

/** A dataflow as `GET /flows` gives it, with what this package reads of it. */
export interface Dataflow extends Resource {
	sourceConnectionIds: string[];
	targetConnectionIds: string[];
	schedule?: FlowSchedule;
	/** The base connection that it reads from, where Adobe names it. */
	connectionId?: string;
	/** The connection spec of its source, where Adobe names it. */
	connectionSpecId?: string;
	mappingId?: string;
	/** The column that marks new rows. */
	deltaColumn?: string;
	options: FlowOptions;
}

/** What becomes of rows that do not fit. */
export interface FlowOptions {
	/** Whether Adobe keeps the rows that it rejects, with the reasons. */
	errorDiagnosticsEnabled?: boolean;
	/** How many percent of a run's rows may be rejected before the run fails. */
	partialIngestionPercent?: number;
}

/** What a dataflow is asked to do; nothing else is open to users (Adobe's error 1402). */
export type FlowAction = 'enable' | 'disable';

/** Flow Service's collection of dataflows. */
export const DATAFLOW: ResourceKind<Dataflow> = {
	path: 'flows',
	one: 'dataflow',
	read: readFlow,
	refusals: FLOW_REFUSALS,
};

/**
 * `POST /flows`: 201 `{ id, etag }`.
 *
 * @throws Problem
 */
export async function createFlow(client: ItemClient, body: object): Promise<Reference> {
	return await createResource(client, DATAFLOW, body);
}

/** `GET /flows/{id}`: 200 `{ items: [flow] }`. */
export async function getFlow(client: ItemClient, id: string): Promise<Dataflow> {
	return await getResource(client, DATAFLOW, id);
}

/**
 * `GET /flows`, one page of the dataflows out of PostgreSQL. Adobe filters by the flow spec, which
 * other databases share; those are left out here, so a page may hold fewer than its limit, or none.
 */
export async function listFlows(
	client: ItemClient,
	options: ListOptions,
): Promise<ResourcePage<Dataflow>> {
	const page = await listResources(client, DATAFLOW, {
		...options,
		filters: [`flowSpec.id==${FLOW_SPEC.id}`, ...(options.filters ?? [])],
	});
	return { ...page, items: page.items.filter(isFromPostgreSql) };
}

/** `POST /flows/{id}/action?op=…`: 200 `{ id, etag }`; the etag of the new version. */
export async function actOnFlow(
	client: ItemClient,
	id: string,
	action: FlowAction,
): Promise<string | undefined> {
	const answer = await write(client, DATAFLOW, {
		method: 'POST',
		path: [...FLOW_SERVICE, DATAFLOW.path, id, 'action'],
		query: [['op', action]],
		operation: `${action === 'enable' ? 'Enable' : 'Disable'} a dataflow`,
		permission: 'Manage Sources',
		subject: `The dataflow '${id}'`,
	});
	return textOf(asRecord(answer.body)?.etag);
}

/** `DELETE /flows/{id}`: 204. Its source and target connections stay. */
export async function deleteFlow(client: ItemClient, id: string): Promise<void> {
	await deleteResource(client, DATAFLOW, id);
}

/** A flow whose source Adobe does not name counts too: every member but the ID may be absent. */
function isFromPostgreSql({ connectionSpecId }: Dataflow): boolean {
	return connectionSpecId === undefined || connectionSpecId === POSTGRESQL_CONNECTION_SPEC.id;
}

function readFlow(resource: Resource): Dataflow {
	const { raw } = resource;
	const source = asRecord(listOf(asRecord(raw.inheritedAttributes)?.sourceConnections)[0]);
	const transformation = (name: string) =>
		asRecord(
			listOf(raw.transformations)
				.map(asRecord)
				.find((one) => one?.name === name)?.params,
		);
	return {
		...resource,
		sourceConnectionIds: textsOf(raw.sourceConnectionIds),
		targetConnectionIds: textsOf(raw.targetConnectionIds),
		schedule: readSchedule(raw.scheduleParams),
		connectionId: textOf(asRecord(source?.baseConnection)?.id),
		connectionSpecId: textOf(asRecord(source?.connectionSpec)?.id),
		mappingId: textOf(transformation('Mapping')?.mappingId),
		deltaColumn: textOf(asRecord(transformation('Copy')?.deltaColumn)?.name),
		options: readOptions(asRecord(raw.options)),
	};
}

function readOptions(options: Record<string, unknown> | undefined): FlowOptions {
	return {
		errorDiagnosticsEnabled: truthOf(options?.errorDiagnosticsEnabled),
		partialIngestionPercent: numberOf(options?.partialIngestionPercent),
	};
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): string[] {
	return listOf(value).filter((one) => textOf(one) !== undefined) as string[];
}
