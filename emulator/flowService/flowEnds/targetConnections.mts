import type { RouteTable } from '../../http/routes.mts';
import { type Caller, originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import type { NewEntity } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredTargetConnection } from '../flows/flowParts.mts';
import { members } from '../input.mts';
import { createEntity, deleteEntity, getEntity, listEntities, ORDER_FIELDS } from '../resource.mts';
import { checkUnused, patchFlowEnd } from './flowEnd.mts';
import { DATA_LAKE_SPEC } from './dataLakeSpec.mts';
import { readTargetSettings } from './targetConnectionInput.mts';

/** ⚠UNV what may be changed. */
const PATCHABLE = /^\/(name|description|data|data\/.+|params|params\/.+)$/;

const TARGET_CONNECTIONS = {
	name: 'targetConnections',
	storeOf: ({ targetConnections }: EmulatorState) => targetConnections,
	describe,
	show: (_state: EmulatorState, { sequence: _, ...shown }: ReturnType<typeof describe>) => shown,
	// flow-service.md 2.7: any path.
	isField: (path: string) => path !== '',
	orderFields: ORDER_FIELDS,
};

/** `/targetConnections`: flow-service.md 5.2. */
export const TARGET_CONNECTION_ROUTES: RouteTable = {
	'POST /targetConnections': createEntity(TARGET_CONNECTIONS, readNew),
	'GET /targetConnections': listEntities(TARGET_CONNECTIONS),
	'GET /targetConnections/:id': getEntity(TARGET_CONNECTIONS),
	'PATCH /targetConnections/:id': patchFlowEnd(TARGET_CONNECTIONS, PATCHABLE, readTargetSettings),
	'DELETE /targetConnections/:id': deleteEntity(TARGET_CONNECTIONS, checkUnused),
};

function readNew(
	body: unknown,
	state: EmulatorState,
	caller: Caller,
): NewEntity<StoredTargetConnection> {
	checkSpec(members(body)['connectionSpec']);
	const settings = readTargetSettings(body, state, caller);
	return { ...settings, connectionSpec: DATA_LAKE_SPEC, ...originOf(caller) };
}

/** With what GET adds: flow-service.md 2.8. */
function describe(_state: EmulatorState, target: StoredTargetConnection) {
	return { ...target, version: target.etag };
}

/** flow-service.md 5.2: there is one spec, and its code for any other. @throws FlowError 1307 */
function checkSpec(given: unknown): void {
	const { id, version } = members(given);
	const { id: knownId, version: knownVersion } = DATA_LAKE_SPEC;
	if (id === knownId && (version === undefined || version === knownVersion)) return;
	throw new FlowError('CONNECTOR-1307-400', `The target connection spec must be ${knownId}.`);
}
