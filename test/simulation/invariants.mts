import { windowsAreLoadedOnce } from './invariants/backfills.mts';
import {
	changesAreTrue,
	mappingsGoToTheirPlace,
	runsAreAccountedFor,
} from './invariants/changes.mts';
import {
	connectionsAreAccountedFor,
	connectionsAreTrue,
	theirConnectionsAreLeftAlone,
	thereIsOneConnectionOfEach,
} from './invariants/connections.mts';
import {
	allEndInTime,
	calmWeatherIsNoTrouble,
	changesNameTheirVersion,
	fairWeatherIsClear,
	noSecretIsTold,
	nothingCrashes,
	tokensAreReplaced,
} from './invariants/everywhere.mts';
import type { Found, Invariant } from './invariants/facts.mts';
import { Facts } from './invariants/facts.mts';
import {
	flowsAreTrue,
	mappingSetsAreThere,
	partsAreAccountedFor,
	thereIsOneFlowOfEach,
} from './invariants/flows.mts';
import { whatWasMadeIsKnown } from './invariants/memory.mts';
import { madeDatasetsAreAccountedFor, profileIsTrue } from './invariants/profile.mts';
import { disablingsComeOnce, eventsComeOnce, pollsEndInTime } from './invariants/trigger.mts';
import type { Story } from './simulation.mts';

/** Something that must never be. */
export interface Violation {
	invariant: Invariant;
	what: string;
}

const CHECKS: Array<(facts: Facts) => Found[]> = [
	connectionsAreTrue,
	connectionsAreAccountedFor,
	thereIsOneConnectionOfEach,
	whatWasMadeIsKnown,
	theirConnectionsAreLeftAlone,
	flowsAreTrue,
	thereIsOneFlowOfEach,
	mappingSetsAreThere,
	partsAreAccountedFor,
	profileIsTrue,
	madeDatasetsAreAccountedFor,
	changesAreTrue,
	mappingsGoToTheirPlace,
	runsAreAccountedFor,
	windowsAreLoadedOnce,
	eventsComeOnce,
	disablingsComeOnce,
	pollsEndInTime,
	allEndInTime,
	noSecretIsTold,
	nothingCrashes,
	calmWeatherIsNoTrouble,
	fairWeatherIsClear,
	changesNameTheirVersion,
	tokensAreReplaced,
];

export function violationsOf(story: Story): Violation[] {
	const facts = new Facts(story);
	return CHECKS.flatMap((check) =>
		check(facts).map(([invariant, what]): Violation => ({ invariant, what })),
	);
}
