import type { FastifyInstance } from 'fastify';
import { originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { type ById, findVisible } from '../connections/connectionAccess.mts';
import { readJson } from '../connections/connectionInput.mts';
import { refuseDraft } from '../draft.mts';
import { completed } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredTargetConnection } from '../flows/flowParts.mts';
import { checkIfMatch } from '../etag.mts';
import { members } from '../input.mts';
import { applyOperation, badPath, readPatch } from '../jsonPatch.mts';
import { listVisible } from '../listing/listVisible.mts';
import { refuseUsed } from './sourceConnections.mts';
import { DATA_LAKE_SPEC, readTargetSettings } from './targetConnectionInput.mts';

const ORDER_FIELDS = ['id', 'name', 'description', 'state', 'createdAt', 'updatedAt'];

/** ⚠UNV what may be changed. */
const PATCHABLE = /^\/(name|description|data|data\/.+|params|params\/.+)$/;

/** `/targetConnections`: flow-service.md 5.2. */
export function targetConnectionRoutes(state: EmulatorState) {
	const { targetConnections: store } = state;
	return async (app: FastifyInstance): Promise<void> => {
		app.post('/targetConnections', async (request, reply) => {
			const caller = admit(state, request, 'create');
			refuseDraft(request);
			const body = readJson(request);
			checkSpec(members(body)['connectionSpec']);
			const settings = readTargetSettings(body, state, caller);
			const origin = originOf(caller);
			const { id, etag } = store.create({
				...settings,
				connectionSpec: DATA_LAKE_SPEC,
				...origin,
			});
			const location = `/data/foundation/flowservice/targetConnections/${id}`;
			return await reply.code(201).header('Location', location).send({ id, etag });
		});

		app.get('/targetConnections', async (request) =>
			listVisible(request, admit(state, request, 'view'), {
				collection: 'targetConnections',
				entities: store.all().map(describe),
				// flow-service.md 2.7: any path.
				isField: (path) => path !== '',
				orderFields: ORDER_FIELDS,
				show,
			}),
		);

		app.get<ById>('/targetConnections/:id', async (request) => {
			const caller = admit(state, request, 'view');
			return {
				items: [show(describe(findVisible(store, 'targetConnections', request.params.id, caller)))],
			};
		});

		// flow-service.md 11 (15) ⚠UNV: the shape of the answer; here the one that others have.
		app.patch<ById>('/targetConnections/:id', async (request) => {
			const caller = admit(state, request, 'manage');
			const connection = findVisible(store, 'targetConnections', request.params.id, caller);
			checkIfMatch(request, connection.etag);
			const operations = readPatch(readJson(request));
			const { name, description, data, params } = connection;
			const target = structuredClone({ name, description, data, params });
			for (const operation of operations) {
				if (!PATCHABLE.test(operation.pointer)) throw badPath(operation.pointer);
				applyOperation(target, operation);
			}
			const settings = readTargetSettings(target, state, caller);
			store.update(
				connection,
				{ description: undefined, ...settings },
				caller.client,
				completed('update'),
			);
			return { id: connection.id, etag: connection.etag };
		});

		app.delete<ById>('/targetConnections/:id', async (request, reply) => {
			const caller = admit(state, request, 'manage');
			const { id } = findVisible(store, 'targetConnections', request.params.id, caller);
			refuseUsed(state, id);
			store.delete(id);
			return await reply.code(204).send();
		});
	};
}

/** flow-service.md 5.2: there is one spec, and its code for any other. @throws FlowError 1307 */
function checkSpec(given: unknown): void {
	const { id, version } = members(given);
	const { id: knownId, version: knownVersion } = DATA_LAKE_SPEC;
	if (id === knownId && (version === undefined || version === knownVersion)) return;
	throw new FlowError('CONNECTOR-1307-400', `The target connection spec must be ${knownId}.`);
}

function describe(target: StoredTargetConnection) {
	return { ...target, version: target.etag };
}

function show({ sequence: _, ...shown }: ReturnType<typeof describe>): object {
	return shown;
}
