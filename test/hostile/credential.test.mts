import { BlockList, isIP, isIPv6 } from 'node:net';

import fc from 'fast-check';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { readImsSettings } from '../../nodes/platform/auth/credential';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { executeNode, wire } from '../support/core.mts';
import { AdobeDouble } from './adobeDouble.mts';
import { hostileJson, hostileText } from './arbitraries.mts';
import { runs } from './runs.mts';

let double: AdobeDouble;
beforeAll(async () => {
	double = await AdobeDouble.open();
});
afterAll(async () => {
	await double.close();
});
beforeEach(() => double.forget());

/** Node's own idea of what this machine is, so that ours is not checked against itself. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isThisMachine(hostname: string): boolean {
	if (hostname === 'localhost') return true;
	const bare = hostname.replace(/^\[|\]$/g, '');
	if (isIP(bare) === 0) return false;
	return LOOPBACK.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4');
}

const host = fc.oneof(
	fc.domain(),
	fc.ipV4(),
	fc.ipV4Extended(),
	fc.ipV6().map((one) => `[${one}]`),
	fc.constantFrom(
		'localhost',
		'LOCALHOST',
		'localhost.',
		'localhost.evil.example',
		'evil.example#localhost',
		'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
		'lоcalhost',
		'127.1',
		'127.0.0.1.',
		'127.0.0.1.nip.io',
		'127.evil.example',
		'0x7f000001',
		'0177.0.0.1',
		'2130706433',
		'017700000001',
		'0.0.0.0',
		'0',
		'[::]',
		'[::1]',
		'[::ffff:127.0.0.1]',
		'[::ffff:10.0.0.1]',
		'[0:0:0:0:0:0:0:1]',
		'169.254.169.254',
		'１２７.０.０.１',
		'127。0。0。1',
	),
);

const customUrl = fc.oneof(
	hostileText,
	fc.webUrl({ withQueryParameters: true, withFragments: true }),
	fc
		.tuple(
			fc.constantFrom(
				'http://',
				'https://',
				'HTTP://',
				'http:',
				'https:/',
				'ftp://',
				'ws://',
				'file://',
				'',
			),
			fc.constantFrom(
				'',
				'',
				'',
				'user@',
				'user:pass@',
				'localhost@',
				'localhost:80@',
				'127.0.0.1\\@',
				'@',
			),
			host,
			fc.constantFrom('', '', ':80', ':0', ':65535', ':65536', ':x', ':'),
			fc.constantFrom(
				'',
				'',
				'/',
				'/path',
				'//',
				'/.',
				'/..',
				'?q=1',
				'?',
				'#f',
				'#',
				'\\',
				' ',
				'\n',
			),
		)
		.map((parts) => parts.join('')),
);

const settingsOf = (changes: ICredentialDataDecryptedObject) =>
	readImsSettings(double.credential(changes));

describe('A credential with any custom URL', () => {
	it.each(['platformUrl', 'imsUrl'])(
		'is refused, or stands for https or this machine, and for a host alone: %s',
		async (field) => {
			let taken = 0;
			await fc.assert(
				fc.property(customUrl, (value) => {
					let origin: string;
					try {
						const settings = settingsOf({ [field]: value });
						origin = field === 'platformUrl' ? settings.platformOrigin : settings.imsOrigin;
					} catch (error) {
						expect(error).toBeInstanceOf(UserError);
						const { message, description } = error as UserError;
						expect(message).toMatch(/'(Platform|IMS) URL'/);
						// The value may hold a password.
						if (value.trim().length > 12 && !/^https?:\/\/[\w.]+$/.test(value.trim())) {
							expect(`${message} ${description}`).not.toContain(value.trim());
						}
						return;
					}
					taken++;
					const url = new URL(origin);
					expect(url.origin).toBe(origin);
					expect(`${url.username}${url.password}${url.search}${url.hash}`).toBe('');
					expect(url.pathname).toBe('/');
					if (url.protocol !== 'https:') {
						expect(url.protocol).toBe('http:');
						expect(isThisMachine(url.hostname)).toBe(true);
					}
				}),
				runs(1_000),
			);
			expect(taken).toBeGreaterThan(20);
		},
	);

	it.each([
		(to: string) => `http://${to}@evil.example`,
		(to: string) => `http://evil.example\\@${to}`,
		(to: string) => `http://user:password@${to}`,
		(to: string) => `http://${to}/data`,
		(to: string) => `http://${to}?x=`,
		(to: string) => `http://${to}#`.concat('x'),
		(to: string) => `http://${to.replace('127.0.0.1', '0.0.0.0')}`,
		(to: string) => `http://${to.replace('127.0.0.1', '[::ffff:127.0.0.1]')}`,
		(to: string) => `http://${to.replace('127.0.0.1', 'localhost.')}`,
		(to: string) => `ftp://${to}`,
	])('asks nobody when it is refused (%#)', async (make) => {
		const url = make(double.stranger.host);
		const wired = wire({
			nodeType: new AdobePostgreSqlConnection(),
			parameters: { resource: 'connection', operation: 'getAll' },
			credentials: { ims: double.credential({ platformUrl: url, imsUrl: url }) },
		});
		await expect(executeNode(wired)).rejects.toThrow("'Platform URL'");
		expect(double.stranger.sent).toHaveLength(0);
		expect(double.adobe.sent).toHaveLength(0);
	});
});

describe('A credential with anything in its fields', () => {
	const FIELDS = [
		...['clientId', 'clientSecret', 'orgId', 'scopes'],
		...['sandboxName', 'tenantName', 'environment'],
	];

	it('is refused by the name of a field, or sends these values and no more', async () => {
		double.answer = () => ({ status: 200, body: { items: [] } });
		await fc.assert(
			fc.asyncProperty(
				fc.subarray(FIELDS, { minLength: 1, maxLength: 2 }),
				fc.oneof(
					hostileText,
					hostileJson,
					hostileText.map((text) => `${text}@AdobeOrg`),
				),
				async (fields, value) => {
					double.forget();
					const changes = Object.fromEntries(fields.map((field) => [field, value]));
					const wired = wire({
						nodeType: new AdobePostgreSqlConnection(),
						parameters: { resource: 'connection', operation: 'getAll' },
						credentials: {
							ims: double.credential(changes as ICredentialDataDecryptedObject),
						},
					});
					const ended = await executeNode(wired).then(
						() => 'done',
						(error: Error) => error.message,
					);
					expect(ended).toMatch(/^(done|The credential's ')/);
					for (const { headers, method } of double.adobe.sent) {
						expect(headers.host).toStrictEqual([double.adobe.host]);
						expect(headers['x-evil']).toBeUndefined();
						for (const values of Object.values(headers)) expect(values).toHaveLength(1);
						expect(headers.authorization === undefined).toBe(method === 'POST');
					}
					const form = double.adobe.sent.find(({ method }) => method === 'POST');
					if (form === undefined) return;
					expect([...new URLSearchParams(form.body).keys()]).toStrictEqual([
						'grant_type',
						'client_id',
						'client_secret',
						'scope',
					]);
				},
			),
			runs(200),
		);
	});
});
