/*
 * In everything that is created for a dataflow stands a marker of its own, so that it can be found again, and
 * later be told from what somebody else has made.
 */

/** Without quotes, with which all sources or targets are read to find one, and without commas. */
export function endName(flowName: string, end: 'source' | 'target', marker: string): string {
	return `${flowName.replace(/[",]/g, ' ')} ${end} ${marker}`;
}

/** In the descriptions of a field group, a schema and the first mapping of a mapping set. */
export function partMarker(flowName: string, marker: string): string {
	return `Made for the dataflow '${flowName}' (${marker})`;
}
