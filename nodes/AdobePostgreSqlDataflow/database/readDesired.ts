import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { FlowOptions } from '../../adobe/dataflows';
import { checkName, OPTIONS } from '../../operation/commonParameters';
import type { ItemParameters } from '../../operation/parameters';
import { Collection } from '../../operation/parameters';
import { isNothing, labelOf, nothingGiven } from '../../operation/values';
import { asRecord } from '../../platform/json';
import type { NewDatasetWanted } from '../dataflow/create/datasetParameters';
import {
	eventIdColumnParameter,
	eventTimeColumnParameter,
	schemaClassParameter,
} from '../dataflow/create/datasetParameters';
import type { WantedMapping } from '../dataflow/create/mappingParameters';
import { readList } from '../dataflow/create/mappingParameters';
import { errorDiagnosticsOption, partialIngestionOption } from '../dataflow/options';
import type { WantedSchedule } from '../dataflow/schedule';
import { checkInterval } from '../dataflow/schedule';
import type { Schedule } from '../dataflow/scheduleParameters';
import {
	backfillParameter,
	DELTA_COLUMN,
	intervalField,
	MIN_MINUTES,
	scheduleParameter,
	startTimeParameter,
} from '../dataflow/scheduleParameters';
import type { Desired } from './desired';
import {
	dataflowNameParameter,
	deleteParameter,
	descriptionOption,
	enableOption,
	newColumnsParameter,
	takeOverParameter,
} from './parameters';

/** A column of an item, and the parameter or the member of Options that it stands for. */
interface ItemColumn {
	parameter: Pick<INodeProperties, 'displayName' | 'name'>;
	isOption?: true;
}

const DATASET = { displayName: 'Dataset Name', name: 'datasetName' };
const MAPPING = { displayName: 'Mapping', name: 'mapping' };

/** By the name of the column. */
const COLUMNS: Record<string, ItemColumn> = {
	dataflow: { parameter: dataflowNameParameter },
	dataset: { parameter: DATASET },
	schemaClass: { parameter: schemaClassParameter },
	eventIdColumn: { parameter: eventIdColumnParameter },
	eventTimeColumn: { parameter: eventTimeColumnParameter },
	schedule: { parameter: scheduleParameter },
	interval: { parameter: intervalField },
	startTime: { parameter: startTimeParameter },
	backfill: { parameter: backfillParameter },
	deltaColumn: { parameter: DELTA_COLUMN },
	newColumns: { parameter: newColumnsParameter },
	takeOver: { parameter: takeOverParameter },
	delete: { parameter: deleteParameter },
	description: { parameter: descriptionOption, isOption: true },
	enabled: { parameter: enableOption, isOption: true },
	errorDiagnostics: { parameter: errorDiagnosticsOption, isOption: true },
	partialIngestionPercent: { parameter: partialIngestionOption, isOption: true },
};

type WithoutConnection = Omit<Desired, 'connectionId'>;

/** Values of parameters and columns, by the parameters' names. */
class DesiredValues extends Collection {
	constructor(
		private readonly given: Record<string, unknown>,
		private readonly isGivenByExpression: (name: string) => boolean,
	) {
		super(given, isGivenByExpression);
	}

	raw({ name }: { name: string }): unknown {
		return this.given[name];
	}

	/** @throws UserError where an expression gives nothing; parameters that are not shown have no value */
	booleanOr(parameter: INodeProperties, otherwise: boolean): boolean {
		if (!isNothing(this.raw(parameter))) return this.boolean(parameter) ?? otherwise;
		if (this.isGivenByExpression(parameter.name)) throw nothingGiven(labelOf(parameter));
		return otherwise;
	}
}

/** A desired table as a plan holds it and as Export writes it, in the columns that an item may have. */
export type DesiredColumns = IDataObject;

/**
 * The parameters of an item, and in their place the columns of the item that have a value.
 *
 * @param columns {} where those of the item do not count
 * @throws UserError naming the parameter
 */
export function readDesired(
	parameters: ItemParameters,
	table: string,
	columns: IDataObject,
	timeZone: string,
): WithoutConnection {
	const options = asRecord(parameters.raw(OPTIONS)) ?? {};
	const values: Record<string, unknown> = {};
	const given = new Set<string>();
	for (const [column, { parameter, isOption }] of Object.entries(COLUMNS)) {
		const { name } = parameter;
		if (!isNothing(columns[column])) {
			values[name] = columns[column];
			given.add(name);
		} else if (isOption === true) {
			if (name in options) values[name] = options[name];
		} else values[name] = parameters.raw(parameter);
	}
	if (!isNothing(columns.mapping)) values.mapping = columns.mapping;
	const isExpression = (name: string) => {
		if (given.has(name)) return false;
		const isOption = Object.values(COLUMNS).some(
			(one) => one.isOption === true && one.parameter.name === name,
		);
		return isOption ? parameters.isExpression(OPTIONS, name) : parameters.isExpression({ name });
	};
	return desiredFrom(new DesiredValues(values, isExpression), table, timeZone);
}

