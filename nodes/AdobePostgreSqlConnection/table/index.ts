import type { Resource } from '../../operations/operation';
import { getAll } from './getAll.operation';
import { getColumns } from './getColumns.operation';
import { preview } from './preview.operation';

export const table: Resource = {
	value: 'table',
	name: 'Table',
	defaultOperation: getAll.value,
	operations: [getColumns, getAll, preview],
};
