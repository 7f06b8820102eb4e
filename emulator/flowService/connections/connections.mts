import type { FastifyInstance, FastifyRequest } from 'fastify';
import { originOf } from '../../identity/caller.mts';
import { query } from '../../http/call.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import {
	type ById,
	checkChangeable,
	checkInitialized,
	findConnection,
} from './connectionAccess.mts';
import { readConnectionInput, readJson } from './connectionInput.mts';
import { applyPatch } from './connectionPatch.mts';
import type { StoredConnection } from './connection.mts';
import { testTarget } from './connectionTarget.mts';
import { viewConnection } from './connectionView.mts';
import { backendError, FlowError } from '../flowErrors.mts';
import { flowsOfConnection } from '../flows/flowUse.mts';
import { checkIfMatch } from '../etag.mts';
import { readPatch } from '../jsonPatch.mts';
import { listVisible } from '../listing/listVisible.mts';
import { postgreSqlSpec, SECRET_PARAMS } from './postgreSqlSpec.mts';

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
const ORDER_FIELDS = ['id', 'name', 'description', 'state', 'createdAt', 'updatedAt'];

/** `/connections`: base connections, flow-service.md 4. */
export function connectionRoutes(state: EmulatorState) {
	const { connections: store, settings } = state;
	const specs = [postgreSqlSpec(settings.cloud)];
	const show = (connection: StoredConnection) => viewConnection(connection, settings.secretsInGet);

	return async (app: FastifyInstance): Promise<void> => {
		app.post('/connections', async (request, reply) => {
			const caller = admit(state, request, 'create');
			const mode = readMode(request);
			const input = readConnectionInput(readJson(request), specs);
			if (settings.validateOnCreate && mode !== 'draft') {
				const failure = await testTarget(state, input.auth);
				if (failure !== undefined) throw backendError(failure);
			}
			const pollsLeft = mode === 'draft' ? 0 : settings.initializingPolls;
			const initial = mode === 'draft' ? 'draft' : pollsLeft > 0 ? 'initializing' : 'enabled';
			const { id, etag } = store.create(
				{ ...input, ...originOf(caller), state: initial, pollsLeft },
				mode === 'draft' ? 'draft_create' : 'create',
			);
			const location = `/data/foundation/flowservice/connections/${id}`;
			return await reply.code(201).header('Location', location).send({ id, etag });
		});

		app.get('/connections', async (request) => {
			const caller = admit(state, request, 'view');
			return listVisible(request, caller, {
				collection: 'connections',
				entities: store.all(),
				isField: isFilterField,
				orderFields: ORDER_FIELDS,
				show,
			});
		});

		app.get<ById>('/connections/:id', async (request) => {
			const connection = findConnection(state, request, admit(state, request, 'view'));
			const view = show(connection);
			// flow-service.md 2.4: on AWS it becomes enabled after a while; here the while is counted.
			if (connection.state === 'initializing' && --connection.pollsLeft <= 0) {
				connection.state = 'enabled';
				connection.lastOperation.updated = connection.updatedAt = state.clock.now();
			}
			return { items: [view] };
		});

		app.patch<ById>('/connections/:id', async (request) => {
			const caller = admit(state, request, 'manage');
			// Which of several faults is reported first is ⚠UNV; here: state, version, body.
			const find = () => {
				const connection = findConnection(state, request, caller);
				checkChangeable(connection, 'update');
				checkIfMatch(request, connection.etag);
				return connection;
			};
			const before = find();
			const operations = readPatch(readJson(request));
			const changed = applyPatch(before, operations, specs);
			const touchesAuth = operations.some(({ path }) => path[0] === 'auth');
			if (settings.validateOnCreate && touchesAuth && before.state !== 'draft') {
				const failure = await testTarget(state, changed.auth);
				if (failure !== undefined) throw backendError(failure);
			}
			// Again, because somebody may have been faster during the log-in.
			const connection = find();
			store.update(connection, { description: undefined, ...changed }, caller.client, {
				operation: 'update',
			});
			return { id: connection.id, etag: connection.etag };
		});

		app.delete<ById>('/connections/:id', async (request, reply) => {
			const connection = findConnection(state, request, admit(state, request, 'manage'));
			checkChangeable(connection, 'delete');
			if (flowsOfConnection(state, connection.id).length > 0) {
				throw new FlowError(
					'FLOW-1418-400',
					'The base connection is used by at least one flow. Delete the flows first.',
				);
			}
			// flow-service.md 4.5: no If-Match, no body. That a draft may be deleted is ⚠UNV.
			store.delete(connection.id);
			return await reply.code(204).send();
		});

		app.get<ById>('/connections/:id/test', async (request) => {
			const connection = findConnection(state, request, admit(state, request, 'view'));
			checkInitialized(connection, 'test');
			const failure = await testTarget(state, connection.auth);
			if (failure === undefined) return { result: true };
			// flow-service.md 4.5 ⚠UNV: either form, a client has to cope with both.
			if (settings.testFailure === 'result') return { result: false };
			throw backendError(failure);
		});
	};
}

function isFilterField(path: string): boolean {
	if (FILTER_FIELDS.includes(path)) return true;
	const parameter = /^auth\.params\.(\w+)$/.exec(path)?.[1];
	return parameter !== undefined && !SECRET_PARAMS.includes(parameter);
}

function readMode(request: FastifyRequest): 'draft' | undefined {
	const mode = query(request).get('mode');
	// flow-service.md 4.7; whether PostgreSQL supports drafts is ⚠UNV, so they are taken.
	if (mode === null || mode === 'draft') return mode ?? undefined;
	throw new FlowError('FLOW-1452-400', `Invalid value of the query parameter mode: ${mode}`);
}
