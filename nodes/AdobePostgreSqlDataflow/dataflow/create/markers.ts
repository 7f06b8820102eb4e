/*
 * In everything that is created for a dataflow stands a marker of its own, so that it can be found again, and
 * later be told from what somebody else has made.
 */

/** Without quotes, with which all sources or targets are read to find one, and without commas. */
export function endName(flowName: string, end: 'source' | 'target', marker: string): string {
	return `${flowName.replace(/[",]/g, ' ')} ${end} ${marker}`;
}

/**
 * In the descriptions of a field group, a schema and the first mapping of a mapping set.
 *
 * @param execution where several may use the same marker: what tells this one from the others
 */
export function partMarker(flowName: string, marker: string, execution?: string): string {
	const by = execution === undefined ? '' : ` by ${execution}`;
	return `Made for the dataflow '${flowName}' (${marker})${by}`;
}

/** Whether a {@link partMarker} is this one without an execution, or that of any execution. */
export function isMarkedBy(part: string, text: string): boolean {
	return text === part || text.startsWith(`${part} by `);
}

/** As {@link partMarker} writes it: the name of the dataflow, and the marker. */
export const MARKED_PART = /^Made for the dataflow '(.*)' \(([0-9a-f]{8})\)(?: by [0-9a-f]{8})?$/s;

/** Before the ID of the source connection that a new dataflow's mapping set was made after. */
const SOURCE = ', source ';

/**
 * In the description of the first mapping, where the mapping set is for a new dataflow. Without that source
 * connection no dataflow can come to use it any more: so it is safe to delete then, and not before.
 */
export function mappingMarker(part: string, sourceId: string): string {
	return `${part}${SOURCE}${sourceId}`;
}

/** The source connection of a {@link mappingMarker}; undefined for any other text. */
export function sourceInMarker(part: string, text: string): string | undefined {
	const start = `${part}${SOURCE}`;
	return text.startsWith(start) ? text.slice(start.length) : undefined;
}
