import type { ItemClient } from '../../platform/client';
import { ReadOnce } from '../../platform/keyed';
import type { SourceConnection, TargetConnection } from '../dataflowEnds';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../dataflowEnds';
import type { Dataflow } from '../dataflows';
import { findFlows } from '../dataflows';
import { MAX_NAMES_PER_FILTER } from '../filters/limits';
import type { Schema } from '../schemas';
import { getSchema, getTenantId } from '../schemas';
import type { SourceColumn } from '../tables';
import { listColumns } from '../tables';
import { DataSetLookUps } from './dataSetLookUps';
import { IdLookUps } from './idLookUps';
import { byNameOf, LookUps } from './lookUps';

/**
 * All that the items of an execution look up about dataflows, with few requests: names fifty at a time,
 * sources, targets and datasets a hundred at a time, a table, a schema and the tenant once. Nothing of it
 * grows with what else is in the sandbox.
 *
 * What is known beforehand (all names, all datasets) is announced when items are prepared; the ends of the
 * dataflows that are found are announced here.
 */
export class DataflowLookUps {
	readonly dataSets = new DataSetLookUps();
	/** What is read one by one, but only once. */
	readonly once = new ReadOnce();
	private readonly sources = new IdLookUps(SOURCE_CONNECTION);
	private readonly targets = new IdLookUps(TARGET_CONNECTION);
	private readonly byName = new LookUps<Dataflow[]>(MAX_NAMES_PER_FILTER, async (client, names) => {
		const found = await findFlows(client, { names });
		this.expectEnds(client.scope, found);
		return byNameOf(found);
	});

	/** Announces a name that will be looked up. */
	expectName(scope: string, name: string): void {
		this.byName.expect(scope, name);
	}

	/** Announces the ends of dataflows: the first that is read brings those of the others along. */
	expectEnds(
		scope: string,
		flows: ReadonlyArray<Pick<Dataflow, 'sourceConnectionIds' | 'targetConnectionIds'>>,
	): void {
		for (const { sourceConnectionIds, targetConnectionIds } of flows) {
			for (const id of sourceConnectionIds.slice(0, 1)) this.sources.expect(scope, id);
			for (const id of targetConnectionIds.slice(0, 1)) this.targets.expect(scope, id);
		}
	}

	/** The dataflows out of PostgreSQL of exactly this name. */
	async flowsNamed(client: ItemClient, name: string): Promise<Dataflow[]> {
		return (await this.byName.find(client, name)) ?? [];
	}

	/** A dataflow of that name was made, changed or deleted. */
	forgetName(scope: string, name: string): void {
		this.byName.forget(scope, name);
	}

	/** @throws Problem where it is not there, too */
	async source(client: ItemClient, id: string): Promise<SourceConnection> {
		return await this.sources.get(client, id);
	}

	/** @throws Problem where it is not there, too */
	async target(client: ItemClient, id: string): Promise<TargetConnection> {
		const target = await this.targets.get(client, id);
		if (target.datasetId !== undefined) this.dataSets.expect(client.scope, target.datasetId);
		return target;
	}

	/** The columns of a table as explore shows them. */
	async columns(client: ItemClient, connectionId: string, table: string): Promise<SourceColumn[]> {
		return await this.read(client, `columns ${connectionId} ${table}`, async () =>
			listColumns(client, connectionId, table),
		);
	}

	async schema(client: ItemClient, id: string): Promise<Schema> {
		return await this.read(client, `schema ${id}`, async () => getSchema(client, id));
	}

	async tenantId(client: ItemClient): Promise<string> {
		return await this.read(client, 'tenant', async () => getTenantId(client));
	}

	/** Anything else, once for all items. */
	async read<T>(client: ItemClient, key: string, work: () => Promise<T>): Promise<T> {
		return await this.once.read(`${client.scope} ${key}`, work);
	}
}
