import { findFlows } from '../../adobe/dataflows';
import type { RunEnd } from '../../operation/operation';
import type { ItemClient } from '../../platform/client';
import type { Actual } from './actual';
import type { Desired, NewColumns } from './desired';
import { desiredFromActual } from './existing';
import type { DatabaseLookUps } from './lookUps';
import { actualOf } from './readActual';

/** A dataflow with all that it consists of, and the same as a desired table. */
export interface AsItIs {
	actual: Actual;
	desired: Desired;
}

/** The dataflows of a connection by their names; those whose table Adobe does not show are noted and left out. */
export async function dataflowsAsTheyAre(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	connectionId: string,
	newColumns: NewColumns,
): Promise<AsItIs[]> {
	const flows = await findFlows(client, { connectionId, orderBy: 'name' });
	lookUps.flows.expectEnds(client.scope, flows);
	const tenantId = flows.length === 0 ? '' : await lookUps.flows.tenantId(client);
	const read = await Promise.all(
		flows.map(async (flow): Promise<AsItIs[]> => {
			const actual = await actualOf(client, lookUps, flow);
			const desired = desiredFromActual(actual, { newColumns, tenantId });
			if (desired !== undefined) return [{ actual, desired }];
			lookUps.unreadable.push(flow.name ?? flow.id);
			return [];
		}),
	);
	return read.flat();
}

/** Says which dataflows are missing on the output. */
export function tellOfUnreadable(run: RunEnd<DatabaseLookUps>): void {
	const { unreadable } = run.state;
	if (unreadable.length === 0) return;
	run.hint(
		`Left out, as Adobe does not show which table they load: the dataflows ${unreadable.join(', ')}.`,
	);
}
