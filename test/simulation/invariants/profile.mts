import { isUnion } from '../../../emulator/schemaRegistry/union.mts';
import type { Facts, Found } from './facts.mts';
import { isInterrupted, titleOf } from './facts.mts';

/** A dataflow that was put out as one for Profile has a dataset, a schema and one identity that say so. */
export function profileIsTrue(facts: Facts): Found[] {
	const { state } = facts.story.adobe;
	return facts.endsOfFlows().flatMap((end): Found[] => {
		const { json, wanted } = end;
		if (json === undefined || wanted.forProfile !== true || json.action === 'kept') return [];
		const id = String(json.datasetId);
		const wrong = (what: string): Found[] => [
			['it is as wanted', `${titleOf(end)}: the dataset ${id} ${what}`],
		];
		const dataSet = state.dataSets.find(id);
		if (dataSet === undefined) return wrong('is not there');
		if (json.profileEnabled !== true) return wrong('is not told as enabled for Profile');
		if (dataSet.tags['unifiedProfile']?.includes('enabled:true') !== true) {
			return wrong('has no tag for Profile');
		}
		const schema = state.schemas.find(dataSet.schemaRef.id);
		if (schema === undefined || !isUnion(schema)) return wrong('has a schema that is no union');
		const identities = state.descriptors
			.all()
			.filter(({ sourceSchema }) => sourceSchema === schema.$id);
		return identities.length === 1 ? [] : wrong(`has ${identities.length} identities`);
	});
}

/** Words by which an error says that something may be left that it cannot name. */
const MAY_BE_LEFT = /not clear|that Adobe may have made/i;

/** A schema or dataset that no dataflow uses, and a schema that stays enabled for Profile, is named. */
export function madeDatasetsAreAccountedFor(facts: Facts): Found[] {
	const { story, ourClientId } = facts;
	const { state } = story.adobe;
	const isSpoilt =
		story.steps.some(isInterrupted) ||
		story.strangers.some(({ does }) => does === 'delete') ||
		story.steps.some(({ step }) => step.kind === 'deleteFlow');
	if (isSpoilt) return [];
	const ours = <T extends { createdClient: string }>(all: T[]) =>
		all.filter(({ createdClient }) => createdClient === ourClientId);
	const used = new Set(state.targetConnections.all().map(({ params }) => JSON.stringify(params)));
	const isUsed = (id: string) => [...used].some((params) => params.includes(id));
	const dataSets = ours(state.dataSets.all()).filter(({ name }) => name.endsWith(' rows'));
	const lost = dataSets.filter(({ id }) => !isUsed(id)).map(({ id }) => id);
	const schemas = ours(state.schemas.schemas()).filter(({ title }) => title.endsWith(' rows'));
	const unused = schemas
		.map(({ $id }) => $id)
		.filter(($id) => !dataSets.some(({ schemaRef }) => schemaRef.id === $id));
	return [...lost, ...unused].flatMap((id): Found[] => {
		const isTold = (tries: 'last' | 'all') =>
			story.steps.some((one) => {
				const text = facts.textsOf(one, tries);
				return text.includes(id) || MAY_BE_LEFT.test(text);
			});
		if (isTold('last')) return [];
		const invariant = isTold('all') ? 'a retry loses nothing' : 'ours is accounted for';
		return [[invariant, `${id} is part of nothing, and nobody was told`]];
	});
}
