import { query } from '../http/call.mts';
import { asObject, jsonBody } from '../http/jsonBody.mts';
import { badRequest, PlatformError } from '../http/platformError.mts';
import {
	type ApiRequest,
	noContent,
	pathId,
	type Reply,
	type RouteTable,
} from '../http/routes.mts';
import { type Caller, isVisible, originOf } from '../identity/caller.mts';
import { admitCaller } from '../identity/platformAccess.mts';
import { isUsable, type StoredSchema } from '../schemaRegistry/schemaStore.mts';
import type { EmulatorState } from '../state.mts';
import { compileMapping, type MappingError } from './compileMapping.mts';
import { listMappingSets } from './listMappingSets.mts';
import { readMappingSet } from './mappingSetInput.mts';
import type { NewMappingSet, StoredMappingSet } from './mappingSetStore.mts';
import { viewCreated, viewMapping, viewMappingSet } from './mappingSetView.mts';
import { pathOf } from './readColumn.mts';
import { unreadable, validateMappings } from './validateMappings.mts';

const PATH = '/data/foundation/conversion/mappingSets';

/** Mapping sets of Data Prep: flow-service.md 6.1. */
export const MAPPING_SET_ROUTES: RouteTable = {
	[`POST ${PATH}` as const]: createMappingSet,
	[`GET ${PATH}` as const]: listOwnMappingSets,
	[`POST ${PATH}/validate` as const]: validateMappingSet,
	[`POST ${PATH}/preview` as const]: previewMappingSet,
	[`GET ${PATH}/:id` as const]: getMappingSet,
	[`PUT ${PATH}/:id` as const]: replaceMappingSet,
	// flow-service.md 6.1: two public clients have it, the API's description does not. ⚠UNV
	[`DELETE ${PATH}/:id` as const]: deleteMappingSet,
	[`GET ${PATH}/:id/mappings` as const]: listMappings,
	[`GET ${PATH}/:id/mappings/:mappingId` as const]: getMapping,
};

function createMappingSet(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'write');
	const set = readForWriting(state, request, caller);
	// flow-service.md 6.1: 200, not 201.
	return viewCreated(state.mappingSets.create(set, originOf(caller)));
}

function listOwnMappingSets(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'read');
	const own = state.mappingSets
		.listed(state.settings.listLagMs)
		.filter((set) => isVisible(set, caller));
	const page = listMappingSets(own, query(request), PATH);
	return { ...page, data: page.data.map((set) => viewMappingSet(set)) };
}

function validateMappingSet(state: EmulatorState, request: ApiRequest): object {
	const body = jsonBody(request);
	const { set, schema } = read(state, body, admit(state, request, 'read'));
	return { validationResponse: validateMappings(set.mappings, schema.fields, set.inputSchema) };
}

function previewMappingSet(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'read');
	const { data, mappingSet } = asObject(jsonBody(request)) ?? {};
	const { set, schema } = read(state, mappingSet, caller);
	const form = Array.isArray(data) ? 'array' : 'object';
	const { previewData } = state.settings;
	if (previewData !== 'both' && previewData !== form)
		throw badRequest(`data must be an ${previewData}.`);
	const rows = Array.isArray(data) ? data.map(asObject) : [asObject(data)];
	const [broken] = unreadable(set.mappings);
	if (broken !== undefined) throw badRequest(broken.exception);
	const map = compileMapping(set.mappings, schema.fields);
	const results = rows.map((row) => {
		if (row === undefined) throw badRequest('data must be an object, or a list of them.');
		return map(row);
	});
	const records = results.map(({ record }) => record);
	// The sample answers one object for one row; that several are answered as an array is ⚠UNV.
	return {
		data: Array.isArray(data) ? records : records[0],
		errors: results.flatMap(({ errors }) => errors.map(viewTransformError)),
	};
}

/** flow-service-more.md 3: TransformErrorInfo, five members, all strings. */
function viewTransformError({ mapping, reason }: MappingError): object {
	const { source, sourceType, destination } = mapping;
	return {
		destination,
		exception: reason,
		source,
		columnName: sourceType === 'ATTRIBUTE' ? pathOf(source).join('.') : '',
		sourceType,
	};
}

function getMappingSet(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'read');
	const set = find(state, request, caller);
	const expand = query(request).get('expandSchema') === 'true';
	return viewMappingSet(set, expand ? findSchema(state, caller, set.schemaId) : undefined);
}

function replaceMappingSet(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'write');
	const before = find(state, request, caller);
	const set = readForWriting(state, request, caller);
	const after = state.mappingSets.replace(before, set, caller.client.technicalAccountId);
	return viewMappingSet(after);
}

function deleteMappingSet(state: EmulatorState, request: ApiRequest): Reply {
	const set = find(state, request, admit(state, request, 'write'));
	state.mappingSets.delete(set.id);
	return noContent();
}

function listMappings(state: EmulatorState, request: ApiRequest): object[] {
	const set = find(state, request, admit(state, request, 'read'));
	return set.mappings.map((mapping) => viewMapping(set, mapping));
}

function getMapping(state: EmulatorState, request: ApiRequest): object {
	const set = find(state, request, admit(state, request, 'read'));
	const mappingId = pathId(request, 'mappingId');
	const mapping = set.mappings.find(({ id }) => id === mappingId);
	if (mapping !== undefined) return viewMapping(set, mapping);
	throw new PlatformError(404, `The mapping ${mappingId} is not found.`);
}

/** Which permission Data Prep asks for is ⚠UNV; here that on sources, flow-service.md 1.4. */
function admit(state: EmulatorState, request: ApiRequest, need: 'read' | 'write'): Caller {
	return admitCaller(state, request, {
		permission: need === 'read' ? 'View Sources' : 'Manage Sources',
		allows: ({ permissions }) => permissions.includes(need),
		// flow-service.md 6.1
		sandboxRequired: true,
		reject: (status, detail) => new PlatformError(status, detail),
	});
}

/** @throws PlatformError 404 */
function find(state: EmulatorState, request: ApiRequest, caller: Caller): StoredMappingSet {
	const id = pathId(request);
	const version = query(request).get('version');
	const set = state.mappingSets.find(id, version === null ? undefined : Number(version));
	if (set !== undefined && isVisible(set, caller)) return set;
	const which = version === null ? '' : ` with the version ${version}`;
	throw new PlatformError(404, `The mapping set ${id}${which} is not found.`);
}

function findSchema(state: EmulatorState, caller: Caller, id: string): StoredSchema | undefined {
	const schema = state.schemas.find(id);
	return schema !== undefined && isUsable(schema, caller) ? schema : undefined;
}

function read(state: EmulatorState, body: unknown, caller: Caller) {
	return readMappingSet(body, (id) => findSchema(state, caller, id));
}

/**
 * The set that a body describes. ⚠UNV: it is accepted when it can be read; with `validate=true` its
 * fields and types have to be right as well.
 *
 * @throws PlatformError 400
 */
function readForWriting(state: EmulatorState, request: ApiRequest, caller: Caller): NewMappingSet {
	const { set, schema } = read(state, jsonBody(request), caller);
	const strict = query(request).get('validate') === 'true';
	const verdicts = strict ? validateMappings(set.mappings, schema.fields, set.inputSchema) : [];
	const [first] = [...unreadable(set.mappings), ...verdicts.flatMap(({ errors }) => errors ?? [])];
	if (first === undefined) return set;
	throw badRequest(`The mapping to ${first.destination} is not valid: ${first.exception}.`);
}
