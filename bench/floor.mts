import { setTimeout as sleep } from 'node:timers/promises';
import { createBody, SPEC } from './rows.mts';

/**
 * The least that the work costs: Node's own keep-alive HTTP client, a fixed number of requests at a
 * time, nothing around it. Prints one line of JSON: `{ms, cpuMs, results, peakRssMb}`.
 */
interface Task {
	platformUrl: string;
	headers: Record<string, string>;
	work: 'create' | 'list' | 'plan';
	items: number;
	concurrency: number;
	/** With a plan: what is read, each once. */
	paths?: string[];
	/** No more than that, with one second's worth at once. */
	ratePerSecond?: number;
}

const task = JSON.parse(process.argv[2] ?? '') as Task;
const url = `${task.platformUrl}/data/foundation/flowservice/connections`;

async function create(index: number): Promise<number> {
	const answer = await fetch(url, {
		method: 'POST',
		headers: { ...task.headers, 'content-type': 'application/json' },
		body: JSON.stringify(createBody(`c${index}`)),
	});
	const { id } = (await answer.json()) as { id?: string };
	return id === undefined ? 0 : 1;
}

async function list(): Promise<number> {
	let found = 0;
	let token = '';
	do {
		const next = token === '' ? '' : `&continuationToken=${encodeURIComponent(token)}`;
		const query = `property=connectionSpec.id==${SPEC.id}&limit=100${next}`;
		const answer = await fetch(`${url}?${query}`, { headers: task.headers });
		const page = (await answer.json()) as {
			items: unknown[];
			_links?: { next?: { href: string } };
		};
		found += page.items.length;
		const href = page._links?.next?.href;
		token = href
			? (new URL(href, task.platformUrl).searchParams.get('continuationToken') ?? '')
			: '';
	} while (token !== '');
	return found;
}

async function read(index: number): Promise<number> {
	const { paths = [], ratePerSecond } = task;
	if (ratePerSecond !== undefined) {
		const dueMs = startedMs + (Math.max(0, index + 1 - ratePerSecond) / ratePerSecond) * 1000;
		await sleep(Math.max(0, dueMs - performance.now()));
	}
	const answer = await fetch(task.platformUrl + paths[index], { headers: task.headers });
	await answer.text();
	// It came a little early.
	if (answer.status !== 429) return answer.ok ? 1 : 0;
	await sleep(10);
	return await read(index);
}

const WORK = { create, list, plan: read };

const startedMs = performance.now();
const cpuBefore = process.cpuUsage();
let results = 0;
let next = 0;
const worker = async () => {
	while (next < task.items) {
		const index = next++;
		const found = await WORK[task.work](index);
		results += found;
	}
};
await Promise.all(Array.from({ length: task.concurrency }, worker));
const ms = Math.round(performance.now() - startedMs);
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = Math.round((user + system) / 1000);
const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`${JSON.stringify({ ms, cpuMs, results, peakRssMb })}\n`);
