import { mappingOf } from '../../../emulator/flowService/flows/transformations.mts';
import { MAPPINGS } from '../mappings.mts';
import { targetOf } from '../operations.mts';
import type { Processed } from '../engine/network.mts';
import type { ChangeStep } from '../steps.mts';
import type { Facts, Found, ItemEnd } from './facts.mts';
import { isInterrupted, isUnclear, titleOf } from './facts.mts';

type ChangeEnd = ItemEnd<ChangeStep>;

const STATES = { enable: 'enabled', disable: 'disabled' } as const;

/** What was to be changed or deleted is so; and where an error says that it is not, it is not. */
export function changesAreTrue(facts: Facts): Found[] {
	return facts.endsOfChanges().flatMap((end): Found[] => {
		if (['run', 'retry', 'backfill'].includes(end.step.kind)) return [];
		return end.json === undefined ? errorIsTrue(facts, end) : resultIsTrue(facts, end);
	});
}

function resultIsTrue(facts: Facts, end: ChangeEnd): Found[] {
	const { story } = facts;
	const { step, wanted, json } = end;
	const id = targetOf(step, wanted, story.prepared);
	const { connections, flows } = story.adobe.state;
	const stored = connections.find(id) ?? flows.find(id);
	if (step.kind === 'deleteConnection' || step.kind === 'deleteFlow') {
		return stored === undefined
			? []
			: [['it is as wanted', `${titleOf(end)}: ${id} is still there`]];
	}
	const isOthers =
		facts.isDisturbedAfter(end, id) ||
		facts.isWrittenByOther(end, id) ||
		facts.isWrittenByOther(end, `${id}/action`);
	if (isOthers) return [];
	if (stored === undefined) return [['the ID exists', `${titleOf(end)}: ${id} is not there`]];
	const difference = differenceOf(stored, end) ?? mappingDifference(facts, id, end);
	if (difference === undefined) return [];
	const action = String(json?.action);
	const invariant = action === 'unchanged' ? 'unchanged means the same' : 'it is as wanted';
	return [[invariant, `${titleOf(end)} (${action}): ${id}: ${difference}`]];
}

function differenceOf(
	stored: { name: string; description?: string; state: string },
	{ step, wanted }: ChangeEnd,
): string | undefined {
	const { name, description } = wanted;
	if (name !== undefined && stored.name !== name) return `its name is '${stored.name}'`;
	if (description !== undefined && (stored.description ?? '').trim() !== description.trim()) {
		return `its description is '${stored.description ?? ''}'`;
	}
	if (step.kind !== 'enable' && step.kind !== 'disable') return undefined;
	return stored.state === STATES[step.kind] ? undefined : `it is ${stored.state}`;
}

/** The mapping that the dataflow names has to be the wanted one, and the one that it had has to be there. */
function mappingDifference(
	{ story }: Facts,
	id: string,
	{ wanted: { mapping }, json }: ChangeEnd,
): string | undefined {
	const { flows, mappingSets } = story.adobe.state;
	const stored = flows.find(id);
	if (mapping === undefined || stored === undefined) return undefined;
	const named = mappingOf(stored.transformations);
	const set = named && mappingSets.find(named.id, named.version);
	const linesOf = (mappings: ReadonlyArray<{ source: string; destination: string }> = []) =>
		mappings.map(({ source, destination }) => `${source} to ${destination}`).sort();
	const has = linesOf(set?.mappings).join(', ');
	if (has !== linesOf(MAPPINGS[mapping]).join(', ')) return `its mapping is ${has}`;
	const { previousMappingId: previous } = json ?? {};
	if (previous === undefined || mappingSets.find(String(previous)) !== undefined) return undefined;
	return `the mapping set that it had, ${String(previous)}, is gone`;
}

/** The other transformations of a dataflow stay; Adobe refuses one of which there would be two. */
export function mappingsGoToTheirPlace({ story }: Facts): Found[] {
	return story.processed
		.filter(({ method, answer }) => method === 'PATCH' && /may be there only once/.test(answer))
		.map(
			({ execution, path }): Found => [
				'it is as wanted',
				`${execution} has sent PATCH ${path} with two transformations of a name`,
			],
		);
}

/** Words of errors that do not say that nothing was done. */
const SAYS_MORE =
	/somebody else|was deleted|was changed|may have deleted it|leftBehind|no complete answer to "(Update|Delete|Enable|Disable)/i;

function errorIsTrue({ story }: Facts, end: ChangeEnd): Found[] {
	const { step, wanted, one, error = '' } = end;
	const id = targetOf(step, wanted, story.prepared);
	// Of what stopWorkflow tells, only what it says of the first item that failed is known.
	const isOfThis = step.onError !== 'stopWorkflow' || step.items.length === 1;
	if (isInterrupted(one) || !isOfThis || isUnclear(error) || SAYS_MORE.test(error)) return [];
	// What an earlier try has deleted is not found by the next.
	if (step.kind.startsWith('delete') && /not found/.test(error)) return [];
	const done = story.processed.find(
		({ execution, method, path, status, sentEpochMs }) =>
			execution === step.title &&
			method !== 'GET' &&
			status < 300 &&
			path.includes(id) &&
			sentEpochMs >= end.beganEpochMs,
	);
	if (done === undefined) return [];
	const first = error.split('\n')[0] ?? '';
	return [['errors are true', `${titleOf(end)}: ${done.method} ${id} was done; it says: ${first}`]];
}

/** Every run that we have started is told, and an item starts one. */
export function runsAreAccountedFor(facts: Facts): Found[] {
	const started = facts.story.processed.filter(isStart);
	const told = started.flatMap((start): Found[] => {
		const id = idOf(start);
		const { steps } = facts.story;
		const one = steps.find(({ step }) => step.title === start.execution);
		// What a backfill has started is found again by the next one.
		if (one === undefined || isInterrupted(one) || one.step.kind === 'backfill') return [];
		const text = facts.textsOf(one, 'last');
		if (text.includes(id) || isUnclear(text)) return [];
		const before = facts.textsOf(one, 'all');
		const isSaidBefore = before.includes(id) || isUnclear(before);
		const invariant = isSaidBefore ? 'a retry loses nothing' : 'ours is accounted for';
		return [[invariant, `${start.execution}: the run ${id} was started, and nobody was told`]];
	});
	return [...told, ...oneRunEach(facts, started)];
}

function isStart({ method, path, status }: Processed): boolean {
	return method === 'POST' && status < 300 && /\/runs(\/[^/]+\/action.*)?$/.test(path);
}

function idOf({ answer }: Processed): string {
	const body = JSON.parse(answer) as { id?: string; items?: Array<{ id: string }> };
	return body.id ?? body.items?.[0]?.id ?? 'without an ID';
}

function oneRunEach(facts: Facts, started: Processed[]): Found[] {
	return facts.story.steps.flatMap((one): Found[] => {
		const { step } = one;
		if ((step.kind !== 'run' && step.kind !== 'retry') || isInterrupted(one)) return [];
		const runs = started.filter(({ execution }) => execution === step.title);
		if (runs.length <= step.items.length || isUnclear(facts.textsOf(one, 'last'))) return [];
		return [
			[
				'one of each',
				`${step.title} has started ${runs.length} runs for ${step.items.length} items`,
			],
		];
	});
}
