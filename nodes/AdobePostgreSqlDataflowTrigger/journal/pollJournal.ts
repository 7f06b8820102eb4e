import { UserError } from 'n8n-workflow';

import { DATAFLOW, isPostgreSqlFlow } from '../../adobe/dataflows';
import { findByIds } from '../../adobe/filters/byIds';
import type { JournalAddress } from '../../adobe/ioEvents/journal';
import { GONE, journalAddressOf, readJournal } from '../../adobe/ioEvents/journal';
import { ensureJournal } from '../../adobe/ioEvents/journalRegistration';
import { RUN } from '../../adobe/runModel';
import type { ItemClient } from '../../platform/client';
import type { Problem } from '../../platform/errors/problem';
import { asIs, isProblem } from '../../platform/errors/problem';
import type { RunEvent } from '../../outputs/runEvents';
import { inOrder } from '../../outputs/runEvents';
import type { TriggerSettings } from '../parameters';
import type { OpenPoll, RunsFound } from '../openPoll';
import { runSource } from '../openPoll';
import type { PollLimits } from '../watchRuns';
import { watchRuns } from '../watchRuns';
import type { WatchState } from '../watchState';
import { freshState } from '../watchState';
import type { JournalState } from './journalState';
import type { JournalSource, NamedFlow } from './watchJournal';
import { watchJournal } from './watchJournal';

/**
 * How often the runs are listed all the same: for events that never came, and for runs in flight whose end
 * was not told. It also looks after the registration.
 */
export const SWEEP_EVERY_MS = 60 * 60_000;

type JournalSettings = NonNullable<TriggerSettings['journal']>;
type WithJournal = WatchState & { journal: JournalState };

/**
 * The state of a trigger that begins now, at the end of the journal.
 *
 * @throws Problem that says what the credential, or the project in the Developer Console, lacks
 */
export async function startJournal(
	client: ItemClient,
	target: string,
	settings: JournalSettings,
): Promise<WatchState> {
	const address = await addressOf(client, settings);
	const end = await readJournal(client, address, { latest: true });
	const nowEpochMs = Date.now();
	return {
		...freshState(target, client.adobeEpochMs() ?? nowEpochMs),
		clockChecked: true,
		journal: {
			address,
			...(end === GONE || end.position === undefined ? {} : { position: end.position }),
			readEpochMs: nowEpochMs,
			sweptEpochMs: nowEpochMs,
			waiting: [],
		},
	};
}

/**
 * What the journal tells since the last poll: one request where that is nothing. Once an hour, and where the
 * journal has lost something, all runs are listed as without it.
 */
export async function pollJournal(poll: OpenPoll, state: WithJournal): Promise<RunsFound> {
	return await new Poll(poll, state).run();
}

class Poll {
	private readonly events: RunEvent[] = [];
	private readonly names = new Map<string, string | undefined>();
	private readonly warnings: string[] = [];
	private failure: unknown;
	private gone?: Problem;
	private cutShort = false;
	private requests = 0;

	private readonly client: ItemClient;
	private readonly settings: JournalSettings;
	private readonly limits: PollLimits;

	constructor(
		private readonly poll: OpenPoll,
		private readonly state: WithJournal,
	) {
		this.client = poll.client;
		this.limits = poll.limits;
		this.settings = poll.settings.journal ?? {};
	}

	async run(): Promise<RunsFound> {
		const { journal } = this.state;
		await this.readJournal();
		if (isProblem(this.failure, 'notFound')) await this.moveOn();
		const isDue =
			journal.hasGap === true ||
			this.state.round !== undefined ||
			Date.now() - journal.sweptEpochMs >= SWEEP_EVERY_MS;
		if (isDue) await this.sweep();
		const { events, cutShort, failure, names, gone, warnings } = this;
		return { events: inOrder(events), cutShort, failure, names, gone, warnings };
	}

	private async readJournal(): Promise<void> {
		const { state, limits } = this;
		const hadGap = state.journal.hasGap === true;
		const read = await watchJournal(state, this.source(), {
			...limits,
			maxRequests: limits.maxRequests - this.requests,
		});
		this.requests += read.requests;
		this.cutShort ||= read.cutShort;
		this.failure = read.failure;
		for (const event of read.events) this.events.push(event);
		for (const [id, name] of read.names) this.names.set(id, name);
		if (state.journal.hasGap === true && !hadGap) {
			this.warnings.push(
				'The journal of events no longer has what came after the last poll. The runs since then are taken from the lists of Flow Service.',
			);
		}
		if (read.givenUp > 0) {
			this.warnings.push(
				'Events tell of runs that Flow Service has not shown for six hours, or of too many at a time. They are not waited for any more.',
			);
		}
	}

