import { UserError } from 'n8n-workflow';

import type { ChoiceParameter, ItemParameters } from './parameters';
import { choiceParameter } from './parameters';

/** What can happen in the life of a run, in the order that it happens; each at most once. */
export const RUN_EVENTS = ['started', 'failed', 'succeeded', 'rejectedRecords'] as const;

export type RunEventName = (typeof RUN_EVENTS)[number];

/** The events of runs, as every trigger offers them. */
export const RUN_EVENT_OPTIONS: ChoiceParameter<RunEventName>['options'] = [
	{
		name: 'Run Failed',
		value: 'failed',
		description: 'A run failed',
	},
	{
		name: 'Run Started',
		value: 'started',
		description: 'A run started. A short one may already have ended when it is seen.',
	},
	{
		name: 'Run Succeeded',
		value: 'succeeded',
		description: 'A run succeeded without rejected records',
	},
	{
		name: 'Run Succeeded With Rejected Records',
		value: 'rejectedRecords',
		description: 'A run succeeded, but some records were rejected',
	},
];

/** What starts the workflow, with the events that a trigger offers. */
export function triggerOnOf<T extends string>(
	options: ChoiceParameter<T>['options'],
): ChoiceParameter<T> {
	return choiceParameter<T>({
		displayName: 'Trigger On',
		name: 'triggerOn',
		type: 'multiOptions',
		required: true,
		options,
		default: ['failed'],
		description: 'What starts the workflow. Each event does so once.',
	});
}

export const watchParameter = choiceParameter({
	displayName: 'Watch',
	name: 'watch',
	type: 'options',
	options: [
		{ name: 'A Dataflow', value: 'one' },
		{ name: 'All PostgreSQL Dataflows', value: 'all' },
	],
	default: 'one',
	description: 'What to watch. All includes dataflows that are created later.',
});

/** What the canvas says below a trigger's name: the names of its events. */
export function triggerSubtitleOf({ options }: ChoiceParameter<string>): string {
	const names = Object.fromEntries(options.map(({ name, value }) => [value, name]));
	return `={{ [$parameter["triggerOn"]].flat().map((event) => (${JSON.stringify(names)})[event] ?? event).join(", ") }}`;
}

/** @throws UserError that names the parameter */
export function readTriggerOn<T extends string>(
	parameters: ItemParameters,
	parameter: ChoiceParameter<T>,
): T[] {
	const chosen = parameters.choices(parameter);
	if (chosen.length > 0) return chosen;
	throw new UserError("'Trigger On' is empty", {
		description: "Choose at least one event in 'Trigger On'.",
	});
}
