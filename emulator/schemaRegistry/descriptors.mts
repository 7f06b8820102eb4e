import { randomBytes } from 'node:crypto';
import { header } from '../http/call.mts';
import { asObject, jsonBody } from '../http/jsonBody.mts';
import { created, type Handler, noContent, pathId, type RouteTable } from '../http/routes.mts';
import { type Caller, isVisible, type Origin, originOf } from '../identity/caller.mts';
import { isNamespace } from '../identityService/namespaces.mts';
import type { EmulatorState } from '../state.mts';
import { EntityStore, type Stored } from '../store/entityStore.mts';
import { admit, find } from './schemaRegistry.mts';
import { isUnion } from './union.mts';
import { invalidResource, resourceNotFound, XdmError } from './xdmErrors.mts';
import { fieldAt, typeOfField } from './xdmField.mts';

const PATH = '/data/foundation/schemaregistry/tenant/descriptors';

const IDENTITY = 'xdm:descriptorIdentity';

/** Says of a field that its values are identities: flow-service-more.md 6.1. */
export interface StoredDescriptor extends Stored, Origin {
	id: string;
	sourceSchema: string;
	/** As it was sent. */
	body: Record<string, unknown>;
}

/** The identity descriptors of all organizations and sandboxes; other types are not implemented. */
export class DescriptorStore extends EntityStore<StoredDescriptor> {
	create(origin: Origin, sourceSchema: string, body: Record<string, unknown>): StoredDescriptor {
		const id = randomBytes(20).toString('hex');
		return this.keep(id, { ...this.stamp(), ...origin, id, sourceSchema, body });
	}

	/** The descriptor of a schema's primary identity. */
	primaryOf(schemaId: string): StoredDescriptor | undefined {
		return this.all().find(
			(one) => one.sourceSchema === schemaId && one.body['xdm:isPrimary'] === true,
		);
	}

	/** ⚠UNV that they go with their schema. */
	deleteOf(schemaId: string): void {
		for (const { id, sourceSchema } of this.all()) if (sourceSchema === schemaId) this.delete(id);
	}
}

/** flow-service-more.md 6.1. */
export const DESCRIPTOR_ROUTES: RouteTable = {
	[`GET ${PATH}` as const]: list(),
	[`POST ${PATH}` as const]: creation(),
	[`GET ${PATH}/:id` as const]: lookup(),
	[`DELETE ${PATH}/:id` as const]: deletion(),
};

/** One array for each type that there is, and none for others: Adobe's guide to descriptors. */
function list(): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'View Schemas');
		const form = listForm(header(request, 'accept') ?? '');
		const shown = state.descriptors
			.listed(state.settings.listLagMs)
			.filter((one) => isVisible(one, caller))
			.map((one) => {
				if (form === '-id') return one.id;
				return form === '-link' ? `/tenant/descriptors/${one.id}` : view(one);
			});
		return shown.length === 0 ? {} : { [IDENTITY]: shown };
	};
}

/** Adobe's guide: the family is `xdm` here, and not `xed`. Which number the error has is ⚠UNV. */
function listForm(accept: string): string {
	const form = /^application\/vnd\.adobe\.xdm(|-id|-link)\+json$/.exec(accept)?.[1];
	if (form !== undefined) return form;
	throw new XdmError(
		'XDM-1006-400',
		'Accept header invalid',
		`The supplied Accept header is not valid: ${accept} - A valid Accept value should look like application/vnd.adobe.xdm+json`,
	);
}

function creation(): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'Manage Schemas');
		const body = asObject(jsonBody(request)) ?? {};
		const { '@type': type, 'xdm:sourceSchema': schemaId, 'xdm:sourceProperty': property } = body;
		if (type !== IDENTITY) throw invalidResource(`The type ${String(type)} is not implemented.`);
		const schema = find(state, caller, 'tenant', 'schemas', String(schemaId));
		const path = /^\/(.+)$/.exec(String(property))?.[1]?.replaceAll('/', '.') ?? '';
		const field = fieldAt(schema.fields, path);
		if (field === undefined) {
			throw invalidResource(`The schema has no property ${String(property)}.`);
		}
		checkIdentity(body, typeOfField(field));
		if (body['xdm:isPrimary'] === true && state.descriptors.primaryOf(schema.$id) !== undefined) {
			throw invalidResource('The schema has a primary identity already.');
		}
		return created(view(state.descriptors.create(originOf(caller), schema.$id, body)));
	};
}

/** That only strings can be identities, and namespaces have to be known, is ⚠UNV. */
function checkIdentity(body: Record<string, unknown>, type: string): void {
	const { 'xdm:namespace': namespace, 'xdm:property': by, 'xdm:sourceProperty': property } = body;
	if (!isNamespace(namespace, by)) {
		throw invalidResource(`The namespace ${String(namespace)} (${String(by)}) is not known.`);
	}
	if (type === 'string') return;
	throw invalidResource(`The property ${String(property)} is a ${type} and cannot be an identity.`);
}

function lookup(): Handler {
	return (state, request) =>
		view(findDescriptor(state, admit(state, request, 'View Schemas'), pathId(request)));
}

function deletion(): Handler {
	return (state, request) => {
		const caller = admit(state, request, 'Manage Schemas');
		const { id, sourceSchema, body } = findDescriptor(state, caller, pathId(request));
		const schema = state.schemas.find(sourceSchema);
		// ⚠UNV, as is the number of the error.
		if (schema !== undefined && isUnion(schema) && body['xdm:isPrimary'] === true) {
			throw invalidResource('The schema is enabled for Profile, which needs its primary identity.');
		}
		state.descriptors.delete(id);
		return noContent();
	};
}

/** @throws XdmError */
function findDescriptor(state: EmulatorState, caller: Caller, id: string): StoredDescriptor {
	const found = state.descriptors.find(id);
	if (found === undefined || !isVisible(found, caller)) throw resourceNotFound('descriptors', id);
	return found;
}

function view({ id, body }: StoredDescriptor): object {
	return { '@id': id, ...body, 'meta:containerId': 'tenant' };
}
