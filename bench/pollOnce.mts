import type { Emulator } from '../emulator/emulator.mts';
import { Poller } from '../test/support/poll.mts';

/** What is polled, and how many events there are to be found. */
export interface PollTask {
	/** As the emulator's process has told it. */
	emulator: Pick<Emulator, 'platformUrl' | 'imsUrl' | 'clientId' | 'clientSecret' | 'orgId'>;
	/** Of the dataflows of which one run each has failed since the last poll. */
	failedFlowIds: string[];
}

export interface PollReport {
	ms: number;
	cpuMs: number;
	/** Events that were told. */
	results: number;
	baseRssMb: number;
	peakRssMb: number;
}

/**
 * Polls twice in n8n's own classes, and prints what the second time took: the first one only notes what
 * is there. Between them some runs fail, and the emulator counts from zero.
 */
export async function run({ emulator, failedFlowIds }: PollTask): Promise<void> {
	const control = async (path: string, body: object) => {
		const answer = await fetch(`${emulator.platformUrl}/__emulator/${path}`, {
			method: 'POST',
			body: JSON.stringify(body),
		});
		if (!answer.ok) throw new Error(`The emulator answered ${answer.status} to ${path}`);
	};
	const poller = new Poller(emulator as Emulator, { watch: 'all', triggerOn: ['failed'] });
	await poller.poll();
	await control(
		'runs',
		failedFlowIds.map((flowId) => ({ flowId, status: 'failed' })),
	);
	await control('reset', { keep: 'connections' });
	const baseRssMb = toMb(process.memoryUsage.rss());
	const cpuBefore = process.cpuUsage();
	const beganMs = performance.now();
	const events = (await poller.poll()) ?? [];
	const ms = Math.round(performance.now() - beganMs);
	const { user, system } = process.cpuUsage(cpuBefore);
	const report: PollReport = {
		ms,
		cpuMs: Math.round((user + system) / 1000),
		results: events.length,
		baseRssMb,
		// In kilobytes on every platform.
		peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
	};
	process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
}

function toMb(bytes: number): number {
	return Math.round(bytes / 1024 / 1024);
}
