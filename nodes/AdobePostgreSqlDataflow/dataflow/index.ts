import type { Resource } from '../../operation/operation';
import { create } from './create.operation';
import { deleteOperation } from './delete.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { getHealth } from './getHealth.operation';
import { getMapping } from './getMapping.operation';
import { preview } from './preview.operation';
import { runNow } from './run.operation';
import { disable, enable } from './setState.operation';
import { update } from './update.operation';

export const dataflow: Resource = {
	value: 'dataflow',
	name: 'Dataflow',
	defaultOperation: create.value,
	operations: [
		create,
		deleteOperation,
		disable,
		enable,
		get,
		getHealth,
		getAll,
		getMapping,
		preview,
		runNow,
		update,
	],
};
