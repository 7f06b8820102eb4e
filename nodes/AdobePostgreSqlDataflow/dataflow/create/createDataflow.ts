import { randomUUID } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import {
	createdEpochMs,
	descriptionOf,
	findByName,
	getResource,
	oldestOf,
} from '../../../adobe/collection';
import { SOURCE_CONNECTION, TARGET_CONNECTION } from '../../../adobe/dataflowEnds';
import { setFlowOptions } from '../../../adobe/dataflowUpdate';
import type { Dataflow } from '../../../adobe/dataflows';
import { DATAFLOW, findFlows, FLOW_SPEC } from '../../../adobe/dataflows';
import { getDataSet } from '../../../adobe/datasets';
import { MAX_NAMES_PER_FILTER } from '../../../adobe/filters/limits';
import { readUntilListed } from '../../../adobe/listLag';
import { enableSchemaForProfile } from '../../../adobe/profile/unionSchema';
import { MadeLately } from '../../../adobe/lostWrites/madeLately';
import { DataflowLookUps } from '../../../adobe/together/dataflowLookUps';
import { Gathering } from '../../../adobe/together/gathering';
import { byNameOf } from '../../../adobe/together/lookUps';
import { mappingMark } from '../../../adobe/together/mappingMark';
import type { OperationCall } from '../../../operation/operation';
import type { Members } from '../../../outputs/common';
import { dataflowOutput } from '../../../outputs/dataflow';
import type { ItemClient } from '../../../platform/client';
import { tooLate } from '../../../platform/client';
import { TOO_LATE } from '../../../platform/deadline';
import { asIs, hasUnknownOutcome, toProblem } from '../../../platform/errors/problem';
import { OneAtATime } from '../../../platform/keyed';
import { rememberingWhatIsLeft, unused } from '../mapping/leftBehind';
import { mappingChangeMembers } from '../mapping/output';
import { mappingInShort } from '../mapping/sameMapping';
import { copyBy, scheduleParams } from '../schedule';
import { compare } from './differences';
import { checkByAdobe } from './fitMapping';
import type { UpdatedDataflow } from './ifExists';
import { updateExisting } from './ifExists';
import { endName, mappingMarker, partMarker } from './markers';
import type { Plan } from './plan';
import { cannotCreate, inspect } from './plan';
import type { WantedDataflow } from './request';
import type { Unclear } from './saga';
import { Saga, withRollback } from './saga';
import type { WholeDataflow } from './sameName';
import { theWantedOne } from './sameName';
import {
	dataSetStep,
	flowStep,
	identityStep,
	mappingSetStep,
	schemaPartStep,
	sourceStep,
	targetStep,
} from './steps';
import type { TableSchema } from './tableSchema';

const LEFT_BEHIND = 'left behind';

const WAITED =
	'Until then, another item was creating a dataflow of the same name; nothing was sent.';

/** What matters here of what a try returns. */
interface CreateOutput {
	mappingId?: string;
	possiblyLeftBehind?: string[];
}

/** Work that may be done several times, one after another or at once, and is to be there once. */
export interface RepeatedWork {
	/** Eight hexadecimal digits, the same each time. */
	marker: string;
	/** What an earlier execution has left, and this one goes on with. */
	left: { fieldGroupId?: string; schemaId?: string; datasetId?: string };
}

/** Create for one item. */
export class CreateItem {
	private readonly saga: Saga;
	private readonly madeLately: MadeLately;
	/** The new dataflow as Adobe's list showed it in time. */
	private listed?: Dataflow;
	/** Others of the name, where Adobe does not show which of them came first. */
	private namesakes: string[] = [];
	/** What was done that can't be undone, in a sentence. */
	private lasting?: string;
	/** In everything that is created, so that it can be found again. */
	private readonly marker: string;
	/** What tells what this execution makes from what others of the same work make at the same time. */
	private readonly execution?: string;

