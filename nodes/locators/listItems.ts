import type { INodeListSearchItems } from 'n8n-workflow';

import type { Place } from '../adobe/webLinks';
import { connectionUrl, dataflowUrl, datasetUrl } from '../adobe/webLinks';

interface Named {
	id: string;
	name?: string;
}

/** An item in the list of a locator. */
export interface ListItem extends INodeListSearchItems {
	value: string;
	/** What else it can be told by, in words. */
	hint?: string;
}

/** A connection in the list of its locator, with a link to Experience Platform where one is known. */
export function connectionItem(place: Place, connection: Named): ListItem {
	return { ...listItem(connection), url: connectionUrl(place, connection.id) };
}

/** The same of a dataflow. */
export function dataflowItem(place: Place, flow: Named): ListItem {
	return { ...listItem(flow), url: dataflowUrl(place, flow.id) };
}

/** The same of a dataset, with its schema, where that has another name. */
export function datasetItem(place: Place, dataset: Named, schemaTitle?: string): ListItem {
	return {
		...listItem(dataset),
		url: datasetUrl(place, dataset.id),
		...(schemaTitle === undefined || schemaTitle === dataset.name
			? {}
			: { hint: `schema ${schemaTitle}` }),
	};
}

function listItem({ id, name }: Named): ListItem {
	return { name: name ?? id, value: id };
}

/**
 * Writes behind a name what tells its owner from others: the end of its ID where others in view have the
 * same name, and its hint.
 *
 * @param lastName of the page before, behind which a namesake may come
 */
export function toldApart(
	items: readonly ListItem[],
	lastName: string | undefined,
): INodeListSearchItems[] {
	const counts = new Map<string, number>();
	for (const { name } of items) counts.set(name, (counts.get(name) ?? 0) + 1);
	return items.map(({ hint, ...item }) => {
		const isShared = (counts.get(item.name) ?? 0) > 1 || item.name === lastName;
		const words = [hint, isShared ? shortId(item.value) : undefined].filter(
			(one) => one !== undefined && one !== item.name,
		);
		return words.length === 0 ? item : { ...item, name: `${item.name} (${words.join(', ')})` };
	});
}

// Catalog's IDs begin with the second in which they were made, and UUIDs are random at both ends.
const SHORT_ID_LENGTH = 8;

function shortId(id: string): string {
	return id.slice(-SHORT_ID_LENGTH);
}
