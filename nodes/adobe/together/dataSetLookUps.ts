import type { ItemClient } from '../../platform/client';
import { asIs, isProblem } from '../../platform/errors/problem';
import type { DataSet } from '../datasets';
import { findDataSetsNamed, getDataSet, getDataSets } from '../datasets';
import { MAX_IDS_PER_REQUEST, MAX_NAMES_PER_FILTER } from '../filters/limits';
import { byNameOf, LookUps } from './lookUps';

/** Reads datasets, by ID and by name, for many items with few requests. */
export class DataSetLookUps {
	private readonly byId = new LookUps<DataSet>(MAX_IDS_PER_REQUEST, async (client, ids) => {
		const [only, ...more] = ids;
		const found =
			only === undefined || more.length > 0
				? await getDataSets(client, ids).catch(noneIfMissing)
				: [await getDataSet(client, only)];
		return new Map(found.map((one) => [one.id, one]));
	});
	private readonly byName = new LookUps<DataSet[]>(MAX_NAMES_PER_FILTER, async (client, names) =>
		byNameOf(await findDataSetsNamed(client, names)),
	);

	/** Announces an ID that may be read. */
	expect(scope: string, id: string): void {
		this.byId.expect(scope, id);
	}

	/** Announces a name that will be looked up. */
	expectName(scope: string, name: string): void {
		this.byName.expect(scope, name);
	}

	/** @throws Problem where it is not there, too */
	async get(client: ItemClient, id: string): Promise<DataSet> {
		// Lists may leave one out that can be read by its ID.
		return (await this.byId.find(client, id)) ?? (await getDataSet(client, id));
	}

	/** All of exactly this name. */
	async named(client: ItemClient, name: string): Promise<DataSet[]> {
		return (await this.byName.find(client, name)) ?? [];
	}

	/** One of that name was made, or is gone. */
	forgetName(scope: string, name: string): void {
		this.byName.forget(scope, name);
	}
}

/** What a list of IDs is answered with where one of them does not exist is not documented. */
function noneIfMissing(error: unknown): DataSet[] {
	if (isProblem(error, 'notFound')) return [];
	throw asIs(error);
}
