import { query } from '../http/call.mts';
import { jsonBody } from '../http/jsonBody.mts';
import { PlatformError } from '../http/platformError.mts';
import { type ApiRequest, created, pathId, type Reply, type RouteTable } from '../http/routes.mts';
import { type Caller, isVisible, originOf } from '../identity/caller.mts';
import { admitToData } from '../identity/platformAccess.mts';
import { isUsable } from '../schemaRegistry/schemaStore.mts';
import type { EmulatorState } from '../state.mts';
import { readChanges, readDataSet } from './dataSetInput.mts';
import type { StoredDataSet } from './dataSetStore.mts';
import { viewDataSet } from './dataSetView.mts';
import { listDataSets, pick } from './listDataSets.mts';
import { checkProfileTags } from './profileTags.mts';

const PATH = '/data/foundation/catalog/dataSets';

/** Datasets of Catalog: flow-service.md 6.2. */
export const DATA_SET_ROUTES: RouteTable = {
	[`POST ${PATH}` as const]: createDataSet,
	[`GET ${PATH}` as const]: listOwnDataSets,
	[`GET ${PATH}/:id` as const]: getDataSet,
	[`PATCH ${PATH}/:id` as const]: patchDataSet,
	[`DELETE ${PATH}/:id` as const]: deleteDataSet,
};

function createDataSet(state: EmulatorState, request: ApiRequest): Reply {
	const caller = admit(state, request, 'Manage Datasets');
	const input = readDataSet(jsonBody(request), (id) => {
		const schema = state.schemas.find(id);
		return schema !== undefined && isUsable(schema, caller) ? schema.$id : undefined;
	});
	checkProfileTags(state, input.schemaRef.id, input.tags);
	const dataSet = state.dataSets.create({ ...input, ...originOf(caller) });
	return created(referenceTo(dataSet), `${PATH}/${dataSet.id}`);
}

function listOwnDataSets(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'View Datasets');
	const own = state.dataSets
		.listed(state.settings.listLagMs)
		.filter((one) => isVisible(one, caller));
	return listDataSets(
		own.map((one) => [one.id, viewDataSet(one, state.settings)]),
		query(request),
	);
}

/**
 * One dataset, or those of a comma-separated list of IDs (Catalog's guide). That one of several which does
 * not exist is left out, and that such a list may lag as others do, is ⚠UNV.
 */
function getDataSet(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'View Datasets');
	const properties = query(request).get('properties');
	const ids = pathId(request).split(',');
	const found =
		ids.length === 1
			? [find(state, request, caller)]
			: state.dataSets
					.listed(state.settings.listLagMs)
					.filter((one) => ids.includes(one.id) && isVisible(one, caller));
	return Object.fromEntries(
		found.map((one) => [one.id, pick(viewDataSet(one, state.settings), properties)]),
	);
}

function patchDataSet(state: EmulatorState, request: ApiRequest): string[] {
	const caller = admit(state, request, 'Manage Datasets');
	const dataSet = find(state, request, caller);
	const changes = readChanges(jsonBody(request));
	checkProfileTags(state, dataSet.schemaRef.id, changes.tags ?? {});
	state.dataSets.update(dataSet, changes, caller.client.technicalAccountId);
	return referenceTo(dataSet);
}

function deleteDataSet(state: EmulatorState, request: ApiRequest): string[] {
	const dataSet = find(state, request, admit(state, request, 'Manage Datasets'));
	state.dataSets.delete(dataSet.id);
	return referenceTo(dataSet);
}

function admit(
	state: EmulatorState,
	request: ApiRequest,
	permission: 'View Datasets' | 'Manage Datasets',
): Caller {
	return admitToData(
		state,
		request,
		permission,
		(status, detail) => new PlatformError(status, detail),
	);
}

/** @throws PlatformError 404 */
function find(state: EmulatorState, request: ApiRequest, caller: Caller): StoredDataSet {
	const id = pathId(request);
	const dataSet = state.dataSets.find(id);
	if (dataSet === undefined || !isVisible(dataSet, caller)) {
		throw new PlatformError(404, `The dataset ${id} is not found.`);
	}
	return dataSet;
}

function referenceTo({ id }: StoredDataSet): string[] {
	return [`@/dataSets/${id}`];
}
