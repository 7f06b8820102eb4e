import type { FastifyInstance } from 'fastify';
import { query } from '../../http/call.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { readFilters } from '../listing/filters.mts';
import { notFound } from '../flowErrors.mts';
import { postgreSqlSpec } from './postgreSqlSpec.mts';

/** `/connectionSpecs`: flow-service.md 3.5. */
export function connectionSpecRoutes(state: EmulatorState) {
	const specs = [postgreSqlSpec(state.settings.cloud)];
	return async (app: FastifyInstance): Promise<void> => {
		app.get('/connectionSpecs', async (request) => {
			admit(state, request, 'view');
			// flow-service.md 2.7: connection specs take only `property`, and do not come in pages. The
			// document shows a single `=` for attributes, "probably a typo": both are taken.
			const filters = query(request)
				.getAll('property')
				.map((filter) => filter.replace(/^(attributes\.[^=<>!~]*)=(?!=)/, '$1=='));
			const isField = (path: string) =>
				['id', 'name', 'providerId'].includes(path) || path.startsWith('attributes.');
			return { items: specs.filter(readFilters(filters, isField)), _links: {} };
		});

		app.get<{ Params: { id: string } }>('/connectionSpecs/:id', async (request) => {
			admit(state, request, 'view');
			const { id } = request.params;
			const spec = specs.find((one) => one.id === id);
			if (spec === undefined) throw notFound('connectionSpecs', id);
			return { items: [spec] };
		});
	};
}
