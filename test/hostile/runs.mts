/**
 * How many cases a property is tried with. `HOSTILE_TIMES=50 npx jest test/hostile` looks harder, for
 * whoever has changed what reads input.
 */
export function runs(usual: number): { numRuns: number } {
	return { numRuns: usual * Number(process.env.HOSTILE_TIMES ?? 1) };
}
