import { UserError } from 'n8n-workflow';

import type { ItemParameters } from './parameters';
import { choiceParameter } from './parameters';

/** What can happen in the life of a run, in the order that it happens; each at most once. */
export const RUN_EVENTS = ['started', 'failed', 'succeeded', 'rejectedRecords'] as const;

export type RunEventName = (typeof RUN_EVENTS)[number];

export const triggerOnParameter = choiceParameter<RunEventName>({
	displayName: 'Trigger On',
	name: 'triggerOn',
	type: 'multiOptions',
	required: true,
	options: [
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
	],
	default: ['failed'],
	description: 'What starts the workflow. Each event of a run does so once.',
});

export const watchParameter = choiceParameter({
	displayName: 'Watch',
	name: 'watch',
	type: 'options',
	options: [
		{ name: 'A Dataflow', value: 'one' },
		{ name: 'All PostgreSQL Dataflows', value: 'all' },
	],
	default: 'one',
	description: 'Whose runs to watch. All includes dataflows that are created later.',
});

/** What the canvas says below the trigger's name: the names of the events. */
export const triggerSubtitle = `={{ [$parameter["triggerOn"]].flat().map((event) => (${JSON.stringify(
	Object.fromEntries(triggerOnParameter.options.map(({ name, value }) => [value, name])),
)})[event] ?? event).join(", ") }}`;

/** @throws UserError that names the parameter */
export function readTriggerOn(parameters: ItemParameters): RunEventName[] {
	const chosen = parameters.choices(triggerOnParameter);
	if (chosen.length > 0) return chosen;
	throw new UserError("'Trigger On' is empty", {
		description: "Choose at least one event in 'Trigger On'.",
	});
}
