import { randomUUID } from 'node:crypto';
import type { StoredConnection } from './connectionStore.mts';

/** flow-service.md 0.1 */
const DATA_LAKE_SPEC = { id: 'c604ff05-7f1a-43c0-8e18-33bf874cb11c', version: '1.0' };
const FLOW_SPEC = { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' };

type Spec = StoredConnection['connectionSpec'];
interface Reference {
	id: string;
	connectionSpec: Spec;
}

/** What every entity of Flow Service has. */
type Entity = Omit<StoredConnection, 'description' | 'connectionSpec' | 'auth' | 'pollsLeft'> & {
	/** The same as `etag`: flow-service.md 2.8. */
	version: string;
};

/** A table of a base connection: flow-service.md 5.1. */
export interface StoredSourceConnection extends Entity {
	baseConnectionId: string;
	connectionSpec: Spec;
	data: { format: string; schema: null; properties: null };
	params: { tableName: string; columns: [] };
	inheritedAttributes: { baseConnection: Reference };
}

/** A dataflow: flow-service.md 5.4, as far as it shows which connection it uses. */
export interface StoredFlow extends Entity {
	flowSpec: Spec;
	sourceConnectionIds: string[];
	targetConnectionIds: string[];
	inheritedAttributes: {
		properties: { isSourceFlow: boolean };
		sourceConnections: Array<Reference & { baseConnection: Reference }>;
		targetConnections: Reference[];
	};
	runs: string;
}

/** All dataflows and the source connections they read from, in memory. They do not run. */
export class FlowStore {
	private stored: Array<{ source: StoredSourceConnection; flow: StoredFlow }> = [];
	private sequence = 0;

	constructor(private readonly makeEtag: () => string) {}

	/** Puts new flows, with a source connection each, in the place of a connection's present ones. */
	replace(connection: StoredConnection, names: string[]): StoredFlow[] {
		const made = names.map((name) => this.make(connection, name));
		this.stored = this.stored.filter(({ source }) => source.baseConnectionId !== connection.id);
		this.stored.push(...made);
		return made.map(({ flow }) => flow);
	}

	/** In order of creation, like the next one. */
	flows(): StoredFlow[] {
		return this.stored.map(({ flow }) => flow);
	}

	sourceConnections(): StoredSourceConnection[] {
		return this.stored.map(({ source }) => source);
	}

	ofConnection(id: string): StoredFlow[] {
		return this.stored
			.filter(({ source }) => source.baseConnectionId === id)
			.map(({ flow }) => flow);
	}

	reset(): void {
		this.stored = [];
	}

	private make(base: StoredConnection, name: string) {
		const { id: baseConnectionId, connectionSpec } = base;
		const baseConnection = { id: baseConnectionId, connectionSpec };
		const source: StoredSourceConnection = {
			...this.entity(base, `${name} source`),
			baseConnectionId,
			connectionSpec,
			data: { format: 'tabular', schema: null, properties: null },
			params: { tableName: 'public.orders', columns: [] },
			inheritedAttributes: { baseConnection },
		};
		const target = { id: randomUUID(), connectionSpec: DATA_LAKE_SPEC };
		const entity = this.entity(base, name);
		const flow: StoredFlow = {
			...entity,
			flowSpec: FLOW_SPEC,
			sourceConnectionIds: [source.id],
			targetConnectionIds: [target.id],
			inheritedAttributes: {
				properties: { isSourceFlow: true },
				sourceConnections: [{ id: source.id, connectionSpec, baseConnection }],
				targetConnections: [target],
			},
			runs: `/flows/${entity.id}/runs`,
		};
		return { source, flow };
	}

	private entity(base: StoredConnection, name: string): Entity {
		const { createdBy, createdClient, sandboxId, sandboxName, imsOrgId } = base;
		const now = Date.now();
		const etag = this.makeEtag();
		return {
			id: randomUUID(),
			sequence: ++this.sequence,
			createdAt: now,
			updatedAt: now,
			createdBy,
			updatedBy: createdBy,
			createdClient,
			updatedClient: createdClient,
			sandboxId,
			sandboxName,
			imsOrgId,
			name,
			state: 'enabled',
			version: etag,
			etag,
			lastOperation: { started: now, updated: now, operation: 'create' },
		};
	}
}

/** A flow or source connection as the API shows it. */
export function viewFlow<T extends Entity>(entity: T): Omit<T, 'sequence'> {
	const { sequence: _, ...shown } = entity;
	return shown;
}
