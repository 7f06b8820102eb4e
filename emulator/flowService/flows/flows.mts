import type { FastifyInstance, FastifyRequest } from 'fastify';
import { originOf } from '../../identity/caller.mts';
import { header, query } from '../../http/call.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { type ById, findVisible } from '../connections/connectionAccess.mts';
import { readJson } from '../connections/connectionInput.mts';
import { refuseDraft } from '../draft.mts';
import { completed } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import { readFlowSettings } from './flowInput.mts';
import type { StoredFlow } from './flowParts.mts';
import { describeFlow, stateOf, viewFlow } from './flowView.mts';
import { checkIfMatch } from '../etag.mts';
import { members } from '../input.mts';
import { applyOperation, badPath, readPatch } from '../jsonPatch.mts';
import { listVisible } from '../listing/listVisible.mts';

/** flow-service.md 2.7 */
const FILTER_FIELDS = [
	'id',
	'name',
	'description',
	'flowSpec.id',
	'state',
	'sourceConnectionIds[]',
	'targetConnectionIds[]',
];
const ORDER_FIELDS = ['id', 'name', 'description', 'state', 'createdAt', 'updatedAt'];

/** flow-service.md 5.4 */
const PATCHABLE = /^\/(name|description|(scheduleParams|transformations|options|labels)(\/.+)?)$/;

/** `/flows`: dataflows, flow-service.md 5.4. */
export function flowRoutes(state: EmulatorState) {
	const { flows: store, scheduler, settings } = state;
	return async (app: FastifyInstance): Promise<void> => {
		app.post('/flows', async (request, reply) => {
			const caller = admit(state, request, 'create');
			refuseDraft(request);
			const body = readJson(request);
			if (members(body)['state'] !== undefined) {
				throw new FlowError('FLOW-1410-400', 'state is not allowed in the body of a new flow.');
			}
			const read = readFlowSettings(body, state, caller);
			const flow = store.create({ ...read, ...originOf(caller) });
			scheduler.plan(flow);
			const { id, etag } = flow;
			const location = `/data/foundation/flowservice/flows/${id}`;
			return await reply.code(201).header('Location', location).send({ id, etag });
		});

		app.get('/flows', async (request) =>
			listVisible(request, admit(state, request, 'view'), {
				collection: 'flows',
				entities: store.all().map((flow) => describeFlow(state, flow)),
				isField,
				orderFields: ORDER_FIELDS,
				show: viewFlow,
			}),
		);

		app.get<ById>('/flows/:id', async (request) => {
			const caller = admit(state, request, 'view');
			const flow = findVisible(store, 'flows', request.params.id, caller);
			return { items: [viewFlow(describeFlow(state, flow))] };
		});

		app.patch<ById>('/flows/:id', async (request) => {
			const caller = admit(state, request, 'manage');
			const flow = findVisible(store, 'flows', request.params.id, caller);
			refuseUpdating(flow, 'FLOW-1420-400', 'updated');
			checkIfMatch(request, flow.etag);
			const operations = readPatch(readJson(request));
			const target = structuredClone({ ...flow });
			for (const operation of operations) {
				if (!PATCHABLE.test(operation.pointer)) throw badPath(operation.pointer);
				applyOperation(target, operation);
			}
			const read = readFlowSettings(target, state, caller, flow.scheduleParams);
			const emptied = { description: undefined, options: undefined, labels: undefined };
			const ops = operations.map(({ op, pointer: path, value }) => ({ op, path, value }));
			const updatingUntil = state.clock.now() + settings.updatingMs;
			const changes = { ...emptied, ...read, updatingUntil };
			store.update(flow, changes, caller.client, completed('update', ops));
			scheduler.plan(flow);
			return { id: flow.id, etag: flow.etag };
		});

		app.delete<ById>('/flows/:id', async (request, reply) => {
			const caller = admit(state, request, 'manage');
			const flow = findVisible(store, 'flows', request.params.id, caller);
			refuseUpdating(flow, 'FLOW-1420-400', 'deleted');
			const { id } = flow;
			scheduler.forget(id);
			// flow-service.md 9.2 (13): source and target connections stay. ⚠UNV that runs do, too.
			store.delete(id);
			return await reply.code(204).send();
		});

		app.post<ById>('/flows/:id/action', async (request) => {
			const caller = admit(state, request, 'manage');
			const flow = findVisible(store, 'flows', request.params.id, caller);
			// flow-service.md 5.4 ⚠CONFLICT: If-Match is optional here.
			if (header(request, 'if-match') !== undefined) checkIfMatch(request, flow.etag);
			refuseUpdating(flow, 'FLOW-1421-400', 'transitioned');
			const { op, to } = readAction(request, flow);
			store.update(flow, { state: to }, caller.client, completed(op));
			return { id: flow.id, etag: flow.etag };
		});
	};

	/** flow-service.md 2.6.1, 1420 and 1421, 5.4; that a deletion is refused as well is ⚠UNV. */
	function refuseUpdating(flow: StoredFlow, code: string, verb: string): void {
		if (stateOf(state, flow) !== 'updating') return;
		throw new FlowError(code, `A flow in the state updating cannot be ${verb}.`);
	}
}

/**
 * flow-service.md 5.4; lower case in most documents, upper case in the OAS.
 *
 * @throws FlowError 1359, 1398, 1402, or 1422 in the state that it would lead to
 */
function readAction(request: FastifyRequest, flow: StoredFlow) {
	const given = query(request).get('op') ?? '';
	if (given === '') {
		throw new FlowError('CONNECTOR-1359-400', 'The query parameter op is missing.');
	}
	const op = given.toLowerCase();
	if (op.startsWith('finalize')) {
		throw new FlowError('FLOW-1402-400', `The action ${given} is for providers only.`);
	}
	if (op !== 'enable' && op !== 'disable' && op !== 'publish') {
		throw new FlowError('CONNECTOR-1398-400', `The action ${given} is not supported.`);
	}
	const to = op === 'disable' ? ('disabled' as const) : ('enabled' as const);
	// Only a draft can be published, and there are none.
	if (op === 'publish' || flow.state === to) {
		throw new FlowError(
			'FLOW-1422-400',
			`The action ${given} is not applicable in the state ${flow.state}.`,
		);
	}
	return { op, to };
}

/**
 * flow-service.md 2.7 names two paths into `inheritedAttributes`; that the others, the base
 * connection's among them, can be filtered by as well is ⚠UNV.
 */
function isField(path: string): boolean {
	return (
		FILTER_FIELDS.includes(path) ||
		path.startsWith('inheritedAttributes.') ||
		path.startsWith('lastRunDetails.')
	);
}
