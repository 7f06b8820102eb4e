import type { IDataObject } from 'n8n-workflow';

import {
	deleteResource,
	descriptionOf,
	findResource,
	getResource,
	oldestOf,
} from '../../../adobe/collection';
import type { BaseConnection, NewConnection } from '../../../adobe/connections';
import { CONNECTION, paramsOf } from '../../../adobe/connections';
import { changeConnection } from '../../../adobe/connectionUpdate';
import type { MadeConnection } from '../../../adobe/lostWrites/connectionCreations';
import {
	createConnectionOnce,
	hasLostAttempts,
} from '../../../adobe/lostWrites/connectionCreations';
import { MadeLately } from '../../../adobe/lostWrites/madeLately';
import { isChangedByOthers, makerOf } from '../../../adobe/lostWrites/origin';
import type { OperationCall } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import { asIs, ignoringNotFound, Problem, toProblem } from '../../../platform/errors/problem';
import { detailsDiffer } from '../../../postgresql/detailsDiffer';
import type { Members } from '../../../outputs/common';
import type { Cloud } from '../../../outputs/connection';
import { connectionOutput, possibleDuplicates } from '../../../outputs/connection';
import type { Knowledge } from './detailsFingerprint';
import { DetailsMemory } from './detailsFingerprint';
import type { UpsertRun } from './upsertRun';
import {
	isFailedTest,
	isRemovedAgain,
	verifyChangedConnection,
	verifyNewConnection,
	withOthers,
} from '../verify';

/** What the connection of an item is to be like. */
export interface WantedConnection {
	connection: NewConnection;
	cloud: Cloud;
	/** Whether Adobe is to log in to the database of what was created or changed before the ID is returned. */
	verify: boolean;
	/** The same for what was left alone. */
	verifyUnchanged: boolean;
	/** Whether the details are sent even where no difference shows. */
	replaceDetails: boolean;
}

/** What this item has created, and what it is now; undefined where it is not there any more. */
interface OurConnection {
	id: string;
	now?: BaseConnection;
}

/** A try after one that has created the connection and then failed goes on with that. */
const MADE = 'made connection';

/** Create or Update for one item. */
export class UpsertItem {
	private client: ItemClient;
	private readonly memory: DetailsMemory;
	private readonly madeLately: MadeLately;
	/** Set where it was found after a lost answer, and may be somebody else's. */
	isAdopted = false;
	/** Whether more may have come of this item, which no list has shown. */
	private hasUnknownOthers = false;

	constructor(
		private readonly call: OperationCall,
		private readonly run: UpsertRun,
		private readonly wanted: WantedConnection,
	) {
		this.client = call.openClient();
		const staticData = call.context.getWorkflowStaticData('node');
		this.memory = new DetailsMemory(staticData);
		this.madeLately = new MadeLately(CONNECTION.path, staticData);
	}

	async upsert(): Promise<IDataObject> {
		const { memory } = this.call;
		this.hasUnknownOthers = hasLostAttempts(memory);
		const made = memory.recall<MadeConnection>(MADE);
		const found = await this.find(made?.id);
		const own = found.find(({ id }) => id === made?.id);
		if (made !== undefined && own !== undefined) return await this.goOnWith(made, own, found);
		const [only, ...others] = found;
		if (only === undefined) return await this.create();
		if (others.length > 0) throw ambiguous(found, this.client.sandboxName);
		// Found now, it need not be what came of attempts that were lost, or not all of it.
		return { ...(await this.update(only)), ...this.duplicatesBeside([]) };
	}

	/**
	 * Those of the name; one that was made a short time ago, lists may not show yet.
	 *
	 * @param madeId of the one that an earlier try of this item has made
	 */
	private async find(madeId: string | undefined): Promise<BaseConnection[]> {
		const { client, madeLately } = this;
		const { name } = this.wanted.connection;
		const listed = await this.run.index.find(client, name);
		// What this execution has made is read by its ID; that of another one comes up in the end.
		const found = this.run.index.isWritten(client.scope, name)
			? listed
			: await madeLately.completed(client, CONNECTION, name, listed);
		if (madeId === undefined || found.some(({ id }) => id === madeId)) return found;
		const own = await findResource(client, CONNECTION, madeId);
		return own?.name === name ? [...found, own] : found;
	}

	/** An earlier try has made one: it is still a new one, and gives way to an older one as such. */
	private async goOnWith(
		made: MadeConnection,
		own: BaseConnection,
		found: readonly BaseConnection[],
	): Promise<IDataObject> {
		const others = found.map(({ id }) => id).filter((id) => id !== own.id);
		const oldest = oldestOf(found);
		if (others.length > 0 && made.adopted) throw ambiguous(found, this.client.sandboxName);
		if (oldest !== undefined && oldest.id !== own.id) {
			return await this.giveWayTo(oldest, { id: own.id, now: own }, found, this.client);
		}
		this.isAdopted = made.adopted;
		this.run.creators.set(own.id, this);
		const output = await this.ofMade(made, async () => await this.update(own));
		return { ...output, action: 'created', ...this.duplicatesBeside(others) };
	}

