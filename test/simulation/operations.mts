import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { MAPPINGS } from './mappings.mts';
import type {
	ChangeStep,
	ConnectionStep,
	ExecutionStep,
	FlowStep,
	WantedConnection,
} from './steps.mts';
import { isChange, isOfConnections } from './steps.mts';

/** The IDs of what was there at the beginning. */
export interface Prepared {
	connections: string[];
	flows: string[];
	/** A failed run of each dataflow. */
	runs: string[];
	dataset: string;
}

interface Input {
	node: 'connection' | 'dataflow';
	parameters: INodeParameters;
	items: INodeExecutionData[];
}

type Row = Record<string, string>;

const SPEC = { id: '74a1c565-4e59-48d7-9d67-7c03b8a13137', version: '1.0' };

/** What n8n executes for a step. */
export function inputOf(step: ExecutionStep, prepared: Prepared): Input {
	if (isOfConnections(step)) return ofConnections(step);
	return isChange(step) ? ofChange(step, prepared) : ofFlows(step, prepared);
}

/** An expression takes n8n a millisecond, so what is the same for all items is written out. */
function parametersOf(rows: Row[]): Row {
	const [first = {}] = rows;
	return Object.fromEntries(
		Object.entries(first).map(([field, value]) => [
			field,
			rows.every((row) => row[field] === value) ? value : `={{ $json.${field} }}`,
		]),
	);
}

function ofConnections({ kind, cloud, items, waits, timeoutMs }: ConnectionStep): Input {
	const rows = items.map((item): Row => ({ ...fieldsOf(item), cloud }));
	const { description = '', ...more } = parametersOf(rows);
	return {
		node: 'connection',
		parameters: {
			resource: 'connection',
			operation: kind,
			databaseDetails: 'parameters',
			...more,
			additionalFields: description === '' ? {} : { description },
			verify: waits,
			options: { timeout: timeoutMs / 1000 },
		},
		items: rows.map((json) => ({ json })),
	};
}

/** A dataset made from the table; its name follows. */
const FOR_PROFILE = {
	datasetSource: 'create',
	schemaClass: 'profile',
	primaryIdentityColumn: 'customer_id',
	identityNamespace: 'CRMID',
	enableForProfile: true,
	confirmProfile: true,
};

function ofFlows({ items, timeoutMs }: FlowStep, { connections, dataset }: Prepared): Input {
	const rows = items.map(({ name, description = '' }): Row => ({ name, description }));
	const { name = '', description = '' } = parametersOf(rows);
	const isForProfile = items.some(({ forProfile }) => forProfile === true);
	return {
		node: 'dataflow',
		parameters: {
			resource: 'dataflow',
			operation: 'create',
			name,
			connectionId: { __rl: true, mode: 'id', value: connections[0] },
			table: { __rl: true, mode: 'name', value: 'public.orders' },
			...(isForProfile
				? { ...FOR_PROFILE, datasetName: '={{ $json.name.trim() + " rows" }}' }
				: { dataset: { __rl: true, mode: 'id', value: dataset } }),
			schedule: 'once',
			additionalFields: description === '' ? {} : { description },
			options: { timeout: timeoutMs / 1000 },
		} as INodeParameters,
		items: rows.map((json) => ({ json })),
	};
}

const OPERATIONS: Record<ChangeStep['kind'], { resource: string; operation: string }> = {
	updateConnection: { resource: 'connection', operation: 'update' },
	deleteConnection: { resource: 'connection', operation: 'delete' },
	updateFlow: { resource: 'dataflow', operation: 'update' },
	enable: { resource: 'dataflow', operation: 'enable' },
	disable: { resource: 'dataflow', operation: 'disable' },
	deleteFlow: { resource: 'dataflow', operation: 'delete' },
	run: { resource: 'dataflow', operation: 'run' },
	retry: { resource: 'run', operation: 'retry' },
	backfill: { resource: 'dataflow', operation: 'run' },
};

