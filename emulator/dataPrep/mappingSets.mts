import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Caller, isVisible, originOf } from '../identity/caller.mts';
import { query } from '../http/call.mts';
import type { ById } from '../flowService/connections/connectionAccess.mts';
import { asObject, jsonBody } from '../http/jsonBody.mts';
import { admitCaller } from '../identity/platformAccess.mts';
import { badRequest, PlatformError } from '../http/platformError.mts';
import { isUsable } from '../schemaRegistry/schemaStore.mts';
import type { EmulatorState } from '../state.mts';
import { compileMapping } from './compileMapping.mts';
import { listMappingSets } from './listMappingSets.mts';
import { readMappingSet } from './mappingSetInput.mts';
import type { NewMappingSet, StoredMappingSet } from './mappingSetStore.mts';
import { viewCreated, viewMapping, viewMappingSet } from './mappingSetView.mts';
import { unreadable, validateMappings } from './validateMappings.mts';

const PATH = '/data/foundation/conversion/mappingSets';

interface ByIds {
	Params: { id: string; mappingId: string };
}

/** Mapping sets of Data Prep: flow-service.md 6.1. */
export function mappingSetRoutes(state: EmulatorState) {
	const { mappingSets: store, schemas } = state;
	/** Which permission Data Prep asks for is ⚠UNV; here that on sources, flow-service.md 1.4. */
	const admit = (request: FastifyRequest, need: 'read' | 'write') =>
		admitCaller(state, request, {
			permission: need === 'read' ? 'View Sources' : 'Manage Sources',
			allows: ({ permissions }) => permissions.includes(need),
			// flow-service.md 6.1
			sandboxRequired: true,
			refuse: (status, detail) => new PlatformError(status, detail),
		});
	const findSchema = (caller: Caller, id: string) => {
		const schema = schemas.find(id);
		return schema !== undefined && isUsable(schema, caller) ? schema : undefined;
	};
	const read = (body: unknown, caller: Caller) =>
		readMappingSet(body, (id) => findSchema(caller, id));
	const find = (request: FastifyRequest<ById>, caller: Caller): StoredMappingSet => {
		const { id } = request.params;
		const version = query(request).get('version');
		const set = store.find(id, version === null ? undefined : Number(version));
		if (set !== undefined && isVisible(set, caller)) return set;
		const which = version === null ? '' : ` with the version ${version}`;
		throw new PlatformError(404, `The mapping set ${id}${which} is not found.`);
	};
	/**
	 * The set that a body describes. ⚠UNV: it is taken when it can be read; with `validate=true` its
	 * fields and types have to be right as well.
	 */
	const readForWriting = (request: FastifyRequest, caller: Caller): NewMappingSet => {
		const { set, schema } = read(jsonBody(request), caller);
		const strict = query(request).get('validate') === 'true';
		const verdicts = strict ? validateMappings(set.mappings, schema.fields, set.inputSchema) : [];
		const [first] = [
			...unreadable(set.mappings),
			...verdicts.flatMap(({ errors }) => errors ?? []),
		];
		if (first === undefined) return set;
		throw badRequest(`The mapping to ${first.destination} is not valid: ${first.exception}.`);
	};

	return async (app: FastifyInstance): Promise<void> => {
		app.post(PATH, async (request) => {
			const caller = admit(request, 'write');
			const set = readForWriting(request, caller);
			// flow-service.md 6.1: 200, not 201.
			return viewCreated(store.create(set, originOf(caller)));
		});

		app.get(PATH, async (request) => {
			const caller = admit(request, 'read');
			const own = store.all().filter((set) => isVisible(set, caller));
			const page = listMappingSets(own, query(request), PATH);
			return { ...page, data: page.data.map((set) => viewMappingSet(set)) };
		});

		app.post(`${PATH}/validate`, async (request) => {
			const { set, schema } = read(jsonBody(request), admit(request, 'read'));
			return {
				validationResponse: validateMappings(set.mappings, schema.fields, set.inputSchema),
			};
		});

		app.post(`${PATH}/preview`, async (request) => {
			const caller = admit(request, 'read');
			const { data, mappingSet } = asObject(jsonBody(request)) ?? {};
			const { set, schema } = read(mappingSet, caller);
			const rows = Array.isArray(data) ? data.map(asObject) : [asObject(data)];
			const [broken] = unreadable(set.mappings);
			if (broken !== undefined) throw badRequest(broken.exception);
			const map = compileMapping(set.mappings, schema.fields);
			const results = rows.map((row) => {
				if (row === undefined) throw badRequest('data must be an object, or a list of them.');
				return map(row);
			});
			const records = results.map(({ record }) => record);
			// The sample answers one object for one row; that several are answered as a list is ⚠UNV.
			return {
				data: Array.isArray(data) ? records : records[0],
				errors: results.flatMap(({ errors }) =>
					errors.map(({ message }) => ({ exception: message })),
				),
			};
		});

		app.get<ById>(`${PATH}/:id`, async (request) => {
			const caller = admit(request, 'read');
			const set = find(request, caller);
			const expand = query(request).get('expandSchema') === 'true';
			return viewMappingSet(set, expand ? findSchema(caller, set.schemaId) : undefined);
		});

		app.put<ById>(`${PATH}/:id`, async (request) => {
			const caller = admit(request, 'write');
			const before = find(request, caller);
			const set = readForWriting(request, caller);
			return viewMappingSet(store.replace(before, set, caller.client.technicalAccountId));
		});

		// flow-service.md 6.1: two public clients have it, the API's description does not. ⚠UNV
		app.delete<ById>(`${PATH}/:id`, async (request, reply) => {
			const set = find(request, admit(request, 'write'));
			store.delete(set.id);
			return await reply.code(204).send();
		});

		app.get<ById>(`${PATH}/:id/mappings`, async (request) => {
			const set = find(request, admit(request, 'read'));
			return set.mappings.map((mapping) => viewMapping(set, mapping));
		});

		app.get<ByIds>(`${PATH}/:id/mappings/:mappingId`, async (request) => {
			const set = find(request, admit(request, 'read'));
			const { mappingId } = request.params;
			const mapping = set.mappings.find(({ id }) => id === mappingId);
			if (mapping !== undefined) return viewMapping(set, mapping);
			throw new PlatformError(404, `The mapping ${mappingId} is not found.`);
		});
	};
}