/**
 * What a plan holds.
 *
 * @throws UserError for a plan that was changed into something that can't be
 */
export function desiredOf(columns: DesiredColumns): Desired {
	const values = Object.fromEntries(
		Object.entries(columns).map(([column, value]) => [
			COLUMNS[column]?.parameter.name ?? column,
			value,
		]),
	);
	const { table, connectionId } = columns;
	if (typeof table !== 'string' || typeof connectionId !== 'string') {
		throw new UserError("'Plan' does not say which table of which connection it is for", {
			description: 'Give a whole item of Database: Plan.',
		});
	}
	return { connectionId, ...desiredFrom(new DesiredValues(values, () => false), table, 'UTC') };
}

function desiredFrom(values: DesiredValues, table: string, timeZone: string): WithoutConnection {
	const dataset = readDataset(values, table);
	const given = values.optionalText(dataflowNameParameter);
	if (given !== undefined) checkName(given);
	return {
		table,
		name: given ?? `${table.replaceAll('"', '')} to ${dataset.name}`,
		description: values.text(descriptionOption)?.trim(),
		dataset,
		mapping: readMapping(values),
		schedule: readSchedule(values, timeZone),
		options: readOptions(values),
		newColumns: values.choice(newColumnsParameter) ?? 'ignore',
		enabled: values.boolean(enableOption),
		takeOver: values.booleanOr(takeOverParameter, false),
		remove: values.booleanOr(deleteParameter, false),
	};
}

function readDataset(values: DesiredValues, table: string): NewDatasetWanted {
	const name = values.optionalText(DATASET) ?? table.replaceAll('"', '');
	checkName(name);
	const schemaClass = values.choice(schemaClassParameter) ?? 'profile';
	if (schemaClass === 'profile') return { name, schemaClass };
	const column = (parameter: INodeProperties) => {
		const text = values.requiredText(parameter)?.trim();
		if (text !== undefined) return text;
		throw new UserError(`'${labelOf(parameter)}' is empty`, {
			description: `Fill in '${labelOf(parameter)}': an event has an ID and a time of its own.`,
		});
	};
	const event = {
		idColumn: column(eventIdColumnParameter),
		timestampColumn: column(eventTimeColumnParameter),
	};
	return { name, schemaClass, event };
}

function readMapping(values: DesiredValues): WantedMapping {
	const given = values.raw(MAPPING);
	if (isNothing(given) || given === 'automatic') return 'automatic';
	const mappings = readList(given);
	return mappings.length === 0 ? 'automatic' : mappings;
}

/** A start that has passed stays: it means as soon as possible, and does not differ from any other. */
function readSchedule(values: DesiredValues, timeZone: string): WantedSchedule {
	const frequency: Schedule = values.choice(scheduleParameter) ?? 'onDemand';
	const deltaColumn = values.optionalText(DELTA_COLUMN, labelOf(DELTA_COLUMN));
	if (frequency === 'onDemand') return { frequency, deltaColumn };
	const startEpochMs = values.time(startTimeParameter, timeZone);
	if (frequency === 'once') return { frequency, startEpochMs };
	const interval = values.wholeNumber(intervalField) ?? (frequency === 'minute' ? MIN_MINUTES : 1);
	checkInterval(frequency, interval);
	const backfill = values.booleanOr(backfillParameter, true);
	return { frequency, startEpochMs, deltaColumn, recurring: { interval, backfill } };
}

function readOptions(values: DesiredValues): FlowOptions {
	return {
		errorDiagnosticsEnabled: values.boolean(errorDiagnosticsOption),
		partialIngestionPercent: values.wholeNumber(partialIngestionOption),
	};
}

/** A desired table in the columns that an item may have; `desiredOf` reads it. */
export function columnsOfDesired({
	connectionId,
	table,
	name,
	description,
	dataset,
	mapping,
	schedule,
	options,
	newColumns,
	enabled,
	takeOver,
	remove,
}: Desired): DesiredColumns {
	const { frequency, startEpochMs, deltaColumn, recurring } = schedule;
	const columns: Record<string, IDataObject[string] | undefined> = {
		table,
		dataflow: name,
		dataset: dataset.name,
		schemaClass: dataset.schemaClass,
		eventIdColumn: dataset.event?.idColumn,
		eventTimeColumn: dataset.event?.timestampColumn,
		schedule: frequency,
		interval: recurring?.interval,
		startTime: startEpochMs === undefined ? undefined : new Date(startEpochMs).toISOString(),
		backfill: recurring?.backfill,
		deltaColumn,
		description,
		mapping: mapping === 'automatic' ? undefined : mapping.map((one) => ({ ...one })),
		newColumns,
		enabled,
		takeOver: takeOver || undefined,
		delete: remove || undefined,
		errorDiagnostics: options.errorDiagnosticsEnabled,
		partialIngestionPercent: options.partialIngestionPercent,
		connectionId,
	};
	const present = Object.entries(columns).filter(([, value]) => value !== undefined);
	return Object.fromEntries(present) as DesiredColumns;
}
