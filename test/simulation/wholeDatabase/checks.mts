import type { IDataObject } from 'n8n-workflow';

import type { StoredFlow } from '../../../emulator/emulator.mts';
import { mappingOf } from '../../../emulator/flowService/flows/transformations.mts';
import type { Adobe } from '../engine/adobe.mts';
import type { Found } from '../invariants/facts.mts';
import { isUnclear } from '../invariants/facts.mts';
import { flowNameOf } from './tables.mts';

const CRASH = /is not a function|Cannot read prop|is not defined|is not iterable|UnexpectedError/;

/** What an item of a plan asks Apply to do. */
const TO_DO = ['create', 'update', 'delete'];

/** All that a sequence has shown: what was put out, and what there is at the end. */
export interface Shown {
	adobe: Adobe;
	tables: string[];
	secrets: string[];
	/** Every output and error, in their order. */
	texts: string[];
	/** The dataflows that somebody has deleted; their parts are left. */
	deleted: StoredFlow[];
	/** The dataflows that are somebody else's, as they were left. */
	takenOver: StoredFlow[];
	/** Whether an execution was ended in the middle, so that nobody was told what it has made. */
	isKilled: boolean;
	/** Of the last Apply, and of the plan after it; both in fair weather. */
	applied: IDataObject[];
	again: IDataObject[];
}

/** In fair weather, Apply does all that the plan says; then there is nothing left to do. */
export function nothingIsLeftToDo({ applied, again }: Shown): Found[] {
	const failed = applied.filter(({ error }) => error !== undefined);
	const left = again.filter(
		({ action, error }) => error !== undefined || TO_DO.includes(String(action)),
	);
	return [
		...failed.map(
			({ error, message }): Found => [
				'in calm weather all goes well',
				`Apply: ${String(error)}: ${String(message)}`,
			],
		),
		...left.map(
			(item): Found => [
				'in calm weather all goes well',
				`Plan after Apply: ${JSON.stringify(item).slice(0, 600)}`,
			],
		),
	];
}

/** Several of a name are told: nobody knows which is meant. */
export function thereIsOneDataflowOfEach({ adobe, tables, texts, again }: Shown): Found[] {
	return tables.flatMap((table): Found[] => {
		const name = flowNameOf(table);
		const ids = adobe.state.flows
			.all()
			.filter((flow) => flow.name === name)
			.map(({ id }) => id);
		const isTold =
			texts.some(isUnclear) ||
			again.some((item) => item.table === table && item.action === 'unmanaged');
		if (ids.length < 2 || isTold) return [];
		return [['one of each', `There are ${ids.length} dataflows '${name}': ${ids.join(', ')}`]];
	});
}

/** Nobody has told Apply to take over what is somebody else's. */
export function theirsIsNotTouched({ adobe, takenOver }: Shown): Found[] {
	return takenOver.flatMap(({ id, name, etag }): Found[] => {
		if (adobe.state.flows.find(id)?.etag === etag) return [];
		return [['theirs is not touched', `The dataflow ${id} '${name}' was changed or deleted`]];
	});
}

/** Nothing that a dataflow needs is removed from under it. */
export function dataflowsAreWhole({ adobe: { state } }: Shown): Found[] {
	return state.flows.all().flatMap(({ id, name, ...flow }): Found[] => {
		const mapping = mappingOf(flow.transformations);
		const target = state.targetConnections.find(flow.targetConnectionIds[0] ?? '');
		const dataSetId = String(target?.params?.dataSetId);
		const gone = [
			state.sourceConnections.find(flow.sourceConnectionIds[0] ?? '') ?? 'its source connection',
			target ?? 'its target connection',
			state.dataSets.find(dataSetId) ?? 'its dataset',
			mapping === undefined ||
				(state.mappingSets.find(mapping.id, mapping.version) ?? 'its mapping set'),
		].filter((part) => typeof part === 'string');
		if (gone.length === 0) return [];
		return [['the ID exists', `The dataflow ${id} '${name}' is there without ${gone.join(', ')}`]];
	});
}

/** What belongs to no dataflow is named by an error or an output. */
export function partsAreTold({ adobe: { state }, deleted, texts, isKilled }: Shown): Found[] {
	if (isKilled) return [];
	const used = new Set(
		[...state.flows.all(), ...deleted].flatMap(({ sourceConnectionIds, targetConnectionIds }) => [
			...sourceConnectionIds,
			...targetConnectionIds,
		]),
	);
	return [...state.sourceConnections.all(), ...state.targetConnections.all()].flatMap(
		({ id, name }): Found[] => {
			const isTold = texts.some(
				(text) => text.includes(id) || /not clear|that Adobe may have made/i.test(text),
			);
			if (used.has(id) || isTold) return [];
			return [['ours is accounted for', `'${name}' ${id} is part of nothing, and nobody was told`]];
		},
	);
}

export function nothingIsTold({ texts, secrets, adobe }: Shown): Found[] {
	const all = [adobe.emulator.clientSecret, ...adobe.state.tokens.issued, ...secrets];
	return texts.flatMap((text): Found[] => {
		const [crash] = CRASH.exec(text) ?? [];
		const shows = all.some((secret) => text.includes(secret));
		return [
			...(crash === undefined ? [] : [['no crash', `${crash} in ${text}`] as Found]),
			...(shows ? [['no secret', text] as Found] : []),
		];
	});
}

export const CHECKS: Array<(shown: Shown) => Found[]> = [
	nothingIsLeftToDo,
	thereIsOneDataflowOfEach,
	theirsIsNotTouched,
	dataflowsAreWhole,
	partsAreTold,
	nothingIsTold,
];
