import type { FastifyInstance } from 'fastify';
import { query } from '../call.mts';
import type { EmulatorState } from '../state.mts';
import { admit } from './access.mts';
import { isVisible } from './connectionAccess.mts';
import { readFilters } from './filters.mts';
import { viewFlow } from './flowStore.mts';
import { list } from './listing.mts';

/** flow-service.md 2.7 */
const FLOW_FIELDS = [
	'id',
	'name',
	'description',
	'flowSpec.id',
	'state',
	'sourceConnectionIds[]',
	'targetConnectionIds[]',
];
const ORDER_FIELDS = ['id', 'name', 'description', 'state', 'createdAt', 'updatedAt'];

/**
 * `/flows` and `/sourceConnections`: flow-service.md 5.1, 5.4; to find out who uses a connection,
 * nothing more.
 */
export function flowRoutes(state: EmulatorState) {
	return async (app: FastifyInstance): Promise<void> => {
		app.get('/flows', async (request) => {
			const caller = admit(state, request, 'view');
			const parameters = query(request);
			const passes = readFilters(parameters.getAll('property'), isFlowField);
			const candidates = state.flows.flows().filter((flow) => isVisible(flow, caller));
			const page = list('flows', candidates, parameters, passes, ORDER_FIELDS);
			return 'count' in page ? page : { ...page, items: page.items.map(viewFlow) };
		});

		app.get('/sourceConnections', async (request) => {
			const caller = admit(state, request, 'view');
			const parameters = query(request);
			// flow-service.md 2.7: any path.
			const passes = readFilters(parameters.getAll('property'), (path) => path !== '');
			const candidates = state.flows.sourceConnections().filter((one) => isVisible(one, caller));
			const page = list('sourceConnections', candidates, parameters, passes, ORDER_FIELDS);
			return 'count' in page ? page : { ...page, items: page.items.map(viewFlow) };
		});
	};
}

/**
 * flow-service.md 2.7 names two paths into `inheritedAttributes`; that the others, the base
 * connection's among them, can be filtered by as well is ⚠UNV.
 */
function isFlowField(path: string): boolean {
	return FLOW_FIELDS.includes(path) || path.startsWith('inheritedAttributes.');
}
