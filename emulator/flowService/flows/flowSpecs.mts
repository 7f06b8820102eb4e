import type { FastifyInstance } from 'fastify';
import { query } from '../../http/call.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import type { ById } from '../connections/connectionAccess.mts';
import { CRM_TO_AEP } from './crmToAepSpec.mts';
import { readFilters } from '../listing/filters.mts';
import { notFound } from '../flowErrors.mts';

/** `/flowSpecs`: flow-service.md 5.3; in an envelope, as all but one document print it. */
export function flowSpecRoutes(state: EmulatorState) {
	return async (app: FastifyInstance): Promise<void> => {
		app.get('/flowSpecs', async (request) => {
			admit(state, request, 'view');
			// flow-service.md 2.7
			const isField = (path: string) => ['id', 'name', 'providerId'].includes(path);
			const passes = readFilters(query(request).getAll('property'), isField);
			return { items: [CRM_TO_AEP].filter(passes), _links: {} };
		});

		app.get<ById>('/flowSpecs/:id', async (request) => {
			admit(state, request, 'view');
			const { id } = request.params;
			if (id !== CRM_TO_AEP.id) throw notFound('flowSpecs', id);
			return { items: [CRM_TO_AEP] };
		});
	};
}
