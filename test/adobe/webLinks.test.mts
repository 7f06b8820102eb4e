import { connectionUrl, dataflowUrl, datasetUrl, runUrl } from '../../nodes/adobe/webLinks.ts';

const ID = '9830305a-985f-47d0-b030-5a985fd7d004';
const FLOW_ID = 'c9cef9cb-c934-4467-8ef9-cbc934546741';
const DATASET_ID = '6019e0e7c5dcf718db5ebc71';

const production = { platformOrigin: 'https://platform.adobe.io', sandboxName: 'dev' };

const LINKS = [
	['a connection', connectionUrl, ID, `source/accounts/${ID}`],
	['a dataflow', dataflowUrl, ID, `source/dataflows/${ID}/activity`],
	['a dataset', datasetUrl, DATASET_ID, `dataset/browse/${DATASET_ID}`],
	[
		'a run',
		(place: typeof production, id: string) => runUrl(place, { id, flowId: FLOW_ID }),
		ID,
		`source/dataflows/${FLOW_ID}/activity/${ID}`,
	],
] as const;

describe.each(LINKS)('the page of %s in Experience Platform', (_what, urlOf, id, path) => {
	it('is in the tenant that the credential names', () => {
		expect(urlOf({ ...production, tenantName: 'acme' } as typeof production, id)).toBe(
			`https://experience.adobe.com/#/@acme/sname:dev/platform/${path}`,
		);
	});

	it('is in the tenant that is signed in where the credential names none', () => {
		expect(urlOf(production, id)).toBe(`https://experience.adobe.com/#/sname:dev/platform/${path}`);
	});

	it.each([
		['another environment', { ...production, platformOrigin: 'http://127.0.0.1' }, id],
		['an ID of another form', production, 'x/../y'],
	])('is not known of %s', (_case, place, given) => {
		expect(urlOf(place, given)).toBeUndefined();
	});
});

it('no name of a sandbox leads elsewhere', () => {
	expect(connectionUrl({ ...production, sandboxName: '../x y' }, ID)).toContain(
		'/sname:..%2Fx%20y/',
	);
});

it('the page of a run is not known without its dataflow', () => {
	expect(runUrl(production, { id: ID })).toBeUndefined();
});
