import { AdobeImsApi } from '../../credentials/AdobeImsApi.credentials';
import { AdobePostgreSqlSourceApi } from '../../credentials/AdobePostgreSqlSourceApi.credentials';
import { welcome } from '../../demo/welcome.mts';

const N8N = 'http://127.0.0.1:5678';

const text = welcome({
	link: 'http://127.0.0.1:6000/secret-path',
	example: { name: 'From a table to a dataflow', url: `${N8N}/workflow/1`, needs: undefined },
	others: [
		{ name: 'Alert on failed runs', url: `${N8N}/workflow/2`, needs: undefined },
		{ name: 'Notify', url: `${N8N}/workflow/3`, needs: 'needs a webhook URL of yours' },
	],
	owner: { email: 'demo@example.com', password: 'Demo-1' },
	emulator: {
		clientId: 'client-1',
		clientSecret: 'p8e-secret',
		orgId: 'ABC@AdobeOrg',
		platformUrl: 'http://127.0.0.1:4010',
		imsUrl: 'http://127.0.0.1:4011',
	},
	postgres: {
		server: 'localhost',
		port: 5433,
		database: 'sales',
		username: 'aep_reader',
		password: 'reader-secret',
	},
});

/** The lines of a label and what follows it. */
const valueOf = (label: string) => new RegExp(`^ +${label} {2,}(.*)$`, 'm').exec(text)?.[1];

describe('what the demo prints', () => {
	it('is where to click, how to sign in, and where to watch rows arrive', () => {
		for (const part of [
			'http://127.0.0.1:6000/secret-path',
			'"From a table to a dataflow"',
			'demo@example.com (password Demo-1)',
			' http://127.0.0.1:4010/\n',
		]) {
			expect(text).toContain(part);
		}
	});

	it('lists the other examples, with what they need', () => {
		expect(valueOf('Alert on failed runs')).toBe(`${N8N}/workflow/2`);
		expect(valueOf('Notify')).toBe(`${N8N}/workflow/3  (needs a webhook URL of yours)`);
	});

	it.each([
		['Client ID', 'client-1'],
		['Client Secret', 'p8e-secret'],
		['Organization ID', 'ABC@AdobeOrg'],
		['Environment', 'Custom'],
		['Platform URL', 'http://127.0.0.1:4010'],
		['IMS URL', 'http://127.0.0.1:4011'],
		['Authentication', 'Basic'],
		['Server', 'localhost'],
		['Port', '5433'],
		['Database', 'sales'],
		['Username', 'aep_reader'],
		['Password', 'reader-secret'],
	])('says what to type into the field %s', (label, value) => {
		expect(valueOf(label)).toBe(value);
		const fields = [new AdobeImsApi(), new AdobePostgreSqlSourceApi()].flatMap(
			({ properties }) => properties,
		);
		const field = fields.find(({ displayName }) => displayName === label);
		expect(field).toBeDefined();
		const options = (field?.options ?? []).map((option) => 'name' in option && option.name);
		if (options.length > 0) expect(options).toContain(value);
	});
});
