import type { Resource } from '../../operation/operation';
import { plan } from './plan.operation';

export const database: Resource = {
	value: 'database',
	name: 'Database',
	defaultOperation: plan.value,
	operations: [plan],
};
