import { cutOffs } from '../../bench/measure.mts';
import { Faults } from '../../emulator/http/faults.mts';

const CONNECTIONS = '/data/foundation/flowservice/connections';

describe('the cut-offs of a measurement, taken by the emulator', () => {
	it.each([
		['strike every twentieth create', 100, 20, [20, 40, 60, 80, 100]],
		['strike every create', 3, 1, [1, 2, 3]],
		['strike none of too few', 19, 20, []],
		['leave those at the end alone', 11, 5, [5, 10]],
	])('%s', (_sentence, creates, every, expected) => {
		const faults = new Faults();
		for (const fault of cutOffs(creates, every)) faults.add(fault);
		const struck: number[] = [];
		for (let request = 1; request <= creates; request++) {
			// What only reads is not counted in.
			expect(faults.take('GET', [CONNECTIONS])).toBeUndefined();
			const fault = faults.take('POST', [CONNECTIONS]);
			if (fault !== undefined) struck.push(request);
			if (fault !== undefined) expect(fault).toMatchObject({ kind: 'reset', when: 'after' });
		}
		expect(struck).toEqual(expected);
	});
});
