import { steadyEpochMs } from '../../platform/clocks/steadyClock';
import { asIs } from '../../platform/errors/problem';
import type { PublicAnswer } from '../../platform/send';
import { isPublicKey, isSignedBy } from './signature';
import type { DeliverySignature } from './signature';

/** Gets what is at a path on the host of the keys. */
export type GetKey = (keyPath: string) => Promise<PublicAnswer>;

/** Adobe allows a key to be kept for a day. */
const KEPT_MS = 24 * 60 * 60_000;

/**
 * What did not work is not asked for again so soon: whoever calls a webhook could otherwise make it ask as
 * often as it is called.
 */
const ASKED_AGAIN_AFTER_MS = 60_000;

const MAX_KEYS = 50;

interface Known {
	/** Undefined where there is no key. */
	pem: Promise<string | undefined>;
	askedAtEpochMs: number;
}

/** Of this process, by host and path. Keys are public. */
const known = new Map<string, Known>();

/**
 * Whether one of the signatures fits, with keys that are asked for once a day. A key that does not fit any
 * more may have been replaced, and is asked for again.
 *
 * @throws what getting a key throws, where none of the others fits
 */
export async function isSigned(
	bytes: Uint8Array,
	signatures: readonly DeliverySignature[],
	origin: string,
	getKey: GetKey,
): Promise<boolean> {
	let failure: unknown;
	for (const { signature, keyPath } of signatures) {
		const place = origin + keyPath;
		try {
			for (;;) {
				const before = known.get(place);
				const pem = await keyAt(place, keyPath, getKey);
				if (pem !== undefined && isSignedBy(pem, bytes, signature)) return true;
				if (before === undefined || !forgetOld(place)) break;
			}
		} catch (error) {
			failure = error;
		}
	}
	if (failure !== undefined) throw asIs(failure);
	return false;
}

async function keyAt(place: string, keyPath: string, getKey: GetKey): Promise<string | undefined> {
	const there = known.get(place);
	const now = steadyEpochMs();
	if (there !== undefined && now - there.askedAtEpochMs < KEPT_MS) return await there.pem;
	const pem = getKey(keyPath).then((answer) =>
		'text' in answer && isPublicKey(answer.text) ? answer.text : undefined,
	);
	if (known.size >= MAX_KEYS) known.delete([...known.keys()][0] ?? '');
	known.set(place, { pem, askedAtEpochMs: now });
	try {
		return await pem;
	} catch (error) {
		// Adobe delivers again, and finds another answer.
		known.delete(place);
		throw asIs(error);
	}
}

/** @returns whether it was old enough to be asked for again */
function forgetOld(place: string): boolean {
	const there = known.get(place);
	const isOld =
		there !== undefined && steadyEpochMs() - there.askedAtEpochMs >= ASKED_AGAIN_AFTER_MS;
	return isOld && known.delete(place);
}
