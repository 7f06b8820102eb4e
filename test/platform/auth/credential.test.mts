import { UserError } from 'n8n-workflow';

import {
	checkSandboxName,
	readImsSettings,
	resolveOrigins,
} from '../../../nodes/platform/auth/credential.ts';
import { credential, thrownBy } from './settings.mts';

const GOOD = 'https://good.example';

describe('the environment of a credential', () => {
	it.each([
		['production', 'https://platform.adobe.io', 'https://ims-na1.adobelogin.com'],
		['stage', 'https://platform-stage.adobe.io', 'https://ims-na1-stg1.adobelogin.com'],
	])('%s stands for fixed hosts, whatever the custom URLs say', (environment, platform, ims) => {
		const origins = resolveOrigins(environment, 'https://evil.example', 'javascript:alert(1)');
		expect(origins).toEqual({ platformOrigin: platform, imsOrigin: ims });
	});

	it('nothing stands for production and never for the custom URLs', () => {
		expect(resolveOrigins(undefined, 'https://evil.example', 'https://evil.example')).toEqual({
			platformOrigin: 'https://platform.adobe.io',
			imsOrigin: 'https://ims-na1.adobelogin.com',
		});
	});

	it.each([
		['null', null],
		['an empty text', ''],
		['a number', 1],
		['a prototype key', '__proto__'],
		['a member of every object', 'constructor'],
		['a list that looks like custom', ['custom']],
	])('%s is no environment', (_case, environment) => {
		expect(() =>
			resolveOrigins(environment, 'https://evil.example', 'https://evil.example'),
		).toThrow("'Environment' has a value that does not exist");
	});
});

