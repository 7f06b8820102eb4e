import { getResource } from '../adobe/collection';
import type { Dataflow } from '../adobe/dataflows';
import { DATAFLOW, findFlows } from '../adobe/dataflows';
import type { ItemClient } from '../platform/client';
import type { Problem } from '../platform/errors/problem';
import { asIs, isProblem } from '../platform/errors/problem';

/** The dataflows that are watched. */
export interface Scope {
	/** Their names by their IDs. */
	names: ReadonlyMap<string, string | undefined>;
	/** Themselves, as they are now. */
	flows: readonly Dataflow[];
	/** Set when the one dataflow no longer exists; its runs may still. */
	gone?: Problem;
}

/**
 * @param flowId the one dataflow; undefined for all out of PostgreSQL
 * @throws Problem
 */
export async function readScope(client: ItemClient, flowId: string | undefined): Promise<Scope> {
	if (flowId === undefined) {
		const flows = await findFlows(client, {});
		return { names: new Map(flows.map(({ id, name }) => [id, name])), flows };
	}
	try {
		const flow = await getResource(client, DATAFLOW, flowId);
		return { names: new Map([[flowId, flow.name]]), flows: [flow] };
	} catch (error) {
		if (!isProblem(error, 'notFound')) throw asIs(error);
		return { names: new Map([[flowId, undefined]]), flows: [], gone: error };
	}
}
