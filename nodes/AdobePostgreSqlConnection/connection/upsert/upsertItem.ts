import type { IDataObject } from 'n8n-workflow';

import { getResource } from '../../../adobe/collection';
import type { BaseConnection, NewConnection } from '../../../adobe/connections';
import { CONNECTION, paramsOf } from '../../../adobe/connections';
import { changeConnection } from '../../../adobe/connectionUpdate';
import type { OperationCall } from '../../../operation/operation';
import type { ItemClient } from '../../../platform/client';
import { asIs, Problem } from '../../../platform/errors/problem';
import { detailsDiffer } from '../../../postgresql/detailsDiffer';
import type { Cloud } from '../../../outputs/connection';
import { connectionOutput } from '../../../outputs/connection';
import { DetailsMemory } from './detailsFingerprint';
import type { UpsertRun } from './upsertRun';
import { isFailedTest, verifyChangedConnection, verifyNewConnection } from '../verify';

/** What the connection of an item is to be like. */
export interface WantedConnection {
	connection: NewConnection;
	cloud: Cloud;
	/** Whether Adobe is to log in to the database before the ID is passed on. */
	verify: boolean;
	/** Whether the details are sent even where no difference shows. */
	replaceDetails: boolean;
}

/** Create or Update for one item. */
export class UpsertItem {
	private readonly client: ItemClient;
	private readonly memory: DetailsMemory;

	constructor(
		call: OperationCall,
		private readonly run: UpsertRun,
		private readonly wanted: WantedConnection,
	) {
		this.client = call.openClient();
		this.memory = new DetailsMemory(call.context.getWorkflowStaticData('node'));
	}

	async upsert(): Promise<IDataObject> {
		const found = await this.run.index.find(this.client, this.wanted.connection.name);
		const [only, ...others] = found;
		if (only === undefined) return await this.create();
		if (others.length > 0) throw ambiguous(found, this.client.sandboxName);
		return await this.update(only);
	}

	private async create(): Promise<IDataObject> {
		const { connection, verify } = this.wanted;
		const made = await this.run.creations.create(this.client, {
			...connection,
			description: connection.description === '' ? undefined : connection.description,
		});
		const { id, etag, adopted } = made;
		if (adopted) this.run.adopted.add(id);
		const ready = verify ? await verifyNewConnection(this.client, made) : undefined;
		// Of an adopted one it is not known what was sent last.
		if (!adopted) this.memory.remember(this.client, id, connection);
		this.wrote(id);
		return this.output({ id, etag, raw: {}, ...ready }, 'created');
	}

	private async update(found: BaseConnection): Promise<IDataObject> {
		const { description, authMode, params } = this.wanted.connection;
		const knowledge = this.memory.knowledge(this.client, found.id, this.wanted.connection);
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
		const ready = this.wanted.verify ? await this.verified(found.id, sendsDetails) : undefined;
		const healed = ready?.healed === true;
		const output = this.output(
			{ ...before, etag, ...ready?.connection },
			healed ? 'updated' : action,
		);
		if (knowledge !== 'unknown' || sendsDetails || healed) return output;
		// From now on it will be noticed when other details are given.
		this.memory.noteUnsent(this.client, found.id, this.wanted.connection);
		if (ready === undefined) this.run.unknownSecrets++;
		return { ...output, detailsKnown: false };
	}

	/** A connection that was left alone and does not work gets the details that it may lack. */
	private async verified(
		id: string,
		sentDetails: boolean,
	): Promise<{ connection: BaseConnection; healed: boolean }> {
		try {
			return { connection: await verifyChangedConnection(this.client, id), healed: false };
		} catch (error) {
			if (sentDetails || !isFailedTest(error)) throw asIs(error);
		}
		const { authMode, params } = this.wanted.connection;
		const current = await getResource(this.client, CONNECTION, id);
		await changeConnection(this.client, current, { auth: { authMode, params } });
		this.memory.remember(this.client, id, this.wanted.connection);
		this.wrote(id);
		return { connection: await verifyChangedConnection(this.client, id), healed: true };
	}

	/** Another item of the same name must see what this one has made of it. */
	private wrote(id: string): void {
		this.run.index.wrote(this.client.scope, this.wanted.connection.name, id);
	}

	private output({ id, etag, state }: BaseConnection, action: string): IDataObject {
		const { connection, cloud, verify } = this.wanted;
		return {
			...connectionOutput({
				connectionId: id,
				etag,
				name: connection.name,
				state,
				cloud,
				authMode: connection.authMode,
				sandboxName: this.client.sandboxName,
			}),
			action,
			...(verify ? { verified: true } : {}),
		};
	}
}

function ambiguous(found: BaseConnection[], sandboxName: string): Problem {
	const list = found.map(({ id, state }) => `${id} (${state ?? 'state unknown'})`).join(', ');
	return new Problem(
		`There are ${found.length} connections with this 'Name' in the sandbox '${sandboxName}'`,
		{
			advice: 'Rename or delete all but one, or use Update, which takes the ID.',
			notes: [`Nothing was changed. Matching connections: ${list}.`],
			details: { operation: 'Create or update a connection', sandboxName },
			failure: { cause: 'configuration-invalid' },
		},
	);
}
