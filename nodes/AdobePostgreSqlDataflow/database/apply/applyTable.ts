import type { IDataObject } from 'n8n-workflow';

import { getResource } from '../../../adobe/collection';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW } from '../../../adobe/dataflows';
import { dataflowUrl } from '../../../adobe/webLinks';
import type { OperationCall } from '../../../operation/operation';
import type { Members } from '../../../outputs/common';
import { output } from '../../../outputs/common';
import { scheduleInWords } from '../../../outputs/schedule';
import type { ItemClient } from '../../../platform/client';
import { tooLate } from '../../../platform/client';
import { TOO_LATE } from '../../../platform/deadline';
import { Problem, toProblem } from '../../../platform/errors/problem';
import { OneAtATime } from '../../../platform/keyed';
import { CreateItem, CreateRun } from '../../dataflow/create/createDataflow';
import type { WantedDataflow } from '../../dataflow/create/request';
import { act } from '../../dataflow/setState.operation';
import { isPartOf, markerOf } from '../actual';
import type { Actual } from '../actual';
import type { Change } from '../change';
import { deleteTable } from './deleteTable';
import type { Desired } from '../desired';
import { deletionFingerprint, fingerprintOf, markerOfPlan, sameValue } from '../fingerprint';
import type { Compared } from '../judge';
import { judge } from '../judge';
import type { Leftovers } from './leftovers';
import { takeOverLeftovers } from './leftovers';
import { DatabaseLookUps } from '../lookUps';
import type { PlanItem } from './planItem';
import { readCompared } from '../planTable';
import { updateTable } from './updateTable';

/** What the items of one execution of Apply have in common. */
export class ApplyRun {
	readonly creations = new CreateRun();
	/** What Apply has looked up, Create need not. */
	readonly lookUps = new DatabaseLookUps(this.creations.lookUps);
}

/** Carries out an item of a plan, if it still fits. */
export async function applyTable(
	call: OperationCall<ApplyRun>,
	plan: PlanItem,
): Promise<IDataObject> {
	const { action, because, changes } = plan;
	const client = call.openClient();
	switch (action) {
		case 'create':
		case 'update':
			return await inTurn(call, client, plan, async () => await applyChanges(call, client, plan));
		case 'delete':
			return await inTurn(call, client, plan, async () => await applyDeletion(call, client, plan));
		default:
			// There is nothing to do about it, whatever has become of it meanwhile.
			return result(client, plan, undefined, {
				action: action === 'unchanged' ? 'unchanged' : 'skipped',
				because,
				left: toldOf(changes),
			});
	}
}

/** For all executions of this process. */
const ONE_OF_A_NAME = new OneAtATime();
const WAITED =
	'Until then, another item was working on a dataflow of the same name; nothing was sent.';

async function inTurn<T>(
	{ scope }: OperationCall<ApplyRun>,
	client: ItemClient,
	{ desired: { name } }: PlanItem,
	work: () => Promise<T>,
): Promise<T> {
	const outcome = await ONE_OF_A_NAME.runInTime(`${scope}\n${name}`, client, work);
	if (outcome === TOO_LATE) throw tooLate('Apply a plan', 0, WAITED);
	return outcome;
}

