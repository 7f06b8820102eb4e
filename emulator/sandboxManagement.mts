import type { FastifyInstance } from 'fastify';
import type { EmulatorState } from './state.mts';
import { gatewayError } from './wireError.mts';

/** Sandbox management, as far as a list for a dropdown needs it: flow-service.md 2.3. */
export function sandboxManagementRoutes(state: EmulatorState) {
	return async (app: FastifyInstance): Promise<void> => {
		app.get('/data/foundation/sandbox-management', async ({ call: { client, orgId } }) => {
			// This service's own words for a foreign organization are not known ⚠UNV.
			if (client === undefined || client.orgId !== orgId || !client.orgAccess) {
				throw gatewayError(403, '403025', 'Profile is not valid');
			}
			const sandboxes = state.sandboxes
				.filter(({ name }) => client.sandboxes.includes(name))
				.map(({ name, title, type, isDefault }) => ({
					name,
					title,
					state: 'active',
					type,
					region: state.settings.cloud === 'aws' ? 'VA6' : 'VA7',
					isDefault,
					etag: 2,
					createdDate: '2024-09-07T10:16:02Z',
					lastModifiedDate: '2024-09-07T10:16:02Z',
					createdBy: client.technicalAccountId,
					modifiedBy: client.technicalAccountId,
				}));
			const page = { href: '/data/foundation/sandbox-management/?limit={limit}', templated: true };
			return { sandboxes, _page: { limit: 50, count: sandboxes.length }, _links: { page } };
		});
	};
}
