import { createHash, randomBytes } from 'node:crypto';
import { resolveFields } from './resolveFields.mts';
import { STANDARD_RESOURCES } from './standardResources.mts';
import { recordValidator } from './validateRecord.mts';
import type { XdmField } from './xdmField.mts';

export type Container = 'global' | 'tenant';
export type ResourceKind = 'behaviors' | 'classes' | 'fieldgroups' | 'schemas';

/** What the creator decides. */
export interface NewResource {
	kind: ResourceKind;
	title: string;
	description?: string;
	/** As sent: `definitions`, `properties`, `allOf`, `meta:intendedToExtend`, … */
	definition: Record<string, unknown>;
	imsOrgId: string;
	sandboxName: string;
	createdBy: string;
	createdClient: string;
}

/** A class, a field group or a schema: flow-service.md 6.3. */
export interface StoredResource extends NewResource {
	container: Container;
	/** Order of creation. */
	sequence: number;
	$id: string;
	/** `meta:altId`, the ID that needs no encoding in a path. */
	altId: string;
	/** Nothing here is ever changed, so it stays the first one. */
	version: '1.0';
	createdAt: number;
	/** The class of a schema, the behaviour of a class. */
	classId: string | undefined;
	/** IDs of everything that it is made of. */
	extends: string[];
	/** All fields with every reference resolved. */
	fields: XdmField;
}

export type StoredSchema = StoredResource & { kind: 'schemas'; container: 'tenant' };

/** All classes, field groups and schemas of all organizations and sandboxes, in memory. */
export class SchemaStore {
	private readonly byId = new Map<string, StoredResource>();
	private readonly validators = new Map<string, (record: object) => string[]>();
	private sequence = 0;

	constructor(private readonly defaultOrgId: string) {
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
			return found && isWithin(found, given) ? found : undefined;
		});
		const resource: StoredResource = {
			...given,
			container: 'tenant',
			sequence: ++this.sequence,
			$id: `https://ns.adobe.com/${tenant}/${segment}/${key}`,
			altId: `_${tenant}.${segment}.${key}`,
			version: '1.0',
			createdAt: Date.now(),
			...resolved,
		};
		this.byId.set(resource.$id, resource);
		return resource;
	}

	/** A schema by its `$id` or `meta:altId`. */
	find(idOrAltId: string): StoredSchema | undefined {
		const found = this.findAny(idOrAltId);
		return isSchema(found) ? found : undefined;
	}

	/** Any resource by its `$id` or `meta:altId`. */
	findAny(idOrAltId: string): StoredResource | undefined {
		return (
			this.byId.get(idOrAltId) ??
			[...this.byId.values()].find((resource) => resource.altId === idOrAltId)
		);
	}

	/** In order of creation, Adobe's own first. */
	all(): StoredResource[] {
		return [...this.byId.values()];
	}

	schemas(): StoredSchema[] {
		return this.all().filter(isSchema);
	}

	/** Everything made of that resource. */
	usersOf($id: string): StoredResource[] {
		return this.all().filter((resource) => resource.extends.includes($id));
	}

	/**
	 * Whether a record fits a schema.
	 *
	 * @returns a text for each thing that does not fit, naming its path; none when the record fits
	 * @throws RangeError for a schema that is not there
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

	delete($id: string): void {
		this.byId.delete($id);
		this.validators.delete($id);
	}

	/** Leaves what Adobe provides. */
	reset(): void {
		this.byId.clear();
		this.validators.clear();
		this.sequence = 0;
		for (const standard of STANDARD_RESOURCES) {
			const inherited = standard.extends.map(($ref) => ({ $ref }));
			const definition = { type: 'object', allOf: [...inherited, standard.fields] };
			this.byId.set(standard.$id, {
				kind: standard.kind,
				title: standard.title,
				description: standard.description,
				definition,
				imsOrgId: '',
				sandboxName: '',
				createdBy: 'Adobe',
				createdClient: 'Adobe',
				container: 'global',
				sequence: ++this.sequence,
				$id: standard.$id,
				// `https://ns.adobe.com/xdm/context/profile` is `_xdm.context.profile`.
				altId: `_${standard.$id.replace('https://ns.adobe.com/', '').replaceAll('/', '.')}`,
				version: '1.0',
				createdAt: Date.UTC(2020, 0, 1),
				...resolveFields(definition, (id) => this.byId.get(id)),
			});
		}
	}
}

/** Whether a resource is Adobe's own, or lies in that organization and sandbox. */
export function isWithin(
	resource: StoredResource,
	{ imsOrgId, sandboxName }: Pick<NewResource, 'imsOrgId' | 'sandboxName'>,
): boolean {
	const { container } = resource;
	if (container === 'global') return true;
	return resource.imsOrgId === imsOrgId && resource.sandboxName === sandboxName;
}

function isSchema(resource: StoredResource | undefined): resource is StoredSchema {
	return resource?.kind === 'schemas';
}

function hash(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