describe('a custom URL is taken', () => {
	it.each([
		['https', 'https://gateway.example', 'https://gateway.example'],
		['https with a port', 'https://gateway.example:8443', 'https://gateway.example:8443'],
		['https with its usual port', 'https://gateway.example:443', 'https://gateway.example'],
		['a slash at the end', 'https://gateway.example/', 'https://gateway.example'],
		['blanks around it', '  https://gateway.example\n', 'https://gateway.example'],
		['capitals', 'HTTPS://Gateway.Example', 'https://gateway.example'],
		['an address', 'https://192.0.2.7', 'https://192.0.2.7'],
		['an IPv6 address', 'https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
		['http on localhost', 'http://localhost:4010', 'http://localhost:4010'],
		['http on 127.0.0.1', 'http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['http on another address of this machine', 'http://127.8.9.10', 'http://127.8.9.10'],
		['http on the IPv6 loopback', 'http://[::1]:4010', 'http://[::1]:4010'],
		['http on the IPv6 loopback, written out', 'http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
		['127.0.0.1 written as one number', 'http://2130706433', 'http://127.0.0.1'],
	])('with %s', (_case, url, origin) => {
		expect(resolveOrigins('custom', url, url)).toEqual({
			platformOrigin: origin,
			imsOrigin: origin,
		});
	});
});

const REFUSED_URLS: Array<[label: string, value: unknown, reason: string]> = [
	['nothing', undefined, 'is empty'],
	['null', null, 'is empty'],
	['an empty text', '', 'is empty'],
	['blanks', ' \t\n ', 'is empty'],
	['a number', 443, 'is empty'],
	['a list', ['https://gateway.example'], 'is empty'],
	['an object', { toString: () => 'https://gateway.example' }, 'is empty'],
	['a word', 'canaryvalue', 'is not a URL'],
	['a host without a scheme', 'canaryvalue.example', 'is not a URL'],
	['a path', '/canaryvalue', 'is not a URL'],
	['a host after two slashes', '//canaryvalue.example', 'is not a URL'],
	['a port that does not exist', 'https://canaryvalue.example:99999', 'is not a URL'],
	['a megabyte', `https://${'canaryvalue'.repeat(90_000)} x`, 'is not a URL'],
	['http on a foreign host', 'http://canaryvalue.example', 'does not use https'],
	['http on a private address', 'http://192.168.1.1', 'does not use https'],
	['http on all addresses', 'http://0.0.0.0', 'does not use https'],
	['a foreign host that begins like this one', 'http://127.0.0.1.evil.com', 'does not use https'],
	['a foreign host with localhost in front', 'http://localhost.evil.com', 'does not use https'],
	['a foreign host with localhost behind', 'http://evil-localhost', 'does not use https'],
	['localhost as a user name', 'http://localhost@canaryvalue.example', 'does not use https'],
	['an address mapped into IPv6', 'http://[::ffff:127.0.0.1]', 'does not use https'],
	['another IPv6 address', 'http://[::2]', 'does not use https'],
	['a script', 'javascript:alert("canaryvalue")', 'does not use https'],
	['data', 'data:text/plain,canaryvalue', 'does not use https'],
	['a file', 'file:///etc/canaryvalue', 'does not use https'],
	['ftp', 'ftp://canaryvalue.example', 'does not use https'],
	['an address inside a blob', 'blob:https://canaryvalue.example', 'does not use https'],
	['a web socket', 'wss://canaryvalue.example', 'does not use https'],
	[
		'a path behind the host',
		'https://good.example/canaryvalue',
		'must contain only scheme, host and port',
	],
	['two slashes at the end', 'https://good.example//', 'must contain only scheme, host and port'],
	['a query', 'https://good.example?canaryvalue=1', 'must contain only scheme, host and port'],
	['a fragment', 'https://good.example#canaryvalue', 'must contain only scheme, host and port'],
	['a user', 'https://canaryvalue@good.example', 'must contain only scheme, host and port'],
	[
		'a user and a password',
		'https://a:canaryvalue@good.example',
		'must contain only scheme, host and port',
	],
	[
		'a host as a user',
		'https://platform.adobe.io@evil.example',
		'must contain only scheme, host and port',
	],
	['a backslash', 'https://good.example\\canaryvalue', 'must contain only scheme, host and port'],
	[
		'a path on this machine',
		'http://localhost/canaryvalue',
		'must contain only scheme, host and port',
	],
];

describe('a custom URL is refused, by the name of its field and without its value', () => {
	it.each(REFUSED_URLS)("%s as 'Platform URL'", async (_case, value, reason) => {
		const error = await thrownBy(() => resolveOrigins('custom', value, GOOD));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe(`The credential's 'Platform URL' ${reason}`);
		expect(error.description).toContain("'Platform URL'");
		expect(error.message + error.description).not.toMatch(/canaryvalue|evil/);
	});

	it.each(REFUSED_URLS)("%s as 'IMS URL'", async (_case, value, reason) => {
		const error = await thrownBy(() => resolveOrigins('custom', GOOD, value));
		expect(error.message).toBe(`The credential's 'IMS URL' ${reason}`);
		expect(error.description).toContain("'IMS URL'");
		expect(error.message + error.description).not.toMatch(/canaryvalue|evil/);
	});
});

describe('the fields of the credential', () => {
	it('are read without the blanks around them', () => {
		const read = readImsSettings(
			credential({
				clientId: ' client-1 ',
				clientSecret: '\ts3cret\n',
				orgId: ' A@AdobeOrg ',
				scopes: ' openid, session  AdobeID,,x ',
				sandboxName: ' dev-1 ',
			}),
		);
		expect(read).toEqual({
			platformOrigin: 'https://platform.adobe.io',
			imsOrigin: 'https://ims-na1.adobelogin.com',
			clientId: 'client-1',
			clientSecret: 's3cret',
			orgId: 'A@AdobeOrg',
			scopes: 'openid,session,AdobeID,x',
			sandboxName: 'dev-1',
			events: {
				apiOrigin: 'https://api.adobe.io',
				journalOrigins: ['https://events.adobe.io', 'https://events-va6.adobe.io'],
				keysOrigin: 'https://static.adobeioevents.com',
				challengeOrigin: 'https://csm.adobe.io',
			},
		});
	});

	it('are not changed by the reading', () => {
		const data = Object.freeze(credential({ clientId: ' client-1 ' }));
		readImsSettings(data);
		expect(data.clientId).toBe(' client-1 ');
	});

	const FIELDS = [
		['clientId', 'Client ID'],
		['clientSecret', 'Client Secret'],
		['orgId', 'Organization ID'],
		['scopes', 'Scopes'],
	] as const;
	const EMPTY: Array<[string, unknown]> = [
		['absent', undefined],
		['null', null],
		['empty', ''],
		['blank', ' \t\r\n\u00a0 '],
		['an object', { canaryvalue: 1 }],
		['a list', ['canaryvalue']],
		['true', true],
	];
	it.each(
		FIELDS.flatMap(([name, label]) => EMPTY.map(([how, value]) => ({ name, label, how, value }))),
	)("'$label' that is $how is called empty, with what to do", async ({ name, label, value }) => {
		const error = await thrownBy(() => readImsSettings(credential({ [name]: value })));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe(`The credential's '${label}' is empty`);
		expect(error.description).toMatch(/Adobe Developer Console/);
		expect(error.message + error.description).not.toContain('canaryvalue');
	});

	it.each([
		['without @AdobeOrg', 'canaryvalue'],
		['of another kind of account', 'canaryvalue@techacct.adobe.com'],
		['with something behind', 'canaryvalue@AdobeOrg.evil'],
		['with a blank inside', 'canary value@AdobeOrg'],
		['with a second line', 'canaryvalue@AdobeOrg\nx-api-key: evil@AdobeOrg'],
		['with two at signs', 'canaryvalue@x@AdobeOrg'],
		['in small letters', 'canaryvalue@adobeorg'],
		['with nothing in front', '@AdobeOrg'],
		['with letters no header can carry', 'canaryvalué@AdobeOrg'],
	])("an 'Organization ID' %s is refused without being repeated", async (_case, orgId) => {
		const error = await thrownBy(() => readImsSettings(credential({ orgId })));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toMatch(/^The credential's 'Organization ID' /);
		expect(error.message + error.description).not.toMatch(/canary|evil/);
	});

	it.each([
		['a line break', 'canaryvalue\r\nx-evil: 1'],
		['a blank', 'canary value'],
		['a null byte', 'canaryvalue\0'],
		['letters no header can carry', 'canaryvalue-ü'],
	])("a 'Client ID' with %s is refused without being repeated", async (_case, clientId) => {
		const error = await thrownBy(() => readImsSettings(credential({ clientId })));
		expect(error.message).toMatch(/^The credential's 'Client ID' /);
		expect(error.message + error.description).not.toMatch(/canary|evil/);
	});

	it.each([
		['acme', 'acme'],
		[' @acme ', 'acme'],
		['Acme-Inc_2.eu', 'Acme-Inc_2.eu'],
		['', undefined],
		[' ', undefined],
	])("%j as 'Tenant Name' is read as %j", (tenantName, expected) => {
		expect(readImsSettings(credential({ tenantName })).tenantName).toBe(expected);
	});

	it.each([
		'a b',
		'acme/sname:prod',
		'a\r\nb',
		'https://acme',
		'@',
		'@@acme',
		7,
		{},
		'a'.repeat(101),
	])("%j is refused as 'Tenant Name', by that name", async (tenantName) => {
		const error = await thrownBy(() =>
			readImsSettings(credential({ tenantName: tenantName as string })),
		);
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe("The credential's 'Tenant Name' is not a tenant name");
		expect(error.description).toContain('what follows @');
	});

	it("is refused with a bad 'Sandbox', by that name", async () => {
		const error = await thrownBy(() => readImsSettings(credential({ sandboxName: 'My Sandbox' })));
		expect(error.message).toBe("The credential's 'Sandbox' is not a sandbox name");
	});

	it('takes a client secret as it is, whatever is in it', () => {
		const clientSecret = 'a&b=c d\u00fc"\'\\;%00';
		expect(readImsSettings(credential({ clientSecret })).clientSecret).toBe(clientSecret);
	});
});

describe('a sandbox name', () => {
	it.each(['prod', 'dev', 'a', '0', 'dev-1', 'dev_1', '9lives', 'x-very-long'.repeat(3)])(
		'%s is taken',
		(name) => {
			expect(checkSandboxName(name, 'x')).toBe(name);
		},
	);

	it.each([['', ' ', '\n']])('that is left empty (%j) is prod', (name) => {
		expect(checkSandboxName(name, 'x')).toBe('prod');
	});

	it.each([
		['a title', 'Production Sandbox'],
		['a capital', 'Prod'],
		['a hyphen in front', '-dev'],
		['the sign for all sandboxes', '*'],
		['a header of its own', 'dev\r\nx-evil: 1'],
		['a line break inside', 'dev\nprod'],
		['a path', '../prod'],
		['a prototype key', '__proto__'],
		['an umlaut', 'entwürfe'],
		['a full stop', 'dev.eu'],
		['a megabyte', 'A'.repeat(1_000_000)],
	])('that holds %s is refused by the field and without its value', async (_case, name) => {
		const error = await thrownBy(() => checkSandboxName(name, "'Sandbox Name'"));
		expect(error).toBeInstanceOf(UserError);
		expect(error.message).toBe("'Sandbox Name' is not a sandbox name");
		expect(error.description).not.toContain(name);
	});
});
