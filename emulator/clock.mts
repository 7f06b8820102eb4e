/** Maximum delay of a Node timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Work that is due at a time of the clock. */
export interface Appointment {
	/** Epoch milliseconds. */
	due: number;
	work: () => Promise<void> | void;
	/** `advance` waits for it, however late it is due. */
	mustEnd: boolean;
}

/**
 * Real time plus all advances. Appointments are run by a timer that does not keep the process alive,
 * and by advancing the clock past them.
 */
export class Clock {
	private advancedMs = 0;
	private appointments: Appointment[] = [];
	private readonly running = new Set<Promise<void>>();
	private timer: NodeJS.Timeout | undefined;
	private advancing: Promise<void> | undefined;
	private isClosed = false;

	/** Epoch milliseconds. */
	now(): number {
		return Date.now() + this.advancedMs;
	}

	/**
	 * Adds an appointment; a time in the past means at once.
	 *
	 * @param work must not throw
	 */
	at(due: number, work: Appointment['work'], mustEnd = false): Appointment {
		const appointment = { due, work, mustEnd };
		this.appointments.push(appointment);
		this.arm();
		return appointment;
	}

	cancel(appointment: Appointment | undefined): void {
		this.appointments = this.appointments.filter((one) => one !== appointment);
	}

	/**
	 * Advances the clock. What comes due on the way runs in order, each when the one before has ended;
	 * what must end is waited for, even if the clock has to advance a little more for it.
	 */
	async advance(ms: number): Promise<void> {
		const before = this.advancing;
		const advance = (async () => {
			await before;
			await this.advanceBy(ms);
		})();
		this.advancing = advance;
		try {
			await advance;
		} finally {
			if (this.advancing === advance) {
				this.advancing = undefined;
				this.arm();
			}
		}
	}

	/** Removes all appointments and returns to real time. */
	reset(): void {
		this.appointments = [];
		this.advancedMs = 0;
	}

	/** Runs no more appointments, and waits up to 2 seconds for those in progress. */
	async close(): Promise<void> {
		this.isClosed = true;
		this.appointments = [];
		clearTimeout(this.timer);
		let timer: NodeJS.Timeout | undefined;
		const timeout = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, 2000);
		});
		await Promise.race([Promise.allSettled(this.running), timeout]);
		clearTimeout(timer);
	}

	private async advanceBy(ms: number): Promise<void> {
		const target = this.now() + ms;
		for (;;) {
			await Promise.all(this.running);
			const next = this.earliest(({ due }) => due <= target) ?? this.earliest((one) => one.mustEnd);
			if (next === undefined || this.isClosed) break;
			this.moveTo(next.due);
			this.run(next);
		}
		this.moveTo(target);
	}

	private moveTo(time: number): void {
		this.advancedMs += Math.max(0, time - this.now());
	}

	private earliest(counts: (one: Appointment) => boolean): Appointment | undefined {
		let found: Appointment | undefined;
		for (const one of this.appointments) {
			if (counts(one) && (found === undefined || one.due < found.due)) found = one;
		}
		return found;
	}

	private run(appointment: Appointment): void {
		this.cancel(appointment);
		const work = (async () => {
			await appointment.work();
		})().finally(() => this.running.delete(work));
		this.running.add(work);
	}

	private arm(): void {
		clearTimeout(this.timer);
		const next = this.earliest(() => true);
		if (next === undefined || this.isClosed || this.advancing !== undefined) return;
		const wait = Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil(next.due - this.now())));
		this.timer = setTimeout(() => {
			if (this.advancing !== undefined) return;
			const due = this.earliest((one) => one.due <= this.now());
			if (due !== undefined) this.run(due);
			this.arm();
		}, wait);
		this.timer.unref();
	}
}
