import type { Resource } from '../../operation/operation';
import { apply } from './apply.operation';
import { exportOperation } from './export.operation';
import { plan } from './plan.operation';

export const database: Resource = {
	value: 'database',
	name: 'Database',
	defaultOperation: plan.value,
	operations: [apply, exportOperation, plan],
};
