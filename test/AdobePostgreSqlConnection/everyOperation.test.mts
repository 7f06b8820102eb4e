import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { describeOperations } from '../support/everyOperation.mts';
import { expectDone, OPERATIONS, withSales } from '../support/operations.mts';

describe('Every operation', () => {
	describeOperations({
		nodeType: new AdobePostgreSqlConnection(),
		rows: OPERATIONS,
		noun: 'connection',
		withScene: async (_row, test) => await withSales(test),
		expectDone,
	});
});
