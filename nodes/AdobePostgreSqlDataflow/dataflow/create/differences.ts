import { descriptionOf } from '../../../adobe/collection';
import type { DataSet } from '../../../adobe/datasets';
import type { Dataflow, FlowOptions } from '../../../adobe/dataflows';
import { isOnDemand } from '../../../adobe/dataflows';
import type { Mapping, ShownMapping } from '../../../adobe/mappingSets';
import { getMappings } from '../../../adobe/mappingSets';
import { listAllIdentities } from '../../../adobe/schemas';
import type { SourceColumn } from '../../../adobe/tables';
import type { DataflowLookUps } from '../../../adobe/together/dataflowLookUps';
import { isMarkedWith } from '../../../adobe/together/mappingMark';
import type { ItemClient } from '../../../platform/client';
import { deltaColumnsOf } from '../columns';
import { asMapping, isSameMapping, mappingInShort } from '../mapping/sameMapping';
import type { WantedSchedule } from '../schedule';
import { runsOnDemandOnly } from '../schedule';
import { unmappedOf } from './checkMapping';
import { withColumnsNamed } from './fitMapping';
import type { PossibleMatch } from './mapByName';
import { mapByName } from './mapByName';
import type { ProfileDifference } from './profile/compareIdentity';
import { compareIdentity } from './profile/compareIdentity';
import type { WantedDataflow } from './request';
import type { WholeDataflow } from './sameName';
import { tableSchema } from './tableSchema';

/** What of a dataflow can differ from what is wanted, in the words of the output. */
export type Difference =
	| 'description'
	| 'schedule'
	| 'interval'
	| 'startTime'
	| 'backfill'
	| 'deltaColumn'
	| 'errorDiagnostics'
	| 'partialIngestionThreshold'
	| 'mapping'
	| ProfileDifference;

/** How a dataflow that is there compares with the one that is wanted. */
export interface Comparison {
	/** [] where it is as it is wanted, in all that is wanted. */
	differences: Difference[];
	/** Columns that its mapping takes nothing from. */
	unmappedColumns: string[];
	/** What an automatic mapping leaves out, though it may have a field. */
	possibleMatches: PossibleMatch[];
	mappedFields: number;
	/** The mapping that is wanted. */
	wantedMappings: readonly Mapping[];
	/** Its mapping at a glance. */
	mapping: Record<string, string>;
	/** The name of its dataset, where it was read. */
	dataset?: string;
	/** Whether its dataset is enabled for Profile, where it was read. */
	profileEnabled?: boolean;
	/** What marks new rows in its runs, or will in the first one. */
	deltaColumn?: string;
}

/**
 * Compares all that Adobe shows of a dataflow. What was left out (the description, a start time, an
 * option) may be as it is.
 *
 * @throws Problem
 */
export async function compare(
	client: ItemClient,
	lookUps: DataflowLookUps,
	whole: WholeDataflow,
	wanted: WantedDataflow,
): Promise<Comparison> {
	// As they were when the dataflow was made; where Adobe does not show them, as they are now.
	const columns =
		whole.columns.length > 0
			? whole.columns
			: await lookUps.columns(client, wanted.connectionId, wanted.table);
	const {
		mappings: expected,
		possibleMatches = [],
		dataset,
		profileEnabled,
	} = await wantedMappings(client, lookUps, columns, wanted);
	const actual = await actualMappings(client, whole, expected);
	const isMade = !('id' in wanted.dataset) && whole.datasetId !== undefined;
	const made = isMade ? await lookUps.dataSets.get(client, whole.datasetId ?? '') : undefined;
	return {
		differences: [
			...settingsThatDiffer(whole, wanted),
			...(isSameMapping(expected, actual) ? [] : ['mapping' as const]),
			...(await profileThatDiffers(client, lookUps, made, wanted, expected)),
		],
		unmappedColumns: unmappedOf(actual.map(asMapping), columns),
		possibleMatches,
		wantedMappings: expected,
		mappedFields: actual.length,
		mapping: mappingInShort(actual),
		dataset,
		profileEnabled: made?.profile?.isEnabled ?? profileEnabled,
		deltaColumn: deltaColumnOf(whole.flow, wanted, columns),
	};
}

/** On demand, Adobe knows the column from the first run on. */
function deltaColumnOf(
	{ deltaColumn }: Dataflow,
	{ schedule }: WantedDataflow,
	columns: readonly SourceColumn[],
): string | undefined {
	if (deltaColumn !== undefined || schedule.frequency !== 'onDemand') return deltaColumn;
	return schedule.deltaColumn ?? deltaColumnsOf(columns).only;
}

