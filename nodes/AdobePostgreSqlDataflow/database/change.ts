import type { Difference } from '../dataflow/create/differences';

/** The kinds of what can differ between what is desired, what is at Adobe, and the table. */
export type ChangeKind =
	| 'columnAdded'
	| 'columnRemoved'
	| 'columnRetyped'
	| 'deltaColumnInDanger'
	| 'requiredFieldWithoutSource'
	| 'schedule'
	| 'mapping'
	| 'options'
	| 'description'
	| 'disabled'
	| 'enabled'
	| 'tableMissing'
	| 'datasetMissing'
	| 'datasetWithoutSchema'
	| 'namesake';

/** One thing that differs, in words. */
export interface Change {
	kind: ChangeKind;
	/** The column or the field that it is about. */
	column?: string;
	/** Which setting it is. */
	setting?: Difference;
	/** What differs. */
	what: string;
	/** What it leads to as long as nobody does anything. */
	effect: string;
	/** What to do about it. */
	proposal: string;
	/** Whether runs fail, or rows or values get lost. */
	breaking: boolean;
	/** Whether Apply does something about it. */
	applies: boolean;
	/** Set where the policy says that it is none of our business. */
	ignored?: true;
}

/** What Apply will make of a table. */
export type PlanAction =
	| 'create'
	| 'update'
	| 'unchanged'
	| 'drifted'
	| 'unmanaged'
	| 'delete'
	| 'blocked';

/** What came of comparing. */
export interface Verdict {
	action: PlanAction;
	/** In one sentence or a few. */
	because: string;
	changes: Change[];
	breaking: boolean;
}
