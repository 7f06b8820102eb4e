import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../adobe/dataflowEnds';
import type { SourceConnection, TargetConnection } from '../../adobe/dataflowEnds';
import { getResource } from '../../adobe/collection';
import type { Dataflow } from '../../adobe/dataflows';
import { findFlows } from '../../adobe/dataflows';
import type { DataSet } from '../../adobe/datasets';
import { getDataSet, listDataSets } from '../../adobe/datasets';
import type { Schema, SchemaPart } from '../../adobe/schemas';
import { getSchema, getTenantId } from '../../adobe/schemas';
import type { SourceColumn } from '../../adobe/tables';
import { listColumns } from '../../adobe/tables';
import type { WrittenPart } from '../../adobe/evolution/fieldGroups';
import { findWrittenParts } from '../../adobe/evolution/fieldGroups';
import type { ItemClient } from '../../platform/client';
import { ReadOnce } from '../../platform/keyed';

/** All that plans look up. */
export class DatabaseLookUps {
	private readonly once = new ReadOnce();

	async flowsNamed(client: ItemClient, name: string): Promise<Dataflow[]> {
		return await findFlows(client, { names: [name] });
	}

	async source(client: ItemClient, id: string): Promise<SourceConnection> {
		return await getResource(client, SOURCE_CONNECTION, id);
	}

	async target(client: ItemClient, id: string): Promise<TargetConnection> {
		return await getResource(client, TARGET_CONNECTION, id);
	}

	readonly dataSets = {
		get: async (client: ItemClient, id: string): Promise<DataSet> => await getDataSet(client, id),
		named: async (client: ItemClient, name: string): Promise<DataSet[]> =>
			(await listDataSets(client, { names: [name] })).items,
	};

	async parts(client: ItemClient, part: SchemaPart, title: string): Promise<WrittenPart[]> {
		return await findWrittenParts(client, part, [title]);
	}

	async columns(client: ItemClient, connectionId: string, table: string): Promise<SourceColumn[]> {
		return await this.once.read(
			`${client.scope} columns ${connectionId} ${table}`,
			async () => await listColumns(client, connectionId, table),
		);
	}

	async schema(client: ItemClient, id: string): Promise<Schema> {
		return await this.once.read(`${client.scope} ${id}`, async () => await getSchema(client, id));
	}

	async tenantId(client: ItemClient): Promise<string> {
		return await this.once.read(`${client.scope} tenant`, async () => await getTenantId(client));
	}
}