/** The settings that are not as wanted; the mapping is compared apart. */
export function settingsThatDiffer(
	{ flow }: Pick<WholeDataflow, 'flow'>,
	wanted: Pick<WantedDataflow, 'description' | 'options' | 'schedule'>,
): Difference[] {
	const { description, options = {}, schedule } = wanted;
	const { startEpochMs, recurring } = schedule;
	const has = flow.schedule;
	const found: Array<[Difference, boolean]> = [
		['description', description !== undefined && description !== descriptionOf(flow)],
		['schedule', !isSameSchedule(schedule, flow)],
		['startTime', startEpochMs !== undefined && !isSameStart(startEpochMs, flow)],
		['interval', recurring !== undefined && recurring.interval !== has?.interval],
		['backfill', recurring !== undefined && recurring.backfill !== has?.backfill],
		['deltaColumn', isOtherDeltaColumn(schedule, flow)],
		['errorDiagnostics', differs(options, flow.options, 'errorDiagnosticsEnabled')],
		['partialIngestionThreshold', differs(options, flow.options, 'partialIngestionPercent')],
	];
	return found.filter(([, isDifferent]) => isDifferent).map(([difference]) => difference);
}

function isSameSchedule({ frequency, startEpochMs }: WantedSchedule, flow: Dataflow): boolean {
	const { schedule = {} } = flow;
	if (frequency === 'onDemand') return runsOnDemandOnly(schedule);
	if (frequency === 'once' && isOnDemand(schedule)) return isYearsAhead(startEpochMs);
	return frequency === schedule.frequency;
}

/** A single start years ahead never comes, and an expression for it gives another time whenever it runs. */
function isSameStart(epochMs: number, { schedule = {} }: Dataflow): boolean {
	if (isOnDemand(schedule) && isYearsAhead(epochMs)) return true;
	return isSameSecond(epochMs, schedule.startTime);
}

function isYearsAhead(epochMs: number | undefined): boolean {
	if (epochMs === undefined) return false;
	return isOnDemand({ frequency: 'once', startTime: new Date(epochMs).toISOString() });
}

/** What is left empty may be any column that the dataflow has. */
function isOtherDeltaColumn({ frequency, deltaColumn }: WantedSchedule, flow: Dataflow): boolean {
	if (frequency === 'onDemand' && flow.deltaColumn === undefined) return false;
	return deltaColumn !== undefined && deltaColumn !== flow.deltaColumn;
}

/** Adobe keeps whole seconds, rounded up as they were sent. */
function isSameSecond(epochMs: number, iso: string | undefined): boolean {
	return iso !== undefined && Math.ceil(epochMs / 1000) * 1000 === Date.parse(iso);
}

function differs(wanted: FlowOptions, has: FlowOptions, name: keyof FlowOptions): boolean {
	return wanted[name] !== undefined && wanted[name] !== has[name];
}

/** Those of a dataflow; where its target says that they are the wanted ones, without a request. */
async function actualMappings(
	client: ItemClient,
	{ flow, mark }: WholeDataflow,
	wanted: readonly Mapping[],
): Promise<readonly ShownMapping[]> {
	if (flow.mappingId === undefined) return [];
	if (isMarkedWith(flow, mark, wanted)) return wanted;
	return await getMappings(client, flow.mappingId, flow.mappingVersion);
}

/** The mapping that Create would make of these columns, and the name of the dataset where it is known. */
async function wantedMappings(
	client: ItemClient,
	lookUps: DataflowLookUps,
	columns: SourceColumn[],
	{ dataset, mapping }: WantedDataflow,
): Promise<{
	mappings: readonly Mapping[];
	possibleMatches?: PossibleMatch[];
	dataset?: string;
	profileEnabled?: boolean;
}> {
	if (!('id' in dataset)) {
		const tenantId = await lookUps.tenantId(client);
		const { mappings } = tableSchema({ ...dataset.create, marker: '', columns, tenantId });
		return { mappings, dataset: dataset.create.name };
	}
	if (mapping !== 'automatic') return { mappings: withColumnsNamed(mapping, columns) };
	const { name, schemaId, profile } = await lookUps.dataSets.get(client, dataset.id);
	const profileEnabled = profile?.isEnabled;
	if (schemaId === undefined) return { mappings: [], dataset: name, profileEnabled };
	const { fields } = await lookUps.schema(client, schemaId);
	return { ...mapByName(columns, fields), dataset: name, profileEnabled };
}

/** Of a dataset that Create makes; what an existing one is like is not for Create to decide. */
async function profileThatDiffers(
	client: ItemClient,
	lookUps: DataflowLookUps,
	dataSet: DataSet | undefined,
	{ dataset }: WantedDataflow,
	mappings: readonly Mapping[],
): Promise<ProfileDifference[]> {
	if ('id' in dataset || dataSet === undefined) return [];
	const identities = await lookUps.read(client, 'identities', async () =>
		listAllIdentities(client),
	);
	const own = identities.filter(({ schemaId }) => schemaId === dataSet.schemaId);
	return compareIdentity(dataset.create.identity, mappings, dataSet, own);
}
