import { applyPatch, readPatch } from '../flowService/jsonPatch.mts';
import { WireError } from '../http/wireError.mts';
import { resolveFields, UnresolvedReference } from './resolveFields.mts';
import type { SchemaStore, StoredResource } from './schemaStore.mts';
import { invalidResource, XdmError } from './xdmErrors.mts';
import { type XdmField, typeOfField } from './xdmField.mts';

const PATCHABLE = /^\/(title|description|definitions\/.+|properties\/.+|allOf\/.+)$/;

/** What a PATCH makes of a resource. */
export type Patched = Pick<
	StoredResource,
	'title' | 'description' | 'definition' | 'fields' | 'classId' | 'extends'
>;

/**
 * Applies a JSON Patch to a field group or a schema, without keeping anything: flow-service-more.md 5. Only
 * what adds is taken, whether anything uses the resource or not ⚠UNV.
 *
 * @throws XdmError for a change that would break what is there; the number of the error is ⚠UNV
 */
export function patched(store: SchemaStore, resource: StoredResource, body: unknown): Patched {
	const target = {
		title: resource.title,
		...(resource.description !== undefined && { description: resource.description }),
		...structuredClone(resource.definition),
	};
	try {
		applyPatch(target, readPatch(body), PATCHABLE);
	} catch (error) {
		// The same rules of JSON Patch as Flow Service's, and the registry's own form of errors.
		if (error instanceof WireError) throw invalidResource(error.message);
		throw error;
	}
	const { title, description, ...definition } = target as { title: string; description?: string };
	let resolved: Pick<StoredResource, 'fields' | 'classId' | 'extends'>;
	try {
		resolved = resolveFields(definition, (id) => store.findAny(id));
	} catch (error) {
		if (error instanceof UnresolvedReference) throw invalidResource(error.message);
		throw error;
	}
	const broken = firstBreak(resource.fields, resolved.fields, '');
	if (broken !== undefined) throw breaking(broken);
	return {
		title,
		...(description !== undefined && { description }),
		definition,
		...resolved,
	};
}

/** The path of a field that is gone, has another type, or was optional and is required. */
function firstBreak(before: XdmField, after: XdmField, path: string): string | undefined {
	if (typeOfField(before) !== typeOfField(after) || before.format !== after.format) {
		return path || '/';
	}
	for (const [name, field] of Object.entries(before.properties ?? {})) {
		const at = `${path}/${name}`;
		const now = Object.hasOwn(after.properties ?? {}, name) ? after.properties?.[name] : undefined;
		if (now === undefined) return at;
		const isNewlyRequired =
			after.required?.includes(name) === true && before.required?.includes(name) !== true;
		const broken = isNewlyRequired ? at : firstBreak(field, now, at);
		if (broken !== undefined) return broken;
	}
	if (before.items === undefined || after.items === undefined) return undefined;
	return firstBreak(before.items, after.items, `${path}/items`);
}

function breaking(path: string): XdmError {
	return new XdmError(
		'XDM-0000-400',
		'Breaking change',
		`The change of ${path} is not allowed: only additive changes are.`,
	);
}
