import type { ShownMapping } from '../../adobe/mappingSets';
import type { SourceColumn } from '../../adobe/tables';
import { columnProblem, deltaColumnsOf, timeColumnProblem, undecided } from '../dataflow/columns';
import type { ColumnProblem } from '../dataflow/columns';
import { findMappingProblems, missingFields } from '../dataflow/create/checkMapping';
import { isSameMapping } from '../dataflow/mapping/sameMapping';
import type { Actual, ActualSchema } from './actual';
import { isManaged } from './actual';
import { additionsOf } from './additions';
import type { Change, PlanAction, Verdict } from './change';
import { columnChanges, columnDrift } from './columnChanges';
import type { Desired } from './desired';
import { columnsOf, expectedMapping } from './expectedMapping';
import { settingChanges } from './settingChanges';

/** All that is compared. */
export interface Compared {
	desired: Desired;
	actual: Actual;
	/** The table as explore shows it now; undefined where the database does not have it. */
	columns?: readonly SourceColumn[];
	/** Without its underscore. */
	tenantId: string;
}

/** Compares what is desired with what is at Adobe and with the table, and says what to do. */
export function judge(compared: Compared): Verdict {
	const { desired, actual } = compared;
	const { flows, owner } = actual;
	const [flow, ...others] = flows;
	if (flow === undefined) {
		return desired.remove
			? verdict('unchanged', 'It is to be deleted, and there is no such dataflow.')
			: judgeNew(compared);
	}
	if (others.length > 0) return verdict('unmanaged', '', [severalChange(compared)]);
	const other = otherEnds(compared);
	if (other !== undefined) {
		return verdict(isManaged(owner) ? 'drifted' : 'unmanaged', '', [other]);
	}
	const isFree = isManaged(owner) || desired.takeOver;
	if (desired.remove) {
		return isFree
			? verdict(
					'delete',
					'The item asks to delete it. Its source and target connection and its mapping go with it; the dataset and its rows stay.',
				)
			: verdict('unmanaged', `The item asks to delete it, but ${NOT_OURS} ${TAKE_OVER}`);
	}
	const changes = changesOf(compared);
	if (!isFree) {
		const left = changes.map((change) => ({ ...change, applies: false }));
		return verdict('unmanaged', `${capitalized(NOT_OURS)} ${TAKE_OVER}`, left);
	}
	return judged(changes);
}

const NOT_OURS = 'this package did not make it, or not with this credential, so it is not touched.';
const TAKE_OVER = "Give 'takeOver': true for this table to change it all the same.";

function judged(changes: Change[]): Verdict {
	const counted = changes.filter(({ ignored }) => ignored !== true);
	if (counted.some(({ applies }) => applies)) return verdict('update', '', changes);
	return verdict(counted.length === 0 ? 'unchanged' : 'drifted', '', changes);
}

