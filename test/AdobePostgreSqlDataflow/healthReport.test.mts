import { DATAFLOW } from '../../nodes/adobe/dataflows';
import type { Run } from '../../nodes/adobe/runModel';
import { RUN } from '../../nodes/adobe/runModel';
import { barsOf } from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/bars';
import type { Facts } from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/facts';
import { factsOf } from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/facts';
import { reportOutput } from '../../nodes/AdobePostgreSqlDataflow/dataflow/health/report';
import type { ItemClient } from '../../nodes/platform/client';

const NOW = Date.UTC(2026, 10, 27, 6, 10);
const HOUR = 60 * 60_000;

function run(status: string, counts: Record<string, unknown> = {}, place = 0): Run {
	const startedAtUTC = NOW - (place + 1) * HOUR;
	const raw = {
		createdAt: startedAtUTC,
		metrics: {
			durationSummary: { startedAtUTC },
			recordSummary: counts,
			statusSummary: { status },
		},
	};
	return RUN.read({ id: `run ${place}`, raw });
}

const written = (outputRecordCount: number, failedRecordCount = 0, place = 0) =>
	run('success', { outputRecordCount, failedRecordCount }, place);

function factsAbout(flows: ReadonlyArray<{ name: string; runs: Run[]; id?: string }>): Facts[] {
	return factsOf(
		flows.map(({ name, runs, id = name }) => ({
			flow: DATAFLOW.read({ id, name, state: 'enabled', raw: {} }),
			table: 'public.orders',
			history: { runs, isComplete: true },
		})),
		NOW,
	);
}

const client = (changes: Partial<ItemClient> = {}): ItemClient =>
	({
		sandboxName: 'prod',
		platformOrigin: 'https://platform.adobe.io',
		adobeEpochMs: () => NOW,
		...changes,
	}) as ItemClient;

const reportOf = (facts: readonly Facts[], changes?: Partial<ItemClient>) =>
	reportOutput(facts, client(changes), (text) => text) as Record<string, any>;

/** Kind and height of each bar, in the order of the picture. */
const drawn = (svg: string) =>
	[...svg.matchAll(/<rect class="(\w+)"[^>]* height="(\d+)"/g)].map(([, kind, height]) => [
		kind,
		Number(height),
	]);

describe('The bars of the last runs', () => {
	it.each<[string, Run[], Array<[string, number]>]>([
		['are none where no run has ended', [run('inProgress')], []],
		['fill the height with the run that wrote most', [written(10)], [['written', 28]]],
		[
			'begin with the oldest run',
			[written(20), written(10, 0, 1)],
			[
				['written', 14],
				['written', 28],
			],
		],
		[
			'have the rejected records on top',
			[written(50, 50)],
			[
				['written', 14],
				['rejected', 14],
			],
		],
		[
			'let one rejected record of a million be seen',
			[written(999_999, 1)],
			[
				['written', 26],
				['rejected', 2],
			],
		],
		['mark a run that failed', [run('failed')], [['failed', 5]]],
		['mark a run that had nothing to write', [written(0)], [['empty', 1]]],
		[
			'show fourteen runs at most',
			Array.from({ length: 20 }, (_run, place) => written(1, 0, place)),
			Array.from({ length: 14 }, () => ['written', 28]),
		],
	])('%s', (_what, runs, bars) => {
		expect(drawn(barsOf(runs))).toStrictEqual(bars);
	});

	it('say in words what they show', () => {
		const svg = barsOf([run('failed'), written(1_200, 3, 1)]);
		expect(svg).toContain(
			'aria-label="Last 2 runs, oldest first: 1,200 written, 3 rejected; failed"',
		);
	});
});

describe('The report', () => {
	const ID = '2edc08ac-4df5-4fe6-936f-81a19ce92f5c';
	const failing = { name: 'Orders', id: ID, runs: [run('failed')] };
	const healthy = { name: 'Stock', runs: [written(5)] };

	it.each<[string, Array<{ name: string; runs: Run[] }>, string]>([
		['that there is nothing', [], 'There is no PostgreSQL dataflow'],
		['of the only one that it is well', [healthy], 'The only dataflow needs no attention'],
		['of the only one that it is not', [failing], 'The only dataflow needs attention'],
		['how many of several are not', [failing, healthy], '1 of 2 dataflows needs attention'],
		['that all are well', [healthy, healthy], 'None of 2 dataflows needs attention'],
	])('says first %s', (_what, flows, headline) => {
		const { summary, markdown, slack, html } = reportOf(factsAbout(flows));
		expect(summary).toBe(`${headline} in the sandbox prod.`);
		expect(markdown).toMatch(new RegExp(`^\\*\\*${headline}\\*\\*\n`));
		expect(slack).toMatch(new RegExp(`^\\*${headline}\\*\n`));
		expect(html).toContain(`<h1>${headline}</h1>`);
	});

	it('links each dataflow in the form of each text', () => {
		const { markdown, slack, html } = reportOf(factsAbout([failing]), { tenantName: 'acme' });
		const url = `https://experience.adobe.com/#/@acme/sname:prod/platform/source/dataflows/${ID}/activity`;
		expect(markdown).toContain(`- 🔴 [**Orders**](${url}) (public.orders): The last run failed`);
		expect(slack).toContain(`• 🔴 <${url}|*Orders*> (public.orders): The last run failed`);
		expect(html).toContain(`<a href="${url}">Orders</a>`);
	});

	it('puts the worst first, then goes by name', () => {
		const { html } = reportOf(
			factsAbout([healthy, { ...failing, name: 'B' }, { ...failing, name: 'A' }]),
		);
		const names = [...html.matchAll(/<td class="name"><b>(?:<a[^>]*>)?([^<]+)/g)];
		expect(names.map(([, name]) => name)).toStrictEqual(['A', 'B', 'Stock']);
	});

	it('says how many it leaves out', () => {
		const many = Array.from({ length: 130 }, (_flow, place) => ({
			name: `Dataflow ${place}`,
			runs: [run('failed')],
		}));
		const { markdown, html } = reportOf(factsAbout(many));
		expect(markdown.match(/^- 🔴/gm)).toHaveLength(20);
		expect(markdown).toContain('- … and 110 more');
		expect(html.match(/class="name"/g)).toHaveLength(100);
		expect(html).toContain('… and 30 more');
	});

	it('keeps a name of several lines on one, and a long reason short', () => {
		const error = { code: 'X-1', message: `${'long '.repeat(500)}end` };
		const raw = { metrics: { statusSummary: { status: 'failed', errors: [error] } } };
		const long = RUN.read({ id: 'run', raw });
		const { markdown } = reportOf(factsAbout([{ name: 'One\n- two', runs: [long] }]));
		expect(markdown).toContain('**One - two**');
		expect(markdown.length).toBeLessThan(1_000);
	});

	it('leaves the time out where Adobe does not tell it', () => {
		const report = reportOf(factsAbout([healthy]), { adobeEpochMs: () => undefined });
		expect(report).not.toHaveProperty('reportedAt');
		expect(report.markdown).toContain('\n\nSandbox prod\n\n');
	});

	it('loads nothing, and knows the dark', () => {
		const { html } = reportOf(factsAbout([failing, healthy]));
		expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
		expect(html).toContain('@media (prefers-color-scheme:dark)');
	});
});