	private async create(): Promise<IDataObject> {
		const { connection, verify } = this.wanted;
		const made = await createConnectionOnce(
			this.client,
			{
				...connection,
				description: connection.description === '' ? undefined : connection.description,
			},
			{ isNewName: true, memory: this.call.memory },
		);
		const { id, etag, adopted } = made;
		this.madeLately.note(this.client, connection.name, id);
		this.isAdopted = adopted;
		this.hasUnknownOthers = made.others === 'unknown';
		this.run.creators.set(id, this);
		this.call.memory.keep(MADE, made);
		const ready = verify
			? await this.ofMade(made, async () => await this.verifiedNew(made))
			: undefined;
		// Of an adopted one it is not known what was sent last.
		if (!adopted) this.memory.remember(this.client, id, connection);
		this.wrote(id);
		return this.output({ id, etag, raw: {}, ...ready }, 'created', {
			isVerified: ready !== undefined,
			more: possibleDuplicates(made),
		});
	}

	/** One that is not removed again is looked at once more in the end, also where the item has failed. */
	private async ofMade<T>({ id }: MadeConnection, work: () => Promise<T>): Promise<T> {
		const { itemIndex, memory } = this.call;
		try {
			return await work();
		} catch (error) {
			const problem = toProblem(error);
			if (isRemovedAgain(problem)) memory.keep(MADE, undefined);
			else this.run.kept.push({ itemIndex, id, name: this.wanted.connection.name, problem });
			throw asIs(error);
		}
	}

	/**
	 * Another execution has created an older connection of the name at the same time: that one counts, if
	 * it is what this item wants, and ours, which nobody has seen yet, is deleted.
	 *
	 * @param same all connections of the name
	 * @param client with time for it
	 * @throws Problem that names all where it is not, or where Adobe does not show that our client made it
	 */
	async giveWayTo(
		older: BaseConnection,
		ours: OurConnection,
		same: readonly BaseConnection[],
		client: ItemClient,
	): Promise<IDataObject> {
		this.client = client;
		const { connection, verify } = this.wanted;
		const knowledge = this.knowledgeOf(older);
		// Another execution may have found ours and given it other details, which must not be lost.
		const isOursAsMade = ours.now === undefined || this.hasWantedDetails(ours.now);
		if (!isOursAsMade || !this.isWanted(older, knowledge)) {
			const others = same.filter(({ id }) => id !== ours.id).map(({ id }) => id);
			throw withOthers(ambiguous(same, client.sandboxName), this.unknownOthers()).detailing({
				connectionId: ours.id,
				leftBehind: `beside ${others.join(', ')}`,
			});
		}
		// Later items of the same name may have changed it.
		const description = ours.now === undefined ? connection.description : descriptionOf(ours.now);
		const more = same.map(({ id }) => id).filter((id) => id !== older.id && id !== ours.id);
		const became =
			ours.now === undefined ? 'was deleted' : 'was to be deleted, and may still be there';
		const stillThere = (problem: Problem) =>
			withMore(
				withOthers(problem, this.unknownOthers()).noting(
					`Another execution has created ${older.id} of this name, which is kept. Ours, ${ours.id}, ${became}.`,
				),
				more,
			).detailing({
				connectionId: older.id,
				leftBehind: `the connection ${[ours.id, ...more].join(', ')}`,
			});
		const giveWay = async () => {
			const changed = await changeConnection(client, older, { description });
			const { action } = changed;
			const ready = verify
				? await verifyChangedConnection(client, older.id, { action, sentDetails: false })
				: undefined;
			return { ...changed, ready };
		};
		const { etag, action, ready } = await giveWay().catch((error: unknown) => {
			throw stillThere(toProblem(error));
		});
		await ignoringNotFound(deleteResource(client, CONNECTION, ours.id)).catch((error: unknown) => {
			throw stillThere(
				toProblem(error).leadingTo(
					'Another execution has created a connection of this name at the same time',
				),
			);
		});
		this.call.memory.keep(MADE, undefined);
		this.madeLately.note(client, connection.name, older.id);
		return this.output({ ...older, etag, ...ready }, action, {
			isVerified: ready !== undefined,
			more: {
				...(knowledge === 'same' ? {} : { detailsKnown: false }),
				...this.duplicatesBeside(more),
			},
		});
	}

	/** Those that are known are among all of the name. */
	private unknownOthers(): 'unknown' | undefined {
		return this.hasUnknownOthers ? 'unknown' : undefined;
	}

	private duplicatesBeside(more: string[]): IDataObject {
		if (more.length > 0) return { possibleDuplicates: more };
		return this.hasUnknownOthers ? { possibleDuplicates: null } : {};
	}

	private isWanted(older: BaseConnection, knowledge: Knowledge): boolean {
		const isOurs = makerOf(this.client, older) === 'ours';
		return isOurs && this.hasWantedDetails(older) && knowledge !== 'other';
	}

