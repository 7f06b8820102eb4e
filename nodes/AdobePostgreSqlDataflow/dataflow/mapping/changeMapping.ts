import { randomUUID } from 'crypto';

import type { FlowChanges } from '../../../adobe/dataflowUpdate';
import { changeFlow } from '../../../adobe/dataflowUpdate';
import type { Dataflow } from '../../../adobe/dataflows';
import type { UpdateResult } from '../../../adobe/lostWrites/changeResource';
import type { MappingSetReference } from '../../../adobe/mappingSets';
import type { OperationCall } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import type { Problem } from '../../../platform/errors/problem';
import { asIs, hasUnknownOutcome, isProblem, toProblem } from '../../../platform/errors/problem';
import { partMarker } from '../create/markers';
import { Saga } from '../create/saga';
import { mappingSetStep } from '../create/steps';
import { copyBy } from '../schedule';
import { rememberingWhatIsLeft, SEPARATOR, theSet, unused } from './leftBehind';
import type { MappingPlan } from './planMapping';

/** What became of a dataflow and its mapping. */
export interface ChangedMapping extends UpdateResult<Dataflow> {
	/** The mapping set that the dataflow has now. */
	mapping?: MappingSetReference;
	/** The one that it had, which is kept; undefined where it has the same as before. */
	previous?: MappingSetReference;
	/** What Adobe may have made besides, in words. */
	possiblyLeftBehind: string[];
}

/** What of a plan is carried out here. */
export type WantedMappingSet = Pick<
	MappingPlan,
	'earlier' | 'schemaId' | 'mappings' | 'isSame' | 'previous'
> & {
	/** Set where another execution of the same work may take the mapping set that this one makes. */
	isShared?: boolean;
};

type TryCall = Pick<OperationCall, 'openCleanUpClient' | 'isCancelled'>;

type Call = TryCall & Pick<OperationCall, 'memory'>;

const LEFT_BEHIND = 'mapping sets left behind';

/**
 * Makes a mapping set and points a dataflow at it, with its other changes in the same request; sends nothing
 * where nothing differs. The mapping set that it had stays, for going back. One that was made in vain is
 * removed; where it is not known whether the dataflow uses it, it is named, also by later tries of the item.
 *
 * @param flow as it was read
 * @param plan from `planMapping` of the same dataflow
 * @param others what else is to be different about the dataflow
 * @param marker to find the new mapping set by
 * @throws Problem that says what became of the mapping set
 */
export async function changeMapping(
	call: Call,
	client: ItemClient,
	flow: Dataflow,
	plan: WantedMappingSet,
	others: FlowChanges = {},
	marker: string = partMarker(flow.name ?? flow.id, randomUUID().slice(0, 8)),
): Promise<ChangedMapping> {
	return await rememberingWhatIsLeft(call.memory, LEFT_BEHIND, async (before) => {
		const changed = await changeMappingInOneTry(call, client, flow, plan, others, marker);
		// The dataflow may have got that of an earlier try.
		const left = unused(before, changed.mapping?.id);
		return { ...changed, possiblyLeftBehind: [...left, ...changed.possiblyLeftBehind] };
	});
}

/** The same for an operation that remembers by itself what its earlier tries have left behind. */
export async function changeMappingInOneTry(
	call: TryCall,
	client: ItemClient,
	flow: Dataflow,
	plan: WantedMappingSet,
	others: FlowChanges,
	marker: string,
): Promise<ChangedMapping> {
	if (plan.isSame) {
		const result = await changeFlow(client, flow, others, copyBy);
		return { ...result, mapping: plan.previous, possiblyLeftBehind: [] };
	}
	const saga = new Saga(client, () => call.isCancelled());
	const mapping = plan.earlier ?? (await made(call, saga, plan, marker));
	try {
		const result = await changeFlow(client, flow, { ...others, mapping }, copyBy);
		const unclear = await saga.tidyUp(client);
		const possiblyLeftBehind = unclear.map(({ what }) => what);
		return { ...result, mapping, previous: plan.previous, possiblyLeftBehind };
	} catch (error) {
		throw await afterFailure(call, saga, withReason(error, flow, others), {
			...(plan.earlier === undefined ? { made: mapping } : {}),
			isShared: plan.isShared === true,
		});
	}
}

async function made(
	call: TryCall,
	saga: Saga,
	{ schemaId, mappings }: WantedMappingSet,
	marker: string,
): Promise<MappingSetReference> {
	try {
		return await saga.run(mappingSetStep(schemaId, mappings, marker));
	} catch (error) {
		throw await afterFailure(call, saga, error, { isShared: false });
	}
}

async function afterFailure(
	call: TryCall,
	saga: Saga,
	error: unknown,
	{ made: mapping, isShared }: { made?: MappingSetReference; isShared: boolean },
): Promise<unknown> {
	const cleaner = call.openCleanUpClient();
	// A dataflow that may use it, now or when a late request is done, must not lose it.
	const mayBeUsed = hasUnknownOutcome(error) || call.isCancelled() || isShared;
	if (mapping !== undefined && mayBeUsed) {
		return await afterKeeping(call, saga, toProblem(error), { cleaner, kept: theSet(mapping.id) });
	}
	if (!call.isCancelled()) return await saga.rollBackAfter(cleaner, error);
	void saga.rollBack(cleaner);
	return asIs(error);
}

/** What more has come of lost attempts to make the one that is kept, no dataflow can use. */
async function afterKeeping(
	call: TryCall,
	saga: Saga,
	problem: Problem,
	{ cleaner, kept }: { cleaner: ItemClient; kept: string },
): Promise<Problem> {
	const told = problem.noting(`Made for it and kept, as the dataflow may use it: ${kept}.`);
	const tidied = saga.tidyUp(cleaner);
	if (call.isCancelled()) {
		// Whoever has cancelled is not to wait for it; n8n takes no result any more.
		void tidied.catch(() => undefined);
		return told.detailing({ leftBehind: kept });
	}
	const besides = (await tidied).map(({ what }) => what);
	if (besides.length === 0) return told.detailing({ leftBehind: kept });
	return told
		.noting(`Look for it and delete it: ${besides.join('; ')}.`)
		.detailing({ leftBehind: [kept, ...besides].join(SEPARATOR) });
}

/** Adobe's own pages change no mapping of a dataflow that runs once; whether its API does is not documented. */
function withReason(error: unknown, { schedule }: Dataflow, others: FlowChanges): unknown {
	if (!isProblem(error, 'rejected') || schedule?.frequency !== 'once') return error;
	const isMappingAlone = Object.values(others).every((value) => value === undefined);
	if (!isMappingAlone) {
		return error.noting(
			"It may be the mapping: Adobe’s own pages don't change that of a dataflow scheduled Once or On Demand.",
		);
	}
	return error
		.retitled('Adobe refused another mapping for a dataflow that is scheduled Once or On Demand')
		.advising(
			"Its own pages don't allow that either. Give the dataflow a schedule that repeats ('Schedule' under Update Fields) and change the mapping afterwards, or create another dataflow.",
		);
}