	/** @param repeated where the same may be executed several times; nothing by default, and a random marker */
	constructor(
		private readonly call: OperationCall,
		private readonly run: CreateRun,
		private readonly wanted: WantedDataflow,
		private readonly client: ItemClient,
		private readonly repeated?: RepeatedWork,
	) {
		this.madeLately = new MadeLately(DATAFLOW.path, call.context.getWorkflowStaticData('node'));
		this.saga = new Saga(this.client, () => call.isCancelled());
		const random = randomUUID().slice(0, 8);
		this.marker = repeated?.marker ?? random;
		this.execution = repeated === undefined ? undefined : random;
	}

	/** What earlier tries have left behind is told by the last of them too. */
	async create(): Promise<IDataObject> {
		return await rememberingWhatIsLeft(this.call.memory, LEFT_BEHIND, async (before) => {
			const output = await this.createInTurn();
			const { mappingId, possiblyLeftBehind = [] } = output as CreateOutput;
			// The dataflow may have got the mapping set of an earlier try.
			const left = unused(before, mappingId);
			if (left.length === 0) return output;
			return { ...output, possiblyLeftBehind: [...left, ...possiblyLeftBehind] };
		});
	}

	private async createInTurn(): Promise<IDataObject> {
		const { call, client, run, wanted } = this;
		const key = `${call.scope}\n${wanted.name}`;
		const outcome = await run.byName.runInTime(
			key,
			client,
			async () => await run.latest.during(async () => await this.createAnew()),
		);
		if (outcome === TOO_LATE) throw tooLate('Create a dataflow', 0, WAITED);
		return outcome;
	}

	private async createAnew(): Promise<IDataObject> {
		const same = await this.thereAlready();
		if (same !== undefined) return await this.existing(same);
		const own = { marker: this.partMarker(), schemaId: this.repeated?.left.schemaId };
		const plan = await inspect(this.client, this.run, this.wanted, own);
		try {
			return await this.make(plan);
		} catch (error) {
			// The item's own time may be up, and what was made must not stay for that.
			const cleaner = this.call.openCleanUpClient();
			const keepsShared = async () => await this.isDoneByAnother(cleaner);
			if (!this.call.isCancelled()) {
				throw this.withLasting(await this.saga.rollBackAfter(cleaner, error, keepsShared));
			}
			// Whoever has cancelled is not to wait for it; n8n takes no result any more.
			void this.saga.rollBack(cleaner, keepsShared);
			throw asIs(error);
		}
	}

	/**
	 * Whether another execution of the same work goes on with what this one has made: it has a source connection
	 * of its own then. Where that can't be read, it may.
	 */
	private async isDoneByAnother(client: ItemClient): Promise<boolean> {
		if (this.repeated === undefined) return false;
		const name = this.endName('source');
		const sources = await findByName(client, SOURCE_CONNECTION, name).catch(() => undefined);
		const own = this.partMarker();
		return sources === undefined || sources.some((one) => descriptionOf(one) !== own);
	}

	private async thereAlready(): Promise<WholeDataflow | undefined> {
		const { client, madeLately } = this;
		const { lookUps } = this.run;
		const { name } = this.wanted;
		const found = await lookUps.flowsNamed(client, name);
		// It may be made or changed now; an item of the same name comes after this one.
		lookUps.forgetName(client.scope, name);
		const same = await madeLately.completed(client, DATAFLOW, name, found);
		return await theWantedOne(client, lookUps, same, this.wanted);
	}

