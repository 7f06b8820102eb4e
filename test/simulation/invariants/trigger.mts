import type { StoredRun } from '../../../emulator/emulator.mts';
import type { Facts, Found } from './facts.mts';

const POLL_ALLOWANCE_MS = 2_000;

/** Between the clocks of n8n and Adobe nobody can tell what was first, so what is near counts as neither. */
const NEAR_MS = 2_000;

const DISABLED = 'dataflowDisabled';

/** Every event of a run since the activation is told exactly once. */
export function eventsComeOnce({ story }: Facts): Found[] {
	const { polls, adobe, weather } = story;
	// By the journal, the workflow can't be published until its first poll has gone well.
	const activation = polls.find(({ step, error }) => error === undefined && !step.isKilled);
	if (activation === undefined) return [];
	const times = new Map<string, number>();
	for (const { step, events } of polls) {
		// What a process that ends returns nobody sees.
		if (step.isKilled) continue;
		for (const { eventId, event } of events) {
			if (event === DISABLED) continue;
			times.set(String(eventId), (times.get(String(eventId)) ?? 0) + 1);
		}
	}
	// Without a `Date`, nothing tells n8n what time it is at Adobe; its gateway's may be another one.
	const skewMs = weather.dateHeader ? weather.dateAheadMs : weather.adobeAheadMs;
	const nearMs = NEAR_MS + Math.abs(skewMs);
	// What happens while the first poll still asks where the journal ends is neither before nor after it.
	const beganEpochMs = activation.beganEpochMs + weather.adobeAheadMs;
	const endedEpochMs = activation.endedEpochMs + weather.adobeAheadMs;
	const due = adobe.state.runs.all().flatMap((run) => eventOf(run));
	const known = new Set(due.map(({ eventId }) => eventId));
	return [
		...[...times].flatMap(([eventId, count]): Found[] => {
			if (count > 1) return [['each event once', `${eventId} came ${count} times`]];
			return known.has(eventId) ? [] : [['each event once', `${eventId} has not happened`]];
		}),
		...due.flatMap(({ eventId, atEpochMs }): Found[] => {
			const count = times.get(eventId) ?? 0;
			if (count === 0 && atEpochMs > endedEpochMs + nearMs) {
				return [['each event once', `${eventId} never came`]];
			}
			if (count > 0 && atEpochMs < beganEpochMs - nearMs) {
				return [['each event once', `${eventId} was before the activation`]];
			}
			return [];
		}),
	];
}

/** That a dataflow was disabled is told once each time, unless it was enabled and disabled between two polls. */
export function disablingsComeOnce({ story }: Facts): Found[] {
	const { polls, strangers, scenario, prepared } = story;
	const sound = polls.filter(({ step, error }) => error === undefined && !step.isKilled);
	const [activation] = sound;
	if (scenario.watchesDataflows !== true || activation === undefined) return [];
	const told = polls
		.filter(({ step }) => !step.isKilled)
		.flatMap(({ events, endedEpochMs }) => events.map((event) => ({ event, endedEpochMs })))
		.filter(({ event }) => event.event === DISABLED);
	const ids = told.map(({ event }) => String(event.eventId));
	const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
	return [
		...twice.map((id): Found => ['each event once', `${id} came twice`]),
		...prepared.flows.flatMap((flowId): Found[] => {
			const changes = strangers.filter(({ id }) => id === flowId);
			const disabled = changes.filter(
				({ does, epochMs }) => does === 'disable' && epochMs >= activation.beganEpochMs,
			);
			const ofFlow = told.filter(({ event }) => event.flowId === flowId);
			if (ofFlow.length > disabled.length) {
				return [['each event once', `${flowId} was disabled ${disabled.length} times, told more`]];
			}
			const last = changes.at(-1);
			if (last?.does !== 'disable' || last.epochMs <= activation.endedEpochMs) return [];
			const enabledEpochMs = changes.findLast(({ does }) => does === 'enable')?.epochMs;
			// Whether it was enabled in between, no poll has seen.
			const isSeen =
				enabledEpochMs === undefined ||
				sound.some(
					({ beganEpochMs, endedEpochMs }) =>
						beganEpochMs > enabledEpochMs && endedEpochMs < last.epochMs,
				);
			const isTold = ofFlow.some(({ endedEpochMs }) => endedEpochMs >= last.epochMs);
			return isSeen && !isTold
				? [['each event once', `that ${flowId} was disabled never came`]]
				: [];
		}),
	];
}

function eventOf({
	id,
	facts,
	createdAt,
}: StoredRun): Array<{ eventId: string; atEpochMs: number }> {
	const { status } = facts;
	if (status !== 'failed' && status !== 'success') return [];
	const atEpochMs = facts.completedAtUTC ?? createdAt;
	if (status === 'failed') return [{ eventId: `${id}:failed`, atEpochMs }];
	const { failedRecordCount } = facts as { failedRecordCount?: number };
	const isWhole = (facts.promotion?.failedRecords ?? failedRecordCount ?? 0) === 0;
	return [{ eventId: `${id}:${isWhole ? 'succeeded' : 'rejectedRecords'}`, atEpochMs }];
}

export function pollsEndInTime({ story }: Facts): Found[] {
	return story.polls.flatMap(({ step, beganEpochMs, endedEpochMs }): Found[] => {
		const tookMs = endedEpochMs - beganEpochMs;
		if (tookMs <= step.budgetMs + POLL_ALLOWANCE_MS) return [];
		return [['in time', `a poll has taken ${tookMs} ms of ${step.budgetMs} ms`]];
	});
}