/** The span that backfills load: it is over when a simulation begins. */
export const SPAN = { from: '2026-06-27T00:00:00Z', windows: 6, hours: 12 };

/** By then, the run that a new dataflow begins with is over; that is while a simulation is prepared. */
const PREPARED = '2026-07-01T12:10:00Z';

const BACKFILL = {
	load: 'backfill',
	from: SPAN.from,
	to: new Date(Date.parse(SPAN.from) + SPAN.windows * SPAN.hours * 3_600_000).toISOString(),
	windowLength: SPAN.hours,
	windowUnit: 'hours',
};

/** The ID of what an item of such a step is about. */
export function targetOf(
	{ kind }: ChangeStep,
	{ index }: { index: number },
	prepared: Prepared,
): string {
	if (kind === 'updateConnection' || kind === 'deleteConnection') {
		return prepared.connections[index] ?? '';
	}
	return (kind === 'retry' ? prepared.runs[index] : prepared.flows[index]) ?? '';
}

function ofChange(step: ChangeStep, prepared: Prepared): Input {
	const { items, timeoutMs, waits } = step;
	const { resource, operation } = OPERATIONS[step.kind];
	const rows = items.map((item): Row => {
		const { name, description } = item;
		return {
			id: targetOf(step, item, prepared),
			...(name === undefined ? {} : { name }),
			...(description === undefined ? {} : { description }),
		};
	});
	const { id, ...fields } = parametersOf(rows);
	const [{ mapping } = {}] = items;
	return {
		node: resource === 'connection' ? 'connection' : 'dataflow',
		parameters: {
			resource,
			operation,
			[`${resource === 'dataflow' ? 'flow' : resource}Id`]: { __rl: true, mode: 'id', value: id },
			...(operation === 'update' ? { updateFields: fields } : {}),
			...(mapping === undefined
				? {}
				: { newMapping: 'json', mappings: JSON.stringify(MAPPINGS[mapping]) }),
			...(operation === 'run' ? { deltaColumn: 'updated_at' } : {}),
			...(step.kind === 'backfill' ? BACKFILL : {}),
			waitForCompletion: waits,
			// What a run takes is not the item's time: with the same for both, twice of it is the most.
			maxWait: timeoutMs / 60_000,
			verify: waits,
			maxWaitPerWindow: timeoutMs / 60_000,
			options: {
				timeout: timeoutMs / 1000,
				...(step.kind === 'backfill' ? { timeZone: 'utc', ignoreRunsBefore: PREPARED } : {}),
			},
		} as INodeParameters,
		items: rows.map((json) => ({ json })),
	};
}

function fieldsOf(wanted: WantedConnection): Row {
	const { name, description = '', authMode, database, password } = wanted;
	const { server, port, username } = database;
	return {
		name,
		description,
		authMode,
		connectionString: connectionString(wanted),
		server,
		port: String(port),
		database: database.database,
		username,
		password,
		sslMode: 'Require',
	};
}

function connectionString({ database, password }: WantedConnection): string {
	const { server, port, username } = database;
	return `Server=${server};Database=${database.database};Port=${port};UID=${username};Password=${password}`;
}

/** A connection as somebody who uses the API alone would create it. */
export function connectionBody(wanted: WantedConnection) {
	const { name, description, authMode } = wanted;
	const { connectionString: text = '', server = '', port = '', ...more } = fieldsOf(wanted);
	const { database = '', username = '', password = '', sslMode = '' } = more;
	const auth =
		authMode === 'connectionString'
			? {
					specName: 'Connection String Based Authentication',
					params: { connectionString: text },
				}
			: {
					specName: 'Basic Authentication',
					params: { server, port, database, username, password, sslMode },
				};
	return {
		name,
		...(description === undefined ? {} : { description }),
		auth,
		connectionSpec: SPEC,
	};
}