	private async make(plan: Plan): Promise<IDataObject> {
		const { client, saga, wanted } = this;
		const schemaId = await this.schemaOf(plan);
		const makeParts = async () => {
			const source = await saga.run(
				sourceStep({
					name: this.endName('source'),
					...(this.execution === undefined ? {} : { description: this.partMarker() }),
					connectionId: wanted.connectionId,
					table: wanted.table,
					columns: plan.columns,
				}),
			);
			const marker = mappingMarker(partMarker(wanted.name, this.marker), source.id);
			return { source, mapping: await saga.run(mappingSetStep(schemaId, plan.mappings, marker)) };
		};
		// What can't be undone is done when as little as possible can still fail.
		const early = isForProfile(plan) ? await makeParts() : undefined;
		const datasetId = await this.datasetOf(plan, schemaId);
		const { source, mapping } = early ?? (await makeParts());
		const target = await saga.run(
			targetStep({
				name: this.endName('target'),
				description: `${this.partMarker()}: ${mappingMark(mapping, plan.mappings)}`,
				datasetId,
				schemaId,
			}),
		);
		const body = this.flowBody(source.id, target.id, mapping, plan.deltaColumn);
		const flow = await saga.run(flowStep(body, source.id));
		const older = await this.olderDuplicate(flow.id, source.id, datasetId);
		if (older !== undefined) return await this.existing(older);
		// The execution that has made it may have removed it meanwhile, as it has failed.
		if (this.repeated?.left.datasetId !== undefined) await getDataSet(client, datasetId);
		this.madeLately.note(client, wanted.name, flow.id);
		const made = await this.readBack(flow);
		const unclear = await saga.tidyUp(client);
		const whole = {
			...made,
			name: wanted.name,
			connectionId: wanted.connectionId,
			sourceConnectionIds: [source.id],
			targetConnectionIds: [target.id],
			mappingId: mapping.id,
		};
		return dataflowOutput(client, whole, {
			action: 'created',
			table: wanted.table,
			dataset: plan.dataset.name,
			datasetId,
			deltaColumn: plan.deltaColumn,
			mapping: mappingInShort(plan.mappings),
			more: {
				mappedFields: plan.mappings.length,
				unmappedColumns: plan.unmappedColumns,
				possibleMatches: plan.possibleMatches.map((match) => ({ ...match })),
				differences: [],
				...profileMembers(plan),
				...this.possibleDuplicates(),
				...mayBeLeft(unclear),
			},
		});
	}

	/** The schema of the dataset that is there, or a new one with its own field group and identity. */
	private async schemaOf({ dataset, mappings }: Plan): Promise<string> {
		if ('id' in dataset) return dataset.schemaId;
		const left = this.repeated?.left.schemaId;
		const schemaId = left ?? (await this.newSchema(dataset.schema));
		await checkByAdobe(this.client, schemaId, mappings);
		if (dataset.identity !== undefined) {
			const { path, namespace } = dataset.identity;
			const step = identityStep({ schemaId, path, namespace });
			const isThere = left !== undefined && (await step.find(this.client)).length > 0;
			if (!isThere) await this.saga.run(step);
		}
		return schemaId;
	}

	private async newSchema({ fieldGroup, schemaFor }: TableSchema): Promise<string> {
		const { saga, repeated } = this;
		const groupId =
			repeated?.left.fieldGroupId ??
			(await saga.run(schemaPartStep('fieldgroups', 'field group', fieldGroup))).id;
		return (await saga.run(schemaPartStep('schemas', 'schema', schemaFor(groupId)))).id;
	}

	/** The dataset that is there, or a new one; Adobe wants the schema to be enabled for Profile before it. */
	private async datasetOf({ dataset }: Plan, schemaId: string): Promise<string> {
		if ('id' in dataset) return dataset.id;
		const profile = dataset.identity?.profile;
		if (profile !== undefined) await this.enableSchema(schemaId);
		const description = this.execution === undefined ? {} : { description: this.partMarker() };
		const made = await this.saga.run(
			dataSetStep({ name: dataset.name, ...description, schemaId, profile }),
		);
		this.run.lookUps.dataSets.forgetName(this.client.scope, dataset.name);
		return made.id;
	}

	private async enableSchema(schemaId: string): Promise<void> {
		const lasting = (was: string) =>
			`The schema ${schemaId} ${was} enabled for Profile, which Adobe can't undo.`;
		try {
			await enableSchemaForProfile(this.client, schemaId);
			this.lasting = lasting('was');
		} catch (error) {
			if (hasUnknownOutcome(error)) this.lasting = lasting('may have been');
			throw asIs(error);
		}
	}

