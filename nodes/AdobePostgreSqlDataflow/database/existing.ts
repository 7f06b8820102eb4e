import type { Dataflow } from '../../adobe/dataflows';
import { isOnDemand } from '../../adobe/dataflows';
import { descriptionOf } from '../../adobe/collection';
import type { Mapping, ShownMapping } from '../../adobe/mappingSets';
import { columnOf } from '../dataflow/create/columnReferences';
import type { NewDatasetWanted } from '../dataflow/create/datasetParameters';
import { asMapping, isSameMapping } from '../dataflow/mapping/sameMapping';
import type { Schedule } from '../dataflow/scheduleParameters';
import type { WantedSchedule } from '../dataflow/schedule';
import type { Actual } from './actual';
import { columnDrift } from './columnChanges';
import type { Desired, NewColumns } from './desired';
import { expectedMapping } from './expectedMapping';

/**
 * A dataflow as a desired table that it fits: what differs from it is what has changed in the database and
 * about what it consists of.
 */
export function desiredFromActual(
	actual: Actual,
	{ newColumns, tenantId }: { newColumns: NewColumns; tenantId: string },
): Desired | undefined {
	const [flow] = actual.flows;
	const { source, target, dataset, schema, mapping = [] } = actual;
	const connectionId = source?.connectionId ?? flow?.connectionId;
	if (flow === undefined || connectionId === undefined || source?.table === undefined) {
		return undefined;
	}
	const desired: Desired = {
		connectionId,
		table: source.table,
		name: flow.name ?? flow.id,
		description: descriptionOf(flow) === '' ? undefined : descriptionOf(flow),
		// One that is gone has no name any more.
		dataset: { name: dataset?.name ?? target?.datasetId ?? '', ...classOf(mapping) },
		mapping: 'automatic',
		schedule: scheduleOf(flow),
		options: flow.options,
		newColumns,
		takeOver: false,
		remove: false,
	};
	if (schema === undefined) return desired;
	const { known } = columnDrift(actual, source.columns ?? []);
	const automatic = expectedMapping({ desired, schema, tenantId }, known);
	if (isSameMapping(automatic, mapping)) return desired;
	return { ...desired, mapping: mapping.map((one): Mapping => asMapping(one)) };
}

const SCHEDULES: readonly Schedule[] = ['once', 'minute', 'hour', 'day', 'week'];

function scheduleOf({ schedule = {}, deltaColumn }: Dataflow): WantedSchedule {
	const frequency = SCHEDULES.find((one) => one === schedule.frequency);
	if (frequency === undefined || isOnDemand(schedule))
		return { frequency: 'onDemand', deltaColumn };
	const start = Date.parse(schedule.startTime ?? '');
	const startEpochMs = Number.isNaN(start) ? undefined : start;
	if (frequency === 'once') return { frequency, startEpochMs };
	const { interval = 1, backfill = true } = schedule;
	return { frequency, startEpochMs, deltaColumn, recurring: { interval, backfill } };
}

/** Only events have an ID and a time of their own. */
function classOf(
	mapping: readonly ShownMapping[],
): Pick<NewDatasetWanted, 'schemaClass' | 'event'> {
	const columnInto = (path: string) => {
		const one = mapping.find(({ destination }) => destination === path);
		return one?.sourceType === 'ATTRIBUTE' ? columnOf(one.source) : undefined;
	};
	const [idColumn, timestampColumn] = [columnInto('_id'), columnInto('timestamp')];
	if (idColumn === undefined || timestampColumn === undefined) return { schemaClass: 'profile' };
	return { schemaClass: 'experienceEvent', event: { idColumn, timestampColumn } };
}
