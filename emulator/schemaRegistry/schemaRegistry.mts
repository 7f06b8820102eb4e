import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Caller, originOf } from '../identity/caller.mts';
import { query } from '../http/call.mts';
import type { ById } from '../flowService/connections/connectionAccess.mts';
import { jsonBody } from '../http/jsonBody.mts';
import { admitCaller } from '../identity/platformAccess.mts';
import type { EmulatorState } from '../state.mts';
import { listForm, lookupForm } from './acceptHeader.mts';
import { listResources } from './listResources.mts';
import { IncompatibleFields, UnresolvedReference } from './resolveFields.mts';
import { checkResource, checkTitle, readResource, TENANT_KINDS } from './resourceInput.mts';
import { viewListed, viewResource } from './resourceView.mts';
import {
	type Container,
	isUsable,
	type ResourceKind,
	type StoredResource,
} from './schemaStore.mts';
import { invalidResource, resourceNotFound, XdmError } from './xdmErrors.mts';

const PATH = '/data/foundation/schemaregistry';
const KINDS: Array<[Container, ResourceKind]> = [
	['global', 'behaviors'],
	['global', 'classes'],
	['global', 'fieldgroups'],
	['global', 'schemas'],
	['tenant', 'classes'],
	['tenant', 'fieldgroups'],
	['tenant', 'schemas'],
];

/** Schema Registry: flow-service.md 6.3. */
export function schemaRegistryRoutes(state: EmulatorState) {
	const { schemas: store, dataSets } = state;
	const admit = (request: FastifyRequest, permission: 'View Schemas' | 'Manage Schemas') =>
		admitCaller(state, request, {
			permission,
			allows: ({ dataPermissions }) => dataPermissions.includes(permission),
			// The numbers are ⚠UNV.
			refuse: (status, detail) => new XdmError(`XDM-0000-${status}`, 'Request refused', detail),
		});
	const visible = (caller: Caller) => store.all().filter((one) => isUsable(one, caller));
	const find = (caller: Caller, container: Container, kind: ResourceKind, id: string) => {
		const found = visible(caller).find(
			(one) =>
				one.container === container && one.kind === kind && [one.$id, one.altId].includes(id),
		);
		if (found === undefined) throw resourceNotFound(kind, id);
		return found;
	};

	return async (app: FastifyInstance): Promise<void> => {
		app.get(`${PATH}/stats`, async (request) => {
			const caller = admit(request, 'View Schemas');
			const own = visible(caller).filter(({ container }) => container === 'tenant');
			const count = (kind: ResourceKind) => own.filter((one) => one.kind === kind).length;
			return {
				imsOrg: caller.orgId,
				tenantId: store.tenantId(caller.orgId),
				counts: {
					schemas: count('schemas'),
					mixins: count('fieldgroups'),
					datatypes: 0,
					classes: count('classes'),
					unions: 0,
				},
			};
		});

		for (const [container, kind] of KINDS) {
			const path = `${PATH}/${container}/${kind}`;
			app.get(path, async (request) => {
				const caller = admit(request, 'View Schemas');
				const form = listForm(request);
				const candidates = visible(caller)
					.filter((one) => one.container === container && one.kind === kind)
					.map((one) => ({ ...viewListed(one, 'xed'), listed: viewListed(one, form) }));
				const page = listResources(candidates, query(request), path);
				return { ...page, results: page.results.map(({ listed }) => listed) };
			});

			app.get<ById>(`${path}/:id`, async (request) => {
				const caller = admit(request, 'View Schemas');
				const form = lookupForm(request);
				return viewResource(find(caller, container, kind, request.params.id), form);
			});
		}

		for (const kind of TENANT_KINDS) {
			app.post(`${PATH}/tenant/${kind}`, async (request, reply) => {
				const caller = admit(request, 'Manage Schemas');
				const input = readResource(kind, jsonBody(request));
				checkTitle(input.title, visible(caller));
				const resource = create({ ...input, ...originOf(caller) });
				return await reply.code(201).send(viewResource(resource, 'xed'));
			});

			app.delete<ById>(`${PATH}/tenant/${kind}/:id`, async (request, reply) => {
				const caller = admit(request, 'Manage Schemas');
				const resource = find(caller, 'tenant', kind, request.params.id);
				checkUnused(resource);
				store.delete(resource.$id);
				return await reply.code(204).send();
			});
		}
	};

	function create(given: Parameters<typeof store.create>[0]): StoredResource {
		let resource: StoredResource;
		try {
			resource = store.create(given);
		} catch (error) {
			if (error instanceof UnresolvedReference) throw invalidResource(error.message);
			// Adobe's troubleshooting guide for XDM has it for unions.
			if (error instanceof IncompatibleFields) {
				throw new XdmError('XDM-1413-400', 'Merge Schema Error', error.message);
			}
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

	/** ⚠UNV: what is in use cannot be deleted. */
	function checkUnused({ $id }: StoredResource): void {
		const [user] = store.usersOf($id);
		if (user !== undefined) {
			throw invalidResource(`The resource ${$id} is used by ${user.$id} and cannot be deleted.`);
		}
		const [dataSet] = dataSets.ofSchema($id);
		if (dataSet !== undefined) {
			throw invalidResource(`The schema ${$id} is used by the dataset ${dataSet.id}.`);
		}
	}
}