	private withLasting(error: unknown): unknown {
		if (this.lasting === undefined) return error;
		return toProblem(error).noting(this.lasting);
	}

	private flowBody(
		sourceId: string,
		targetId: string,
		mapping: { id: string; version: number },
		deltaColumn: string | undefined,
	): { name: string; [member: string]: unknown } {
		const { name, description, schedule, options } = this.wanted;
		return {
			name,
			...(description === undefined || description === '' ? {} : { description }),
			flowSpec: { ...FLOW_SPEC },
			sourceConnectionIds: [sourceId],
			targetConnectionIds: [targetId],
			transformations: [
				// Adobe refuses one with the frequency once; Run Now gives it to the first run.
				...(schedule.recurring === undefined || deltaColumn === undefined
					? []
					: [copyBy(deltaColumn)]),
				{ name: 'Mapping', params: { mappingId: mapping.id, mappingVersion: mapping.version } },
			],
			scheduleParams: scheduleParams(this.client, schedule),
			...(options === undefined ? {} : { options }),
		};
	}

	/**
	 * Another execution may have made a dataflow of this name at the same time, or a worker that was
	 * ended while its request was on the way. Then the older one counts, and ours, which nobody has
	 * seen yet, is rolled back. Both executions decide alike, so that one remains.
	 */
	private async olderDuplicate(
		id: string,
		sourceId: string,
		datasetId: string,
	): Promise<WholeDataflow | undefined> {
		const listed = await readUntilListed(
			this.client,
			async () => (await this.run.latest.find(this.client, this.wanted.name)) ?? [],
			(flows) => flows.some((flow) => flow.id === id),
		);
		// Another one with the same source has come of an attempt of this item that was not answered.
		const found = listed.filter(
			(flow) => flow.id === id || !flow.sourceConnectionIds.includes(sourceId),
		);
		const oldest = oldestOf(found);
		this.listed = found.find((one) => one.id === id);
		// Without times, one that is older may have been looked at before ours was there, and stays.
		if (oldest !== undefined && createdEpochMs(oldest) === undefined) {
			this.namesakes = found.map((one) => one.id).filter((one) => one !== id);
		}
		if (this.listed === undefined || oldest === undefined || oldest.id === id) return undefined;
		const cleaner = this.call.openCleanUpClient();
		const keepsShared = async () => await writesTo(cleaner, oldest, datasetId);
		const rolledBack = await this.saga.rollBack(cleaner, keepsShared);
		if (rolledBack.left.length > 0) {
			const twice = cannotCreate(
				this.client,
				`Another dataflow with this 'Name' was made in the sandbox '${this.client.sandboxName}' at the same time`,
				`It is ${oldest.id}, and is kept.`,
			);
			throw this.withLasting(withRollback(twice, rolledBack));
		}
		return await theWantedOne(this.client, this.run.lookUps, [oldest], this.wanted);
	}

	/** Where its list does not show the new one, it is not known whether another execution has made one, too. */
	private possibleDuplicates(): { possibleDuplicates?: string[] | null } {
		if (this.listed === undefined) return { possibleDuplicates: null };
		return this.namesakes.length === 0 ? {} : { possibleDuplicates: this.namesakes };
	}

	/**
	 * Adobe's answer to a create has no state. Whether it takes options with a create is not
	 * documented, so they are looked for and set afterwards where they are missing.
	 */
	private async readBack(flow: { id: string; etag?: string }): Promise<Dataflow> {
		const { options } = this.wanted;
		const read =
			this.listed === undefined
				? getResource(this.client, DATAFLOW, flow.id)
				: Promise.resolve(this.listed);
		if (options !== undefined) return await setFlowOptions(this.client, await read, options);
		// The dataflow is there: not knowing its state must not make an item fail.
		return await read.catch(() => ({
			...flow,
			sourceConnectionIds: [],
			targetConnectionIds: [],
			options: {},
			raw: {},
		}));
	}

