import { consoleProjectOf } from '../../../emulator/ioEvents/consoleProjects.mts';
import type { Emulator, EmulatorOptions } from '../../../emulator/emulator.mts';
import { seedConnections, startAdobe } from '../../support/adobe.mts';

const DAY_MS = 24 * 60 * 60_000;
const open: Emulator[] = [];
afterEach(async () => {
	for (const emulator of open.splice(0)) await emulator.close();
});

interface Journal {
	emulator: Emulator;
	flowId: string;
	read(query?: string, prefix?: string, headers?: Record<string, string>): Promise<Answer>;
}

interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** The run and the kind of each event. */
	told: string[];
	last: string;
}

/** The journal of a registration for successes and failures. */
async function openJournal(options: Partial<EmulatorOptions> = {}): Promise<Journal> {
	const fair = { eventPayload: 'run', eventEnvelope: 'adobe', journalEvents: 'enveloped' } as const;
	const still = {
		journalLateMs: 0,
		journalDoubles: false,
		failureCode: 'sources_flow_run_failure',
	};
	const emulator = await startAdobe({ ...fair, ...still, ...options } as typeof options);
	open.push(emulator);
	await seedConnections(emulator, ['of events']);
	const [flow] = emulator.markInUse(emulator.connections()[0]?.id ?? '', ['Orders']);
	const [client] = emulator.clients();
	if (client === undefined) throw new Error('no client');
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: client.clientId,
		client_secret: client.clientSecret,
		scope: 'openid,adobeio_api',
	});
	const issued = await fetch(`${emulator.imsUrl}/ims/token/v3`, { method: 'POST', body: form });
	const { access_token: token } = (await issued.json()) as { access_token: string };
	const { organizationId, projectId, workspaceId, credentialId } = consoleProjectOf(client);
	const headers = {
		authorization: `Bearer ${token}`,
		'x-api-key': client.clientId,
		'x-ims-org-id': client.orgId,
	};
	const base = `${emulator.platformUrl}/events/${organizationId}`;
	const providers = (await (
		await fetch(`${base}/providers?eventmetadata=true`, { headers })
	).json()) as any;
	const provider = providers._embedded.providers[0].id as string;
	const made = await fetch(`${base}/${projectId}/${workspaceId}/registrations`, {
		method: 'POST',
		headers,
		body: JSON.stringify({
			client_id: client.clientId,
			name: 'a journal',
			delivery_type: 'journal',
			events_of_interest: ['sources_flow_run_success', 'sources_flow_run_failure'].map((code) => ({
				provider_id: provider,
				event_code: code,
			})),
		}),
	});
	const { registration_id: id } = (await made.json()) as { registration_id: string };
	const path = `organizations/${organizationId}/integrations/${credentialId}/${id}`;
	return {
		emulator,
		flowId: flow?.id ?? '',
		read: async (query = '', prefix = '/events/', more = {}) => {
			const answer = await fetch(`${emulator.platformUrl}${prefix}${path}${query}`, {
				headers: { ...headers, ...more },
			});
			const text = await answer.text();
			const body = answer.status === 200 ? JSON.parse(text) : { events: [] };
			const told = body.events.map(({ event }: any) => {
				const { id: run, header } = event.event ?? event.data ?? event;
				return `${run} ${header._adobeio.eventCode.split('_').at(-1)}`;
			});
			return { status: answer.status, headers: answer.headers, text, told, last: body._page?.last };
		},
	};
}

