/**
 * Which cases a property is tried with, and how many: always the same ones, so that a change is
 * judged by what it changes. `HOSTILE_TIMES=50 HOSTILE_SEED=7 npx jest test/hostile` looks harder and
 * elsewhere, for whoever has changed what reads input.
 */
export function runs(usual: number): { numRuns: number; seed: number } {
	return {
		numRuns: usual * Number(process.env.HOSTILE_TIMES ?? 1),
		seed: Number(process.env.HOSTILE_SEED ?? 1),
	};
}
