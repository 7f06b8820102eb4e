import type { JournalStart } from '../../../nodes/adobe/ioEvents/journal';
import { GONE, journalAddressOf, readJournal } from '../../../nodes/adobe/ioEvents/journal';
import { thrownBy } from '../../support/connectionNode.mts';
import { fakeClient, ODD_BODIES } from '../client.mts';

const ORIGINS = ['https://api.adobe.io', 'https://events.adobe.io', 'https://events-va6.adobe.io'];
const IDS = { organizationId: '1', credentialId: '2', registrationId: 'a-b' };
const LATEST: JournalStart = { latest: true };

describe('The address of a journal', () => {
	it.each<[string, string | undefined]>([
		['https://api.adobe.io/events/organizations/1/integrations/2/a-b', undefined],
		['https://events.adobe.io/events/organizations/1/integrations/2/a-b', ORIGINS[1]],
		['https://events-va6.adobe.io/organizations/1/integrations/2/a-b', ORIGINS[2]],
		['https://events-va6.adobe.io/events-fast/organizations/1/integrations/2/a-b/', ORIGINS[2]],
		['https://events.adobe.io/events/organizations/1/integrations/2/a-b?since=x', ORIGINS[1]],
		['https://evil.example/events/organizations/1/integrations/2/a-b', undefined],
	])('%s gives its IDs, and its host only where that is known', (link, origin) => {
		expect(journalAddressOf(link, ORIGINS)).toEqual({ ...IDS, origin });
	});

	it.each([
		undefined,
		'',
		'/events/organizations/1/integrations/2/a-b',
		'https://events.adobe.io/events/organizations/1/integrations/2',
		'https://events.adobe.io/events/organizations/1/integrations/2/tracing/a-b',
		'https://events.adobe.io/other/organizations/1/integrations/2/a-b',
		'https://events.adobe.io/events/organizations/%2e%2e/integrations/2/a-b',
	])('is not %s', (link) => {
		expect(journalAddressOf(link, ORIGINS)).toBeUndefined();
	});
});

describe('A journal', () => {
	it.each<[JournalStart, string, string]>([
		[{ since: 'moose:1:2' }, 'since', 'moose:1:2'],
		[LATEST, 'latest', 'true'],
		[{ backMs: 90_500 }, 'seek', '-PT91S'],
	])('is asked for %j', async (start, name, value) => {
		const client = fakeClient({ status: 204, body: '' });
		const address = { ...IDS, origin: ORIGINS[1] };
		await readJournal(client, address, start);
		expect(client.requests).toMatchObject([
			{
				method: 'GET',
				service: 'ioEvents',
				eventOrigin: ORIGINS[1],
				path: ['events', 'organizations', '1', 'integrations', '2', 'a-b'],
				query: [
					[name, value],
					['limit', '100'],
				],
			},
		]);
	});

	it('gives the runs that its events are about, and where it goes on', async () => {
		const run = { id: 'run', flowId: 'flow' };
		const client = fakeClient({
			body: {
				events: [
					{ position: 'a', event: run },
					{ position: 'b', event: { event_id: 'e', event: run } },
					{ position: 'c', event: { some: 'thing' } },
				],
				_page: { last: 'c', count: 3 },
			},
		});
		expect(await readJournal(client, IDS, LATEST)).toMatchObject({
			signals: [{ runId: 'run' }, { runId: 'run', eventId: 'e' }],
			count: 3,
			position: 'c',
		});
	});

	it.each<[string, Record<string, unknown>, string | undefined]>([
		['its link', { link: '</events/x?since=moose:5&limit=1>; rel="next"' }, 'moose:5'],
		[
			'one of its links',
			{ link: ['</v?since=no>; rel="validate"', '<https://evil.example/?since=m%3A5>;rel=next'] },
			'm:5',
		],
		['a link to nowhere', { link: '</events/x>; rel="next"' }, undefined],
		['no link', {}, undefined],
	])('goes on at its end where %s says', async (_what, headers, position) => {
		const client = fakeClient({ status: 204, headers, body: '' });
		expect(await readJournal(client, IDS, LATEST)).toEqual({ signals: [], count: 0, position });
		const known = await readJournal(client, IDS, { since: 'here' });
		expect(known).toMatchObject({ position: position ?? 'here' });
	});

	it.each([410, 400])('is gone behind a position that it answers with %i', async (status) => {
		const client = fakeClient({ status, body: 'Events at position a have expired.' });
		expect(await readJournal(client, IDS, { since: 'a' })).toBe(GONE);
		expect(await readJournal(client, IDS, { backMs: 1 })).toBe(GONE);
		const thrown = await thrownBy(async () => await readJournal(client, IDS, LATEST));
		expect(thrown.message).toBe('Adobe refused the request "Read the journal of events"');
	});

	it('says what is missing where it may not be read', async () => {
		const client = fakeClient({ status: 403, body: { error_code: '403003', message: 'no' } });
		const thrown = await thrownBy(async () => await readJournal(client, IDS, LATEST));
		expect(thrown.message).toBe('The credential is not allowed to read the journal of events');
		expect(thrown.description).toContain('add the I/O Management API');
		expect(thrown.description).toContain('adobeio_api');
	});

	it.each(ODD_BODIES)('is not taken from %s', async (_what, body) => {
		const thrown = await thrownBy(async () => {
			await readJournal(fakeClient({ body }), IDS, LATEST);
		});
		expect(thrown.message).toContain('in a form this node does not know');
	});
});
