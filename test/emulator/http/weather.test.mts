import { basicBody, closeWires, openWire } from '../wire.mts';

afterAll(closeWires);

const CONNECTIONS = '/connections?limit=100';

describe('the weather', () => {
	it('lets lists lag behind what was created, while it is there by its ID', async () => {
		const wire = await openWire({ listLagMs: 60_000 });
		const id = await wire.create(basicBody({}, 'late'));
		expect((await wire.flow('GET', CONNECTIONS)).json.items).toEqual([]);
		expect((await wire.flow('GET', `/connections/${id}`)).json.items[0].id).toBe(id);
		await wire.emulator.advanceClock(60_000);
		expect((await wire.flow('GET', CONNECTIONS)).json.items[0].id).toBe(id);
	});

	it('lets work end after its 504', async () => {
		const wire = await openWire();
		wire.emulator.addFault({
			method: 'POST',
			path: '*/connections',
			kind: 'late',
			delayMs: 60_000,
		});
		const answer = await wire.flow('POST', '/connections', { body: basicBody({}, 'late') });
		expect(answer.status).toBe(504);
		expect(wire.emulator.connections()).toEqual([]);
		await wire.emulator.advanceClock(60_000);
		expect(wire.emulator.connections().map(({ name }) => name)).toEqual(['late']);
		expect(wire.emulator.stats().requests['POST /data/foundation/flowservice/connections']).toBe(1);
	});

	it.each([
		['ahead of the times of entities', { dateSkewMs: 3_600_000 }, 3_600_000],
		['behind them', { dateSkewMs: -3_600_000 }, -3_600_000],
	])('shows a Date that is %s', async (_case, options, skewMs) => {
		const wire = await openWire(options);
		const { headers } = await wire.flow('GET', CONNECTIONS);
		const shown = Date.parse(headers.get('date') ?? '') - Date.now();
		expect(Math.abs(shown - skewMs)).toBeLessThan(60_000);
	});

	it('shows no Date', async () => {
		const wire = await openWire({ dateHeader: false });
		expect((await wire.flow('GET', CONNECTIONS)).headers.get('date')).toBeNull();
	});

	it('does not show who created something', async () => {
		const wire = await openWire({ showsMaker: false });
		const id = await wire.create(basicBody());
		const { json } = await wire.flow('GET', `/connections/${id}`);
		expect(Object.keys(json.items[0])).not.toEqual(
			expect.arrayContaining([expect.stringMatching(/Client|edBy$/)]),
		);
	});

	it('takes so many requests at a time, and refuses one more', async () => {
		const wire = await openWire({ concurrency: 2, latencyMs: 100 });
		await wire.token();
		const answers = await Promise.all(
			Array.from({ length: 3 }, async () => await wire.flow('GET', CONNECTIONS)),
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
		expect((await wire.flow('GET', CONNECTIONS)).status).toBe(200);
	});

	it('answers byte by byte', async () => {
		const wire = await openWire();
		await wire.token();
		wire.emulator.addFault({ method: 'GET', kind: 'trickle', delayMs: 10 });
		const began = Date.now();
		expect((await wire.flow('GET', CONNECTIONS)).json.items).toEqual([]);
		expect(Date.now() - began).toBeGreaterThan(100);
	});
});
