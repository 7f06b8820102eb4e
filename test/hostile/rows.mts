import type { INodeType } from 'n8n-workflow';

import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { DATAFLOW_OPERATIONS } from '../support/dataflowOperations.mts';
import type { Row } from '../support/operations.mts';
import { OPERATIONS } from '../support/operations.mts';

export interface HostileRow extends Row {
	nodeType: INodeType;
}

/** Every operation of every node. */
export const ROWS: HostileRow[] = [
	...OPERATIONS.map((row) => ({ ...row, nodeType: new AdobePostgreSqlConnection() })),
	...DATAFLOW_OPERATIONS.map((row) => ({ ...row, nodeType: new AdobePostgreSqlDataflow() })),
];

/** Whether the operation is given the database's details, and so knows their secrets. */
export function sendsDetails({ resource, operation }: Row): boolean {
	return resource === 'connection' && ['create', 'upsert', 'update'].includes(operation);
}