	/** To the journal of a new registration, where the old one is gone. */
	private async moveOn(): Promise<void> {
		const { journal } = this.state;
		if (this.settings.url !== undefined) return;
		try {
			if (await this.lookAfterRegistration()) {
				this.failure = undefined;
				journal.hasGap = true;
				await this.readJournal();
			}
		} catch (error) {
			this.failure = error;
		}
	}

	/** @returns whether there is another journal now */
	private async lookAfterRegistration(): Promise<boolean> {
		const { journal } = this.state;
		const address = await addressOf(this.client, this.settings);
		if (address.registrationId === journal.address.registrationId) return false;
		journal.address = address;
		delete journal.position;
		journal.hasGap = true;
		this.warnings.push(
			'The event registration of the journal was gone or switched off, and was made again. The runs since the last poll are taken from the lists of Flow Service.',
		);
		return true;
	}

	/** Lists all runs, beginning with what is known; it may take several polls. */
	private async sweep(): Promise<void> {
		const { client, poll, state } = this;
		const { journal } = state;
		try {
			if (state.round === undefined && (await this.isReplaced())) await this.readJournal();
			const scope = await poll.scope();
			this.gone = scope.gone;
			for (const [id, name] of scope.names) this.names.set(id, name);
			const swept = await watchRuns(state, [...scope.names.keys()], runSource(client), {
				...this.limits,
				maxRequests: Math.max(1, this.limits.maxRequests - this.requests),
			});
			for (const event of swept.events) this.events.push(event);
			this.cutShort ||= swept.cutShort;
			this.failure ??= swept.failure;
			if (swept.failure !== undefined || swept.cutShort) return;
			// Unless the journal was not read to its new end, where the next poll begins.
			if (journal.position !== undefined) delete journal.hasGap;
			journal.sweptEpochMs = Date.now();
		} catch (error) {
			this.failure ??= error;
		}
	}

	/** A journal that was read all right may still be one of a registration that is switched off. */
	private async isReplaced(): Promise<boolean> {
		if (this.settings.url !== undefined || this.failure !== undefined) return false;
		try {
			return await this.lookAfterRegistration();
		} catch (error) {
			// The lists tell all the same.
			this.failure = error;
			return false;
		}
	}

	private source(): JournalSource {
		const { client, state, poll } = this;
		return {
			sandboxName: client.sandboxName,
			read: async (start) => await readJournal(client, state.journal.address, start),
			runs: async (ids) => [...(await findByIds(client, RUN, ids)).values()],
			flows: async (ids) => {
				const flowId = await poll.settings.dataflow?.id(client);
				return flowId === undefined ? await flowsOf(client, ids) : await onlyOne(poll, flowId, ids);
			},
		};
	}
}

async function flowsOf(
	client: ItemClient,
	ids: readonly string[],
): Promise<ReadonlyMap<string, NamedFlow>> {
	const found = await findByIds(client, DATAFLOW, ids);
	return new Map(
		[...found].map(([id, flow]) => [id, { isWatched: isPostgreSqlFlow(flow), name: flow.name }]),
	);
}

/** Of the others it need not be known what they are. */
async function onlyOne(
	{ scope }: OpenPoll,
	flowId: string,
	ids: readonly string[],
): Promise<ReadonlyMap<string, NamedFlow>> {
	const name = ids.includes(flowId) ? (await scope()).names.get(flowId) : undefined;
	return new Map(ids.map((id) => [id, { isWatched: id === flowId, name }]));
}

/** @throws UserError for an endpoint that is none, and Problem */
async function addressOf(client: ItemClient, { url }: JournalSettings): Promise<JournalAddress> {
	if (url === undefined) return await ensureJournal(client);
	const address = journalAddressOf(url, client.eventOrigins);
	const isOurs = URL.canParse(url) && client.eventOrigins.includes(new URL(url).origin);
	if (address !== undefined && isOurs) return address;
	throw asIs(
		new UserError("'Journaling Endpoint' is not the address of a journal of Adobe I/O", {
			description:
				'Copy it from the event registration in the Adobe Developer Console. It looks like https://events.adobe.io/events/organizations/…/integrations/…/….',
		}),
	);
}
