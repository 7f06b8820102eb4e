import type { Mapping } from '../../../adobe/mappingSets';
import { sourceOfColumn, validateMappingSet } from '../../../adobe/mappingSets';
import type { SchemaField } from '../../../adobe/schemas';
import type { SourceColumn } from '../../../adobe/tables';
import type { ItemClient } from '../../../platform/client';
import { asIs, isProblem, Problem } from '../../../platform/errors/problem';
import { named } from '../columns';
import { findMappingProblems, unmappedOf } from './checkMapping';
import type { AutomaticMapping } from './mapByName';
import { mapByName } from './mapByName';
import type { WantedMapping } from './mappingParameters';

/** A mapping, and the table that it reads as the user calls it. */
interface WantedOfTable {
	mapping: WantedMapping;
	table: string;
}

/** What a mapping has to fit. */
interface Fitting {
	columns: readonly SourceColumn[];
	fields: readonly SchemaField[];
	/** The problem of an operation that does nothing then. */
	refuse(message: string, advice: string): Problem;
}

/**
 * The mapping that is wanted, made from the names where it is automatic.
 *
 * @throws Problem for one that does not fit the table and the dataset's schema
 */
export function fitMapping(wanted: WantedOfTable, fitting: Fitting): AutomaticMapping {
	const { columns, fields, refuse } = fitting;
	const fitted = mappingFor(wanted, fitting);
	const problems = findMappingProblems(fitted.mappings, { columns, fields, table: wanted.table });
	if (problems.length === 0) return fitted;
	const advice =
		wanted.mapping === 'automatic'
			? "Set 'Mapping' to Field by Field or to JSON, where the field can be filled by a column or a calculation."
			: "Correct 'Mapping'.";
	throw refuse('The mapping does not fit the dataset', `${problems.join(' ')} ${advice}`);
}

function mappingFor(
	{ mapping, table }: WantedOfTable,
	{ columns, fields, refuse }: Fitting,
): AutomaticMapping {
	if (mapping !== 'automatic') {
		const mappings = withColumnsNamed(mapping, columns);
		return { mappings, unmappedColumns: unmappedOf(mappings, columns), possibleMatches: [] };
	}
	const automatic = mapByName(columns, fields);
	if (automatic.mappings.length > 0) return automatic;
	throw refuse(
		`No column of the table '${table}' has the name of a field of the dataset`,
		`The columns are ${named(columns.map(({ name }) => name))}; the fields are ${named(fields.map(({ path }) => path))}. Set 'Mapping' to Field by Field, or choose another 'Dataset'.`,
	);
}

/** Columns are given as the table has them, and named to Adobe as Data Prep wants it. */
export function withColumnsNamed(mappings: Mapping[], columns: readonly SourceColumn[]): Mapping[] {
	const names = new Set(columns.map(({ name }) => name));
	return mappings.map((mapping) =>
		mapping.sourceType === 'ATTRIBUTE' && names.has(mapping.source)
			? { ...mapping, source: sourceOfColumn(mapping.source) }
			: mapping,
	);
}

const NOT_VALID = 'Adobe does not accept the mapping';
const ADVICE = "Correct 'Mapping': its columns, its calculations or its fields.";

/**
 * Lets Adobe judge a mapping, calculations included, without making anything.
 *
 * @throws Problem with what Adobe holds against it
 */
export async function checkByAdobe(
	client: ItemClient,
	schemaId: string,
	mappings: readonly Mapping[],
	operation = 'Create a dataflow',
): Promise<void> {
	const errors = await validateMappingSet(client, schemaId, mappings).catch((error: unknown) => {
		if (!isProblem(error, 'rejected')) throw asIs(error);
		throw error.retitled(NOT_VALID).advising(ADVICE);
	});
	if (errors.length === 0) return;
	throw new Problem(NOT_VALID, {
		advice: ADVICE,
		adobeMessage: named(errors),
		details: { operation, sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
