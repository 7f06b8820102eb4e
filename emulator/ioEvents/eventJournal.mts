import type { Clock } from '../clock.mts';
import { type EventLog, KEPT_MS, type RunEvent } from './eventLog.mts';

/** How the journal strays from writing every event once, at once and in order. */
export interface JournalWeather {
	/** Every fifth event is written so much later, milliseconds. */
	journalLateMs: number;
	/** Whether every third event is written twice. */
	journalDoubles: boolean;
	/** Events with a number that this divides are never written; 0 for none. */
	journalLost: number;
}

interface Entry {
	event: RunEvent;
	/** When it was written, epoch milliseconds. */
	at: number;
}

/** Which of the entries someone reads. */
export interface JournalReader {
	/** Events before are not shown, epoch milliseconds. */
	from: number;
	shows(event: RunEvent): boolean;
}

/** Where to begin. */
export type JournalStart =
	| { since: string }
	| { latest: true }
	| { seekMs: number }
	| { oldest: true };

/** A part of the journal, or why there is none. */
export type JournalPage =
	| { events: Array<{ position: string; event: RunEvent }>; last: string }
	/** The position is older than what is kept. */
	| 'gone'
	/** The position is none. */
	| 'unknown';

// flow-service-more.md 9.4: so in the samples.
const ANIMALS = ['camel', 'moose', 'rabbit', 'penguin'];
const POSITION = /^[a-z]+:([0-9a-z]+):([0-9a-z]+)$/;

/** Everything that journals hold, in the order of writing: flow-service-more.md 9.4. */
export class EventJournal {
	private entries: Entry[] = [];

	constructor(
		private readonly clock: Clock,
		log: EventLog,
		private readonly weather: JournalWeather,
	) {
		log.onEvent((event) => this.take(event));
	}

	/** @param limit of events */
	read(start: JournalStart, reader: JournalReader, limit: number): JournalPage {
		const kept = this.clock.now() - KEPT_MS;
		let index = this.entries.length;
		let last = this.position(index, this.clock.now());
		if ('since' in start) {
			const parts = POSITION.exec(start.since);
			const [at, known] = [parts?.[1], parts?.[2]].map((part) => Number.parseInt(part ?? '', 36));
			if (at === undefined || known === undefined) return 'unknown';
			if (!(known <= this.entries.length)) return 'unknown';
			if (at < kept) return 'gone';
			[index, last] = [known, start.since];
		} else if (!('latest' in start)) {
			const from = 'seekMs' in start ? this.clock.now() - start.seekMs : kept;
			const first = this.entries.findIndex(({ at }) => at >= Math.max(from, kept));
			index = first === -1 ? index : first;
		}
		const events: Array<{ position: string; event: RunEvent }> = [];
		for (; index < this.entries.length && events.length < limit; index++) {
			const entry = this.entries[index];
			if (entry === undefined || entry.at < Math.max(kept, reader.from)) continue;
			if (!reader.shows(entry.event)) continue;
			last = this.position(index + 1, entry.at);
			events.push({ position: last, event: entry.event });
		}
		return { events, last };
	}

	reset(): void {
		this.entries = [];
	}

	private position(index: number, at: number): string {
		return `${ANIMALS[index % ANIMALS.length]}:${at.toString(36)}:${index.toString(36)}`;
	}

	private take(event: RunEvent): void {
		const { journalLateMs, journalDoubles, journalLost } = this.weather;
		const { sequence, at } = event;
		if (journalLost > 0 && sequence % journalLost === 0) return;
		const isLate = journalLateMs > 0 && sequence % 5 === 0;
		if (isLate) this.clock.at(at + journalLateMs, () => this.write(event));
		else this.write(event);
		if (!journalDoubles || sequence % 3 !== 0) return;
		if (journalLateMs > 0) this.clock.at(at + 2 * journalLateMs, () => this.write(event));
		else this.write(event);
	}

	private write(event: RunEvent): void {
		this.entries.push({ event, at: this.clock.now() });
	}
}
