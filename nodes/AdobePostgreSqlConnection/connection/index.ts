import type { Resource } from '../../operation/operation';
import { create } from './create.operation';
import { deleteOperation } from './delete.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { test } from './test.operation';
import { update } from './update.operation';
import { upsert } from './upsert.operation';

export const connection: Resource = {
	value: 'connection',
	name: 'Connection',
	defaultOperation: upsert.value,
	operations: [create, upsert, deleteOperation, get, getAll, test, update],
};
