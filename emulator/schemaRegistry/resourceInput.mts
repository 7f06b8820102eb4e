import { asObject } from '../http/jsonBody.mts';
import type { NewResource, ResourceKind, StoredResource } from './schemaStore.mts';
import { invalidResource, XdmError } from './xdmErrors.mts';
import type { XdmField } from './xdmField.mts';

/** What can be created in the container `tenant`. */
export type TenantKind = Exclude<ResourceKind, 'behaviors'>;

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

/**
 * Checks what can be checked of a body before its references are followed: flow-service.md 6.3.
 *
 * @throws XdmError
 */
export function readResource(
	kind: ResourceKind,
	body: unknown,
): Pick<NewResource, 'kind' | 'title' | 'description' | 'definition'> {
	const { title, description, ...definition } = asObject(body) ?? {};
	if (typeof title !== 'string' || title.trim() === '') {
		throw invalidResource('The property title is missing.');
	}
	if (kind !== 'fieldgroups' && !Array.isArray(definition['allOf'])) {
		throw invalidResource('The property allOf is missing.');
	}
	return {
		kind,
		title,
		...(typeof description === 'string' && { description }),
		definition,
	};
}

/**
 * Adobe's troubleshooting guide for XDM: titles are unique, over all kinds of resources.
 *
 * @param others the resources of the same sandbox
 * @throws XdmError 1521
 */
export function checkTitle(title: string, others: StoredResource[]): void {
	const same = others.find((other) => other.container === 'tenant' && other.title === title);
	if (same === undefined) return;
	throw new XdmError(
		'XDM-1521-400',
		'Title not unique',
		`Object titles must be unique. An object ${same.$id} already exists with the same title`,
	);
}

/**
 * Checks a resource whose references have been followed.
 *
 * @param find finds what it refers to
 * @throws XdmError 1021 for fields outside the tenant's namespace, and others ⚠UNV
 */
export function checkResource(
	resource: Pick<StoredResource, 'kind' | 'definition' | 'fields' | 'extends'>,
	tenantId: string,
	find: (id: string) => StoredResource | undefined,
): void {
	const parts = resource.extends.map(find);
	const classes = parts.filter((part) => part?.kind === 'classes');
	if (resource.kind === 'schemas') {
		// flow-service.md 6.3: a schema is one class and any number of field groups.
		if (classes.length !== 1) throw invalidResource('A schema must have exactly one class.');
		for (const part of parts) checkIntended(part, classes[0]);
	}
	if (resource.kind === 'classes' && !parts.some((part) => part?.kind === 'behaviors')) {
		throw invalidResource('A class must extend a behavior.');
	}
	if (resource.kind === 'fieldgroups') checkIntentions(resource.definition, find);

	const inherited = new Set(parts.flatMap((part) => Object.keys(part?.fields.properties ?? {})));
	for (const name of Object.keys(resource.fields.properties ?? {})) {
		if (name === `_${tenantId}` || inherited.has(name)) continue;
		throw new XdmError(
			'XDM-1021-400',
			'Namespace validation error',
			`A custom field is defined under an invalid namespace. All custom fields must be defined under a top-level field named _${tenantId}.`,
		);
	}
	checkField(resource.fields, '');
}

/** flow-service.md 6.3: `meta:intendedToExtend`. That it may be absent is ⚠UNV. */
function checkIntentions(
	definition: Record<string, unknown>,
	find: (id: string) => StoredResource | undefined,
): void {
	const intended = definition['meta:intendedToExtend'];
	if (intended === undefined) return;
	const isKnown = (id: unknown) => typeof id === 'string' && find(id)?.kind === 'classes';
	if (Array.isArray(intended) && intended.length > 0 && intended.every(isKnown)) return;
	throw invalidResource('meta:intendedToExtend must be a list of IDs of classes.');
}

/** ⚠UNV: a field group for one class is rejected in a schema of another. */
function checkIntended(part: StoredResource | undefined, schemaClass?: StoredResource): void {
	const intended = part?.definition['meta:intendedToExtend'];
	if (part?.kind !== 'fieldgroups' || !Array.isArray(intended)) return;
	if (schemaClass !== undefined && intended.includes(schemaClass.$id)) return;
	throw invalidResource(`The field group ${part.$id} is not intended for ${schemaClass?.$id}.`);
}

/**
 * Every field has a type, and a name of letters, digits, hyphens and underscores that begins with a
 * letter; Adobe's own and the tenant's namespace begin with an underscore. General knowledge ⚠UNV.
 */
function checkField(field: XdmField, path: string): void {
	if (!TYPES.includes(field.type)) {
		throw invalidResource(
			`The field ${path || '/'} has the type ${field.type}, which is not known.`,
		);
	}
	for (const [name, inner] of Object.entries(field.properties ?? {})) {
		const pattern = path === '' ? /^_?[a-z][\w-]*$/i : /^[a-z][\w-]*$/i;
		const at = `${path}/${name}`;
		if (!pattern.test(name))
			throw invalidResource(`The field ${at} has a name that is not allowed.`);
		checkField(inner, at);
	}
	if (field.items !== undefined) checkField(field.items, `${path}/items`);
}
