import type { RouteTable } from '../../http/routes.mts';
import { type Caller, originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import type { NewEntity } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredSourceConnection } from '../flows/flowParts.mts';
import { members, missing } from '../input.mts';
import {
	createEntity,
	deleteEntity,
	findVisible,
	getEntity,
	listEntities,
	ORDER_FIELDS,
} from '../resource.mts';
import { checkUnused, patchFlowEnd } from './flowEnd.mts';
import { readSourceSettings } from './sourceConnectionInput.mts';

/** ⚠UNV what may be changed; the base connection cannot. */
const PATCHABLE = /^\/(name|description|params|params\/.+)$/;

const SOURCE_CONNECTIONS = {
	name: 'sourceConnections',
	storeOf: ({ sourceConnections }: EmulatorState) => sourceConnections,
	describe,
	show: (_state: EmulatorState, { sequence: _, ...shown }: ReturnType<typeof describe>) => shown,
	// flow-service.md 2.7: any path.
	isField: (path: string) => path !== '',
	orderFields: ORDER_FIELDS,
};

/** `/sourceConnections`: flow-service.md 5.1. */
export const SOURCE_CONNECTION_ROUTES: RouteTable = {
	'POST /sourceConnections': createEntity(SOURCE_CONNECTIONS, readNew),
	'GET /sourceConnections': listEntities(SOURCE_CONNECTIONS),
	'GET /sourceConnections/:id': getEntity(SOURCE_CONNECTIONS),
	'PATCH /sourceConnections/:id': patchFlowEnd(SOURCE_CONNECTIONS, PATCHABLE, readSourceSettings),
	'DELETE /sourceConnections/:id': deleteEntity(SOURCE_CONNECTIONS, checkUnused),
};

function readNew(
	body: unknown,
	state: EmulatorState,
	caller: Caller,
): NewEntity<StoredSourceConnection> {
	const settings = readSourceSettings(body);
	return { ...settings, ...findBase(state, body, caller), ...originOf(caller) };
}

/**
 * @throws FlowError 1304, 1413, 1439 for a base connection that does not exist ⚠UNV, 1422 for one
 * that is not enabled ⚠UNV
 */
function findBase(state: EmulatorState, body: unknown, caller: Caller) {
	const { baseConnectionId, connectionSpec } = members(body);
	if (typeof baseConnectionId !== 'string' || baseConnectionId === '') {
		throw missing('baseConnectionId');
	}
	const base = findVisible(state.connections, 'connections', baseConnectionId, caller);
	const { id, version } = members(connectionSpec);
	const known = base.connectionSpec;
	if (id !== known.id || (version !== undefined && version !== known.version)) {
		throw new FlowError('FLOW-1413-400', 'The connection spec id is invalid.');
	}
	if (base.state !== 'enabled') {
		throw new FlowError(
			'FLOW-1422-400',
			`A source connection cannot be created on a base connection in the state ${base.state}.`,
		);
	}
	return { baseConnectionId, connectionSpec: known };
}

/** With what GET adds, which can be filtered by as well: flow-service.md 5.1. */
function describe(_state: EmulatorState, source: StoredSourceConnection) {
	const { baseConnectionId: id, connectionSpec } = source;
	return {
		...source,
		version: source.etag,
		data: { ...source.data, schema: null, properties: null },
		inheritedAttributes: { baseConnection: { id, connectionSpec } },
	};
}