async function applyChanges(
	call: OperationCall<ApplyRun>,
	client: ItemClient,
	plan: PlanItem,
): Promise<IDataObject> {
	const { lookUps } = call.state;
	const { desired, fingerprint } = plan;
	const marker = markerOfPlan(fingerprint);
	const compared = await readCompared(call, client, lookUps, desired);
	const ground = await withoutOwn(client, lookUps, compared, marker);
	if (fingerprintOf(client, ground, plan) !== fingerprint) throw outOfDate(client, compared, plan);
	const verdict = judge(compared);
	const [flow] = compared.actual.flows;
	const isOwn = ground !== compared && flow !== undefined;
	const isPlanned = (change: Change) => plan.changes.some((one) => isSameChange(one, change));
	// What follows the creation itself may be missing still.
	const isPartOfCreation = ({ kind }: Change) =>
		isOwn && (kind === 'options' || kind === 'enabled');
	if (
		flow !== undefined &&
		!verdict.changes.every((change) => isPlanned(change) || isPartOfCreation(change))
	) {
		throw outOfDate(client, compared, plan);
	}
	if (flow === undefined) {
		if (plan.action !== 'create') throw outOfDate(client, compared, plan);
		const leftovers = await takeOverLeftovers(client, lookUps, desired, marker);
		return await create(call, client, plan, { ground, marker, leftovers });
	}
	const { changes } = verdict;
	const done = changes.some(({ applies }) => applies)
		? await updateTable(call, client, flow, compared, { changes, marker })
		: [];
	const now = done.length === 0 ? flow : await readAgain(client, flow);
	return result(client, plan, now, {
		action: isOwn ? 'created' : done.length === 0 ? 'unchanged' : 'updated',
		because: done.length === 0 ? 'It was applied before; nothing was left to do.' : done.join(' '),
		left: toldOf(changes.filter(({ applies }) => !applies)),
	});
}

/** What it proposes may differ where a part of it was done already. */
function isSameChange(one: Change, other: Change): boolean {
	const told = ({ kind, column, setting, what, applies }: Change) => ({
		kind,
		column,
		setting,
		what,
		applies,
	});
	return sameValue(told(one), told(other));
}

/**
 * What a plan was made on: without what an execution of the same plan has made since then.
 *
 * @returns the same where there is no such thing
 */
async function withoutOwn(
	client: ItemClient,
	lookUps: DatabaseLookUps,
	compared: Compared,
	marker: string,
): Promise<Compared> {
	const { actual, desired } = compared;
	const nothing: Actual = { flows: [], owner: 'others', namedDatasets: [] };
	if (actual.flows.length > 0) {
		if (markerOf(actual.source, actual.target) !== marker) return compared;
		const isNew = actual.schema?.own !== undefined || actual.dataset === undefined;
		const namedDatasets = isNew || actual.dataset === undefined ? [] : [actual.dataset];
		return { ...compared, actual: { ...nothing, namedDatasets } };
	}
	if (actual.namedDatasets.length === 0) return compared;
	const schemas = await lookUps.parts(client, 'schemas', desired.dataset.name);
	const own = schemas.find(isPartOf(marker));
	if (own === undefined) return compared;
	const namedDatasets = actual.namedDatasets.filter(({ schemaId }) => schemaId !== own.id);
	return { ...compared, actual: { ...nothing, namedDatasets } };
}

async function create(
	call: OperationCall<ApplyRun>,
	client: ItemClient,
	plan: PlanItem,
	{ ground, marker, leftovers }: { ground: Compared; marker: string; leftovers: Leftovers },
): Promise<IDataObject> {
	const { desired } = plan;
	const datasetId = ground.actual.namedDatasets[0]?.id ?? leftovers.datasetId;
	const { recurring, startEpochMs, ...schedule } = desired.schedule;
	const isOver = startEpochMs !== undefined && startEpochMs <= Date.now();
	const wanted: WantedDataflow = {
		name: desired.name,
		description: desired.description,
		connectionId: desired.connectionId,
		table: desired.table,
		dataset: datasetId === undefined ? { create: desired.dataset } : { id: datasetId },
		mapping: desired.mapping,
		schedule: { ...schedule, recurring, startEpochMs: isOver ? undefined : startEpochMs },
		options: hasOptions(desired) ? desired.options : undefined,
		ifExists: 'keep',
	};
	const made = await new CreateItem(call, call.state.creations, wanted, client, {
		marker,
		left: leftovers,
	}).create();
	const id = String(made.flowId);
	if (desired.enabled === false) {
		await act(client, id, 'disable').catch((error: unknown) => {
			throw withCreated(error, made);
		});
	}
	const now = await readAgain(client, DATAFLOW.read({ id, raw: {} }));
	const columns = made.unmappedColumns;
	const unmapped = Array.isArray(columns) ? columns.map(String) : [];
	return result(client, plan, now, {
		action: String(made.action),
		because: 'The dataflow was created.',
		left:
			unmapped.length === 0 ? [] : [`No field was found for the columns ${unmapped.join(', ')}.`],
		more: {
			datasetId: made.datasetId,
			possibleDuplicates: made.possibleDuplicates,
			possiblyLeftBehind: made.possiblyLeftBehind,
		},
	});
}

