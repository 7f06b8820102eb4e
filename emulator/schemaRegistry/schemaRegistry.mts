import { query } from '../http/call.mts';
import { jsonBody } from '../http/jsonBody.mts';
import {
	type ApiRequest,
	created,
	type Handler,
	noContent,
	pathId,
	type RouteTable,
} from '../http/routes.mts';
import { type Caller, originOf } from '../identity/caller.mts';
import { admitToData } from '../identity/platformAccess.mts';
import type { EmulatorState } from '../state.mts';
import { listForm, lookupForm } from './acceptHeader.mts';
import { listResources } from './listResources.mts';
import { patched } from './patchResource.mts';
import { IncompatibleFields, UnresolvedReference } from './resolveFields.mts';
import { checkResource, checkTitle, readResource, type TenantKind } from './resourceInput.mts';
import { viewListed, viewResource } from './resourceView.mts';
import {
	type Container,
	isUsable,
	type NewResource,
	type ResourceKind,
	type StoredResource,
} from './schemaStore.mts';
import { enableForProfile, isAboutProfile, isUnion } from './union.mts';
import { invalidResource, resourceNotFound, XdmError } from './xdmErrors.mts';

const PATH = '/data/foundation/schemaregistry';

/** Schema Registry: flow-service.md 6.3. */
export const SCHEMA_REGISTRY_ROUTES: RouteTable = {
	[`GET ${PATH}/stats` as const]: readStats,
	...readRoutes('global', 'behaviors'),
	...readRoutes('global', 'classes'),
	...readRoutes('global', 'fieldgroups'),
	...readRoutes('global', 'schemas'),
	...readRoutes('tenant', 'classes'),
	...readRoutes('tenant', 'fieldgroups'),
	...readRoutes('tenant', 'schemas'),
	...writeRoutes('classes'),
	...writeRoutes('fieldgroups'),
	...writeRoutes('schemas'),
	[`PATCH ${PATH}/tenant/fieldgroups/:id` as const]: patchOf('fieldgroups'),
	[`PATCH ${PATH}/tenant/schemas/:id` as const]: patchOf('schemas'),
};

function readRoutes(container: Container, kind: ResourceKind): RouteTable {
	const path = `${PATH}/${container}/${kind}` as const;
	return {
		[`GET ${path}` as const]: listOf(container, kind, path),
		[`GET ${path}/:id` as const]: lookupOf(container, kind),
	};
}

/** Only what is in the container `tenant` can be created and deleted. */
function writeRoutes(kind: TenantKind): RouteTable {
	const path = `${PATH}/tenant/${kind}` as const;
	return {
		[`POST ${path}` as const]: creationOf(kind),
		[`DELETE ${path}/:id` as const]: deletionOf(kind),
	};
}

function readStats(state: EmulatorState, request: ApiRequest): object {
	const caller = admit(state, request, 'View Schemas');
	const own = visible(state, caller).filter(({ container }) => container === 'tenant');
	const count = (kind: ResourceKind) => own.filter((one) => one.kind === kind).length;
	return {
		imsOrg: caller.orgId,
		tenantId: state.schemas.tenantId(caller.orgId),
		counts: {
			schemas: count('schemas'),
			mixins: count('fieldgroups'),
			datatypes: 0,
			classes: count('classes'),
			unions: 0,
		},
	};
}

function listOf(container: Container, kind: ResourceKind, path: string): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'View Schemas');
		const form = listForm(request);
		const candidates = listed(state, caller)
			.filter((one) => one.container === container && one.kind === kind)
			.map((one) => ({ ...viewListed(one, 'xed'), listed: viewListed(one, form) }));
		const page = listResources(candidates, query(request), path);
		return { ...page, results: page.results.map(({ listed }) => listed) };
	};
}

function lookupOf(container: Container, kind: ResourceKind): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'View Schemas');
		const form = lookupForm(request);
		return viewResource(find(state, caller, container, kind, pathId(request)), form);
	};
}

