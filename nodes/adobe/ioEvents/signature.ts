import { createPublicKey, createVerify } from 'crypto';

import { textOf } from '../../platform/json';

/** A signature of a delivery, and where the key to check it is. */
export interface DeliverySignature {
	/** base64 */
	signature: string;
	/** On the host of the keys, which is ours to know. */
	keyPath: string;
}

/**
 * Adobe names the path of a key in a header, so whoever calls a webhook chooses it: nothing but the name of
 * a key is taken, on a host that no header can change.
 */
const KEY_PATH = /^\/prod\/keys\/[A-Za-z0-9-]{1,100}\.pem$/;

/** A signature of a key of 4,096 bits has 684 characters. */
const SIGNATURE = /^[A-Za-z0-9+/]{100,1400}={0,2}$/;

/**
 * The signatures of a delivery, as far as they can be checked: Adobe sends two, and one that fits is enough
 * (Adobe I/O Events, "Security considerations").
 *
 * @param headers names in lower case
 */
export function signaturesIn(headers: Readonly<Record<string, unknown>>): DeliverySignature[] {
	return ([1, 2] as const).flatMap((which) => {
		const signature = textOf(headers[`x-adobe-digital-signature-${which}`])?.trim() ?? '';
		const keyPath = textOf(headers[`x-adobe-public-key${which}-path`])?.trim() ?? '';
		const isUsable = SIGNATURE.test(signature) && KEY_PATH.test(keyPath);
		return isUsable ? [{ signature, keyPath }] : [];
	});
}

/** Whether what came at a key's address is a key for these signatures. */
export function isPublicKey(pem: string): boolean {
	try {
		return createPublicKey(pem).asymmetricKeyType === 'rsa';
	} catch {
		return false;
	}
}

/**
 * Whether the bytes are what was signed: RSA-SHA256.
 *
 * @param pem a public key
 */
export function isSignedBy(pem: string, bytes: Uint8Array, signature: string): boolean {
	return createVerify('RSA-SHA256').update(bytes).verify(pem, signature, 'base64');
}
