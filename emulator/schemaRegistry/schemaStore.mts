import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.mts';
import { type Caller, isVisible, type Origin, type Place } from '../identity/caller.mts';
import { EntityStore, type Stored } from '../store/entityStore.mts';
import { resolveFields } from './resolveFields.mts';
import { STANDARD_RESOURCES } from './standardResources.mts';
import { recordValidator } from './validateRecord.mts';
import type { XdmField } from './xdmField.mts';

export type Container = 'global' | 'tenant';
export type ResourceKind = 'behaviors' | 'classes' | 'fieldgroups' | 'schemas';

/** What the creator decides. */
export interface NewResource extends Place, Pick<Origin, 'createdBy' | 'createdClient'> {
	kind: ResourceKind;
	title: string;
	description?: string;
	/** As sent: `definitions`, `properties`, `allOf`, `meta:intendedToExtend`, … */
	definition: Record<string, unknown>;
}

/** A class, a field group or a schema: flow-service.md 6.3. */
export interface StoredResource extends NewResource, Stored {
	container: Container;
	$id: string;
	/** `meta:altId`, the ID that needs no encoding in a path. */
	altId: string;
	/** Its minor number rises with each change; a change is always additive, so the major one stays. */
	version: string;
	/** The class of a schema, the behaviour of a class. */
	classId: string | undefined;
	/** IDs of everything that it is composed of. */
	extends: string[];
	/** All fields with every reference resolved. */
	fields: XdmField;
}

export type StoredSchema = StoredResource & { kind: 'schemas'; container: 'tenant' };

/** All classes, field groups and schemas of all organizations and sandboxes, in memory. */
export class SchemaStore extends EntityStore<StoredResource> {
	private readonly validators = new Map<string, (record: object) => string[]>();

	constructor(
		clock: Clock,
		private readonly defaultOrgId: string,
	) {
		super(clock);
		this.reset();
	}

	/**
	 * The tenant ID of an organization, without the underscore that its fields begin with. It is the
	 * same at every start for the first organization, so that examples can name its fields.
	 */
	tenantId(orgId: string): string {
		return orgId === this.defaultOrgId ? 'emulator' : `tenant${hash(orgId).slice(0, 8)}`;
	}

	/**
	 * Adds a resource.
	 *
	 * @param seed gives the same ID at every start; default: a random one
	 * @throws UnresolvedReference, IncompatibleFields
	 */
	create(given: NewResource, seed?: string): StoredResource {
		const tenant = this.tenantId(given.imsOrgId);
		const key = seed === undefined ? randomBytes(24).toString('hex') : hash(seed).slice(0, 48);
		// flow-service.md 6.3: a field group's ID says "mixins".
		const segment = given.kind === 'fieldgroups' ? 'mixins' : given.kind;
		const resolved = resolveFields(given.definition, (id) => {
			const found = this.findAny(id);
			return found && isShared(found, given) ? found : undefined;
		});
		const $id = `https://ns.adobe.com/${tenant}/${segment}/${key}`;
		return this.keep($id, {
			...given,
			container: 'tenant',
			...this.stamp(),
			$id,
			altId: `_${tenant}.${segment}.${key}`,
			version: '1.0',
			...resolved,
		});
	}

	/**
	 * Changes a resource, and the fields of everything that is composed of it.
	 *
	 * @throws IncompatibleFields where one of these has another field of the same path; nothing is changed then
	 */
	change(
		resource: StoredResource,
		changes: Pick<StoredResource, 'title' | 'definition' | 'fields' | 'classId' | 'extends'>,
	): StoredResource {
		const [major, minor] = resource.version.split('.');
		const version = `${major}.${Number(minor) + 1}`;
		const changed = this.keep(resource.$id, { ...resource, ...changes, version });
		this.validators.delete(resource.$id);
		try {
			const users = this.usersOf(resource.$id).map((user) => ({
				...user,
				...resolveFields(user.definition, (id) => this.findAny(id)),
			}));
			for (const user of users) {
				this.keep(user.$id, user);
				this.validators.delete(user.$id);
			}
		} catch (error) {
			this.keep(resource.$id, resource);
			throw error;
		}
		return changed;
	}

	/** A schema by its `$id` or `meta:altId`. */
	override find(idOrAltId: string): StoredSchema | undefined {
		const found = this.findAny(idOrAltId);
		return isSchema(found) ? found : undefined;
	}

	/** Any resource by its `$id` or `meta:altId`. */
	findAny(idOrAltId: string): StoredResource | undefined {
		return super.find(idOrAltId) ?? this.all().find(({ altId }) => altId === idOrAltId);
	}

	schemas(): StoredSchema[] {
		return this.all().filter(isSchema);
	}

	/** Everything composed of that resource. */
	usersOf($id: string): StoredResource[] {
		return this.all().filter((resource) => resource.extends.includes($id));
	}

	/**
	 * Checks a record against a schema.
	 *
	 * @returns a message for each violation, naming its path; none when the record conforms
	 * @throws RangeError for a schema that does not exist
	 */
	validate(schemaId: string, record: object): string[] {
		const schema = this.find(schemaId);
		if (schema === undefined) throw new RangeError(`no schema has the ID ${schemaId}`);
		let validator = this.validators.get(schema.$id);
		if (validator === undefined) {
			validator = recordValidator(schema.fields);
			this.validators.set(schema.$id, validator);
		}
		return validator(record);
	}

	override delete($id: string): void {
		super.delete($id);
		this.validators.delete($id);
	}

	/** Keeps only what Adobe provides. */
	override reset(): void {
		super.reset();
		this.validators.clear();
		for (const standard of STANDARD_RESOURCES) {
			const inherited = standard.extends.map(($ref) => ({ $ref }));
			const definition = { type: 'object', allOf: [...inherited, standard.fields] };
			this.keep(standard.$id, {
				kind: standard.kind,
				title: standard.title,
				description: standard.description,
				definition,
				imsOrgId: '',
				sandboxName: '',
				createdBy: 'Adobe',
				createdClient: 'Adobe',
				container: 'global',
				...this.stamp(Date.UTC(2020, 0, 1)),
				$id: standard.$id,
				// `https://ns.adobe.com/xdm/context/profile` is `_xdm.context.profile`.
				altId: `_${standard.$id.replace('https://ns.adobe.com/', '').replaceAll('/', '.')}`,
				version: '1.0',
				...resolveFields(definition, (id) => super.find(id)),
			});
		}
	}
}

/** Whether a resource is Adobe's own, or belongs to the caller's organization and sandbox. */
export function isUsable(resource: StoredResource, caller: Caller): boolean {
	return resource.container === 'global' || isVisible(resource, caller);
}

function isShared(resource: StoredResource, { imsOrgId, sandboxName }: Place): boolean {
	if (resource.container === 'global') return true;
	return resource.imsOrgId === imsOrgId && resource.sandboxName === sandboxName;
}

function isSchema(resource: StoredResource | undefined): resource is StoredSchema {
	return resource?.kind === 'schemas';
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
