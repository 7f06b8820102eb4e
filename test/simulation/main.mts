import 'reflect-metadata';

import { parseArgs } from 'node:util';

import { installRandomness } from './engine/randomness.mts';
import { installTime, realNow } from './engine/virtualTime.mts';
import type { Process } from './engine/processes.mts';
import type { Simulated } from './simulation.mts';

installTime();
installRandomness();
void main();

/** Loads what has to see the replaced clock from its first line on. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			seeds: { type: 'string' },
			seed: { type: 'string' },
			these: { type: 'string' },
			from: { type: 'string', default: '1' },
			planted: { type: 'boolean' },
			enough: { type: 'string', default: '1' },
			only: { type: 'string' },
			about: { type: 'string' },
			except: { type: 'string', multiple: true, default: [] },
			quick: { type: 'boolean' },
			twice: { type: 'boolean' },
			database: { type: 'boolean' },
		},
	});
	const { installHttpClient } = await import('./engine/httpClient.mts');
	const { loadProcess } = await import('./engine/processes.mts');
	const { simulate } =
		values.database === true
			? { simulate: (await import('./wholeDatabase/sequence.mts')).simulateDatabase }
			: await import('./simulation.mts');
	const processes = [loadProcess(), loadProcess()];
	const { buildServers } = await import('./engine/adobe.mts');
	const { silenceHost } = await import('./engine/silence.mts');
	installHttpClient();
	silenceHost();
	await buildServers();
	if (values.planted === true) {
		await seekPlanted(processes, {
			seeds: Number(values.seeds ?? (values.quick === true ? 400 : 2_000)),
			enough: Number(values.enough),
			only: values.only,
			about: values.about,
			these: values.these?.split(',').map(Number),
			isQuick: values.quick === true,
		});
		return;
	}
	const isReplay = values.seed !== undefined;
	const first = Number(values.seed ?? values.from);
	const seeds =
		values.these?.split(',').map(Number) ??
		Array.from({ length: isReplay ? 1 : Number(values.seeds ?? 2_000) }, (_, at) => first + at);
	const count = seeds.length;
	const began = realNow();
	const loaded = process.cpuUsage();
	const loadedCpuMs = (loaded.user + loaded.system) / 1000;
	let steps = 0;
	const found: Simulated[] = [];
	const byInvariant = new Map<string, number[]>();
	for (const seed of seeds) {
		const simulated = await simulate(seed, processes);
		steps += simulated.steps;
		if (values.twice === true) {
			const again = await simulate(seed, processes);
			if (again.digest !== simulated.digest) {
				const line = simulated.trace.findIndex((text, index) => text !== again.trace[index]);
				console.log(`seed ${seed} does not replay, from line ${line}:`);
				console.log(simulated.trace[line]);
				console.log(again.trace[line]);
				process.exitCode = 1;
			}
		}
		const violations = simulated.violations.filter(
			({ invariant }) =>
				(values.only === undefined || invariant === values.only) &&
				!values.except.includes(invariant),
		);
		if (isReplay) console.log(simulated.trace.join('\n'));
		for (const { invariant, what } of violations) {
			if (!isReplay) console.log(`seed ${seed}: ${invariant}: ${what}`);
			byInvariant.set(invariant, [...(byInvariant.get(invariant) ?? []), seed]);
		}
		if (violations.length > 0) found.push({ ...simulated, violations });
	}
	for (const [invariant, seeds] of byInvariant) {
		const distinct = [...new Set(seeds)];
		console.log(
			`${invariant}: ${distinct.length} seeds, the first ${distinct.slice(0, 5).join(', ')}`,
		);
	}
	const violations = found.reduce((sum, one) => sum + one.violations.length, 0);
	const seconds = (realNow() - began) / 1000;
	const { user, system } = process.cpuUsage();
	const cpuMs = (user + system) / 1000 - loadedCpuMs;
	console.error(
		`${(cpuMs / count).toFixed(1)} ms of processor time a seed, ${seconds.toFixed(0)} s in all`,
	);
	console.log(`${count} seeds, ${steps} steps, ${violations} violations`);
	if (violations > 0) process.exitCode = 1;
}

/** Breaks the product on purpose in all known ways, and says by which seeds that is noticed. */
async function seekPlanted(
	sound: Process[],
	{
		only,
		isQuick,
		...limits
	}: {
		seeds: number;
		enough: number;
		only: string | undefined;
		about: string | undefined;
		these: number[] | undefined;
		isQuick: boolean;
	},
): Promise<void> {
	const { simulate } = await import('./simulation.mts');
	const { simulateDatabase } = await import('./wholeDatabase/sequence.mts');
	const { PLANTS, seek } = await import('./planted.mts');
	const plants = PLANTS.filter(({ title }) => only === undefined || title.includes(only));
	let unnoticed = 0;
	for (const plant of plants) {
		const simulated = plant.isOfDatabase === true ? simulateDatabase : simulate;
		const harvest = await seek(plant, async (seed) => await simulated(seed, sound), simulated, {
			...limits,
			from: isQuick ? plant.noticedBy : 1,
		});
		const { noticed, tried, failure } = harvest;
		if (noticed.length === 0) unnoticed++;
		const seeds =
			noticed.length === 0 ? 'NOT NOTICED' : `noticed by seed ${noticed.slice(0, 5).join(', ')}`;
		console.log(`${plant.title}: ${failure ?? `${seeds} (${noticed.length} of ${tried})`}`);
	}
	console.log(`${plants.length} planted faults, ${unnoticed} not noticed`);
	if (unnoticed > 0) process.exitCode = 1;
}
