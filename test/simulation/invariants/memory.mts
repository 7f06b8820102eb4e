import type { Processed } from '../engine/network.mts';
import type { ExecutedStep, Story } from '../simulation.mts';
import type { Facts, Found, ItemEnd } from './facts.mts';
import { isInterrupted, titleOf } from './facts.mts';

/** For so long a process need not trust Adobe's lists. */
const REMEMBERED_MS = 9 * 60_000;

/** What a process has made of a name it does not make again, whatever lists show: it can be read by its ID. */
export function whatWasMadeIsKnown(facts: Facts): Found[] {
	const { story } = facts;
	return facts.ends.flatMap((end): Found[] => {
		const { kind } = end.step;
		const isNamed = kind === 'upsert' || kind === 'createFlow';
		if (!isNamed || end.json?.action !== 'created' || isInterrupted(end.one)) return [];
		const { name = '' } = end.wanted;
		const id = String(end.json.id);
		if (story.strangers.length > 0 || story.scenario.steps.some(isRenaming)) return [];
		const again = story.processed.find(
			(one) => isCreationOf(one, kind, name) && follows(story, end, one),
		);
		if (again === undefined) return [];
		const what = `${again.execution} has made '${name}' again, which ${titleOf(end)} had made as ${id}`;
		return [['what was made is known', what]];
	});
}

function isRenaming({ kind }: Story['scenario']['steps'][number]): boolean {
	return kind === 'updateConnection' || kind === 'updateFlow' || kind === 'deleteFlow';
}

function isCreationOf(
	{ method, path, status, body }: Processed,
	kind: string,
	name: string,
): boolean {
	const isOfKind = path.endsWith(kind === 'upsert' ? '/connections' : '/flows');
	if (method !== 'POST' || status >= 300 || !isOfKind) return false;
	return (JSON.parse(body) as { name?: string }).name === name;
}

/** In the same process, which was not restarted meanwhile. */
function follows(story: Story, end: ItemEnd, { execution, sentEpochMs }: Processed): boolean {
	const later = story.steps.find(({ step }) => step.title === execution);
	if (later === undefined || later.step.kind !== end.step.kind) return false;
	if (later.step.process !== end.step.process || later.beganEpochMs < end.endedEpochMs)
		return false;
	const isRemembered = sentEpochMs - end.endedEpochMs < REMEMBERED_MS;
	return isRemembered && !isRestartedBetween(story, end.one, later);
}

function isRestartedBetween(
	{ scenario }: Story,
	{ step }: ExecutedStep,
	later: ExecutedStep,
): boolean {
	return scenario.steps.some(
		(one) =>
			one.kind === 'restart' &&
			one.process === step.process &&
			one.atMs >= step.atMs &&
			one.atMs <= later.step.atMs,
	);
}
