import { DATAFLOW } from '../../nodes/adobe/dataflows';
import { RUN } from '../../nodes/adobe/runModel';
import { eventItem } from '../../nodes/outputs/runEvents';
import { dataflowOutput } from '../../nodes/outputs/dataflow';
import { runOutput } from '../../nodes/outputs/run';
import { DATAFLOW_OPERATIONS, withOrders } from '../support/dataflowOperations.mts';
import { run } from '../support/operations.mts';
import { Poller } from '../support/poll.mts';

const UUID = '2edc08ac-4df5-4fe6-936f-81a19ce92f5c';
const DATAFLOWS = ['name', 'state', 'action'];
const RUNS = ['summary', 'status', 'flowName'];

/** What a table of 1440 pixels shows without scrolling. */
const FIRST: Record<string, string[]> = {
	'Dataflow: Create': DATAFLOWS,
	'Dataflow: Delete': DATAFLOWS,
	'Dataflow: Disable': DATAFLOWS,
	'Dataflow: Enable': DATAFLOWS,
	'Dataflow: Update': DATAFLOWS,
	'Dataflow: Get': ['name', 'state', 'table'],
	'Dataflow: Get Many': ['name', 'state', 'table'],
	'Dataflow: Get Mapping': ['destination', 'source', 'sourceType'],
	'Dataflow: Get Health': ['health', 'summary', 'advice'],
	'Dataflow: Preview': ['kind', 'summary', 'wouldBe'],
	'Dataflow: Run Now': RUNS,
	'Database: Plan': ['table', 'action', 'because'],
	'Database: Apply': ['table', 'action', 'because'],
	'Database: Export': ['table', 'dataflow', 'dataset'],
	'Run: Get': RUNS,
	'Run: Get Many': RUNS,
	'Run: Retry': RUNS,
	'Run: Get Rejected Rows': ['message', 'row', 'code'],
};

describe('The first columns of an output', () => {
	it.each(DATAFLOW_OPERATIONS.map((row) => [row.title, row] as const))(
		'hold the answer: %s',
		async (title, row) => {
			await withOrders(row, async (adobe, item) => {
				const [first] = await run(adobe, row, [item]);
				const json = first?.json ?? {};
				const names = Object.keys(json);
				expect(names.slice(0, 3)).toStrictEqual(FIRST[title]);
				expect(names).not.toContain('id');
				expect(Object.values(json)).not.toContain(null);
				if (names.includes('etag')) expect(names.at(-1)).toBe('etag');
				// Plan takes an export again, so its schedule is a value and not words.
				const isExport = title === 'Database: Export';
				if (names.includes('schedule')) {
					expect(json.schedule).toBe(isExport ? 'onDemand' : 'on demand (Run Now)');
				}
				const id = ['runId', 'flowId', 'connectionId'].find((one) => names.includes(one));
				if (names.includes('status')) expect(json.flowName).toBe('Orders');
				// An export has no IDs: it is for other sandboxes as well.
				expect(id === undefined).toBe(isExport);
				// The IDs are behind what a person reads.
				if (id !== undefined) expect(names.indexOf(id)).toBeGreaterThan(3);
			});
		},
		60_000,
	);

	it('hold the answer of the trigger', async () => {
		const [row] = DATAFLOW_OPERATIONS;
		if (row === undefined) throw new Error('There is no operation');
		await withOrders(row, async (adobe, { id }) => {
			const parameters = { watch: 'all', triggerOn: ['failed'] };
			const poller = new Poller(adobe, parameters);
			await poller.poll();
			adobe.seedRun({ flowId: String(id), status: 'failed' });
			const [json = {}] = (await poller.poll()) ?? [];
			expect(Object.keys(json).slice(0, 3)).toStrictEqual(['summary', 'event', 'status']);
			expect(json).toMatchObject({ event: 'failed', flowName: 'Orders' });
		});
	});

	it('are followed by a link into Experience Platform', () => {
		const place = {
			platformOrigin: 'https://platform.adobe.io',
			sandboxName: 'dev',
			tenantName: 'acme',
		};
		const flow = DATAFLOW.read({ id: UUID, raw: {} });
		const ended = RUN.read({ id: UUID, raw: { flowId: UUID } });
		const event = { eventId: `${UUID}:failed`, event: 'failed', atEpochMs: 0, run: ended } as const;
		const link = `https://experience.adobe.com/#/@acme/sname:dev/platform/source/dataflows/${UUID}/activity`;
		expect(dataflowOutput(place, flow).url).toBe(link);
		expect(runOutput(place, ended).url).toBe(`${link}/${UUID}`);
		for (const simplify of [true, false]) {
			const { json } = eventItem(place, event, undefined, simplify);
			expect(json.url).toBe(`${link}/${UUID}`);
		}
	});
});
