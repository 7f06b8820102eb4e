import type { ListForm, LookupForm } from './acceptHeader.mts';
import type { StoredResource } from './schemaStore.mts';
import { type XdmField, typeOfField } from './xdmField.mts';

const XDM_TYPES: Record<string, string> = { integer: 'int', number: 'double' };
const TEXT_MEMBERS = ['title', 'description'];

/** A resource in a list: flow-service.md 6.3. */
export function viewListed(resource: StoredResource, form: ListForm): object {
	const { $id, altId, title, version } = resource;
	if (form === 'xed-id') return { title, $id, 'meta:altId': altId, version };
	return viewResource(resource, 'xed');
}

/**
 * One resource: flow-service.md 6.3. `xed` is as it was sent, with its references; `full` has them
 * resolved; `notext` is without titles and descriptions; `desc` would add descriptors, of which
 * there are none.
 */
export function viewResource(resource: StoredResource, form: LookupForm): object {
	const { definitions, properties, allOf, ...rest } = resource.definition;
	const { required, ...resolved } = describe(resource.fields);
	const body = form.startsWith('xed-full')
		? { properties: resolved.properties, ...(required !== undefined && { required }) }
		: {
				...(definitions !== undefined && { definitions }),
				...(properties !== undefined && { properties }),
				allOf,
			};
	const view = {
		...rest,
		...identify(resource),
		title: resource.title,
		...(resource.description !== undefined && { description: resource.description }),
		type: 'object',
		...body,
	};
	return form.endsWith('notext') ? withoutText(view) : view;
}

function identify(resource: StoredResource): Record<string, unknown> {
	const { $id, altId, kind, version, container, classId, imsOrgId, sandboxName } = resource;
	return {
		$id,
		'meta:altId': altId,
		'meta:resourceType': kind === 'fieldgroups' ? 'mixins' : kind,
		version,
		...(kind === 'schemas' && { 'meta:class': classId }),
		'meta:extends': resource.extends,
		'meta:abstract': kind !== 'schemas',
		'meta:extensible': kind !== 'schemas',
		'meta:containerId': container,
		'meta:xdmType': 'object',
		...(container === 'tenant' && {
			imsOrg: imsOrgId,
			'meta:sandboxName': sandboxName,
			'meta:tenantNamespace': `_${$id.split('/')[3]}`,
		}),
		'meta:registryMetadata': {
			'repo:createdDate': resource.createdAt,
			'repo:lastModifiedDate': resource.createdAt,
			'xdm:createdClientId': resource.createdClient,
			'xdm:createdUserId': resource.createdBy,
			'xdm:lastModifiedUserId': resource.createdBy,
		},
	};
}

/** A field with what XDM adds to JSON Schema. */
function describe(field: XdmField): XdmField {
	const type = typeOfField(field);
	const inner = Object.entries(field.properties ?? {}).map(([name, one]) => [name, describe(one)]);
	return {
		...field,
		...(field.properties !== undefined && { properties: Object.fromEntries(inner) }),
		...(field.items !== undefined && { items: describe(field.items) }),
		...{ 'meta:xdmType': XDM_TYPES[type] ?? type },
	};
}

/** Removes titles and descriptions of a node and its fields, but no field that is called `title`. */
function withoutText(node: object): object {
	const members = Object.entries(node).filter(
		([name, value]) => !TEXT_MEMBERS.includes(name) || typeof value !== 'string',
	);
	return Object.fromEntries(
		members.map(([name, value]: [string, unknown]) => {
			if (Array.isArray(value))
				return [name, value.map((one) => (isNode(one) ? withoutText(one) : one))];
			return [name, isNode(value) ? withoutText(value) : value];
		}),
	);
}

function isNode(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
