import { mappingOf } from '../../../emulator/flowService/flows/transformations.mts';
import type { Facts, Found } from './facts.mts';
import { isInterrupted, isUnclear, saysUnclear, titleOf } from './facts.mts';

/** Each dataflow that was put out is there and whole, and there is one of a name. */
export function flowsAreTrue(facts: Facts): Found[] {
	const { flows, sourceConnections } = facts.story.adobe.state;
	const { prepared } = facts.story;
	return facts.endsOfFlows().flatMap((end): Found[] => {
		if (end.json === undefined) return [];
		const id = String(end.json.flowId);
		const isOthers = facts.isDisturbedAfter(end, id) || facts.isWrittenByOther(end, id);
		const stored = flows.find(id);
		if (stored === undefined) {
			return isOthers
				? []
				: [['the ID exists', `${titleOf(end)}: the dataflow ${id} is not there`]];
		}
		const source = sourceConnections.find(stored.sourceConnectionIds[0]);
		if (source === undefined || source.baseConnectionId !== prepared.connections[0]) {
			return [['it is as wanted', `${titleOf(end)}: ${id} reads something else`]];
		}
		if (isOthers || stored.name === end.wanted.name) return [];
		return [['it is as wanted', `${titleOf(end)}: the name of ${id} is '${stored.name}'`]];
	});
}

/** A mapping set that a dataflow uses is never removed. */
export function mappingSetsAreThere({ story }: Facts): Found[] {
	const { flows, mappingSets } = story.adobe.state;
	return flows.all().flatMap(({ id, transformations }): Found[] => {
		const named = mappingOf(transformations);
		if (named === undefined || mappingSets.find(named.id, named.version) !== undefined) return [];
		return [
			['the ID exists', `the dataflow ${id} uses the mapping set ${named.id}, which is gone`],
		];
	});
}

export function thereIsOneFlowOfEach(facts: Facts): Found[] {
	const { story } = facts;
	const made = story.adobe.state.flows
		.all()
		.filter(
			({ id, createdClient }) => createdClient === facts.ourClientId && !story.before.has(id),
		);
	return [...new Set(made.map(({ name }) => name))].flatMap((name): Found[] => {
		const ids = made.filter((one) => one.name === name).map(({ id }) => id);
		const concerned = story.steps.filter(
			({ step }) => step.kind === 'createFlow' && step.items.some((item) => item.name === name),
		);
		const isSaid =
			concerned.some((one) => {
				const text = facts.textsOf(one, 'last');
				// Of an item that succeeded beside one that failed.
				return isUnclear(text) || text.includes(`dataflow '${name}' that Adobe may have made`);
			}) || facts.endsOfFlows().some((end) => end.wanted.name === name && saysUnclear(end));
		if (ids.length < 2 || isSaid || concerned.some(isInterrupted)) return [];
		if (story.steps.some(({ step }) => step.kind === 'updateFlow') || story.strangers.length > 0)
			return [];
		return [
			['one of each', `Create has made ${ids.length} dataflows '${name}': ${ids.join(', ')}`],
		];
	});
}

/** What belongs to no dataflow is named where its making has failed. */
export function partsAreAccountedFor(facts: Facts): Found[] {
	const { story, ourClientId } = facts;
	const { state } = story.adobe;
	if (story.steps.some(isInterrupted) || story.strangers.some(({ does }) => does === 'delete'))
		return [];
	const flows = state.flows.all();
	const used = new Set(
		flows.flatMap(({ id, sourceConnectionIds, targetConnectionIds, transformations }) => [
			id,
			...sourceConnectionIds,
			...targetConnectionIds,
			...(JSON.stringify(transformations).match(/[0-9a-f]{32}/g) ?? []),
		]),
	);
	const ofEnds = [...state.sourceConnections.all(), ...state.targetConnections.all()].filter(
		({ createdClient }) => createdClient === ourClientId,
	);
	const parts = [
		...ofEnds.map(({ id, name }) => ({ id, name })),
		// Delete leaves the mapping set, which other dataflows may use.
		...state.mappingSets
			.all()
			.filter(({ id }) => !story.before.has(id))
			.map(({ id }) => ({ id, name: 'a mapping set' })),
	];
	const lost = parts.flatMap(({ id, name }): Found[] => {
		if (used.has(id)) return [];
		return told(facts, id, `'${name}' ${id} is part of nothing, and nobody was told`);
	});
	const unknown = flows.flatMap(({ id, name, createdClient }): Found[] => {
		if (story.before.has(id) || createdClient !== ourClientId) return [];
		return told(facts, id, `the dataflow ${id} '${name}' was made, and nobody was told`);
	});
	return [...lost, ...unknown];
}

/** Words by which an error says that something may be left that it cannot name. */
const MAY_BE_LEFT = /not clear|that Adobe may have made/i;

function told(facts: Facts, id: string, what: string): Found[] {
	const { steps } = facts.story;
	const isTold = (tries: 'last' | 'all') =>
		steps.some((one) => {
			const text = facts.textsOf(one, tries);
			return text.includes(id) || MAY_BE_LEFT.test(text);
		});
	if (isTold('last')) return [];
	return [[isTold('all') ? 'a retry loses nothing' : 'ours is accounted for', what]];
}
