/** A stream of random numbers that a seed decides: sfc32, seeded by splitmix32. */
export class Random {
	private a: number;
	private b: number;
	private c: number;
	private d = 1;

	constructor(seed: number, stream = 0) {
		let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
		const next = () => {
			state = (state + 0x9e3779b9) | 0;
			let mixed = state ^ (state >>> 16);
			mixed = Math.imul(mixed, 0x21f0aaad);
			mixed ^= mixed >>> 15;
			mixed = Math.imul(mixed, 0x735a2d97);
			return mixed ^ (mixed >>> 15);
		};
		this.a = next();
		this.b = next();
		this.c = next();
		for (let n = 0; n < 12; n++) this.word();
	}

	/** 32 bits. */
	word(): number {
		const sum = (((this.a + this.b) | 0) + this.d) | 0;
		this.d = (this.d + 1) | 0;
		this.a = this.b ^ (this.b >>> 9);
		this.b = (this.c + (this.c << 3)) | 0;
		this.c = (this.c << 21) | (this.c >>> 11);
		this.c = (this.c + sum) | 0;
		return sum >>> 0;
	}

	/** From 0 to below 1. */
	number(): number {
		return this.word() / 2 ** 32;
	}

	/** A whole number, both ends included. */
	between(least: number, most: number): number {
		return least + Math.floor(this.number() * (most - least + 1));
	}

	chance(share: number): boolean {
		return this.number() < share;
	}

	pick<T>(values: readonly T[]): T {
		return values[Math.floor(this.number() * values.length)] as T;
	}

	/** One of several, each as likely as its weight says. */
	weighted<T>(choices: ReadonlyArray<readonly [weight: number, value: T]>): T {
		const total = choices.reduce((sum, [weight]) => sum + weight, 0);
		let left = this.number() * total;
		for (const [weight, value] of choices) {
			left -= weight;
			if (left < 0) return value;
		}
		return (choices.at(-1) as readonly [number, T])[1];
	}

	fill(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; at++) bytes[at] = this.word() & 0xff;
	}
}

interface Streams {
	/** `Math.random()`. */
	numbers: Random;
	/** IDs, tokens and whatever else crypto is asked for. */
	ids: Random;
}

let current: Streams | undefined;

/** What all code of this process sees as random from now on; undefined for what really is. */
export function useRandomness(streams: Streams | undefined): void {
	current = streams;
}

function uuid(random: Random): string {
	const bytes = Buffer.alloc(16);
	random.fill(bytes);
	bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
	return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Replaces everything that is random. Once, before anything loads. */
export function installRandomness(): void {
	const crypto = process.getBuiltinModule('node:crypto');
	const { randomBytes, randomUUID, randomFillSync, randomInt } = crypto;
	const realNumber = Math.random;
	Math.random = () => current?.numbers.number() ?? realNumber();
	Object.assign(crypto, {
		randomUUID: (options?: object) =>
			current === undefined ? randomUUID(options) : uuid(current.ids),
		randomBytes: (size: number, done?: (error: Error | null, bytes: Buffer) => void) => {
			if (current === undefined) return done ? randomBytes(size, done) : randomBytes(size);
			const bytes = Buffer.alloc(size);
			current.ids.fill(bytes);
			if (done === undefined) return bytes;
			process.nextTick(done, null, bytes);
			return undefined;
		},
		randomFillSync: <T extends Uint8Array>(bytes: T) => {
			if (current === undefined) return randomFillSync(bytes);
			current.ids.fill(bytes);
			return bytes;
		},
		randomInt: (least: number, most?: number) => {
			if (current === undefined)
				return most === undefined ? randomInt(least) : randomInt(least, most);
			return most === undefined
				? current.ids.between(0, least - 1)
				: current.ids.between(least, most - 1);
		},
	});
	const { webcrypto } = crypto;
	const realValues = webcrypto.getRandomValues.bind(webcrypto);
	Object.defineProperty(webcrypto, 'getRandomValues', {
		value: <T extends Uint8Array>(bytes: T) => {
			if (current === undefined) return realValues(bytes);
			current.ids.fill(bytes);
			return bytes;
		},
	});
	Object.defineProperty(webcrypto, 'randomUUID', { value: () => crypto.randomUUID() });
}
