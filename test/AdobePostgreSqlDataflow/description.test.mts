import { readFileSync } from 'node:fs';

import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { wireDataflowNode } from '../support/dataflowNode.mts';

const { description } = new AdobePostgreSqlDataflow();

/** The parameters of Create that the editor shows for these values. */
function shown(values: INodeParameters): string[] {
	const given = { resource: 'dataflow', operation: 'create', ...values };
	const wired = wireDataflowNode({} as never, given);
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter(
			{ ...wired.node.parameters, ...given },
			property,
			wired.node,
			description,
		);
	return description.properties.filter(isShown).map(({ name }) => name);
}

describe('The Dataflow node’s description', () => {
	it.each<[string, INodeParameters, string[], string[]]>([
		[
			'once asks for no interval, no backfill and no delta column',
			{ schedule: 'once' },
			['name', 'connectionId', 'table', 'dataset', 'mapping', 'schedule', 'startTime', 'options'],
			['interval', 'backfill', 'deltaColumn', 'fields', 'mappings', 'datasetName'],
		],
		[
			'daily asks for all of these',
			{ schedule: 'day' },
			['interval', 'backfill', 'deltaColumn', 'startTime'],
			[],
		],
		[
			'field by field shows the fields',
			{ mapping: 'fields', datasetSource: 'existing' },
			['fields'],
			['mappings'],
		],
		[
			'JSON shows the list',
			{ mapping: 'json', datasetSource: 'existing' },
			['mappings'],
			['fields'],
		],
		[
			'a dataset from the table needs a name and no mapping',
			{ datasetSource: 'create', schemaClass: 'profile' },
			['datasetName', 'schemaClass'],
			['dataset', 'mapping', 'eventIdColumn', 'eventTimeColumn'],
		],
		[
			'events need an ID and a time',
			{ datasetSource: 'create', schemaClass: 'experienceEvent' },
			['eventIdColumn', 'eventTimeColumn'],
			[],
		],
	])('shows only what exists: %s', (_case, values, present, absent) => {
		const names = shown(values);
		expect(names).toEqual(expect.arrayContaining(present));
		for (const name of absent) expect(names).not.toContain(name);
	});

	it('shows the interval once, whatever the schedule', () => {
		for (const schedule of ['minute', 'hour', 'day', 'week']) {
			expect(shown({ schedule }).filter((name) => name === 'interval')).toHaveLength(1);
		}
	});

	it('chooses the connection from the list by default, as n8n’s guideline says', () => {
		const connection = description.properties.find(
			({ name, displayOptions }) =>
				name === 'connectionId' && displayOptions?.show?.operation?.[0] === 'create',
		);
		expect(connection?.default).toStrictEqual({ mode: 'list', value: '' });
	});

	it('is usable as a tool, names only credentials of this package and has both icons', () => {
		expect(description.usableAsTool).toBe(true);
		expect(description.credentials?.map(({ name }) => name)).toStrictEqual(['adobeImsApi']);
		for (const icon of Object.values(description.icon as Record<string, string>)) {
			expect(readFileSync(icon.replace('file:../../', ''), 'utf8')).toMatch(/^<svg /);
		}
	});
});
