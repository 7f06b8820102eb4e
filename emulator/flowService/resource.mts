import type { FastifyRequest } from 'fastify';
import { query } from '../http/call.mts';
import {
	type ApiRequest,
	created,
	type Handler,
	noContent,
	pathId,
	type Reply,
} from '../http/routes.mts';
import { type Caller, isVisible, type Place } from '../identity/caller.mts';
import type { EmulatorState } from '../state.mts';
import { admit, type Need } from './access.mts';
import type { FlowEntity, FlowEntityStore, NewEntity } from './flowEntityStore.mts';
import { FlowError, notFound } from './flowErrors.mts';
import { readJson } from './input.mts';
import { readFilters } from './listing/filters.mts';
import { type Listed, list } from './listing/listing.mts';

/** What the handlers below need of a store. */
interface Store<T> {
	find(id: string): T | undefined;
	listed(lagMs: number): T[];
	delete(id: string): void;
}

/** One kind of entity of Flow Service: where it is kept, and how it is listed and shown. */
export interface Resource<T extends Place, S extends Listed & Place = T & Listed> {
	/** Its name in paths and errors, as `flows`. */
	name: string;
	storeOf(state: EmulatorState): Store<T>;
	/** An entity with what GET adds to it, which filters see as well. */
	describe(state: EmulatorState, entity: T): S;
	/** An entity as it goes over the wire. */
	show(state: EmulatorState, described: S): object;
	/** Whether a listing can be filtered by a path: flow-service.md 2.7. */
	isField(path: string): boolean;
	/** What `orderby` may name. */
	orderFields: string[];
	/** Brings a filter into the form that is compared; default: it is in it already. */
	readFilter?(filter: string): string;
}

/** A kind of entity that is created and changed like the others: everything but runs. */
export interface WritableResource<T extends FlowEntity, S extends Listed & Place>
	extends Resource<T, S> {
	storeOf(state: EmulatorState): FlowEntityStore<T>;
}

/** What `orderby` may name for connections and flows. */
export const ORDER_FIELDS = ['id', 'name', 'description', 'state', 'createdAt', 'updatedAt'];

/**
 * @param name of the kind of entity, as `flows`
 * @throws FlowError 1439 for an entity that does not exist, or not for this caller
 */
export function findVisible<T extends Place>(
	store: Pick<Store<T>, 'find'>,
	name: string,
	id: string,
	caller: Caller,
): T {
	const entity = store.find(id);
	if (entity === undefined || !isVisible(entity, caller)) throw notFound(name, id);
	return entity;
}

/**
 * Admits the caller and finds the entity whose ID is in the path.
 *
 * @throws FlowError as `admit` and `findVisible`
 */
export function findRequested<T extends Place, S extends Listed & Place>(
	{ name, storeOf }: Resource<T, S>,
	state: EmulatorState,
	request: ApiRequest,
	need: Need,
): { caller: Caller; entity: T } {
	const caller = admit(state, request, need);
	return { caller, entity: findVisible(storeOf(state), name, pathId(request), caller) };
}

/** GET of a list: what belongs to the caller's organization and sandbox. */
export function listEntities<T extends Place, S extends Listed & Place>(
	resource: Resource<T, S>,
): Handler {
	const { name, storeOf, describe, show, isField, orderFields, readFilter } = resource;
	return (state, request) => {
		const caller = admit(state, request, 'view');
		const parameters = query(request);
		const filters = parameters.getAll('property').map((one) => readFilter?.(one) ?? one);
		const passes = readFilters(filters, isField);
		const own = storeOf(state)
			.listed(state.settings.listLagMs)
			.filter((entity) => isVisible(entity, caller))
			.map((entity) => describe(state, entity));
		const page = list(name, own, parameters, passes, orderFields);
		return 'count' in page ? page : { ...page, items: page.items.map((one) => show(state, one)) };
	};
}

/** GET of one entity, in an envelope. */
export function getEntity<T extends Place, S extends Listed & Place>(
	resource: Resource<T, S>,
): Handler {
	return (state, request) => {
		const { entity } = findRequested(resource, state, request, 'view');
		return { items: [resource.show(state, resource.describe(state, entity))] };
	};
}

/**
 * DELETE. flow-service.md 4.5: no If-Match, no body.
 *
 * @param beforeDelete throws if the entity may not be deleted, and ends what depends on it
 */
export function deleteEntity<T extends Place & { id: string }, S extends Listed & Place>(
	resource: Resource<T, S>,
	beforeDelete: (state: EmulatorState, entity: T) => void,
): Handler {
	return (state, request) => {
		const { entity } = findRequested(resource, state, request, 'manage');
		beforeDelete(state, entity);
		resource.storeOf(state).delete(entity.id);
		return noContent();
	};
}

/**
 * POST of what a dataflow consists of.
 *
 * @param read checks the body and returns what it describes
 * @param afterCreate e.g. plans the first run
 */
export function createEntity<T extends FlowEntity, S extends Listed & Place>(
	resource: WritableResource<T, S>,
	read: (body: unknown, state: EmulatorState, caller: Caller) => NewEntity<T>,
	afterCreate?: (state: EmulatorState, entity: T) => void,
): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'create');
		rejectDraft(request);
		const entity = resource.storeOf(state).create(read(readJson(request), state, caller));
		afterCreate?.(state, entity);
		return replyCreated(resource.name, entity);
	};
}

/** The answer to a POST that has created an entity: flow-service.md 4.2. */
export function replyCreated(name: string, { id, etag }: { id: string; etag: string }): Reply {
	return created({ id, etag }, `/data/foundation/flowservice/${name}/${id}`);
}

/**
 * flow-service.md 3.5, 4.7: drafts need `isDraftModeSupported` in the flow spec, which this one does
 * not have.
 *
 * @throws FlowError 1452
 */
function rejectDraft(request: FastifyRequest): void {
	const mode = query(request).get('mode');
	if (mode === null) return;
	throw new FlowError('FLOW-1452-400', `Invalid value of the query parameter mode: ${mode}`);
}
