import type { Resource, ResourceKind } from '../../adobe/collection';
import { findResources } from '../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../adobe/dataflowEnds';
import type { WrittenPart } from '../../adobe/evolution/fieldGroups';
import { findWrittenParts } from '../../adobe/evolution/fieldGroups';
import { MAX_NAMES_PER_FILTER } from '../../adobe/filters/limits';
import { nameFilter } from '../../adobe/filters/nameFilter';
import type { SchemaPart } from '../../adobe/schemas';
import { DataflowLookUps } from '../../adobe/together/dataflowLookUps';
import { byNameOf, LookUps } from '../../adobe/together/lookUps';
import type { ItemClient } from '../../platform/client';
import { endName } from '../dataflow/create/markers';
import type { Desired } from './desired';

type End = 'source' | 'target';

/** All that the items of a plan look up, fifty or a hundred with one request. */
export class DatabaseLookUps {
	/** The names of dataflows that could not be taken as they are. */
	readonly unreadable: string[] = [];
	private readonly partsByTitle: Record<SchemaPart, LookUps<WrittenPart[]>> = {
		schemas: partsOf('schemas'),
		fieldgroups: partsOf('fieldgroups'),
	};
	private readonly endsByName: Record<End, LookUps<Resource[]>> = {
		source: endsOf(SOURCE_CONNECTION),
		target: endsOf(TARGET_CONNECTION),
	};

	/** @param flows those of Create, where both work on the same items */
	constructor(readonly flows = new DataflowLookUps()) {}

	/** Announces what a table will be looked up by. */
	expect(scope: string, { name, dataset }: Pick<Desired, 'name' | 'dataset'>): void {
		this.flows.expectName(scope, name);
		this.flows.dataSets.expectName(scope, dataset.name);
		this.partsByTitle.schemas.expect(scope, dataset.name);
		this.partsByTitle.fieldgroups.expect(scope, groupTitle(dataset.name));
	}

	/** Announces the ends that an earlier execution of a plan may have left. */
	expectEnds(scope: string, flowName: string, marker: string): void {
		for (const end of ['source', 'target'] as const) {
			this.endsByName[end].expect(scope, endName(flowName, end, marker));
		}
	}

	/** The schemas, or the field groups, that were made for a dataset of that name. */
	async parts(client: ItemClient, part: SchemaPart, dataset: string): Promise<WrittenPart[]> {
		const title = part === 'schemas' ? dataset : groupTitle(dataset);
		return (await this.partsByTitle[part].find(client, title)) ?? [];
	}

	async ends(client: ItemClient, end: End, flowName: string, marker: string): Promise<Resource[]> {
		return (await this.endsByName[end].find(client, endName(flowName, end, marker))) ?? [];
	}
}

/** As `tableSchema` calls it. */
function groupTitle(dataset: string): string {
	return `${dataset} fields`;
}

function partsOf(part: SchemaPart): LookUps<WrittenPart[]> {
	return new LookUps(MAX_NAMES_PER_FILTER, async (client, titles) => {
		const found = await findWrittenParts(client, part, titles);
		return byNameOf(found.map((one) => ({ ...one, name: one.title })));
	});
}

function endsOf<T extends Resource>(kind: ResourceKind<T>): LookUps<Resource[]> {
	return new LookUps<Resource[]>(MAX_NAMES_PER_FILTER, async (client, names) =>
		byNameOf<Resource>(
			await findResources(client, kind, {
				filters: nameFilter('name', names),
				fits: ({ name }) => name !== undefined && names.includes(name),
			}),
		),
	);
}
