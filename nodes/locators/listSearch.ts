import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { listResources, PAGE_SIZE } from '../adobe/collection';
import { listConnections } from '../adobe/connections';
import { findFlows, listFlows } from '../adobe/dataflows';
import { listDataSets } from '../adobe/datasets';
import type { Run } from '../adobe/runModel';
import { RUN } from '../adobe/runModel';
import { NEWEST_FIRST } from '../adobe/runs';
import { listTables } from '../adobe/tables';
import { listSchemaTitles } from '../adobe/schemas';
import { runUrl } from '../adobe/webLinks';
import { isoDate } from '../operation/time';
import type { ItemClient } from '../platform/client';
import { ReadOnce } from '../platform/keyed';
import type { Page } from '../platform/pages';
import { chosenConnectionId } from './chosenId';
import { withClient } from './editorClient';
import type { ListItem } from './listItems';
import { connectionItem, dataflowItem, datasetItem, toldApart } from './listItems';

const BY_NAME = { limit: PAGE_SIZE, orderBy: 'name' };

/**
 * A page of a searchable list of the editor. Flow Service filters by whole names only, so matches are
 * picked here; pages without one are skipped, so that the editor does not show an empty list while
 * more follow.
 *
 * @param fetch asks for the page of a token, the first one without
 */
async function searchPages(
	filter: string | undefined,
	paginationToken: string | undefined,
	fetch: (token: string | undefined) => Promise<Page<ListItem>>,
): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';
	let place = readPlace(paginationToken);
	for (;;) {
		const page = await fetch(place.token);
		const results = toldApart(page.items, place.lastName).filter(
			({ name, value }) => wanted === '' || name.toLowerCase().includes(wanted) || value === wanted,
		);
		const { next: token } = page;
		place = { token, lastName: page.items.at(-1)?.name ?? place.lastName };
		if (results.length > 0 || token === undefined) {
			return { results, paginationToken: token === undefined ? undefined : writePlace(place) };
		}
	}
}

/** Where a list goes on. */
interface Place {
	/** Of the page, as Adobe gave it; undefined for the first one. */
	token?: string;
	/** The last name of the page before. */
	lastName?: string;
}

/** One line for each: what is sent to the editor is redacted, which would mask a member called "token". */
function writePlace({ token = '', lastName = '' }: Place): string {
	return `${token}\n${lastName}`;
}

function readPlace(paginationToken: string | undefined): Place {
	const [token, ...lastName] = paginationToken?.split('\n') ?? [];
	return { token, lastName: lastName.join('\n') };
}

/** A list that Adobe returns page by page, as n8n's editor asks for it. */
type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** @param fetch asks for the page of a token, the first one without; what all pages need, it reads once */
function pagedSearch(
	fetch: (client: ItemClient, token: string | undefined, once: ReadOnce) => Promise<Page<ListItem>>,
): ListSearch {
	return async function (filter, paginationToken) {
		const once = new ReadOnce();
		return await withClient(
			this,
			async (client) =>
				await searchPages(
					filter,
					paginationToken,
					async (token) => await fetch(client, token, once),
				),
		);
	};
}

/** The list of a connection locator: PostgreSQL base connections by name. */
export const searchConnections = pagedSearch(async (client, continuationToken) => {
	const { items, next } = await listConnections(client, { ...BY_NAME, continuationToken });
	return { items: items.map((connection) => connectionItem(client, connection)), next };
});

/** The list of a dataflow locator: PostgreSQL dataflows by name. */
export const searchDataflows = pagedSearch(async (client, continuationToken) => {
	const { items, next } = await listFlows(client, { ...BY_NAME, continuationToken });
	return { items: items.map((flow) => dataflowItem(client, flow)), next };
});

/** The list of a dataset locator: datasets that have a schema. */
export const searchDatasets = pagedSearch(async (client, start, once) => {
	const [{ items, next }, titles] = await Promise.all([
		listDataSets(client, { start }),
		// They only help to choose: a credential that may not see schemas still gets the datasets.
		once.read('schemas', async () =>
			listSchemaTitles(client).catch(() => new Map<string, string>()),
		),
	]);
	const usable = items.flatMap((dataset) =>
		dataset.schemaId === undefined
			? []
			: [datasetItem(client, dataset, titles.get(dataset.schemaId))],
	);
	return { items: usable, next };
});

/** The list of a run locator: runs of PostgreSQL dataflows, newest first, page by page. */
export async function searchRuns(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const names = new Map((await findFlows(client, {})).map(({ id, name }) => [id, name ?? id]));
		return await searchPages(filter, paginationToken, async (continuationToken) => {
			const page = await listResources(client, RUN, {
				orderBy: NEWEST_FIRST,
				limit: PAGE_SIZE,
				continuationToken,
			});
			return { next: page.next, items: page.items.flatMap((run) => runItem(client, run, names)) };
		});
	});
}

function runItem(client: ItemClient, run: Run, names: ReadonlyMap<string, string>): ListItem[] {
	const flowName = names.get(run.flowId ?? '');
	if (flowName === undefined) return [];
	const at = isoDate(run.startedEpochMs ?? run.createdEpochMs)
		?.slice(0, 16)
		.replace('T', ' ');
	const name = [flowName, at, run.status ?? run.statusWord].filter(Boolean).join(', ');
	return [{ name, value: run.id, url: runUrl(client, run) }];
}

/** The list of a table locator: what Adobe sees in the database of the chosen connection. */
export async function searchTables(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const wanted = filter?.trim().toLowerCase() ?? '';
		const tables = await listTables(client, await chosenConnection(this, client));
		return {
			results: tables
				.filter(({ path }) => path.toLowerCase().includes(wanted))
				.map(({ path }) => ({ name: path, value: path })),
		};
	});
}

/** @throws UserError as long as no connection is chosen */
async function chosenConnection(
	context: ILoadOptionsFunctions,
	client: ItemClient,
): Promise<string> {
	const id = await chosenConnectionId(context, client);
	if (id === undefined) {
		throw new UserError("Choose a 'Connection' first", {
			description:
				"The tables of a connection that comes from an expression are not known yet: give 'Table' by name.",
		});
	}
	return id;
}
