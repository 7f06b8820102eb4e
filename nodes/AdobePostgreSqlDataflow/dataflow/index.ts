import type { Resource } from '../../operations/operation';
import { create } from './create.operation';
import { deleteOperation } from './delete.operation';
import { disable } from './disable.operation';
import { enable } from './enable.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { runNow } from './run.operation';
import { update } from './update.operation';

export const dataflow: Resource = {
	value: 'dataflow',
	name: 'Dataflow',
	defaultOperation: create.value,
	operations: [create, deleteOperation, disable, enable, get, getAll, runNow, update],
};
