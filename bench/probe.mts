import { readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import Module from 'node:module';

/**
 * Loaded into n8n before anything else: watches one node (`BENCH_NODE`) and writes to `BENCH_PROBE`
 * what n8n has recorded of it when it has ended. `n8n execute` prints that too, but ends before a
 * large result has left, and needs memory for the text that is not the node's.
 *
 * With `BENCH_FIRST`, the first of several nodes, it is the time from there to the end of the last.
 *
 * With `BENCH_PROFILE`, a CPU profile of the node's run goes there, and the other figures are not to
 * be trusted.
 */
export interface ProbeReport {
	/** n8n's own time of the node. */
	ms: number;
	/** What the node returned: IDs with what was done, or numbers of connections in a page of them. */
	items: Array<{ id?: unknown; action?: unknown; listed?: number }>;
	/** Processor time of the process while the node ran, in milliseconds. */
	cpuMs: number;
	/** Of any credential, while the node ran. */
	decryptions: number;
	/** Memory of the process before the node. */
	baseRssMb: number;
	/** Most memory of the process while the node ran. */
	peakRssMb: number;
}

/** What our nodes and HTTP Request return. */
interface Shown {
	id?: unknown;
	connectionId?: unknown;
	flowId?: unknown;
	action?: unknown;
	items?: unknown;
}

interface TaskData {
	executionTime: number;
	data?: {
		main: Array<Array<{ json: Shown }> | null>;
	};
}

interface Core {
	Credentials: { prototype: { getData: (...args: unknown[]) => unknown } };
	ExecutionLifecycleHooks: {
		prototype: { runHook: (name: string, args: unknown[]) => Promise<void> };
	};
}

const internals = Module as unknown as {
	_load: (request: string, ...more: unknown[]) => unknown;
};
const load = internals._load;
let isWrapped = false;
let decryptions = 0;
let baseRssMb = 0;
let cpuBefore: NodeJS.CpuUsage | undefined;
let beganMs = 0;
let profiler: Session | undefined;

internals._load = function (request, ...more) {
	const loaded = load.call(this, request, ...more);
	if (request === 'n8n-core' && !isWrapped) {
		isWrapped = true;
		wrap(loaded as Core);
	}
	return loaded;
};

function wrap({ Credentials, ExecutionLifecycleHooks }: Core): void {
	const { getData } = Credentials.prototype;
	Credentials.prototype.getData = function (...args) {
		decryptions++;
		return getData.apply(this, args);
	};
	const { runHook } = ExecutionLifecycleHooks.prototype;
	ExecutionLifecycleHooks.prototype.runHook = async function (name, args) {
		const { BENCH_NODE: last, BENCH_FIRST: first = last } = process.env;
		if (args[0] === last && name === 'nodeExecuteAfter') {
			const data = args[1] as TaskData;
			const ms = first === last ? data.executionTime : Math.round(performance.now() - beganMs);
			await report({ ...data, executionTime: ms });
		}
		await runHook.call(this, name, args);
		if (args[0] === first && name === 'nodeExecuteBefore') await begin();
	};
}

async function begin(): Promise<void> {
	decryptions = 0;
	baseRssMb = toMb(process.memoryUsage.rss());
	// n8n may have needed more for its start than it has now; Linux can forget that peak.
	if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
	cpuBefore = process.cpuUsage();
	beganMs = performance.now();
	if (process.env.BENCH_PROFILE !== undefined) {
		profiler = new Session();
		profiler.connect();
		await profiler.post('Profiler.enable');
		await profiler.post('Profiler.start');
	}
}

async function report({ executionTime, data }: TaskData): Promise<void> {
	const file = process.env.BENCH_PROBE;
	if (file === undefined) return;
	const { user, system } = process.cpuUsage(cpuBefore);
	const cpuMs = Math.round((user + system) / 1000);
	const figures = { ms: executionTime, cpuMs, decryptions, baseRssMb, peakRssMb: peakRssMb() };
	const items = (data?.main[0] ?? []).map(({ json: shown }) => ({
		// A dataflow names its connection as well.
		id: shown.flowId ?? shown.connectionId ?? shown.id,
		action: shown.action,
		...(Array.isArray(shown.items) ? { listed: shown.items.length } : {}),
	}));
	writeFileSync(file, JSON.stringify({ ...figures, items } satisfies ProbeReport));
	if (profiler !== undefined && process.env.BENCH_PROFILE !== undefined) {
		const { profile } = await profiler.post('Profiler.stop');
		writeFileSync(process.env.BENCH_PROFILE, JSON.stringify(profile));
	}
}

function peakRssMb(): number {
	// `maxRSS` is in kilobytes on every platform.
	if (process.platform !== 'linux') return Math.round(process.resourceUsage().maxRSS / 1024);
	const status = readFileSync('/proc/self/status', 'utf8');
	return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
}

function toMb(bytes: number): number {
	return Math.round(bytes / 1024 / 1024);
}
