import type { Resource } from '../../operations/operation';
import { create } from './create.operation';
import { get } from './get.operation';
import { test } from './test.operation';

export const connection: Resource = {
	value: 'connection',
	name: 'Connection',
	defaultOperation: 'create',
	operations: [create, get, test],
};