function verdict(action: PlanAction, because: string, changes: Change[] = []): Verdict {
	const told = changes.map(({ what }) => what).join(' ');
	const nothing =
		changes.every(({ ignored }) => ignored === true) && action === 'unchanged'
			? 'Everything is as desired.'
			: '';
	return {
		action,
		because: [because === '' ? nothing : because, told].filter((text) => text !== '').join(' '),
		changes,
		breaking: changes.some(({ breaking }) => breaking),
	};
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A dataflow that is not there yet: whether it can be made. */
function judgeNew(compared: Compared): Verdict {
	const changes = obstacles(compared);
	if (changes.length > 0) return verdict('blocked', 'It can not be created.', changes);
	const { desired, actual } = compared;
	const into =
		actual.namedDatasets.length === 0
			? `a new dataset '${desired.dataset.name}' with a schema made from the table`
			: `the dataset '${desired.dataset.name}', which exists`;
	return verdict('create', `There is no dataflow '${desired.name}' yet. It loads into ${into}.`);
}

function obstacles({ desired, actual, columns, tenantId }: Compared): Change[] {
	if (columns === undefined || columns.length === 0) return [tableMissing(desired)];
	const { namedDatasets, namedSchema } = actual;
	const found = [deltaObstacle(desired, columns)];
	if (namedDatasets.length > 1) found.push(severalDatasets(desired, actual));
	else if (namedDatasets.length === 1) {
		if (namedSchema === undefined) found.push(withoutSchema(desired.dataset.name));
		else {
			const ground = { desired, schema: foreign(namedSchema), tenantId };
			const mappings = expectedMapping(ground, columns);
			for (const one of mappingObstacles(desired, mappings, columns, namedSchema)) found.push(one);
		}
	} else found.push(eventObstacle(desired, columns), titleObstacle(desired, actual));
	return found.filter((one) => one !== undefined);
}

/** A dataset that exists is filled by the names of its fields, whoever has made it. */
function foreign({ id, fields }: ActualSchema): ActualSchema {
	return { id, fields };
}

function deltaObstacle(
	{ schedule, table }: Desired,
	columns: readonly SourceColumn[],
): Change | undefined {
	const { frequency, deltaColumn: name } = schedule;
	if (frequency === 'once') return undefined;
	const label = 'Delta Column';
	if (name !== undefined) {
		return obstacle(
			'deltaColumnInDanger',
			timeColumnProblem(columns, { name, label, table }),
			name,
		);
	}
	const found = deltaColumnsOf(columns);
	if (found.only !== undefined || frequency === 'onDemand') return undefined;
	return obstacle('deltaColumnInDanger', undecided(found, label, table));
}

function titleObstacle({ dataset }: Desired, { takenTitle }: Actual): Change | undefined {
	if (takenTitle === undefined) return undefined;
	return namesake(
		`There is no dataset named '${dataset.name}', but a schema of that name: ${takenTitle}.`,
		'The dataset can not be created, as titles of schemas are unique.',
		"Delete that schema, or give another 'dataset'.",
	);
}

function eventObstacle(
	{ dataset: { event }, table }: Desired,
	columns: readonly SourceColumn[],
): Change | undefined {
	if (event === undefined) return undefined;
	const id = { name: event.idColumn, label: 'Event ID Column' };
	const time = { name: event.timestampColumn, label: 'Event Time Column', table };
	return obstacle(
		'requiredFieldWithoutSource',
		columnProblem(columns, id) ?? timeColumnProblem(columns, time),
	);
}

function obstacle(
	kind: Change['kind'],
	problem: ColumnProblem | undefined,
	column?: string,
): Change | undefined {
	if (problem === undefined) return undefined;
	return {
		kind,
		...(column === undefined ? {} : { column }),
		what: `${problem.message}.`,
		effect: 'The dataflow can not be created.',
		proposal: problem.description,
		breaking: true,
		applies: false,
	};
}

function mappingObstacles(
	{ table }: Desired,
	mappings: ReturnType<typeof expectedMapping>,
	columns: readonly SourceColumn[],
	{ fields }: ActualSchema,
): Change[] {
	const problems = findMappingProblems(mappings, { columns, fields, table });
	const all =
		mappings.length === 0
			? [`No column of the table '${table}' has the name of a field of the dataset.`, ...problems]
			: problems;
	return all.map((what) => ({
		kind: what.includes('requires the field') ? 'requiredFieldWithoutSource' : 'mapping',
		what,
		effect: 'The dataflow can not be created.',
		proposal: "Give 'mapping' for this table, or choose another dataset.",
		breaking: true,
		applies: false,
	}));
}

/** What differs about a dataflow that is there, from and to what is desired. */
function changesOf(compared: Compared): Change[] {
	const { desired, actual, columns, tenantId } = compared;
	const [flow] = actual.flows;
	if (flow === undefined) return [];
	const settings = settingChanges(desired, flow);
	if (columns === undefined || columns.length === 0) return [tableMissing(desired), ...settings];
	const drift = columnDrift(actual, columns);
	const ofColumns = columnChanges({ desired, actual, now: columns, tenantId, drift });
	// A dataflow that was stopped for a new column is as the policy wants it.
	const isStopped = ofColumns.some(
		({ kind, ignored }) =>
			kind === 'columnAdded' && ignored !== true && desired.newColumns === 'stop',
	);
	const isInDanger = ofColumns.some(({ kind }) => kind === 'deltaColumnInDanger');
	const all = [
		...ofColumns,
		...datasetChanges(compared),
		...mappingChanges(compared, drift),
		...settings
			.filter(({ kind }) => kind !== 'disabled' || !isStopped)
			// No schedule by a column that marks nothing.
			.map((one) => (one.kind === 'schedule' && isInDanger ? waitingForDeltaColumn(one) : one)),
	];
	// Adobe changes no dataflow whose dataset is gone, or has not the schema of its mapping.
	const isHeld = all.some(
		({ kind }) => kind === 'datasetMissing' || kind === 'datasetWithoutSchema',
	);
	return isHeld ? all.map(waitingForDataset) : all;
}

function waitingForDataset(change: Change): Change {
	if (!change.applies) return change;
	return { ...change, proposal: 'It waits for a dataset with a schema.', applies: false };
}

function waitingForDeltaColumn(change: Change): Change {
	return { ...change, proposal: 'It waits for a delta column.', applies: false };
}

function datasetChanges({ desired, actual: { dataset, schema } }: Compared): Change[] {
	const { name } = desired.dataset;
	if (dataset === undefined) {
		return [
			{
				kind: 'datasetMissing',
				what: `The dataset '${name}' that it loads into is not there any more.`,
				effect: 'Its runs fail.',
				proposal: 'Delete the dataflow and create it again, with a new dataset.',
				breaking: true,
				applies: false,
			},
		];
	}
	return schema === undefined ? [withoutSchema(dataset.name ?? name)] : [];
}

function withoutSchema(dataset: string): Change {
	return {
		kind: 'datasetWithoutSchema',
		what: `The dataset '${dataset}' has no schema, or one that is not there.`,
		effect: 'Nothing can be mapped to it, and its runs fail.',
		proposal: 'Load into another dataset, one that has a schema.',
		breaking: true,
		applies: false,
	};
}

function mappingChanges(
	{ desired, actual, tenantId }: Compared,
	drift: ReturnType<typeof columnDrift>,
): Change[] {
	const { schema, mapping } = actual;
	if (schema === undefined) return [];
	const ground = { desired, schema, tenantId };
	// What an interrupted Apply has mapped already is a new column still, until the dataflow reads it.
	const mapped = columnsOf(mapping ?? [], drift.added);
	const known = [...drift.known, ...drift.added.filter(({ name }) => mapped.has(name))];
	const expected = expectedMapping(ground, known);
	const additions =
		desired.newColumns === 'add' ? additionsOf(ground, drift.known, drift.added) : [];
	const filled = new Set([
		...expected.map(({ destination }) => destination),
		...additions.map(({ mapping: { destination } }) => destination),
	]);
	const missing = missingFields(schema.fields, filled);
	return [
		...missing.map(
			({ path }): Change => ({
				kind: 'requiredFieldWithoutSource',
				column: path,
				what: `The schema requires the field '${path}', and nothing is mapped to it.`,
				effect: 'Adobe rejects every row.',
				proposal: "Give 'mapping' for this table with a source for the field.",
				breaking: true,
				applies: false,
			}),
		),
		...(mapping === undefined || isSameMapping(expected, mapping)
			? []
			: [mappingChange(expected, mapping)]),
	];
}

function mappingChange(
	expected: ReturnType<typeof expectedMapping>,
	has: readonly ShownMapping[],
): Change {
	const inWords = ({ source, destination }: ShownMapping) => `${source} → ${destination}`;
	const present = new Set(has.map(inWords));
	const wanted = new Set(expected.map(inWords));
	const more = expected.map(inWords).filter((one) => !present.has(one));
	const less = has.map(inWords).filter((one) => !wanted.has(one));
	const words = [
		more.length === 0 ? '' : `it lacks ${more.join(', ')}`,
		less.length === 0 ? '' : `it has ${less.join(', ')}`,
	].filter((text) => text !== '');
	const told = words.length === 0 ? 'a calculation stands for a column' : words.join(' and ');
	return {
		kind: 'mapping',
		what: `Its mapping is not as desired: ${told}.`,
		effect: 'Values go into other fields than desired.',
		proposal: 'Apply gives it a new mapping, from the next run on.',
		breaking: false,
		applies: true,
	};
}

function tableMissing({ table }: Desired): Change {
	return {
		kind: 'tableMissing',
		what: `Adobe does not see the table '${table}' in the database.`,
		effect: 'It can not be loaded.',
		proposal:
			'Check the name, which is case-sensitive, and what the user of the connection may read.',
		breaking: true,
		applies: false,
	};
}

function severalChange({ desired, actual: { flows } }: Compared): Change {
	const list = flows.map(({ id, state }) => `${id} (${state ?? 'state unknown'})`).join(', ');
	return namesake(
		`There are ${flows.length} dataflows named '${desired.name}': ${list}.`,
		'Which of them is meant can not be told.',
		"Rename or delete all but one, or give another 'dataflow'.",
	);
}

function severalDatasets({ dataset }: Desired, { namedDatasets }: Actual): Change {
	return namesake(
		`There are ${namedDatasets.length} datasets named '${dataset.name}': ${namedDatasets.map(({ id }) => id).join(', ')}.`,
		'Which of them is meant can not be told.',
		"Rename all but one, or give another 'dataset'.",
	);
}

/** The dataflow of the name, where it is from or to something else. */
function otherEnds({ desired, actual }: Compared): Change | undefined {
	const [flow] = actual.flows;
	const { source, dataset } = actual;
	const connectionId = source?.connectionId ?? flow?.connectionId;
	const differences = [
		connectionId === desired.connectionId
			? ''
			: `reads from the connection ${connectionId ?? '(none)'} and not from ${desired.connectionId}`,
		source?.table === desired.table
			? ''
			: `reads the table '${source?.table ?? '(none)'}' and not '${desired.table}'`,
		dataset === undefined || dataset.name === desired.dataset.name
			? ''
			: `writes to the dataset '${dataset.name ?? dataset.id}' and not to '${desired.dataset.name}'`,
	].filter((text) => text !== '');
	if (differences.length === 0) return undefined;
	return namesake(
		`The dataflow '${desired.name}' (${flow?.id ?? ''}) ${differences.join(', and ')}.`,
		'The table is not loaded as desired.',
		"Give another 'dataflow' as its name, or rename or delete that one.",
	);
}

function namesake(what: string, effect: string, proposal: string): Change {
	return { kind: 'namesake', what, effect, proposal, breaking: false, applies: false };
}
