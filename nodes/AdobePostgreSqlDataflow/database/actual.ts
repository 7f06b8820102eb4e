import type { SourceConnection, TargetConnection } from '../../adobe/dataflowEnds';
import type { Dataflow } from '../../adobe/dataflows';
import type { DataSet } from '../../adobe/datasets';
import { makerOf } from '../../adobe/lostWrites/origin';
import type { ShownMapping } from '../../adobe/mappingSets';
import type { SchemaField } from '../../adobe/schemas';
import type { ItemClient } from '../../platform/client';
import { MARKED_PART } from '../dataflow/create/markers';

/** What is at Adobe about one desired table. */
export interface Actual {
	/** Those of the desired name. */
	flows: Dataflow[];
	/** Of the only one of them. */
	source?: SourceConnection;
	target?: TargetConnection;
	/** What it writes to; undefined where it is not there any more. */
	dataset?: DataSet;
	schema?: ActualSchema;
	/** Undefined where it has none, or none that can be read. */
	mapping?: readonly ShownMapping[];
	owner: Owner;
	/** The datasets of the desired name. */
	namedDatasets: DataSet[];
	/** The schema of the only one of these, where there is no dataflow yet. */
	namedSchema?: ActualSchema;
	/** The ID of a schema that has the title of a new one, where there is no dataset of the name. */
	takenTitle?: string;
}

/** The schema of a dataset, as far as it matters. */
export interface ActualSchema {
	id: string;
	fields: SchemaField[];
	/** The field group that was made from the table; undefined where the schema is somebody else's. */
	own?: OwnFieldGroup;
}

export interface OwnFieldGroup {
	id: string;
	/** The fields that it has below the organization's own name. */
	fieldNames: string[];
}

/** Who made a dataflow, as far as can be told. */
export type Owner =
	/** This package, with this credential. */
	| 'ours'
	/** This package, as its parts tell; Adobe does not show with which credential. */
	| 'probablyOurs'
	/** This package with another credential, or somebody who has changed its parts. */
	| 'othersWithMarker'
	/** Nothing says that it was this package. */
	| 'others';

const MARKED_END = / (?:source|target) ([0-9a-f]{8})$/;

/** The marker that Create has put into the name of a source or a target connection. */
export function markerOfEnd(name: string | undefined): string | undefined {
	return MARKED_END.exec(name ?? '')?.[1];
}

/** The marker in the description of a schema or field group that was made from a table. */
function markerOfPart(description: string | undefined): string | undefined {
	return MARKED_PART.exec(description ?? '')?.[2];
}

/** Whether a schema or field group was made for a dataflow of that name. */
export function isPartFor(flowName: string): (part: { description?: string }) => boolean {
	return ({ description }) => MARKED_PART.exec(description ?? '')?.[1] === flowName;
}

/** Whether a schema or field group was made with a marker. */
export function isPartOf(marker: string): (part: { description?: string }) => boolean {
	return ({ description }) => markerOfPart(description) === marker;
}

type Named = { name?: string } | undefined;

/** The marker of a dataflow, which both of its ends have. */
export function markerOf(source: Named, target: Named): string | undefined {
	const marker = markerOfEnd(source?.name);
	return marker !== undefined && marker === markerOfEnd(target?.name) ? marker : undefined;
}

/** Who made a dataflow: both ends carry the same marker, and Adobe shows the client. */
export function ownerOf(
	client: Pick<ItemClient, 'clientId'>,
	flow: Dataflow,
	source: Named,
	target: Named,
): Owner {
	if (markerOf(source, target) === undefined) return 'others';
	const maker = makerOf(client, flow);
	if (maker === 'ours') return 'ours';
	return maker === 'doubtful' ? 'probablyOurs' : 'othersWithMarker';
}

/** Whether Apply may change it without being told so for its item. */
export function isManaged(owner: Owner): boolean {
	return owner === 'ours' || owner === 'probablyOurs';
}
