import { generateKeyPairSync, sign } from 'node:crypto';

import { challengeIn, validationPathIn } from '../../../nodes/adobe/ioEvents/challenge.ts';
import { isSigned } from '../../../nodes/adobe/ioEvents/publicKeys.ts';
import { isPublicKey, isSignedBy, signaturesIn } from '../../../nodes/adobe/ioEvents/signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pemOf = (key: typeof publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
const PEM = pemOf(publicKey);
const BODY = Buffer.from('{"event_id":"1","event":{"größe":1}}');
const SIGNATURE = sign('RSA-SHA256', BODY, privateKey).toString('base64');
const PATH = '/prod/keys/pub-key-1.pem';

const headers = (changes: Record<string, unknown> = {}) => ({
	'x-adobe-digital-signature-1': SIGNATURE,
	'x-adobe-public-key1-path': PATH,
	...changes,
});

describe('Signatures', () => {
	it('are read with the path of their key, one or two', () => {
		expect(signaturesIn(headers())).toEqual([{ signature: SIGNATURE, keyPath: PATH }]);
		const second = {
			'x-adobe-digital-signature-2': SIGNATURE,
			'x-adobe-public-key2-path': '/prod/keys/2.pem',
		};
		expect(signaturesIn(headers(second))).toHaveLength(2);
	});

	it.each([
		['x-adobe-public-key1-path', undefined],
		['x-adobe-public-key1-path', ['/prod/keys/a.pem']],
		['x-adobe-public-key1-path', 'https://evil.example/prod/keys/a.pem'],
		['x-adobe-public-key1-path', '//evil.example/prod/keys/a.pem'],
		['x-adobe-public-key1-path', '@evil.example/prod/keys/a.pem'],
		['x-adobe-public-key1-path', '/prod/keys/../a.pem'],
		['x-adobe-public-key1-path', '/prod/keys/a/b.pem'],
		['x-adobe-public-key1-path', '/prod/keys/a.pem?b'],
		['x-adobe-public-key1-path', '/prod/keys/a.pem\nx'],
		['x-adobe-public-key1-path', '/prod/keys/.pem'],
		['x-adobe-public-key1-path', `/prod/keys/${'a'.repeat(200)}.pem`],
		['x-adobe-digital-signature-1', undefined],
		['x-adobe-digital-signature-1', 'c2hvcnQ='],
		['x-adobe-digital-signature-1', `${SIGNATURE}!`],
	])('are not looked at with the header %s: %j', (name, value) => {
		expect(signaturesIn(headers({ [name]: value }))).toEqual([]);
	});

	it('fit these bytes and this key, and no others', () => {
		expect(isSignedBy(PEM, BODY, SIGNATURE)).toBe(true);
		expect(isSignedBy(PEM, Buffer.from(BODY.toString().replace('ö', 'o')), SIGNATURE)).toBe(false);
		expect(isSignedBy(pemOf(other.publicKey), BODY, SIGNATURE)).toBe(false);
		expect(isSignedBy(PEM, BODY, `A${SIGNATURE.slice(1)}`)).toBe(SIGNATURE.startsWith('A'));
	});

	it('need a public key of RSA', () => {
		const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
		expect(isPublicKey(PEM)).toBe(true);
		for (const text of ['', '<html>', pemOf(elliptic)]) expect(isPublicKey(text)).toBe(false);
	});
});

describe('Keys', () => {
	let hosts = 0;
	const newOrigin = () => `https://host${++hosts}.example`;
	const signatures = [{ signature: SIGNATURE, keyPath: PATH }];

	it('are asked for once a day', async () => {
		const [origin, getKey] = [newOrigin(), jest.fn(async () => ({ text: PEM }))];
		for (let count = 0; count < 3; count++) {
			expect(await isSigned(BODY, signatures, origin, getKey)).toBe(true);
		}
		expect(getKey.mock.calls).toEqual([[PATH]]);
	});

	it('are not asked for by whoever calls again and again, but after a minute', async () => {
		const [origin, getKey] = [newOrigin(), jest.fn(async () => ({ text: PEM }))];
		const forged = [{ signature: `B${SIGNATURE.slice(1)}`, keyPath: PATH }];
		for (let count = 0; count < 3; count++) {
			expect(await isSigned(BODY, forged, origin, getKey)).toBe(false);
		}
		expect(getKey).toHaveBeenCalledTimes(1);
		// By then, Adobe may have another key in its place.
		const later = performance.now() + 61_000;
		const now = jest.spyOn(performance, 'now').mockReturnValue(later);
		try {
			expect(await isSigned(BODY, forged, origin, getKey)).toBe(false);
			expect(getKey).toHaveBeenCalledTimes(2);
		} finally {
			now.mockRestore();
		}
	});

	it('that are not there are none, and those that can’t be fetched are asked for again', async () => {
		expect(await isSigned(BODY, signatures, newOrigin(), async () => ({ status: 404 }))).toBe(
			false,
		);
		expect(await isSigned(BODY, signatures, newOrigin(), async () => ({ text: 'x' }))).toBe(false);
		const origin = newOrigin();
		const lost = async () => await Promise.reject(new Error('lost'));
		await expect(isSigned(BODY, signatures, origin, lost)).rejects.toThrow('lost');
		expect(await isSigned(BODY, signatures, origin, async () => ({ text: PEM }))).toBe(true);
	});

	it('of which one fits are enough, also where the other can’t be fetched', async () => {
		const both = [{ signature: SIGNATURE, keyPath: '/prod/keys/gone.pem' }, ...signatures];
		const getKey = async (path: string) => {
			if (path !== PATH) throw new Error('lost');
			return { text: PEM };
		};
		expect(await isSigned(BODY, both, newOrigin(), getKey)).toBe(true);
	});
});

describe('Challenges', () => {
	it.each([
		['a-B_1.2', 'a-B_1.2'],
		['', undefined],
		['<b>', undefined],
		[['a'], undefined],
	])('repeat a word: %j', (challenge, expected) => {
		expect(challengeIn({ challenge })).toBe(expected);
	});

	it('are called at Adobe alone', () => {
		const origin = 'https://csm.adobe.io';
		const path = '/csm/registrations/validate?id=1&challenge=2';
		expect(validationPathIn({ validationUrl: origin + path }, origin)).toBe(path);
		for (const validationUrl of [
			`https://csm.adobe.io.evil.example${path}`,
			`https://csm.adobe.io:8443${path}`,
			`http://csm.adobe.io${path}`,
			`https://a@csm.adobe.io${path}`,
			`${origin}/csm/registrations/validate/../x`,
			'x',
			7,
			undefined,
		]) {
			expect(validationPathIn({ validationUrl }, origin)).toBeUndefined();
		}
	});
});
