import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { DATAFLOW_OPERATIONS, expectDone, withOrders } from '../support/dataflowOperations.mts';
import { describeOperations } from '../support/everyOperation.mts';

describe('Every operation of the Dataflow node', () => {
	describeOperations({
		nodeType: new AdobePostgreSqlDataflow(),
		rows: DATAFLOW_OPERATIONS,
		noun: 'dataflow',
		withScene: withOrders,
		expectDone,
	});
});
