import { describeFaults } from '../support/faultTable.mts';
import { expectDone, OPERATIONS, withSales } from '../support/operations.mts';

describeFaults({
	rows: OPERATIONS,
	withScene: async (_row, test, weather) => await withSales(test, weather),
	expectDone: (adobe, row, done) => {
		expectDone(adobe, row, done);
		// Two writes may look like one.
		expect(adobe.stats().connectionWrites - 1).toBeLessThanOrEqual(
			row.isDone === undefined ? 0 : 1,
		);
	},
});
