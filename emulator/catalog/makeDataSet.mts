import { asObject } from '../http/jsonBody.mts';
import { type Origin, originOf } from '../identity/caller.mts';
import type { StoredSchema } from '../schemaRegistry/schemaStore.mts';
import {
	EVENT_CLASS,
	PROFILE_CLASS,
	STANDARD_RESOURCES,
} from '../schemaRegistry/standardResources.mts';
import {
	FIELD_TYPES,
	type FieldType,
	fieldAt,
	nestFields,
	typeOfField,
	type XdmField,
} from '../schemaRegistry/xdmField.mts';
import type { EmulatorState } from '../state.mts';
import type { StoredDataSet } from './dataSetStore.mts';

/** A schema in brief. */
export interface SchemaRecipe {
	/** Titles are unique: a number is appended where the title is in use. */
	title: string;
	/**
	 * Types by dotted path. A path that the class or one of Adobe's field groups for it has is that
	 * field; every other one is put below the tenant's own field, also where the path leaves that out.
	 */
	fields: Record<string, FieldType>;
	/** Those of the tenant's own fields without which a record is rejected. */
	required?: string[];
	/** Default: the profile class. */
	class?: 'profile' | 'event';
	/** Default: `prod`. */
	sandboxName?: string;
	/** Gives the same ID at every start; default: a random one. */
	seed?: string;
}

/** A dataset with a schema of its own, in brief. */
export interface DataSetRecipe extends Omit<SchemaRecipe, 'title'> {
	name: string;
	description?: string;
}

/**
 * Makes a schema and what it needs.
 *
 * @throws RangeError for a field of Adobe's that has another type
 */
export function makeSchema(state: EmulatorState, recipe: SchemaRecipe): StoredSchema {
	const { schemas } = state;
	const origin = originIn(state, recipe.sandboxName);
	const classId = recipe.class === 'event' ? EVENT_CLASS : PROFILE_CLASS;
	const namespace = `_${schemas.tenantId(origin.imsOrgId)}`;
	const { used, own } = sortFields(recipe.fields, classId, namespace);
	const table = nestFields(own);
	for (const path of recipe.required ?? []) require(table, ownPath(path, namespace));
	const seed = (part: string) => recipe.seed && `${recipe.seed} ${part}`;
	const references = [classId, ...used];
	if (Object.keys(own).length > 0) {
		const { $id } = schemas.create(
			{
				...origin,
				kind: 'fieldgroups',
				title: freeTitle(state, `${recipe.title} fields`),
				definition: {
					type: 'object',
					'meta:intendedToExtend': [classId],
					definitions: { own: table },
					allOf: [{ $ref: '#/definitions/own' }],
				},
			},
			seed('fields'),
		);
		references.push($id);
	}
	const { $id } = schemas.create(
		{
			...origin,
			kind: 'schemas',
			title: freeTitle(state, recipe.title),
			definition: { type: 'object', allOf: references.map(($ref) => ({ $ref })) },
		},
		seed('schema'),
	);
	return schemas.find($id) as StoredSchema;
}

/** Makes a dataset with a schema of its own. @throws RangeError as `makeSchema` */
export function makeDataSet(state: EmulatorState, recipe: DataSetRecipe): StoredDataSet {
	const { name, description, ...rest } = recipe;
	const schema = makeSchema(state, { ...rest, title: `${name} schema` });
	return state.dataSets.create(
		{
			name,
			...(description !== undefined && { description }),
			schemaRef: { id: schema.$id, contentType: 'application/vnd.adobe.xed-full+json;version=1' },
			tags: {},
			...originIn(state, recipe.sandboxName),
		},
		recipe.seed,
	);
}

/**
 * Reads a recipe that came over the wire.
 *
 * @throws TypeError
 */
export function readRecipe(value: unknown): DataSetRecipe {
	const { name, fields, sandboxName } = asObject(value) ?? {};
	const types = asObject(fields);
	const isType = (type: unknown) => FIELD_TYPES.some((known) => known === type);
	if (typeof name !== 'string' || types === undefined || !Object.values(types).every(isType)) {
		throw new TypeError(
			`The body must be {name, fields} with types by path: ${FIELD_TYPES.join(', ')}`,
		);
	}
	if (sandboxName !== undefined && typeof sandboxName !== 'string') {
		throw new TypeError('sandboxName must be a text');
	}
	const recipe = { name, fields: types as DataSetRecipe['fields'] };
	return sandboxName === undefined ? recipe : { ...recipe, sandboxName };
}

/** Made by the first client. Nobody sees what is in a sandbox that does not exist. */
function originIn({ sandboxes, firstClient }: EmulatorState, sandboxName = 'prod'): Origin {
	const known = sandboxes.find(({ name }) => name === sandboxName);
	const sandbox = known ?? { id: '', name: sandboxName };
	return originOf({ client: firstClient, orgId: firstClient.orgId, sandbox });
}

function ownPath(path: string, namespace: string): string {
	return path.startsWith(`${namespace}.`) ? path : `${namespace}.${path}`;
}

/** @throws RangeError for a field that is not there */
function require(table: XdmField, path: string): void {
	const [name = '', ...above] = path.split('.').reverse();
	const parent = above.length === 0 ? table : fieldAt(table, above.reverse().join('.'));
	if (parent?.properties?.[name] === undefined) throw new RangeError(`${path} is no field`);
	parent.required = [...(parent.required ?? []), name];
}

/** Which of Adobe's field groups the fields need, and which of them are the tenant's own. */
function sortFields(fields: SchemaRecipe['fields'], classId: string, namespace: string) {
	const standard = STANDARD_RESOURCES.filter(
		({ $id, kind, extends: to }) =>
			$id === classId || (kind === 'fieldgroups' && to.includes(classId)),
	);
	const used = new Set<string>();
	const own: Record<string, FieldType> = {};
	for (const [path, type] of Object.entries(fields)) {
		const holder = standard.find((one) => fieldAt(one.fields, path) !== undefined);
		const field = holder && fieldAt(holder.fields, path);
		if (holder === undefined || field === undefined) {
			own[ownPath(path, namespace)] = type;
			continue;
		}
		if (typeOfField(field) !== type) {
			throw new RangeError(`${path} is ${typeOfField(field)} in ${holder.$id}, not ${type}`);
		}
		if (holder.$id !== classId) used.add(holder.$id);
	}
	return { used, own };
}

function freeTitle({ schemas }: EmulatorState, title: string): string {
	const taken = new Set(schemas.all().map((one) => one.title));
	let free = title;
	for (let number = 2; taken.has(free); number++) free = `${title} ${number}`;
	return free;
}
