import type { Resource } from '../../operation/operation';
import { getRejectedRows } from './rejectedRows.operation';
import { get, getAll, retry } from './operations';

export const run: Resource = {
	value: 'run',
	name: 'Run',
	defaultOperation: getAll.value,
	operations: [get, getAll, getRejectedRows, retry],
};
