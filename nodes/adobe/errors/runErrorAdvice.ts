import { knownAdvice } from './databaseErrors';

interface RunWords {
	/** Of the code; by its prefix and number, e.g. `^INGEST-1401`. */
	code?: RegExp;
	words?: RegExp;
	advice: string;
}

const WAYS_OUT =
	"switch on 'Partial Ingestion' so that the other rows come in, give the field a calculation that makes it empty or limits it (Mapping: Field by Field or JSON), or let a view give the column another type (text)";

const NOT_ENTITLED =
	'The organization has no right to this source: ask Adobe, or whoever manages the licence, for the source PostgreSQL.';

/** Why a value, a row or a run was not taken in, from the particular to the general. */
const RUN_WORDS: readonly RunWords[] = [
	{
		words: /\bnan\b|infinit|not a (?:valid|finite) number/i,
		advice: `XDM has no NaN and no infinity: ${WAYS_OUT}.`,
	},
	{
		words:
			/out of range|overflow|too (?:large|big|small)|exceeds? (?:the )?(?:maximum|range|limit)|bigint|numeric value|arithmetic|greater than (?:the )?max|not (?:less|greater) (?:than )?or equal|maximum|minimum/i,
		advice: `A number is beyond what the field's type holds: ${WAYS_OUT}; or map it to a field of a wider type (long, double, string).`,
	},
	{
		code: /^INGEST-(?:1555|1554)|^DCVS-1106|^(?:1555|1554)$/,
		advice:
			"A required field is missing or empty in some rows: map a column to it that always has a value, give it a default by a calculation, or switch on 'Partial Ingestion'.",
	},
	{
		words:
			/required (?:field|key|property).*(?:missing|null|not found|empty)|required key|missing required|is required/i,
		advice:
			"A required field is missing or empty in some rows: map a column to it that always has a value, give it a default by a calculation, or switch on 'Partial Ingestion'.",
	},
	{
		words: /identity|identitymap|namespace|primary id/i,
		advice:
			"The identity of some rows is missing or empty: the column that is mapped to the primary identity must have a value in every row. Leave rows without one out by a view, or switch on 'Partial Ingestion'.",
	},
	{
		words: /enum|not one of|not a valid enum/i,
		advice:
			"A value is not among those that the field allows: translate it with a calculation, or extend the field's list in the schema.",
	},
	{
		words: /pattern|does not match .*format|date-?time|invalid date|parse.*date|timestamp/i,
		advice:
			'A value does not have the form that the field wants: bring dates into ISO 8601 by a calculation, e.g. date(column, "yyyy-MM-dd"), or map the column to a text field.',
	},
	{
		code: /^INGEST-1401|^1401$/,
		advice:
			'A row can’t be read: look for control characters or broken text in the table, and repair it or leave the column out by a view.',
	},
	{
		code: /^DCVS-/,
		advice:
			"The values do not fit the dataset's schema: compare the types of columns and fields (Table: Get Columns), give an empty value a default by a calculation, or switch on 'Partial Ingestion' to let the other rows in.",
	},
	{
		code: /^MAPPER-/,
		advice:
			"The mapping could not be applied to a value: compare the types of column and field, and the expression of the calculation; a column that the table no longer has must be taken out of the mapping. 'Partial Ingestion' lets the other rows in.",
	},
	{
		code: /^INGEST-(?:1211|1212)|^(?:1211|1212)$/,
		advice:
			"Rows were rejected. With 'Error Diagnostics' on, Run: Get Rejected Rows returns them with the reasons; raise 'Partial Ingestion Threshold' if the run fails by their number.",
	},
	{
		code: /^FLOW-1100-|^CONNECTOR-1100-/,
		words: /entitle/i,
		advice: NOT_ENTITLED,
	},
	{
		code: /^INGEST-/,
		advice:
			"Adobe could not take the data in: compare the columns with the dataset's schema, and run the dataflow again (Run: Retry).",
	},
	{
		code: /^CONNECTOR-1001-/,
		advice:
			'Copying from the database failed: use Connection: Test to see whether Adobe still gets in, and Table: Get Columns to see whether the table is still the same. Many failures in a row often mean a changed or expired password.',
	},
	{
		code: /^CONNECTOR-2001-/,
		advice: 'Writing to the dataset failed: the other errors of the run say why.',
	},
	{
		code: /^CONNECTOR-/,
		advice:
			'The connector of the database failed: use Connection: Test to see whether Adobe still gets in.',
	},
	{
		code: /^FLOW-/,
		advice: 'Flow Service failed: look at the dataflow with Get, and retry the run (Run: Retry).',
	},
];

/** Codes around an error that another one explains. */
const GENERIC =
	/^(?:CONNECTOR-(?:1001|2001|1000|1005)|INGEST-(?:1211|1212)|FLOW-1[046]\d\d)-|^(?:1211|1212)$/;

const GENERIC_WORDS =
	/^(?:an? )?(?:unknown |internal )?error (?:has )?occurred(?: (?:at|in|during|while)\b|\W*$)/i;

/** How little an error says: 0 for a cause, more for one that another error explains. */
export function vaguenessOf({ code, message }: { code?: string; message: string }): number {
	const hasGenericCode = code !== undefined && GENERIC.test(code);
	return Number(hasGenericCode) + Number(GENERIC_WORDS.test(message));
}

/** What to change, so that the next run does not meet this error; undefined where nobody knows. */
export function runErrorAdvice({
	code = '',
	message,
}: {
	code?: string;
	message: string;
}): string | undefined {
	const isOfDatabase = /^(?:CONNECTOR-1|FLOW-13)|^2\d{3}$/.test(code) || code === '';
	const ofDatabase = isOfDatabase ? knownAdvice(message) : undefined;
	if (ofDatabase !== undefined) return ofDatabase;
	return RUN_WORDS.find(
		(one) =>
			(one.code === undefined || one.code.test(code)) &&
			(one.words === undefined || one.words.test(message)),
	)?.advice;
}