	/** A dataflow that is there from and to the same; what else differs is changed, or told. */
	private async existing(whole: WholeDataflow): Promise<IDataObject> {
		const { client, wanted } = this;
		const { connectionId, table, datasetId } = whole;
		const { lookUps } = this.run;
		const comparison = await compare(client, lookUps, whole, wanted);
		const { differences, unmappedColumns, mappedFields, dataset, deltaColumn } = comparison;
		const { profileEnabled } = comparison;
		const isSame = differences.length === 0;
		const isUpdated = !isSame && wanted.ifExists === 'update';
		const marker = this.partMarker();
		const { flow, isChanged, mapping }: UpdatedDataflow = isUpdated
			? await updateExisting(this.call, client, lookUps, whole, comparison, wanted, marker)
			: { flow: whole.flow, isChanged: false };
		const { possiblyLeftBehind, ...mapped }: Members =
			mapping === undefined
				? { mappedFields, unmappedColumns, possibleMatches: [] }
				: mappingChangeMembers(mapping.plan, mapping.changed);
		return dataflowOutput(
			client,
			{ ...flow, connectionId },
			{
				action: isChanged ? 'updated' : isSame || isUpdated ? 'unchanged' : 'kept',
				table,
				dataset,
				datasetId,
				deltaColumn,
				mapping: mapping === undefined ? comparison.mapping : mappingInShort(mapping.plan.mappings),
				previousMapping: mapping?.changed.previous,
				more: {
					...mapped,
					possibleMatches: comparison.possibleMatches.map((match) => ({ ...match })),
					differences,
					profileEnabled,
					possiblyLeftBehind,
				},
			},
		);
	}

	private endName(end: 'source' | 'target'): string {
		return endName(this.wanted.name, end, this.marker);
	}

	private partMarker(): string {
		return partMarker(this.wanted.name, this.marker, this.execution);
	}
}

/** Whether a dataflow writes to a dataset; where that can't be read, it may. */
async function writesTo(
	client: ItemClient,
	{ targetConnectionIds: [id = ''] }: Dataflow,
	datasetId: string,
): Promise<boolean> {
	return await getResource(client, TARGET_CONNECTION, id).then(
		(target) => target.datasetId === datasetId,
		() => true,
	);
}

/** Whether the schema and the dataset are to be enabled for Profile. */
function isForProfile({ dataset }: Plan): boolean {
	return !('id' in dataset) && dataset.identity?.profile !== undefined;
}

/** Whom the rows are about, whether they become profiles, and what a person should know about that. */
export function profileMembers({ dataset, warnings }: Plan): Members {
	const identity = 'id' in dataset ? undefined : dataset.identity;
	return {
		primaryIdentityColumn: identity?.column,
		identityNamespace: identity?.namespace,
		profileEnabled: 'id' in dataset ? dataset.profile?.isEnabled : identity?.profile !== undefined,
		warnings: warnings.length === 0 ? undefined : warnings,
	};
}

/** A part that nothing uses does no harm; a second dataflow would take the rows in once more. */
function mayBeLeft(unclear: Unclear[]): IDataObject {
	if (unclear.length === 0) return {};
	return {
		...(unclear.some(({ kind }) => kind === DATAFLOW.one) ? { possibleDuplicates: null } : {}),
		possiblyLeftBehind: unclear.map(({ what }) => what),
	};
}

/** For all executions of this process. */
const ONE_OF_A_NAME = new OneAtATime();

/** What the items of one execution of Create have in common. */
export class CreateRun {
	/** Two items of the same name must not both find nothing. */
	readonly byName = ONE_OF_A_NAME;
	readonly lookUps = new DataflowLookUps();
	/** What dataflows of a name there are after one was made. */
	readonly latest = new Gathering<Dataflow[]>(MAX_NAMES_PER_FILTER, async (client, names) =>
		byNameOf(await findFlows(client, { names })),
	);
	/** The IDs of dataflows that were wanted with an automatic mapping. */
	readonly automatic = new Set<string>();
}