describe('The journal', () => {
	it('has at its end nothing but where it goes on, under both of its addresses', async () => {
		const { read } = await openJournal();
		for (const prefix of ['/events/', '/']) {
			const end = await read('?latest=true', prefix);
			expect([end.status, end.text]).toEqual([204, '']);
			expect(end.headers.get('retry-after')).toBe('10');
			expect(end.headers.get('link')).toMatch(
				/^<\/events\/organizations\/\d+\/integrations\/\d+\/[\w-]+\?since=[a-z]+:\w+:\w+>; rel="next", <[^>]*validate[^>]*>; rel="validate"$/,
			);
		}
	});

	it('is read on behind a position, from the oldest, from some time ago, and in parts', async () => {
		const { emulator, flowId, read } = await openJournal();
		const since = /since=([^>]*)>/.exec(
			(await read('?latest=true')).headers.get('link') ?? '',
		)?.[1];
		const { id } = emulator.seedRun({ flowId, status: 'failed' });
		await emulator.advanceClock(2 * 60 * 60_000);
		const other = emulator.seedRun({ flowId, status: 'success' });
		// It was not registered for the start.
		const [first, second] = [`${id} failure`, `${other.id} success`];
		const all = await read(`?since=${since}`);
		expect([all.told, (await read()).told]).toEqual([
			[first, second],
			[first, second],
		]);
		expect((await read('?seek=-PT1H')).told).toEqual([second]);
		const part = await read(`?since=${since}&limit=1`);
		expect(part.told).toEqual([first]);
		expect((await read(`?since=${part.last}`)).told).toEqual([second]);
		const end = await read(`?since=${all.last}`);
		expect(end.status).toBe(204);
		expect(end.headers.get('link')).toContain(`since=${all.last}>`);
	});

	it('forgets after seven days, and says so of a position', async () => {
		const { emulator, flowId, read } = await openJournal();
		emulator.seedRun({ flowId, status: 'failed' });
		const { last } = await read();
		await emulator.advanceClock(8 * DAY_MS);
		const gone = await read(`?since=${last}`);
		expect(gone.status).toBe(410);
		expect(gone.text).toMatch(/^Events at position .* have expired/);
		expect((await read()).status).toBe(204);
	});

	it('may have events late, twice, or not at all', async () => {
		const weather = { journalLateMs: 60_000, journalDoubles: true, journalLost: 7 };
		const { emulator, flowId, read } = await openJournal(weather);
		const ids = Array.from({ length: 10 }, () => emulator.seedRun({ flowId, status: 'failed' }).id);
		// Every run has two events, the second of which is told.
		const expected = (sequences: number[]) =>
			sequences.map((sequence) => `${ids[sequence / 2 - 1]} failure`);
		expect((await read()).told).toEqual(expected([2, 4, 6, 8, 12, 16, 18]));
		await emulator.advanceClock(60_000);
		await emulator.advanceClock(60_000);
		expect((await read()).told.slice(7)).toEqual(expected([10, 20, 6, 12, 18]));
	});

	it('shows events with or without their envelope', async () => {
		const { emulator, flowId, read } = await openJournal({ journalEvents: 'mixed' });
		emulator.seedRun({ flowId, status: 'failed' });
		emulator.updateRun(emulator.seedRun({ flowId, status: 'scheduled' }).id, { status: 'success' });
		emulator.seedRun({ flowId, status: 'inProgress' });
		const { events } = JSON.parse((await read()).text);
		expect(events.map(({ event }: any) => 'event_id' in event)).toEqual([false, false]);
	});

	it.each([
		['a position that is none', '?since=nonsense', 400],
		['a position to come', '?since=moose:zzzzzzzz:zzz', 400],
		['two beginnings', '?since=moose:1:1&seek=-PT1H', 400],
		['a time that is none', '?seek=yesterday', 400],
		['no events', '?limit=0', 400],
	])('refuses %s', async (_what, query, status) => {
		const { read } = await openJournal();
		expect((await read(query)).status).toBe(status);
	});

	it('is for its own client, with all headers', async () => {
		const { emulator, read } = await openJournal();
		expect((await read('', '/events/', { 'x-ims-org-id': 'other@AdobeOrg' })).status).toBe(403);
		expect((await read('', '/events/', { 'x-api-key': 'other' })).status).toBe(403);
		emulator.revokeTokens();
		expect((await read()).status).toBe(401);
	});
});
