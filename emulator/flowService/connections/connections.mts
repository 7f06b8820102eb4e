import type { FastifyRequest } from 'fastify';
import { query } from '../../http/call.mts';
import { type ApiRequest, type Reply, type RouteTable } from '../../http/routes.mts';
import { originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { checkIfMatch } from '../etag.mts';
import { backendError, FlowError } from '../flowErrors.mts';
import { flowsOfConnection } from '../flows/flowUse.mts';
import { readJson } from '../input.mts';
import { readPatch } from '../jsonPatch.mts';
import {
	deleteEntity,
	findRequested,
	listEntities,
	ORDER_FIELDS,
	replyCreated,
	type Resource,
} from '../resource.mts';
import type { ConnectionAuth, StoredConnection } from './connection.mts';
import { readConnectionInput } from './connectionInput.mts';
import { applyConnectionPatch } from './connectionPatch.mts';
import { connectionSpecsOf } from './connectionSpecs.mts';
import { checkChangeable, checkInitialized } from './connectionState.mts';
import { testTarget } from './connectionTarget.mts';
import { viewConnection } from './connectionView.mts';
import { exploreConnection } from './explore.mts';
import { SECRET_PARAMS } from './postgreSqlSpec.mts';

/**
 * flow-service.md 2.7. The two times are not in its list of filterable fields ⚠UNV; they are here to
 * have something to compare by size, and a client must not depend on them.
 */
const FILTER_FIELDS = [
	'id',
	'name',
	'description',
	'state',
	'connectionSpec.id',
	'createdAt',
	'updatedAt',
];

const CONNECTIONS: Resource<StoredConnection> = {
	name: 'connections',
	storeOf: ({ connections }) => connections,
	describe: (_state, connection) => connection,
	show: ({ settings }, connection) => viewConnection(connection, settings.secretsInGet),
	isField: isFilterField,
	orderFields: ORDER_FIELDS,
};

/** `/connections`: base connections, flow-service.md 4. */
export const CONNECTION_ROUTES: RouteTable = {
	'POST /connections': createConnection,
	'GET /connections': listEntities(CONNECTIONS),
	'GET /connections/:id': getConnection,
	'PATCH /connections/:id': patchConnection,
	// That a draft may be deleted is ⚠UNV.
	'DELETE /connections/:id': deleteEntity(CONNECTIONS, checkDeletable),
	'GET /connections/:id/test': testConnection,
	'GET /connections/:id/explore': explore,
	'GET /connections/:id/configs': listConfigs,
};

async function createConnection(state: EmulatorState, request: ApiRequest): Promise<Reply> {
	const caller = admit(state, request, 'create');
	const isDraft = readMode(request) === 'draft';
	const input = readConnectionInput(readJson(request), connectionSpecsOf(state));
	const { connections, settings } = state;
	if (settings.validateOnCreate && !isDraft) await logIn(state, input.auth);
	const pollsLeft = isDraft ? 0 : settings.initializingPolls;
	const initial = isDraft ? 'draft' : pollsLeft > 0 ? 'initializing' : 'enabled';
	const connection = connections.create(
		{ ...input, ...originOf(caller), state: initial, pollsLeft },
		isDraft ? 'draft_create' : 'create',
	);
	return replyCreated(CONNECTIONS.name, connection);
}

function getConnection(state: EmulatorState, request: ApiRequest): object {
	const { entity: connection } = findRequested(CONNECTIONS, state, request, 'view');
	const shown = CONNECTIONS.show(state, connection);
	// flow-service.md 2.4: on AWS it becomes enabled after a while; here the reads are counted.
	if (connection.state === 'initializing' && --connection.pollsLeft <= 0) {
		connection.state = 'enabled';
		connection.lastOperation.updated = connection.updatedAt = state.clock.now();
	}
	return { items: [shown] };
}

async function patchConnection(state: EmulatorState, request: ApiRequest): Promise<object> {
	const { caller, connection: before } = findChangeable(state, request);
	const operations = readPatch(readJson(request));
	const changed = applyConnectionPatch(before, operations, connectionSpecsOf(state));
	const touchesAuth = operations.some(({ path }) => path[0] === 'auth');
	if (state.settings.validateOnCreate && touchesAuth && before.state !== 'draft') {
		await logIn(state, changed.auth);
	}
	// Again, because another request may have changed it during the login.
	const { connection } = findChangeable(state, request);
	const changes = { description: undefined, ...changed };
	state.connections.update(connection, changes, caller.client, { operation: 'update' });
	return { id: connection.id, etag: connection.etag };
}

async function testConnection(state: EmulatorState, request: ApiRequest): Promise<object> {
	const { entity: connection } = findRequested(CONNECTIONS, state, request, 'view');
	checkInitialized(connection, 'test');
	const failure = await testTarget(state, connection.auth);
	if (failure === undefined) return { result: true };
	// flow-service.md 4.5 ⚠UNV: either form, a client has to cope with both.
	if (state.settings.testFailure === 'result') return { result: false };
	throw backendError(failure);
}

/** flow-service.md 4.6 */
async function explore(state: EmulatorState, request: ApiRequest): Promise<unknown> {
	const { entity: connection } = findRequested(CONNECTIONS, state, request, 'view');
	return await exploreConnection(state, connection, query(request));
}

/**
 * flow-service.md 4 ⚠CONFLICT: `items` in the API description's example, an array in its schema. Which columns
 * it names without a table is ⚠UNV; here none.
 */
function listConfigs(state: EmulatorState, request: ApiRequest): object {
	findRequested(CONNECTIONS, state, request, 'view');
	return { items: [] };
}

/** Which of several faults is reported first is ⚠UNV; here: state, version, body. */
function findChangeable(state: EmulatorState, request: ApiRequest) {
	const { caller, entity: connection } = findRequested(CONNECTIONS, state, request, 'manage');
	checkChangeable(connection, 'update');
	checkIfMatch(request, connection.etag);
	return { caller, connection };
}

/** @throws FlowError 1418 for a connection that a flow uses, and as `checkChangeable` */
function checkDeletable(state: EmulatorState, connection: StoredConnection): void {
	checkChangeable(connection, 'delete');
	if (flowsOfConnection(state, connection.id).length === 0) return;
	throw new FlowError(
		'FLOW-1418-400',
		'The base connection is used by at least one flow. Delete the flows first.',
	);
}

/** @throws FlowError 1308 */
async function logIn(state: EmulatorState, auth: ConnectionAuth): Promise<void> {
	const failure = await testTarget(state, auth);
	if (failure !== undefined) throw backendError(failure);
}

function isFilterField(path: string): boolean {
	if (FILTER_FIELDS.includes(path)) return true;
	const parameter = /^auth\.params\.(\w+)$/.exec(path)?.[1];
	return parameter !== undefined && !SECRET_PARAMS.includes(parameter);
}

function readMode(request: FastifyRequest): 'draft' | undefined {
	const mode = query(request).get('mode');
	// flow-service.md 4.7; whether PostgreSQL supports drafts is ⚠UNV, so they are accepted.
	if (mode === null || mode === 'draft') return mode ?? undefined;
	throw new FlowError('FLOW-1452-400', `Invalid value of the query parameter mode: ${mode}`);
}
