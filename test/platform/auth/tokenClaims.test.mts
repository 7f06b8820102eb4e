import type { ImsSettings } from '../../../nodes/platform/auth/credential.ts';
import {
	isTokenUsable,
	readTokenClaims,
	tokenFingerprint,
} from '../../../nodes/platform/auth/tokenClaims.ts';
import { CANARY, settings, tokenOf, tokenWith } from './settings.mts';

const NOW = 1_750_000_000_000;
const MINUTE = 60_000;
const DAY = 86_399_000;

describe('the claims of a token', () => {
	it.each([
		['as texts, as IMS writes them', { created_at: String(NOW), expires_in: String(DAY) }],
		['as numbers', { created_at: NOW, expires_in: DAY }],
	])('are read %s', (_case, times) => {
		expect(readTokenClaims(tokenWith({ client_id: 'client-1', ...times }))).toEqual({
			clientId: 'client-1',
			createdAtEpochMs: NOW,
			expiresAtEpochMs: NOW + DAY,
		});
	});

	it('are read whatever letters the payload holds', () => {
		const claims = { client_id: 'ä€🔑?>~', created_at: '1', expires_in: '2', note: 'ÿ'.repeat(50) };
		expect(readTokenClaims(tokenWith(claims))?.clientId).toBe('ä€🔑?>~');
	});

	const good = { client_id: 'c', created_at: '1', expires_in: '2' };
	it.each([
		['an empty text', ''],
		['an opaque token', '0f3c9a7e'],
		['a token of two empty parts', '..'],
		['a payload that is not base64', 'a.!!!.c'],
		['a payload that is not JSON', `a.${Buffer.from('{"client').toString('base64url')}.c`],
		['a payload of null', tokenWith(null)],
		['a payload that is a text', tokenWith('client_id')],
		['a payload that is a number', tokenWith(7)],
		['a payload that is a list', tokenWith([good])],
		['an empty payload', tokenWith({})],
		['no client', tokenWith({ ...good, client_id: undefined })],
		['a client that is no text', tokenWith({ ...good, client_id: ['c'] })],
		['no time of making', tokenWith({ ...good, created_at: undefined })],
		['no lifetime', tokenWith({ ...good, expires_in: undefined })],
		['a time of making in words', tokenWith({ ...good, created_at: 'today' })],
		['a lifetime in words', tokenWith({ ...good, expires_in: 'a day' })],
		['a lifetime of nothing', tokenWith({ ...good, expires_in: '0' })],
		['a lifetime below nothing', tokenWith({ ...good, expires_in: '-1' })],
		['a lifetime of null', tokenWith({ ...good, expires_in: null })],
		['a lifetime that is an object', tokenWith({ ...good, expires_in: { valueOf: 5 } })],
		['a time of making of null', tokenWith({ ...good, created_at: null })],
		['a megabyte without a full stop', 'a'.repeat(1_000_000)],
		['a megabyte of full stops', '.'.repeat(1_000_000)],
	])('are not made up for %s', (_case, token) => {
		expect(readTokenClaims(token)).toBeUndefined();
	});

	it('do not come from the prototype', () => {
		const payload = Buffer.from(
			'{"__proto__":{"client_id":"c","created_at":"1","expires_in":"2"}}',
		).toString('base64url');
		expect(readTokenClaims(`a.${payload}.c`)).toBeUndefined();
	});
});

describe('whether a stored token is used', () => {
	const own = settings();
	const usable = (token: string, at = NOW, fingerprint: unknown = tokenFingerprint(own)) =>
		isTokenUsable(token, fingerprint, own, at);
	const made = (lifetimeMs: number, clientId = 'client-1') =>
		tokenOf({ lifetimeMs, clientId }, NOW);

	it.each([
		['a token of a day, just made', DAY, 0, true],
		['a token of a day, 5 minutes and a moment before its end', DAY, DAY - 5 * MINUTE - 1, true],
		['a token of a day, 5 minutes before its end', DAY, DAY - 5 * MINUTE, false],
		['a token of a day, after its end', DAY, DAY + 1, false],
		['a token of 25 minutes, just before four fifths', 25 * MINUTE, 20 * MINUTE - 1, true],
		['a token of 25 minutes, at four fifths', 25 * MINUTE, 20 * MINUTE, false],
		['a token of 10 seconds, just made', 10_000, 0, true],
		['a token of 10 seconds, after 7.9', 10_000, 7_900, true],
		['a token of 10 seconds, after 8', 10_000, 8_000, false],
		['a token of one millisecond, just made', 1, 0, true],
		['a token of one millisecond, at its end', 1, 1, false],
	])('%s', (_case, lifetimeMs, ageMs, expected) => {
		expect(usable(made(lifetimeMs), NOW + ageMs)).toBe(expected);
	});

	it('not when it is of another client', () => {
		expect(usable(made(DAY, 'client-2'))).toBe(false);
		expect(usable(made(DAY, 'client-1 '))).toBe(false);
	});

	it.each([
		['an opaque token', 'opaque'],
		['an empty text', ''],
	])('not when it is %s', (_case, token) => {
		expect(usable(token)).toBe(false);
	});

	it.each([
		['no fingerprint', undefined],
		['an empty fingerprint', ''],
		['a fingerprint that is null', null],
		['a fingerprint in a list', [tokenFingerprint(own)]],
		['a fingerprint in capitals', tokenFingerprint(own).toUpperCase()],
		['half a fingerprint', tokenFingerprint(own).slice(0, 32)],
	])('not with %s', (_case, fingerprint) => {
		expect(isTokenUsable(made(DAY), fingerprint, own, NOW)).toBe(false);
	});

	it.each<[string, Partial<ImsSettings>]>([
		['the secret', { clientSecret: 'new' }],
		['the scopes', { scopes: 'openid' }],
		['the IMS host', { imsOrigin: 'https://ims-na1-stg1.adobelogin.com' }],
		['the client', { clientId: 'client-2' }],
	])('not after %s was changed', (_case, changes) => {
		const token = made(DAY, changes.clientId ?? 'client-1');
		expect(isTokenUsable(token, tokenFingerprint(own), settings(changes), NOW)).toBe(false);
	});

	it.each([
		['the sandbox', { sandboxName: 'prod' }],
		['the organization', { orgId: 'B@AdobeOrg' }],
		['the platform host', { platformOrigin: 'https://other.example' }],
	])('still after %s was changed, which the token does not depend on', (_case, changes) => {
		expect(isTokenUsable(made(DAY), tokenFingerprint(own), settings(changes), NOW)).toBe(true);
	});
});

describe('the fingerprint', () => {
	it('is a SHA-256 and shows nothing of the secret', () => {
		const print = tokenFingerprint(settings());
		expect(print).toMatch(/^[0-9a-f]{64}$/);
		expect(print).not.toContain(CANARY);
	});

	it('tells apart what looks the same when it is put together', () => {
		const prints = [
			tokenFingerprint(settings({ clientId: 'ab', clientSecret: 'c' })),
			tokenFingerprint(settings({ clientId: 'a', clientSecret: 'bc' })),
			tokenFingerprint(settings({ clientId: 'a","b', clientSecret: 'c' })),
			tokenFingerprint(settings({ clientId: 'a', clientSecret: 'b","c' })),
		];
		expect(new Set(prints).size).toBe(prints.length);
	});
});