	/** As far as Adobe shows them. */
	private hasWantedDetails(found: BaseConnection): boolean {
		const { authMode, params } = this.wanted.connection;
		return found.authMode === authMode && !detailsDiffer(paramsOf(found), params);
	}

	/** Whether it has the wanted details: somebody else may have changed what Adobe does not show. */
	private knowledgeOf(found: BaseConnection): Knowledge {
		const remembered = this.memory.knowledge(this.client, found.id, this.wanted.connection);
		const isDoubtful = remembered === 'same' && isChangedByOthers(this.client, found);
		return isDoubtful ? 'unknown' : remembered;
	}

	private async update(found: BaseConnection): Promise<IDataObject> {
		const { description, authMode, params } = this.wanted.connection;
		const knowledge = this.knowledgeOf(found);
		const differs =
			found.authMode !== authMode ||
			detailsDiffer(paramsOf(found), params) ||
			knowledge === 'other';
		const sendsDetails = differs || this.wanted.replaceDetails;
		const auth = { authMode, params };
		const changes = { description, ...(sendsDetails ? { auth } : {}) };
		const { before, etag, action } = await changeConnection(this.client, found, changes);
		if (sendsDetails) this.memory.remember(this.client, found.id, this.wanted.connection);
		if (action === 'updated') this.wrote(found.id);
		const ready = this.isToBeVerified(before, action)
			? await this.verified(found.id, { action, sentDetails: sendsDetails })
			: undefined;
		const healed = ready?.healed === true;
		const isKnown = knowledge !== 'unknown' || sendsDetails || healed;
		if (!isKnown) {
			// From now on it will be noticed when other details are given.
			this.memory.noteUnsent(this.client, found.id, this.wanted.connection);
			if (ready === undefined) this.run.unknownSecrets++;
		}
		return this.output({ ...before, etag, ...ready?.connection }, healed ? 'updated' : action, {
			isVerified: ready !== undefined,
			more: isKnown ? {} : { detailsKnown: false },
		});
	}

	/** One that was left alone is trusted only as far as Adobe calls it enabled. */
	private isToBeVerified({ state }: BaseConnection, action: string): boolean {
		const { verify, verifyUnchanged } = this.wanted;
		if (action === 'updated') return verify;
		return verifyUnchanged || (verify && state !== undefined && state !== 'enabled');
	}

	private async verifiedNew(made: MadeConnection): Promise<BaseConnection> {
		try {
			return await verifyNewConnection(this.client, made);
		} catch (error) {
			this.doubt(made.id);
			throw asIs(error);
		}
	}

	/**
	 * It could not be verified: without this, the next execution would leave it alone, as nothing differs.
	 * Of no details at all, the wanted ones differ: they are sent and verified again.
	 */
	private doubt(id: string): void {
		const { authMode } = this.wanted.connection;
		this.memory.remember(this.client, id, { authMode, params: {} });
	}

	/** A connection that was left alone and does not work gets the details that it may lack. */
	private async verified(
		id: string,
		change: { action: string; sentDetails: boolean },
	): Promise<{ connection: BaseConnection; healed: boolean }> {
		try {
			return { connection: await verifyChangedConnection(this.client, id, change), healed: false };
		} catch (error) {
			if (change.sentDetails || !isFailedTest(error)) {
				this.doubt(id);
				throw asIs(error);
			}
		}
		this.doubt(id);
		const { authMode, params } = this.wanted.connection;
		const current = await getResource(this.client, CONNECTION, id);
		await changeConnection(this.client, current, { auth: { authMode, params } });
		this.wrote(id);
		const healed = { action: 'updated', sentDetails: true };
		const connection = await verifyChangedConnection(this.client, id, healed);
		this.memory.remember(this.client, id, this.wanted.connection);
		return { connection, healed: true };
	}

	/** Another item of the same name must see what this one has made of it. */
	private wrote(id: string): void {
		this.run.index.wrote(this.client.scope, this.wanted.connection.name, id);
	}

	private output(
		{ id, etag, state }: BaseConnection,
		action: string,
		{ isVerified, more }: { isVerified: boolean; more: Members },
	): IDataObject {
		const { connection, cloud } = this.wanted;
		return connectionOutput(this.client, {
			connectionId: id,
			etag,
			name: connection.name,
			state,
			action,
			verified: isVerified ? true : undefined,
			cloud,
			authMode: connection.authMode,
			more,
		});
	}
}

export function withMore(problem: Problem, more: string[]): Problem {
	if (more.length === 0) return problem;
	return problem.noting(`There are more of this name: ${more.join(', ')}.`);
}

function ambiguous(found: readonly BaseConnection[], sandboxName: string): Problem {
	const list = found.map(({ id, state }) => `${id} (${state ?? 'state unknown'})`).join(', ');
	return new Problem(
		`There are ${found.length} connections with this 'Name' in the sandbox '${sandboxName}'`,
		{
			advice: 'Rename or delete all but one, or use Update, which takes the ID.',
			notes: [`Matching connections: ${list}.`],
			details: { operation: 'Create or update a connection', sandboxName },
			failure: { cause: 'configuration-invalid' },
		},
	);
}
