import type { FastifyInstance, FastifyRequest } from 'fastify';
import { query } from '../call.mts';
import type { EmulatorState } from '../state.mts';
import { admit, type Caller } from './access.mts';
import { readConnectionInput, readJson } from './connectionInput.mts';
import type { StoredConnection } from './connectionStore.mts';
import { testTarget } from './connectionTarget.mts';
import { viewConnection } from './connectionView.mts';
import { readFilters } from './filters.mts';
import { FlowError, notFound } from './flowErrors.mts';
import { list } from './listing.mts';
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

interface ById {
	Params: { id: string };
}

/** `/connections`: base connections, flow-service.md 4. */
export function connectionRoutes(state: EmulatorState) {
	const { connections: store, settings } = state;
	const specs = [postgreSqlSpec(settings.cloud)];
	const show = (connection: StoredConnection) => viewConnection(connection, settings.secretsInGet);

	return async (app: FastifyInstance): Promise<void> => {
		app.post('/connections', async (request, reply) => {
			const { client, orgId, sandbox } = admit(state, request, 'create');
			const mode = readMode(request);
			const input = readConnectionInput(readJson(request), specs);
			if (settings.validateOnCreate && mode !== 'draft') {
				const failure = await testTarget(state, input.auth);
				if (failure !== undefined) throw backendError(failure);
			}
			const pollsLeft = mode === 'draft' ? 0 : settings.initializingPolls;
			const connection = store.create({
				...input,
				createdBy: client.technicalAccountId,
				updatedBy: client.technicalAccountId,
				createdClient: client.clientId,
				updatedClient: client.clientId,
				sandboxId: sandbox.id,
				sandboxName: sandbox.name,
				imsOrgId: orgId,
				state: mode === 'draft' ? 'draft' : pollsLeft > 0 ? 'initializing' : 'enabled',
				pollsLeft,
			});
			const { id, etag } = connection;
			const location = `/data/foundation/flowservice/connections/${id}`;
			return await reply.code(201).header('Location', location).send({ id, etag });
		});

		app.get('/connections', async (request) => {
			const caller = admit(state, request, 'view');
			const parameters = query(request);
			const passes = readFilters(parameters.getAll('property'), isFilterField);
			const candidates = store.all().filter((connection) => isVisible(connection, caller));
			const page = list('connections', candidates, parameters, passes, ORDER_FIELDS);
			return 'count' in page ? page : { ...page, items: page.items.map(show) };
		});

		app.get<ById>('/connections/:id', async (request) => {
			const connection = find(request, admit(state, request, 'view'));
			const view = show(connection);
			// flow-service.md 2.4: on AWS it becomes enabled after a while; here the while is counted.
			if (connection.state === 'initializing' && --connection.pollsLeft <= 0) {
				connection.state = 'enabled';
				connection.lastOperation.updated = connection.updatedAt = Date.now();
			}
			return { items: [view] };
		});

		app.delete<ById>('/connections/:id', async (request, reply) => {
			const connection = find(request, admit(state, request, 'manage'));
			if (connection.state === 'initializing') {
				throw new FlowError(
					'FLOW-1417-400',
					'Delete or update in the state initializing is not allowed with a user token.',
				);
			}
			// flow-service.md 4.5: no If-Match, no body. That a draft may be deleted is ⚠UNV.
			store.delete(connection.id);
			return await reply.code(204).send();
		});

		app.get<ById>('/connections/:id/test', async (request) => {
			const connection = find(request, admit(state, request, 'view'));
			if (connection.state === 'initializing') {
				// ⚠UNV flow-service.md 11 (7): 1422, an action that the present state does not allow.
				throw new FlowError(
					'FLOW-1422-400',
					'The action test is not applicable in the state initializing.',
				);
			}
			const failure = await testTarget(state, connection.auth);
			if (failure === undefined) return { result: true };
			// flow-service.md 4.5 ⚠UNV: either form, a client has to cope with both.
			if (settings.testFailure === 'result') return { result: false };
			throw backendError(failure);
		});
	};

	function find(request: FastifyRequest<ById>, caller: Caller): StoredConnection {
		const { id } = request.params;
		const connection = store.find(id);
		if (connection === undefined || !isVisible(connection, caller)) {
			throw notFound('connections', id);
		}
		return connection;
	}
}

function isVisible(connection: StoredConnection, { orgId, sandbox }: Caller): boolean {
	return connection.imsOrgId === orgId && connection.sandboxName === sandbox.name;
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

/** flow-service.md 2.6.2, 1308: an error relayed from the backend that does the connecting. */
function backendError(failure: string): FlowError {
	return new FlowError(
		'CONNECTOR-1308-400',
		`The connection to the source failed. msftErrorMessage: ${failure}`,
	);
}
