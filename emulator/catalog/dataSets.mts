import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Caller, isVisible, originOf } from '../identity/caller.mts';
import { query } from '../http/call.mts';
import type { ById } from '../flowService/connections/connectionAccess.mts';
import { jsonBody } from '../http/jsonBody.mts';
import { admitCaller } from '../identity/platformAccess.mts';
import { PlatformError } from '../http/platformError.mts';
import { isUsable } from '../schemaRegistry/schemaStore.mts';
import type { EmulatorState } from '../state.mts';
import { readChanges, readDataSet } from './dataSetInput.mts';
import type { StoredDataSet } from './dataSetStore.mts';
import { viewDataSet } from './dataSetView.mts';
import { listDataSets, pick } from './listDataSets.mts';

const PATH = '/data/foundation/catalog/dataSets';

/** Datasets of Catalog: flow-service.md 6.2. */
export function dataSetRoutes(state: EmulatorState) {
	const { dataSets: store, schemas } = state;
	const admit = (request: FastifyRequest, permission: 'View Datasets' | 'Manage Datasets') =>
		admitCaller(state, request, {
			permission,
			allows: ({ dataPermissions }) => dataPermissions.includes(permission),
			refuse: (status, detail) => new PlatformError(status, detail),
		});
	const find = (caller: Caller, id: string): StoredDataSet => {
		const dataSet = store.find(id);
		if (dataSet === undefined || !isVisible(dataSet, caller)) {
			throw new PlatformError(404, `The dataset ${id} is not found.`);
		}
		return dataSet;
	};
	const reference = ({ id }: StoredDataSet) => [`@/dataSets/${id}`];

	return async (app: FastifyInstance): Promise<void> => {
		app.post(PATH, async (request, reply) => {
			const caller = admit(request, 'Manage Datasets');
			const dataSet = store.create({
				...readDataSet(jsonBody(request), (id) => {
					const schema = schemas.find(id);
					return schema !== undefined && isUsable(schema, caller) ? schema.$id : undefined;
				}),
				...originOf(caller),
			});
			reply.code(201).header('Location', `${PATH}/${dataSet.id}`);
			return await reply.send(reference(dataSet));
		});

		app.get(PATH, async (request) => {
			const caller = admit(request, 'View Datasets');
			const own = store.all().filter((one) => isVisible(one, caller));
			return listDataSets(
				own.map((one) => [one.id, viewDataSet(one)]),
				query(request),
			);
		});

		app.get<ById>(`${PATH}/:id`, async (request) => {
			const dataSet = find(admit(request, 'View Datasets'), request.params.id);
			const properties = query(request).get('properties');
			return { [dataSet.id]: pick(viewDataSet(dataSet), properties) };
		});

		app.patch<ById>(`${PATH}/:id`, async (request) => {
			const caller = admit(request, 'Manage Datasets');
			const dataSet = find(caller, request.params.id);
			store.update(dataSet, readChanges(jsonBody(request)), caller.client.technicalAccountId);
			return reference(dataSet);
		});

		app.delete<ById>(`${PATH}/:id`, async (request) => {
			const dataSet = find(admit(request, 'Manage Datasets'), request.params.id);
			store.delete(dataSet.id);
			return reference(dataSet);
		});
	};
}
