import type { Workflow, WorkflowNode } from '../e2e/n8n/workflow.mts';
import type { PostgresServer } from '../emulator/emulator.mts';
import type { Case } from './cases.mts';
import type { EmulatorProcess } from './emulatorProcess.mts';
import type { RowName } from './rows.mts';
import type { Dataset } from './rows.mts';
import {
	applyNode,
	COLUMNS,
	CONNECTION,
	dataflowNodes,
	DETAILS,
	measuredNode,
	OUR_CONNECTION,
	planNode,
} from './rows.mts';
import { tableName } from './tables.mts';

/** Name of the node whose time is taken, or of the last of several. */
export const MEASURED = 'Measured';

/** Of the first of several, in one of the rows. */
export const FIRST_MEASURED = 'Source';

/** The items of a case: a table, or a name and a description for each connection, and its details where wanted. */
export function itemsOf({ work, items, changed = 0, detailsOfItem }: Case): object[] {
	if (work === 'plan') {
		return Array.from({ length: items }, (_item, index) => ({
			table: tableName(index),
			dataflow: `c${index}`,
			dataset: `Table ${index}`,
		}));
	}
	return Array.from({ length: items }, (_item, index) => ({
		name: `c${index}`,
		description: index < changed ? `changed ${index}` : `number ${index}`,
		...(detailsOfItem === true ? DETAILS : {}),
	}));
}

/** What dataflows read from and write to. */
export interface Ends {
	database: Pick<PostgresServer, 'server' | 'port' | 'database' | 'username' | 'password'>;
	dataset: Dataset;
}

/** Creates the connection that dataflows read through. */
function connectionNode({ database: details }: Ends): Record<string, unknown> {
	const { server, port, database, username, password } = details;
	return {
		resource: 'connection',
		operation: 'upsert',
		name: 'Sales',
		cloud: 'azure',
		authMode: 'basic',
		databaseDetails: 'parameters',
		verify: false,
		...{ server, port, database, username, password, sslMode: 'Prefer' },
	};
}

/** What has to be done once before a case, as a workflow. */
export function workflowBefore(
	measured: Case,
	emulator: EmulatorProcess,
	token: string,
	credentialId: string,
	ends: Ends,
): Workflow | undefined {
	if (measured.work !== 'plan') return undefined;
	const nodes = new Map([
		['Plan', planNode()],
		[MEASURED, applyNode()],
	]);
	return { ...workflowWith(nodes, measured, credentialId, ends), name: `${measured.name} before` };
}

/** Start → items → the node that is measured; a failed item continues as an error item. */
export function workflowOf(
	measured: Case,
	row: Exclude<RowName, 'floor'>,
	emulator: EmulatorProcess,
	token: string,
	credentialId: string,
	ends: Ends,
): Workflow {
	const nodes =
		measured.work === 'dataflow' && row !== 'node'
			? dataflowNodes(row, emulator, token, ends.dataset, MEASURED)
			: new Map([[MEASURED, measuredNode(row, measured, emulator, token, ends.dataset)]]);
	const workflow = workflowWith(nodes, measured, credentialId, ends);
	return { ...workflow, name: `${measured.name} ${row}` };
}

type Nodes = ReturnType<typeof dataflowNodes>;

function workflowWith(
	nodes: Nodes,
	measured: Case,
	credentialId: string,
	ends: Ends,
): Omit<Workflow, 'name'> {
	const credentials = { adobeImsApi: { id: credentialId, name: 'Adobe IMS account' } };
	const at = (column: number): [number, number] => [column * 220, 0];
	const plain = (
		name: string,
		type: string,
		typeVersion: number,
		column: number,
		parameters: object,
	) => ({ id: name, name, type, typeVersion, position: at(column), parameters }) as WorkflowNode;
	const isOfDataflows = measured.work === 'dataflow' || measured.work === 'plan';
	const before = isOfDataflows ? [CONNECTION] : [];
	const once = [...nodes.keys()].filter((name) => name === COLUMNS);
	const each = [...nodes.keys()].filter((name) => name !== COLUMNS);
	const names = ['Start', ...before, ...once, 'Rows', 'Items', ...each];
	return {
		nodes: [
			plain('Start', 'n8n-nodes-base.manualTrigger', 1, 0, {}),
			...before.map((name) => ({
				...plain(name, OUR_CONNECTION, 1, 0.5, connectionNode(ends)),
				credentials,
			})),
			plain('Rows', 'n8n-nodes-base.set', 3.4, 1, {
				mode: 'raw',
				jsonOutput: JSON.stringify({ rows: itemsOf(measured) }),
				options: {},
			}),
			plain('Items', 'n8n-nodes-base.splitOut', 1, 2, { fieldToSplitOut: 'rows', options: {} }),
			...[...nodes].map(([name, { usesCredential, ...node }], place) => ({
				...node,
				id: name,
				name,
				position: at(3 + place),
				onError: 'continueRegularOutput' as const,
				...(usesCredential ? { credentials } : {}),
			})),
		],
		connections: Object.fromEntries(
			names
				.slice(1)
				.map((name, index) => [
					names[index] ?? '',
					{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
	};
}
