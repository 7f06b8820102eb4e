import type { Received, SentRequest } from '../simulation/engine/network.mts';
import { Network } from '../simulation/engine/network.mts';
import type { Weather } from '../simulation/weather.mts';
import type { Trial } from './trials.mts';

/** The network of the simulation, where a write may meet its fault the first time alone. */
export class TrialNetwork extends Network {
	private readonly sent = new Set<string>();
	private readonly stormy: Weather;
	private readonly calm: Weather;

	constructor(
		private readonly trial: Trial,
		...[time, server, weather, random, say]: ConstructorParameters<typeof Network>
	) {
		super(time, server, weather, random, say);
		this.serviceMs = trial.serviceMs;
		this.stormy = weather;
		this.calm = { ...weather, faults: { ...weather.faults, write: 0 } };
	}

	/** @throws Broken */
	override async send(request: SentRequest): Promise<Received> {
		// What becomes of the request is drawn before anything else happens.
		this.weather = this.isFirst(request) ? this.stormy : this.calm;
		return await super.send(request);
	}

	private isFirst({ method, url, body = '' }: SentRequest): boolean {
		if (this.trial.faultsStrike === 'each') return true;
		const key = `${method} ${url} ${String(body)}`;
		if (this.sent.has(key)) return false;
		this.sent.add(key);
		return true;
	}
}
