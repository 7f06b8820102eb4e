import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { list, readFlowQuery } from './getAll.operation';
import { healthOutput } from './health/output';
import { readHealth } from './health/readHealth';
import { reportFiles, reportOutput } from './health/report';

const reportParameter: INodeProperties = {
	displayName: 'Report',
	name: 'report',
	type: 'boolean',
	default: false,
	description:
		'Whether to add one more item with a report in Markdown and HTML, as text and as files, for chat and mail',
};

export const getHealth: Operation = {
	value: 'getHealth',
	name: 'Get Health',
	action: 'Get the health of dataflows',
	description: 'Check which dataflows fail, reject records, lack runs or will be disabled',
	parameters: [reportParameter, list.filters, optionsCollection([list.sort])],
	async prepare({ parameters, openClient, redact }) {
		const query = readFlowQuery(parameters);
		const withReport = parameters.boolean(reportParameter);
		return async () => {
			const client = openClient();
			const facts = await readHealth(client, query);
			const items = facts.map((one) => healthOutput(one, client));
			if (withReport) items.push(reportOutput(facts, client, redact));
			return items;
		};
	},
	files: reportFiles,
};
