import type { Resource } from '../../operations/operation';
import { get } from './get.operation';
import { runNow } from './run.operation';

export const dataflow: Resource = {
	value: 'dataflow',
	name: 'Dataflow',
	defaultOperation: get.value,
	operations: [get, runNow],
};
