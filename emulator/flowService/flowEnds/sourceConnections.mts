import type { FastifyInstance } from 'fastify';
import { type Caller, originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { type ById, findVisible } from '../connections/connectionAccess.mts';
import { readJson } from '../connections/connectionInput.mts';
import { refuseDraft } from '../draft.mts';
import { completed } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredSourceConnection } from '../flows/flowParts.mts';
import { isUsed } from '../flows/flowUse.mts';
import { checkIfMatch } from '../etag.mts';
import { members, missing } from '../input.mts';
import { applyOperation, badPath, readPatch } from '../jsonPatch.mts';
import { listVisible } from '../listing/listVisible.mts';
import { readSourceSettings } from './sourceConnectionInput.mts';

const ORDER_FIELDS = ['id', 'name', 'description', 'state', 'createdAt', 'updatedAt'];

/** ⚠UNV what may be changed; what a connection is made of cannot. */
const PATCHABLE = /^\/(name|description|params|params\/.+)$/;

/** `/sourceConnections`: flow-service.md 5.1. */
export function sourceConnectionRoutes(state: EmulatorState) {
	const { sourceConnections: store } = state;
	return async (app: FastifyInstance): Promise<void> => {
		app.post('/sourceConnections', async (request, reply) => {
			const caller = admit(state, request, 'create');
			refuseDraft(request);
			const body = readJson(request);
			const settings = readSourceSettings(body);
			const base = findBase(state, body, caller);
			const { id, etag } = store.create({ ...settings, ...base, ...originOf(caller) });
			const location = `/data/foundation/flowservice/sourceConnections/${id}`;
			return await reply.code(201).header('Location', location).send({ id, etag });
		});

		app.get('/sourceConnections', async (request) =>
			listVisible(request, admit(state, request, 'view'), {
				collection: 'sourceConnections',
				entities: store.all().map(describe),
				// flow-service.md 2.7: any path.
				isField: (path) => path !== '',
				orderFields: ORDER_FIELDS,
				show,
			}),
		);

		app.get<ById>('/sourceConnections/:id', async (request) => {
			const caller = admit(state, request, 'view');
			const source = findVisible(store, 'sourceConnections', request.params.id, caller);
			return { items: [show(describe(source))] };
		});

		app.patch<ById>('/sourceConnections/:id', async (request) => {
			const caller = admit(state, request, 'manage');
			const source = findVisible(store, 'sourceConnections', request.params.id, caller);
			checkIfMatch(request, source.etag);
			const operations = readPatch(readJson(request));
			const { name, description, data, params } = source;
			const target = structuredClone({ name, description, data, params });
			for (const operation of operations) {
				if (!PATCHABLE.test(operation.pointer)) throw badPath(operation.pointer);
				applyOperation(target, operation);
			}
			const settings = readSourceSettings(target);
			store.update(
				source,
				{ description: undefined, ...settings },
				caller.client,
				completed('update'),
			);
			return { id: source.id, etag: source.etag };
		});

		app.delete<ById>('/sourceConnections/:id', async (request, reply) => {
			const caller = admit(state, request, 'manage');
			const { id } = findVisible(store, 'sourceConnections', request.params.id, caller);
			refuseUsed(state, id);
			store.delete(id);
			return await reply.code(204).send();
		});
	};
}

/** flow-service.md 2.6.1, 1447; that a disabled flow counts as an active one is ⚠UNV. */
export function refuseUsed(state: EmulatorState, id: string): void {
	if (!isUsed(state, id)) return;
	throw new FlowError('FLOW-1447-400', `Active flows contain the id ${id}. Delete them first.`);
}

/**
 * @throws FlowError 1304, 1413, 1439 for a base connection that is not there ⚠UNV, 1422 for one that
 * is not enabled ⚠UNV
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
function describe(source: StoredSourceConnection) {
	const { baseConnectionId: id, connectionSpec } = source;
	return {
		...source,
		version: source.etag,
		data: { ...source.data, schema: null, properties: null },
		inheritedAttributes: { baseConnection: { id, connectionSpec } },
	};
}

function show({ sequence: _, ...shown }: ReturnType<typeof describe>): object {
	return shown;
}
