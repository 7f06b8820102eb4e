import { drawEmphasis } from './emphasis.mts';
import type { Process } from './engine/processes.mts';
import { loadProcess } from './engine/processes.mts';
import { Random } from './engine/randomness.mts';
import type { Invariant } from './invariants/facts.mts';
import type { Simulated } from './simulation.mts';

/** A way to break the product on purpose. */
export interface Plant {
	/** What is missing then. */
	title: string;
	/** What is replaced in the nodes' source: each at exactly one place of it. */
	changes: ReadonlyArray<readonly [from: RegExp, to: string]>;
	/** Set where it is looked for among the seeds of whole databases. */
	isOfDatabase?: boolean;
	/** A seed that notices it, for when there is no time to look for one. */
	noticedBy: number;
	/** By what it has to be noticed, one of them at least. */
	breaks: Invariant[];
}

export const PLANTS: Plant[] = [
	{
		title: 'a backfill starts at once, whatever a stopped execution has in flight',
		changes: [[/await this\.keepQuiet\(\);/, '']],
		noticedBy: 320,
		breaks: ['each window once'],
	},
	{
		title: 'a backfill does not ask what is in progress',
		changes: [
			[/const open = runs\.open\(\);/, 'const open = undefined as Run | undefined;'],
			[/const isNew = runs\.open\(\) !== undefined \|\| /, 'const isNew = '],
		],
		noticedBy: 279,
		breaks: ['each window once'],
	},
	{
		title: 'a backfill does not ask what is loaded',
		changes: [
			[
				/return start === window\.start && end === window\.end;/,
				'return start === window.start && end === window.start;',
			],
		],
		noticedBy: 55,
		breaks: ['each window once'],
	},
	{
		title: 'a lost write is not looked up',
		changes: [
			[/await write\.find\(error, this\.lost !== undefined\)/, 'undefined as Found<T> | undefined'],
		],
		noticedBy: 467,
		breaks: ['one of each', 'ours is accounted for'],
	},
	{
		title: 'a lost write is looked up once only',
		changes: [[/if \(waitedMs > patienceMs \|\|/, 'if (look > 0 ||']],
		noticedBy: 467,
		breaks: ['one of each', 'ours is accounted for'],
	},
	{
		title: 'no time is kept for the answer of a write and for looking it up',
		changes: [
			[/deadlineEpochMs - 2 \* reserveMs/, 'deadlineEpochMs'],
			[/deadlineEpochMs - reserveMs/, 'deadlineEpochMs'],
		],
		noticedBy: 205,
		breaks: ['what can be known is told'],
	},
	{
		title: 'what was sent twice is not reconciled',
		changes: [
			[
				/return this\.lostCount === 0 \? made : await this\.reconciled\(made, this\.lostCount\);/,
				'return made;',
			],
		],
		noticedBy: 402,
		breaks: ['one of each', 'ours is accounted for'],
	},
	{
		title: 'what two executions have made of one name is not reconciled',
		changes: [
			[/(export async function settleUpserts\([^)]*\)[^{]*\{)/, '$1 if (Date.now() > 0) return;'],
		],
		noticedBy: 93,
		breaks: ['one of each'],
	},
	{
		title: 'what was made a moment ago is looked for on lists that lag',
		changes: [
			[
				/return entry !== undefined && isRecent\(entry\) \? entry\.id : undefined;/,
				'return entry !== undefined && Date.now() < 0 ? entry.id : undefined;',
			],
		],
		noticedBy: 10,
		breaks: ['what was made is known'],
	},
	{
		title: 'two items may claim the same connection',
		changes: [[/return this\.ids\.has\(id\);/, 'return this.ids.has(`${id} of nobody`);']],
		noticedBy: 161,
		breaks: ['one of each', 'ours is accounted for', 'the ID exists'],
	},
	{
		title: 'who has made a thing is not looked at',
		changes: [
			[
				/return maker === clientId \? 'ours' : 'foreign';/,
				"return maker === clientId ? 'ours' : 'ours';",
			],
		],
		noticedBy: 15,
		breaks: ['theirs is not taken', 'theirs is not touched', 'ours is accounted for'],
	},
	{
		title: 'anything of the same name is taken for what was lost',
		changes: [
			[
				/looksLike\(connection, wanted\) \? 'ours' : 'doubtful'/,
				"looksLike(connection, wanted) ? 'ours' : 'ours'",
			],
		],
		noticedBy: 108,
		breaks: [
			'theirs is not taken',
			'it is as wanted',
			'theirs is not touched',
			'one of each',
			'ours is accounted for',
		],
	},
	{
		title: 'what is old is taken for what was lost',
		changes: [
			[
				/if \(createdAtEpochMs >= earliestEpochMs - CLOCK_SLACK_MS\) return 'ours';/,
				"if (createdAtEpochMs >= 0 * earliestEpochMs) return 'ours';",
			],
		],
		noticedBy: 263,
		breaks: [
			'theirs is not taken',
			'one of each',
			'theirs is not touched',
			'it is as wanted',
			'ours is accounted for',
			'the ID exists',
		],
	},
	{
		title: 'what shows no time counts as new',
		changes: [
			[
				/if \(createdAtEpochMs === undefined\) return 'doubtful';/,
				"if (createdAtEpochMs === undefined) return 'ours';",
			],
		],
		noticedBy: 709,
		breaks: [
			'theirs is not taken',
			'one of each',
			'theirs is not touched',
			'it is as wanted',
			'ours is accounted for',
			'the ID exists',
		],
	},
	{
		title: 'a change is sent without If-Match',
		changes: [[/\{ 'If-Match': etag \}/, '{}']],
		noticedBy: 2,
		breaks: ['a change names its version'],
	},
	{
		title: 'a rejected token is not replaced',
		changes: [
			[/if \(!isTokenRejected\(attempt\)\) return attempt;/, 'if (Date.now() > 0) return attempt;'],
		],
		noticedBy: 78,
		breaks: ['a token is replaced'],
	},
	{
		title: 'the trigger does not remember what it has told',
		changes: [
			[
				/const known = this\.entries\.get\(run\.id\);/,
				'const known = Date.now() > 0 ? undefined : this.entries.get(run.id);',
			],
		],
		noticedBy: 20,
		breaks: ['each event once'],
	},
	{
		title: 'the trigger forgets what it has seen where a poll is cut short',
		changes: [
			[
				/this\.state\.runs = this\.ledger\.rows\(\);(\n\t\tconst \{ sinceEpochMs \} = )/,
				'if (failure === undefined) this.state.runs = this.ledger.rows();$1',
			],
		],
		noticedBy: 54,
		breaks: ['each event once'],
	},
	{
		title: "errors repeat Adobe's words with all secrets in them",
		changes: [
			// Tokens are masked by their form besides.
			[/\t\t\.\.\.tokens\(text\),\n/, ''],
			[
				/return typeof text === 'string' \? withSpansMasked\(text, this\.spansIn\(text, author\)\) : '';/,
				'return text;',
			],
		],
		noticedBy: 61,
		breaks: ['no secret'],
	},
	{
		title: 'details that were not sent are remembered as sent',
		changes: [[/atEpochMs: Date\.now\(\), sent: false/, 'atEpochMs: Date.now(), sent: true']],
		noticedBy: 7,
		breaks: ['unchanged means the same'],
	},
	{
		title: 'nothing ends a request whose answer never ends',
		changes: [
			[
				/Promise\.race\(\[work\(pending\.controller\.signal\), cancelled, timedOut\]\)/,
				'Promise.race([work(pending.controller.signal), cancelled])',
			],
			[/pending\.controller\.abort\(time\.reason\);/, ''],
		],
		noticedBy: 417,
		breaks: ['in time', 'it ends'],
	},
	{
		title: 'what was made of a dataflow that failed is left',
		changes: [
			[
				/of this\.compensations\.splice\(0\)\.reverse\(\)/,
				'of this.compensations.splice(0, 0).reverse()',
			],
		],
		noticedBy: 106,
		breaks: ['ours is accounted for'],
	},
	{
		title: 'what a dataflow may need is removed although the dataflow could not be looked up',
		changes: [[/isUsed = isThere && \(usesOthers \|\| mayBeUsed\);/, '']],
		noticedBy: 50002,
		breaks: ['the ID exists'],
	},
	{
		title: 'whatever came after a lost attempt counts as its work',
		changes: [[/createdAtEpochMs <= latestEpochMs \+ CLOCK_SLACK_MS/, 'true']],
		noticedBy: 48076,
		breaks: ['the ID exists'],
	},
	{
		title: 'a run that may be that of another execution is told as one of its own',
		changes: [[/if \(begun\.started\.isFound !== true\) throw/, 'throw']],
		noticedBy: 70042,
		breaks: ['ours is accounted for'],
	},
	{
		title: 'a dataset for Profile is made without its tags',
		changes: [[/\.\.\.\(profile === undefined \? \{\} : \{ tags: tagsFor\(profile\) \}\),/, '']],
		noticedBy: 2025,
		breaks: ['it is as wanted'],
	},
	{
		title: 'another mapping goes to whatever transformation comes first',
		changes: [[/const at = current\.findIndex\([^;]*'Mapping'\);/, 'const at = 0;']],
		noticedBy: 17,
		breaks: ['it is as wanted'],
	},
	{
		title: 'a mapping set that was made in vain is neither removed nor named',
		changes: [
			[
				/if \(!call\.isCancelled\(\)\) return await saga\.rollBackAfter\(cleaner, error\);/,
				'if (!call.isCancelled()) return asIs(error);',
			],
		],
		noticedBy: 642,
		breaks: ['ours is accounted for', 'a retry loses nothing'],
	},
	{
		title: 'the trigger does not remember which dataflows are disabled',
		changes: [[/if \(known\?\.isDisabled !== true\) this\.events/, 'this.events']],
		noticedBy: 250,
		breaks: ['each event once'],
	},
	{
		title:
			'a mapping set of the same plan is removed, whether a dataflow can come to use it or not',
		changes: [
			[/await removeEnds\(client, name, marker\);/, ''],
			[/await removeSource\(client, sourceId\);/, ''],
		],
		isOfDatabase: true,
		noticedBy: 13,
		breaks: ['the ID exists'],
	},
	{
		title: 'whatever has the name of an end counts as its own',
		changes: [[/description === undefined \|\| descriptionOf\(found\) === description/, 'true']],
		isOfDatabase: true,
		noticedBy: 1235,
		breaks: ['the ID exists', 'ours is accounted for', 'one of each'],
	},
	{
		title: 'a dataflow that somebody has taken over is changed',
		changes: [
			[/return owner === 'ours' \|\| owner === 'probablyOurs';/, 'return owner !== undefined;'],
		],
		isOfDatabase: true,
		noticedBy: 12,
		breaks: ['theirs is not touched'],
	},
	{
		title: 'a plan is carried out whatever has changed since',
		changes: [[/if \(fingerprintOf\(client, ground, plan\) !== fingerprint\)/, 'if (false)']],
		isOfDatabase: true,
		noticedBy: 1,
		breaks: ['it is as wanted'],
	},
	{
		title: 'what a killed execution has left is in the way',
		changes: [
			[/const others = found\.schemas\.length > 0 \? \[\] :/, 'const others = true ? [] :'],
		],
		isOfDatabase: true,
		noticedBy: 50,
		breaks: ['in calm weather all goes well'],
	},
	{
		title: 'what another execution goes on with is rolled back',
		changes: [[/return sources === undefined \|\| sources\.some/, 'return false && sources?.some']],
		isOfDatabase: true,
		noticedBy: 29,
		breaks: ['the ID exists', 'in calm weather all goes well'],
	},
];

interface Planting {
	change(text: string): string;
}

/** Loads the nodes with a fault planted. */
export function loadPlanted({ title, changes }: Plant): Process[] {
	const done = changes.map(() => 0);
	const planting: Planting = {
		change: (text) =>
			changes.reduce((changed, [from, to], index) => {
				if (!from.test(changed)) return changed;
				done[index] = (done[index] ?? 0) + 1;
				return changed.replace(from, to);
			}, text),
	};
	Object.assign(globalThis, { __simulationPlant: planting });
	const processes = [loadProcess(), loadProcess()];
	Object.assign(globalThis, { __simulationPlant: undefined });
	for (const [index, [from]] of changes.entries()) {
		// Each of the processes has a copy of the nodes.
		if (done[index] === processes.length) continue;
		throw new Error(`'${title}' is not planted: ${String(from)} is at ${done[index] ?? 0} places`);
	}
	return processes;
}

export interface Harvest {
	plant: Plant;
	/** Seeds that notice it, of those that were tried. */
	noticed: number[];
	tried: number;
	/** Why it could not be planted. */
	failure?: string;
}

/**
 * Looks for a planted fault until enough seeds have noticed it. What the product violates by itself in
 * a seed does not count.
 */
export async function seek(
	plant: Plant,
	sound: (seed: number) => Promise<Simulated>,
	simulate: (seed: number, processes: Process[]) => Promise<Simulated>,
	limits: { seeds: number; enough: number; from: number; about?: string; these?: number[] },
): Promise<Harvest> {
	const harvest: Harvest = { plant, noticed: [], tried: 0 };
	let processes: Process[];
	try {
		processes = loadPlanted(plant);
	} catch (error) {
		return { ...harvest, failure: error instanceof Error ? error.message : String(error) };
	}
	const { from, seeds, enough, about } = limits;
	const all = limits.these ?? Array.from({ length: seeds }, (_seed, index) => from + index);
	for (const seed of all) {
		if (harvest.noticed.length >= enough) break;
		if (about !== undefined && drawEmphasis(new Random(seed, 6)) !== about) continue;
		harvest.tried++;
		const broken = brokenBy(await simulate(seed, processes), plant);
		if (broken.length === 0) continue;
		const known = brokenBy(await sound(seed), plant);
		if (broken.some((invariant) => !known.includes(invariant))) harvest.noticed.push(seed);
	}
	return harvest;
}

function brokenBy({ violations }: Simulated, { breaks }: Plant): Invariant[] {
	return violations.map(({ invariant }) => invariant).filter((one) => breaks.includes(one));
}
