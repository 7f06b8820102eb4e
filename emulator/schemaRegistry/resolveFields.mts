import type { StoredResource } from './schemaStore.mts';
import { mergeFields, type XdmField } from './xdmField.mts';

/** A `$ref` to something that does not exist. */
export class UnresolvedReference extends Error {}

/** Two parts that give one path different types. */
export class IncompatibleFields extends Error {}

type Find = (id: string) => StoredResource | undefined;
type Node = Record<string, unknown>;

const MAX_DEPTH = 50;

/**
 * The fields of a resource with its `allOf` and every `$ref` replaced by what they refer to, as
 * `xed-full` shows them: flow-service.md 6.3.
 *
 * @param definition the body as sent
 * @throws UnresolvedReference, IncompatibleFields
 */
export function resolveFields(
	definition: Node,
	find: Find,
): Pick<StoredResource, 'fields' | 'classId' | 'extends'> {
	const used = new Map<string, StoredResource>();
	const resolve = (node: Node, depth: number): XdmField => {
		if (depth > MAX_DEPTH) throw new UnresolvedReference('The references go round in a circle.');
		const { $ref, allOf, properties, items, ...own } = node;
		delete own['definitions'];
		let field = own as unknown as XdmField;
		if (isNode(properties)) {
			const resolved = Object.entries(properties).map(
				([name, inner]) => [name, resolve(isNode(inner) ? inner : {}, depth + 1)] as const,
			);
			field = { ...field, type: 'object', properties: Object.fromEntries(resolved) };
		}
		if (isNode(items)) field = { ...field, type: 'array', items: resolve(items, depth + 1) };
		if (typeof $ref === 'string') field = join(follow($ref, depth), field);
		for (const part of Array.isArray(allOf) ? allOf : []) {
			field = join(field, resolve(isNode(part) ? part : {}, depth + 1));
		}
		return field;
	};
	const follow = ($ref: string, depth: number): XdmField => {
		if ($ref.startsWith('#')) {
			const target = localTarget(definition, $ref);
			if (target === undefined) {
				throw new UnresolvedReference(`The reference ${$ref} leads to nothing.`);
			}
			return resolve(target, depth + 1);
		}
		const resource = find($ref);
		if (resource === undefined) {
			throw new UnresolvedReference(`The referenced resource ${$ref} is not found.`);
		}
		for (const id of [resource.$id, ...resource.extends]) {
			const part = find(id);
			if (part !== undefined) used.set(id, part);
		}
		const { type, properties = {}, required } = resource.fields;
		return { type, properties, ...(required !== undefined && { required }) };
	};

	const { title: _t, description: _d, ...fields } = resolve(definition, 0);
	const parts = [...used.values()];
	const classOf = parts.find(({ kind }) => kind === 'classes');
	const behaviorOf = parts.find(({ kind }) => kind === 'behaviors');
	return { fields, classId: (classOf ?? behaviorOf)?.$id, extends: [...used.keys()] };
}

function join(a: XdmField, b: XdmField): XdmField {
	const clash = firstClash(a, b, '');
	if (clash !== undefined) {
		throw new IncompatibleFields(
			`Cannot merge incompatible data types. The path ${clash} is defined with different types.`,
		);
	}
	return mergeFields(a, b);
}

function firstClash(a: XdmField, b: XdmField, path: string): string | undefined {
	if (a.type !== undefined && b.type !== undefined && a.type !== b.type) return path || '/';
	for (const [name, field] of Object.entries(a.properties ?? {})) {
		const other = Object.hasOwn(b.properties ?? {}, name) ? b.properties?.[name] : undefined;
		const clash = other && firstClash(field, other, `${path}/${name}`);
		if (clash !== undefined) return clash;
	}
	return undefined;
}

function localTarget(definition: Node, $ref: string): Node | undefined {
	let target: unknown = definition;
	for (const part of $ref.replace(/^#\/?/, '').split('/')) {
		if (part === '') continue;
		target = isNode(target) && Object.hasOwn(target, part) ? target[part] : undefined;
	}
	return isNode(target) ? target : undefined;
}

function isNode(value: unknown): value is Node {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
