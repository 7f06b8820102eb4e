import { UserError } from 'n8n-workflow';
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from '../../../operation/parameters';
import { asRecord, recordsOf, textOf } from '../../../platform/json';
import type { Change, PlanAction } from '../change';
import type { Desired } from '../desired';
import { desiredOf } from '../readDesired';
import type { DeletedParts } from '../fingerprint';

export const planParameter: INodeProperties = {
	displayName: 'Plan',
	name: 'plan',
	type: 'json',
	required: true,
	default: '={{ $json }}',
	description:
		'An item of Database: Plan, unchanged. It says what is applied, and by its fingerprint whether it still fits.',
};

/** What Apply takes from an item of a plan. */
export interface PlanItem {
	action: PlanAction;
	because: string;
	changes: Change[];
	desired: Desired;
	fingerprint: string;
	/** Where a dataflow is to be deleted. */
	parts?: DeletedParts;
}

const ACTIONS: readonly PlanAction[] = [
	'create',
	'update',
	'unchanged',
	'drifted',
	'unmanaged',
	'delete',
	'blocked',
];

/** @throws UserError for what is no item of a plan */
export function readPlan(parameters: ItemParameters): PlanItem {
	const given = parameters.raw(planParameter);
	const record = asRecord(typeof given === 'string' ? parse(given) : given);
	const desired = asRecord(record?.desired);
	const fingerprint = textOf(record?.fingerprint);
	const action = ACTIONS.find((one) => one === record?.action);
	if (record === undefined || desired === undefined || fingerprint === undefined || !action) {
		throw new UserError("'Plan' is not an item of a plan", {
			description:
				'Give a whole item that Database: Plan has returned, with its action, desired, changes and fingerprint.',
		});
	}
	const flowId = textOf(record.flowId);
	return {
		action,
		because: textOf(record.because) ?? '',
		// Its fingerprint tells whether they are as they were planned.
		changes: recordsOf(record.changes) as unknown as Change[],
		desired: desiredOf({ ...(desired as IDataObject), ...namedBy(record) }),
		fingerprint,
		...(action !== 'delete' || flowId === undefined
			? {}
			: {
					parts: {
						flowId,
						sourceConnectionId: textOf(record.sourceConnectionId),
						targetConnectionId: textOf(record.targetConnectionId),
						mappingId: textOf(record.mappingId),
					},
				}),
	};
}

/** What is desired and an item says beside `desired`. */
function namedBy({ table, name, dataset, connectionId }: Record<string, unknown>): IDataObject {
	return { table, dataflow: name, dataset, connectionId } as IDataObject;
}

/** Undefined for invalid JSON. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
