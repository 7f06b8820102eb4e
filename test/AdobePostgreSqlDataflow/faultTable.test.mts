import { DATAFLOW_OPERATIONS, expectDone, withOrders } from '../support/dataflowOperations.mts';
import { describeFaults } from '../support/faultTable.mts';

describeFaults({ rows: DATAFLOW_OPERATIONS, withScene: withOrders, expectDone });