function hasOptions({ options }: Desired): boolean {
	return Object.values(options).some((value) => value !== undefined);
}

/** By the IDs of the plan: once the dataflow is gone, nothing else knows the others. */
async function applyDeletion(
	call: OperationCall<ApplyRun>,
	client: ItemClient,
	plan: PlanItem,
): Promise<IDataObject> {
	const { desired, parts, fingerprint } = plan;
	if (parts === undefined || deletionFingerprint(client, desired, parts) !== fingerprint) {
		throw outOfDate(client, undefined, plan);
	}
	const compared = await readCompared(call, client, call.state.lookUps, desired);
	const [flow] = compared.actual.flows;
	if (flow !== undefined) {
		const isTheSame = flow.id === parts.flowId && judge(compared).action === 'delete';
		if (!isTheSame) throw outOfDate(client, compared, plan);
	}
	const done = await deleteTable(client, parts);
	return result(client, plan, undefined, { action: 'deleted', because: done.join(' '), left: [] });
}

/** The dataflow is there, with what may be there besides: neither must be lost. */
function withCreated(error: unknown, { flowId, possiblyLeftBehind }: IDataObject): Problem {
	const besides = Array.isArray(possiblyLeftBehind) ? possiblyLeftBehind.map(String) : [];
	const left = [`the dataflow ${String(flowId)}`, ...besides].join('; ');
	return toProblem(error)
		.noting(`Created before, and not disabled: ${left}. Apply can be repeated.`)
		.detailing({ leftBehind: left });
}

async function readAgain(client: ItemClient, flow: Dataflow): Promise<Dataflow> {
	// It was changed: not knowing how it looks now must not make the item fail.
	return await getResource(client, DATAFLOW, flow.id).catch(() => flow);
}

function toldOf(changes: readonly Change[]): string[] {
	return changes.map(({ what, proposal }) => `${what} ${proposal}`);
}

interface Outcome {
	action: string;
	because: string;
	/** What is still to do for a person. */
	left: string[];
	more?: Members;
}

function result(
	client: ItemClient,
	{ desired, parts }: PlanItem,
	flow: Dataflow | undefined,
	{ action, because, left, more }: Outcome,
): IDataObject {
	const id = flow?.id ?? parts?.flowId;
	return output({
		table: desired.table,
		action,
		because,
		left,
		name: desired.name,
		state: flow?.state,
		schedule: scheduleInWords(flow?.schedule),
		dataset: desired.dataset.name,
		...more,
		flowId: id,
		connectionId: desired.connectionId,
		url: flow === undefined ? undefined : dataflowUrl(client, flow.id),
		sandboxName: client.sandboxName,
	});
}

function outOfDate(
	client: ItemClient,
	compared: Compared | undefined,
	{ desired }: PlanItem,
): Problem {
	const now = compared === undefined ? '' : ` A plan now says: ${judge(compared).because}`;
	return new Problem(`The plan of '${desired.table}' does not fit any more`, {
		advice: `The table, the dataflow or what it consists of was changed since it was planned, or the plan was changed. Plan again, and apply that.${now}`,
		notes: ['Nothing was changed.'],
		details: { operation: 'Apply a plan', sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}
