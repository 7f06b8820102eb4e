import type { Resource } from '../../operation/operation';
import { getAll, getColumns, preview } from './operations';

export const table: Resource = {
	value: 'table',
	name: 'Table',
	defaultOperation: getAll.value,
	operations: [getColumns, getAll, preview],
};
