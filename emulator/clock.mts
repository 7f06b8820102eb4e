/** The longest time that a timer of Node's can wait, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Something that is to happen at a time of the clock. */
export interface Appointment {
	/** Epoch milliseconds. */
	due: number;
	work: () => Promise<void> | void;
	/** Turning the clock does not end before it has happened, however late it is due. */
	mustEnd: boolean;
}

/**
 * Real time plus what the clock was turned forward. Appointments are kept by a timer that keeps no
 * process alive, and by turning the clock past them.
 */
export class Clock {
	private turnedMs = 0;
	private appointments: Appointment[] = [];
	private readonly running = new Set<Promise<void>>();
	private timer: NodeJS.Timeout | undefined;
	private turning: Promise<void> | undefined;
	private isClosed = false;

	/** Epoch milliseconds. */
	now(): number {
		return Date.now() + this.turnedMs;
	}

	/**
	 * Makes an appointment; a time that has passed means at once.
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
	 * Turns the clock forward. What comes due on the way happens in order, each when the one before
	 * has ended; what has begun then is ended, even if the clock has to go a little further for it.
	 */
	async advance(ms: number): Promise<void> {
		const before = this.turning;
		const turn = (async () => {
			await before;
			await this.turn(ms);
		})();
		this.turning = turn;
		try {
			await turn;
		} finally {
			if (this.turning === turn) {
				this.turning = undefined;
				this.arm();
			}
		}
	}

	/** Forgets all appointments and goes back to real time. */
	reset(): void {
		this.appointments = [];
		this.turnedMs = 0;
	}

	/** Keeps no further appointment, and waits a while for what is going on. */
	async close(): Promise<void> {
		this.isClosed = true;
		this.appointments = [];
		clearTimeout(this.timer);
		let patience: NodeJS.Timeout | undefined;
		const enough = new Promise<void>((resolve) => {
			patience = setTimeout(resolve, 2000);
		});
		await Promise.race([Promise.allSettled(this.running), enough]);
		clearTimeout(patience);
	}

	private async turn(ms: number): Promise<void> {
		const target = this.now() + ms;
		for (;;) {
			await Promise.all(this.running);
			const next = this.earliest(({ due }) => due <= target) ?? this.earliest((one) => one.mustEnd);
			if (next === undefined || this.isClosed) break;
			this.goTo(next.due);
			this.keep(next);
		}
		this.goTo(target);
	}

	private goTo(time: number): void {
		this.turnedMs += Math.max(0, time - this.now());
	}

	private earliest(counts: (one: Appointment) => boolean): Appointment | undefined {
		let found: Appointment | undefined;
		for (const one of this.appointments) {
			if (counts(one) && (found === undefined || one.due < found.due)) found = one;
		}
		return found;
	}

	private keep(appointment: Appointment): void {
		this.cancel(appointment);
		const work = (async () => {
			await appointment.work();
		})().finally(() => this.running.delete(work));
		this.running.add(work);
	}

	private arm(): void {
		clearTimeout(this.timer);
		const next = this.earliest(() => true);
		if (next === undefined || this.isClosed || this.turning !== undefined) return;
		const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(next.due - this.now())));
		this.timer = setTimeout(() => {
			if (this.turning !== undefined) return;
			const due = this.earliest((one) => one.due <= this.now());
			if (due !== undefined) this.keep(due);
			this.arm();
		}, wait);
		this.timer.unref();
	}
}
