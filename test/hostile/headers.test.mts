import fc from 'fast-check';
import type { IDataObject, IHttpRequestOptions, INodeType } from 'n8n-workflow';

import { describeType, executeNode, wire } from '../support/core.mts';
import { AdobeDouble, CLIENT_ID, CLIENT_SECRET, TOKEN } from './adobeDouble.mts';
import { runs } from './runs.mts';

let double: AdobeDouble;
beforeAll(async () => {
	double = await AdobeDouble.open();
});
afterAll(async () => {
	await double.close();
});

/** A node that sends whatever its items say with the credential, as HTTP Request does. */
const anyRequest: INodeType = {
	description: describeType('anyRequest', {
		credentials: [{ name: 'adobeImsApi', required: true }],
	}),
	async execute() {
		for (const { json } of this.getInputData()) {
			const request = { ...json, timeout: 300 } as unknown as IHttpRequestOptions;
			const send = json.isOlderDialect
				? this.helpers.requestWithAuthentication
				: this.helpers.httpRequestWithAuthentication;
			await send.call(this, 'adobeImsApi', request);
		}
		return [[]];
	},
};

async function send(request: IDataObject): Promise<void> {
	const wired = wire({
		nodeType: anyRequest,
		parameters: {},
		credentials: { ims: double.credential() },
	});
	// Most of these addresses lead nowhere; what counts is who is asked, and with what.
	await executeNode(wired, [{ json: request }]).catch(() => {});
}

/** Addresses that one parser may take for the platform's and another for the stranger's. */
const address = (): fc.Arbitrary<string> => {
	const host = fc.constantFrom(double.adobe.host, double.stranger.host);
	const scheme = fc.constantFrom(
		'http://',
		'http:',
		'http:/',
		'http:\\\\',
		'HTTP://',
		'//',
		'\\\\',
		'/\\',
		'',
		'/',
		' http://',
		'\thttp://',
		'h\nttp://',
		'/\t/',
		'javascript://',
		'http:///',
	);
	const between = fc.constantFrom(
		'',
		'@',
		':80@',
		'\\@',
		'/@',
		'#@',
		'?@',
		'%2f@',
		'.',
		'%00',
		'\\',
		'/../',
		' ',
		'\t',
	);
	const strange = fc
		.tuple(
			scheme,
			fc.array(fc.oneof(host, between), { minLength: 1, maxLength: 4 }),
			fc.constantFrom('', '/', '/data', '?q', '#f'),
		)
		.map(([start, middle, end]) => `${start}${middle.join('')}${end}`);
	const sound = host.map((one) => `http://${one}/data`);
	const blurred = fc.tuple(scheme, host).map((two) => two.join(''));
	return fc.oneof<fc.MaybeWeightedArbitrary<string>[]>(
		{ weight: 2, arbitrary: sound },
		{ weight: 2, arbitrary: blurred },
		{ weight: 3, arbitrary: strange },
	);
};

const SECRET = new RegExp(`${TOKEN}|${CLIENT_SECRET}`);
const OURS = new RegExp(`${TOKEN}|${CLIENT_SECRET}|${CLIENT_ID}`);

describe('A request with the credential to any address', () => {
	it.each([
		['n8n’s helper', false],
		['its older dialect', true],
	])('takes the token to the platform alone, through %s', async (_which, isOlderDialect) => {
		const strange = address();
		const request = fc.record(
			{
				url: strange,
				uri: strange,
				baseURL: strange,
				headers: fc.constantFrom<IDataObject>({}, { host: double.stranger.host }),
			},
			{ requiredKeys: ['url'] },
		);
		let reachedStranger = 0;
		await fc.assert(
			fc.asyncProperty(request, async (one) => {
				double.forget();
				await send({ ...one, isOlderDialect });
				reachedStranger += double.stranger.sent.length;
				for (const { headers, target, body } of double.stranger.sent) {
					expect(JSON.stringify([headers, target, body])).not.toMatch(OURS);
				}
			}),
			runs(150),
		);
		// Or nothing would have been tried.
		expect(reachedStranger).toBeGreaterThan(5);
	});

	it('does not follow a redirect with the token', async () => {
		double.forget();
		double.answer = () => ({
			status: 302,
			headers: { location: `${double.stranger.origin}/next` },
		});
		await send({ url: `${double.adobe.origin}/data` });
		expect(double.platformRequests).toHaveLength(1);
		expect(double.stranger.sent).toHaveLength(1);
		expect(JSON.stringify(double.stranger.sent)).not.toMatch(SECRET);
	});
});
