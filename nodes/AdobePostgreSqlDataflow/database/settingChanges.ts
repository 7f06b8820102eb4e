import type { Dataflow, FlowOptions, FlowSchedule } from '../../adobe/dataflows';
import { onDemandStartEpochMs } from '../../adobe/dataflows';
import { scheduleInWords } from '../../outputs/schedule';
import { descriptionOf } from '../../adobe/collection';
import type { Difference } from '../dataflow/create/differences';
import { settingsThatDiffer } from '../dataflow/create/differences';
import type { WantedSchedule } from '../dataflow/schedule';
import { runsOnDemandOnly } from '../dataflow/schedule';
import type { Change } from './change';
import type { Desired } from './desired';

const SCHEDULE: readonly Difference[] = ['schedule', 'interval', 'startTime', 'backfill'];
const OPTIONS: readonly Difference[] = ['errorDiagnostics', 'partialIngestionThreshold'];

/** What of the settings of a dataflow is not as desired. */
export function settingChanges(desired: Desired, flow: Dataflow): Change[] {
	const differences = settingsThatDiffer(
		{ flow },
		{ ...desired, schedule: comparable(desired.schedule, flow) },
	);
	const of = (some: readonly Difference[]) => differences.filter((one) => some.includes(one));
	return [
		...scheduleChange(desired, flow, of(SCHEDULE)),
		...of(['deltaColumn']).map(() => deltaColumnChange(desired, flow)),
		...optionsChange(desired, flow, of(OPTIONS)),
		...of(['description']).map(() => descriptionChange(desired, flow)),
		...stateChange(desired, flow),
	];
}

/** A start that has passed means as soon as possible, and what only the first run does is over by then. */
export function comparable(schedule: WantedSchedule, flow: Dataflow): WantedSchedule {
	const { startEpochMs, recurring } = schedule;
	const isOver = startEpochMs !== undefined && startEpochMs <= Date.now();
	return {
		...schedule,
		startEpochMs: isOver ? undefined : startEpochMs,
		recurring:
			recurring === undefined || !hasStarted(flow)
				? recurring
				: { ...recurring, backfill: flow.schedule?.backfill ?? recurring.backfill },
	};
}

function hasStarted({ schedule = {} }: Dataflow): boolean {
	return Date.parse(schedule.startTime ?? '') <= Date.now();
}

function scheduleChange(desired: Desired, flow: Dataflow, differences: Difference[]): Change[] {
	const [first, ...more] = differences;
	if (first === undefined) return [];
	const { schedule } = desired;
	const isToEnd =
		schedule.recurring === undefined &&
		hasStarted(flow) &&
		!runsOnDemandOnly(flow.schedule) &&
		differences.includes('schedule');
	const isStartOver = differences.includes('startTime') && hasStarted(flow);
	const applies = !isToEnd && !isStartOver;
	return [
		{
			kind: 'schedule',
			...(more.length === 0 ? { setting: first } : {}),
			what: `It runs ${shown(flow.schedule, differences)}; desired is ${shown(asFlowSchedule(schedule), differences)}.`,
			effect: 'Rows arrive at other times than desired.',
			proposal: applies
				? 'Apply changes the schedule.'
				: isToEnd
					? 'Adobe does not change a dataflow that has begun to run repeatedly to a single run: disable it, or delete it and create it again.'
					: 'Adobe does not change the start of a dataflow that has started: leave out the start.',
			breaking: false,
			applies,
		},
	];
}

function shown(schedule: FlowSchedule | undefined, differences: Difference[]): string {
	const { startTime, backfill } = schedule ?? {};
	// The start matters in these words only where it differs.
	const words =
		scheduleInWords(
			differences.includes('startTime') || schedule?.frequency === 'once'
				? schedule
				: { ...schedule, startTime: undefined },
		) ?? 'without a schedule';
	if (!differences.includes('backfill') || startTime === undefined) return words;
	return backfill === true ? `${words}, with existing rows` : `${words}, without existing rows`;
}

function asFlowSchedule({ frequency, startEpochMs, recurring }: WantedSchedule): FlowSchedule {
	const iso = (epochMs: number | undefined) =>
		epochMs === undefined ? undefined : new Date(epochMs).toISOString();
	if (frequency === 'onDemand')
		return { frequency: 'once', startTime: iso(onDemandStartEpochMs()) };
	return { frequency, startTime: iso(startEpochMs), ...recurring };
}

function deltaColumnChange({ schedule }: Desired, flow: Dataflow): Change {
	const applies = schedule.frequency !== 'onDemand';
	return {
		kind: 'schedule',
		setting: 'deltaColumn',
		what: `Its delta column is '${flow.deltaColumn ?? '(none)'}'; desired is '${schedule.deltaColumn ?? ''}'.`,
		effect: 'New rows are told by another column than desired.',
		proposal: applies
			? 'Apply changes the delta column.'
			: 'A dataflow that runs on demand keeps the column of its first run: delete it and create it again.',
		breaking: false,
		applies,
	};
}

function optionsChange({ options }: Desired, flow: Dataflow, differences: Difference[]): Change[] {
	const [first, ...more] = differences;
	if (first === undefined) return [];
	const words = differences.map((one) => {
		const name = one === 'errorDiagnostics' ? 'errorDiagnosticsEnabled' : 'partialIngestionPercent';
		const label = one === 'errorDiagnostics' ? 'Error Diagnostics' : 'Partial Ingestion Threshold';
		return `${label} is ${optionInWords(flow.options, name)}; desired is ${optionInWords(options, name)}.`;
	});
	return [
		{
			kind: 'options',
			...(more.length === 0 ? { setting: first } : {}),
			what: words.join(' '),
			effect: 'Rejected rows are treated in another way than desired.',
			proposal: 'Apply changes the options.',
			breaking: false,
			applies: true,
		},
	];
}

function optionInWords(options: FlowOptions, name: keyof FlowOptions): string {
	const value = options[name];
	if (value === undefined) return 'not set';
	return typeof value === 'boolean' ? (value ? 'on' : 'off') : `${value} %`;
}

function descriptionChange({ description = '' }: Desired, flow: Dataflow): Change {
	const quoted = (text: string) => (text === '' ? 'none' : `'${text}'`);
	return {
		kind: 'description',
		setting: 'description',
		what: `Its description is ${quoted(descriptionOf(flow))}; desired is ${quoted(description)}.`,
		effect: 'Nothing but the text differs.',
		proposal: 'Apply changes the description.',
		breaking: false,
		applies: true,
	};
}

function stateChange({ enabled }: Desired, { state }: Dataflow): Change[] {
	if (state === 'disabled' && enabled !== false) {
		return [
			{
				kind: 'disabled',
				what: 'The dataflow is disabled.',
				effect: 'No new rows are loaded.',
				proposal:
					enabled === true
						? 'Apply enables it.'
						: "Enable it, or give 'enabled': true lets Apply enable it, false says that it is to stay disabled.",
				breaking: false,
				applies: enabled === true,
			},
		];
	}
	if (state !== 'enabled' || enabled !== false) return [];
	return [
		{
			kind: 'enabled',
			what: 'The dataflow is enabled; desired is disabled.',
			effect: 'Rows are loaded.',
			proposal: 'Apply disables it.',
			breaking: false,
			applies: true,
		},
	];
}