function creationOf(kind: TenantKind): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'Manage Schemas');
		const input = readResource(kind, jsonBody(request));
		checkTitle(input.title, visible(state, caller));
		const resource = createChecked(state, { ...input, ...originOf(caller) });
		return created(viewResource(resource, 'xed'));
	};
}

/** flow-service-more.md 5: 200 with the whole resource. */
function patchOf(kind: TenantKind): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'Manage Schemas');
		const resource = find(state, caller, 'tenant', kind, pathId(request));
		if (kind === 'schemas' && isAboutProfile(jsonBody(request))) {
			return viewResource(enableForProfile(state, resource, jsonBody(request)), 'xed');
		}
		const changes = patched(state.schemas, resource, jsonBody(request));
		checkResource({ ...resource, ...changes }, state.schemas.tenantId(resource.imsOrgId), (id) =>
			state.schemas.findAny(id),
		);
		try {
			return viewResource(state.schemas.change(resource, changes), 'xed');
		} catch (error) {
			throw error instanceof IncompatibleFields ? mergeError(error) : error;
		}
	};
}

function deletionOf(kind: TenantKind): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'Manage Schemas');
		const resource = find(state, caller, 'tenant', kind, pathId(request));
		checkUnused(state, resource);
		state.schemas.delete(resource.$id);
		state.descriptors.deleteOf(resource.$id);
		return noContent();
	};
}

/** @throws XdmError for a caller without the permission */
export function admit(
	state: EmulatorState,
	request: ApiRequest,
	permission: 'View Schemas' | 'Manage Schemas',
): Caller {
	return admitToData(
		state,
		request,
		permission,
		// The numbers are ⚠UNV.
		(status, detail) => new XdmError(`XDM-0000-${status}`, 'Request refused', detail),
	);
}

/** What lists show, which may lag. */
function listed(state: EmulatorState, caller: Caller): StoredResource[] {
	return state.schemas.listed(state.settings.listLagMs).filter((one) => isUsable(one, caller));
}

function visible({ schemas }: EmulatorState, caller: Caller): StoredResource[] {
	return schemas.all().filter((one) => isUsable(one, caller));
}

/** @param id the `$id` or `meta:altId` */
export function find(
	state: EmulatorState,
	caller: Caller,
	container: Container,
	kind: ResourceKind,
	id: string,
): StoredResource {
	const found = visible(state, caller).find(
		(one) => one.container === container && one.kind === kind && [one.$id, one.altId].includes(id),
	);
	if (found === undefined) throw resourceNotFound(kind, id);
	return found;
}

/** @throws XdmError for references and fields that Adobe refuses; nothing is kept then */
function createChecked({ schemas: store }: EmulatorState, given: NewResource): StoredResource {
	let resource: StoredResource;
	try {
		resource = store.create(given);
	} catch (error) {
		if (error instanceof UnresolvedReference) throw invalidResource(error.message);
		if (error instanceof IncompatibleFields) throw mergeError(error);
		throw error;
	}
	try {
		checkResource(resource, store.tenantId(given.imsOrgId), (id) => store.findAny(id));
	} catch (error) {
		store.delete(resource.$id);
		throw error;
	}
	return resource;
}

/** ⚠UNV: what is in use cannot be deleted, nor a schema that is enabled for Profile. */
function checkUnused({ schemas, dataSets }: EmulatorState, resource: StoredResource): void {
	const { $id } = resource;
	if (isUnion(resource)) {
		throw invalidResource(`The schema ${$id} is enabled for Profile and cannot be deleted.`);
	}
	const [user] = schemas.usersOf($id);
	if (user !== undefined) {
		throw invalidResource(`The resource ${$id} is used by ${user.$id} and cannot be deleted.`);
	}
	const [dataSet] = dataSets.ofSchema($id);
	if (dataSet !== undefined) {
		throw invalidResource(`The schema ${$id} is used by the dataset ${dataSet.id}.`);
	}
}

/** Adobe's troubleshooting guide for XDM has it for unions. */
function mergeError({ message }: IncompatibleFields): XdmError {
	return new XdmError('XDM-1413-400', 'Merge Schema Error', message);
}
