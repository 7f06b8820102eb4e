import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type ApiRequest, pathId, Reply, type RouteTable } from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { eventsError } from './access.mts';

interface KeyPair {
	path: string;
	privateKey: KeyObject;
	pem: string;
}

/** A pair takes a quarter of a second, so the emulators of a process share them. */
const made: KeyPair[] = [];

function pairAt(index: number): KeyPair {
	while (made.length <= index) {
		const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
		made.push({ path: `/prod/keys/pub-key-${nameOf(pem)}.pem`, privateKey, pem });
	}
	return made[index] as KeyPair;
}

/** Not drawn: a simulation would draw otherwise where the pair is there already, and not replay. */
function nameOf(pem: string): string {
	return createHash('sha256').update(pem).digest('hex').slice(0, 32);
}

/** A signature, and where the key to check it is: flow-service-more.md 9.3. */
export interface Signature {
	signature: string;
	keyPath: string;
}

/** The keys that deliveries are signed with; there are always two. */
export class EventKeys {
	private first = 0;

	/** RSA-SHA256 over the bytes, with both keys. */
	sign(body: Buffer): [Signature, Signature] {
		return [this.first, this.first + 1].map((index) => signWith(pairAt(index), body)) as [
			Signature,
			Signature,
		];
	}

	/** The same with keys that Adobe does not publish, under the paths of those that it does. */
	forge(body: Buffer): [Signature, Signature] {
		const forged = signWith(pairAt(this.first + 2), body).signature;
		return this.sign(body).map(({ keyPath }) => ({ keyPath, signature: forged })) as [
			Signature,
			Signature,
		];
	}

	/** Adobe publishes new keys in the place of the old ones, which are of no use any more. */
	rotate(): void {
		this.first += 3;
	}

	/** @returns undefined for a key that is not published */
	pemAt(path: string): string | undefined {
		return [pairAt(this.first), pairAt(this.first + 1)].find((pair) => pair.path === path)?.pem;
	}
}

function signWith({ privateKey, path }: KeyPair, body: Buffer): Signature {
	return { keyPath: path, signature: sign('RSA-SHA256', body, privateKey).toString('base64') };
}

/** At Adobe on a host of their own, `static.adobeioevents.com`, without any sign-in. */
export const KEY_ROUTES: RouteTable = { 'GET /prod/keys/:name': getKey };

function getKey(state: EmulatorState, request: ApiRequest): Reply {
	const pem = state.eventKeys.pemAt(`/prod/keys/${pathId(request, 'name')}`);
	if (pem === undefined) throw eventsError(404, 'The key is not found.');
	return new Reply(200, pem, { 'content-type': 'application/x-pem-file' });
}
