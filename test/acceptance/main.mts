import 'reflect-metadata';

import { parseArgs } from 'node:util';

import { installRandomness } from '../simulation/engine/randomness.mts';
import { installTime } from '../simulation/engine/virtualTime.mts';
import { isTrial, TRIALS } from './trials.mts';

installTime();
installRandomness();
void main();

/**
 * `main TRIAL [SEED …] [--about NAME]`: prints the outcome of each seed as a line of JSON; before it, all that
 * went over the network about one item.
 */
async function main(): Promise<void> {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: { about: { type: 'string' } },
	});
	const [name = '', ...seeds] = positionals;
	if (!isTrial(name)) throw new Error(`There is no trial '${name}'`);
	// They have to see the replaced clock from their first line on.
	const { installHttpClient } = await import('../simulation/engine/httpClient.mts');
	const { loadProcess } = await import('../simulation/engine/processes.mts');
	const { buildServers } = await import('../simulation/engine/adobe.mts');
	const { silenceHost } = await import('../simulation/engine/silence.mts');
	const { runTrial } = await import('./runTrial.mts');
	const n8n = loadProcess();
	installHttpClient();
	silenceHost();
	await buildServers();
	for (const seed of seeds) {
		const say = values.about === undefined ? undefined : teller(values.about);
		console.log(JSON.stringify(await runTrial(Number(seed), TRIALS[name], n8n, say)));
	}
}

/** Prints the requests that name something, and what comes of them. */
function teller(about: string): (line: string) => void {
	const numbers = new Set<string>();
	return (line) => {
		const [, number = ''] = / (#\d+) /.exec(line) ?? [];
		if (line.includes(`"${about}"`) || line.includes(`==${about} `) || line.includes(`==${about}&`))
			numbers.add(number);
		if (numbers.has(number)) console.log(line);
	};
}
