import type { Resource } from '../../operations/operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { retry } from './retry.operation';

export const run: Resource = {
	value: 'run',
	name: 'Run',
	defaultOperation: getAll.value,
	operations: [get, getAll, retry],
};
