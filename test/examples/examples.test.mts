import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeParameters, INodeType, INodeTypes } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';

import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { AdobePostgreSqlDataflowTrigger } from '../../nodes/AdobePostgreSqlDataflowTrigger/AdobePostgreSqlDataflowTrigger.node';
import { AdobePostgreSqlDataflowWebhookTrigger } from '../../nodes/AdobePostgreSqlDataflowWebhookTrigger/AdobePostgreSqlDataflowWebhookTrigger.node';

interface Example {
	name: string;
	nodes: INode[];
	connections: Record<string, Record<string, Array<Array<{ node: string }>>>>;
}

const FOLDER = join(__dirname, '..', '..', 'examples');
const EXAMPLES = readdirSync(FOLDER).map((file): [file: string, Example] => [
	file,
	JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Example,
]);

const PACKAGE = 'n8n-nodes-adobe-postgresql.';
const OURS: Record<string, INodeType> = {
	adobePostgreSqlConnection: new AdobePostgreSqlConnection(),
	adobePostgreSqlDataflow: new AdobePostgreSqlDataflow(),
	adobePostgreSqlDataflowTrigger: new AdobePostgreSqlDataflowTrigger(),
	adobePostgreSqlDataflowWebhookTrigger: new AdobePostgreSqlDataflowWebhookTrigger(),
};

/** Our node behind a type, also where it is an agent's tool; undefined for n8n's own. */
function ourNode(type: string): INodeType | undefined {
	return type.startsWith(PACKAGE)
		? OURS[type.slice(PACKAGE.length).replace(/Tool$/, '')]
		: undefined;
}

/** What one of ours returns, by the schema that n8n's editor shows; undefined for other nodes. */
function membersOf({ type, parameters: { resource, operation } }: INode): string[] | undefined {
	if (!type.startsWith(PACKAGE) || type.endsWith('Tool')) return undefined;
	const name = `A${type.slice(PACKAGE.length + 1)}`;
	const path =
		resource === undefined ? 'v1.0.0' : `v1.0.0/${String(resource)}/${String(operation)}`;
	const file = join(FOLDER, '..', 'nodes', name, '__schema__', `${path}.json`);
	return Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { properties: object }).properties);
}

const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');

const NOTE = 'n8n-nodes-base.stickyNote';
const WIDTH_OF_A_NODE = 100;

/** Words of an older text, of which wording in the guide says what is meant. */
const OLD_WORDS =
	/\b(?:puts? out|takes? in|taken in|left out|leaves? out|take[ns]? down|anew|somebody|ten years|at the least|makes? (?:the|a|their))\b/i;

describe.each(EXAMPLES)('the example %s', (_file, { nodes, connections }) => {
	it('leads from nodes that exist to nodes that exist', () => {
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		const targets = Object.values(connections).flatMap((kinds) =>
			Object.values(kinds)
				.flat(2)
				.map(({ node }) => node),
		);
		for (const name of [...Object.keys(connections), ...targets]) expect(names).toContain(name);
		const text = JSON.stringify(nodes.map(({ parameters }) => parameters));
		for (const [, name] of text.matchAll(/\$\('([^']+)'\)/g)) expect(names).toContain(name);
	});

	it('sets only parameters that its nodes show', () => {
		for (const node of nodes) {
			const type = ourNode(node.type);
			expect(node.type.startsWith(PACKAGE)).toBe(type !== undefined);
			if (type === undefined) continue;
			const { properties, polling } = type.description;
			const shown = properties
				.filter((property) =>
					NodeHelpers.displayParameter(node.parameters, property, node, type.description),
				)
				.map(({ name }) => name);
			if (polling === true) shown.push('pollTimes');
			for (const [name, value] of Object.entries(node.parameters)) {
				expect([node.name, name, shown.includes(name)]).toStrictEqual([node.name, name, true]);
				const collections = properties.filter(
					(property) => property.name === name && property.type === 'collection',
				);
				if (collections.length === 0) continue;
				const known = collections.flatMap(({ options = [] }) => options.map((one) => one.name));
				for (const member of Object.keys(value as object)) expect(known).toContain(member);
			}
		}
	});

	it('gives its nodes only values that they offer', () => {
		for (const node of nodes) {
			const type = ourNode(node.type);
			for (const property of type?.description.properties ?? []) {
				const value = node.parameters[property.name];
				if (type === undefined || value === undefined || isExpression(value)) continue;
				const { description } = type;
				if (!NodeHelpers.displayParameter(node.parameters, property, node, description)) continue;
				const offered = [
					...(property.options ?? []).flatMap((one) => ('value' in one ? [one.value] : [])),
					...(property.modes ?? []).map(({ name }) => name),
				];
				if (offered.length === 0) continue;
				const chosen =
					property.type === 'resourceLocator' ? (value as { mode: string }).mode : value;
				for (const one of [chosen].flat()) expect(offered).toContain(one);
			}
		}
	});

	it('reads only members that its nodes return', () => {
		for (const node of nodes) {
			const members = membersOf(node);
			if (members === undefined) continue;
			for (const { node: next } of connections[node.name]?.main?.[0] ?? []) {
				const reader = nodes.find(({ name }) => name === next);
				const text = JSON.stringify(reader?.parameters);
				for (const [, member] of text.matchAll(/\$json\.(\w+)/g)) expect(members).toContain(member);
			}
		}
	});

	it('has a note above everything else, in plain English', () => {
		const [note, ...more] = nodes.filter(({ type }) => type === NOTE);
		expect(more).toStrictEqual([]);
		const { content, height, width } = note?.parameters as Record<string, number | string>;
		const [left = 0, top = 0] = note?.position ?? [];
		for (const { type, position } of nodes) {
			if (type === NOTE) continue;
			expect(position[1]).toBeGreaterThan(top + Number(height));
			expect(position[0] + WIDTH_OF_A_NODE).toBeLessThanOrEqual(left + Number(width));
		}
		for (const text of [String(content), ...nodes.map(({ name }) => name)]) {
			expect(text).not.toMatch(OLD_WORDS);
		}
	});
});

/** A parameter of a node as n8n evaluates it for an item. */
function evaluate(node: string, parameter: string, json: Record<string, string>): unknown {
	const example = EXAMPLES.find(([file]) => file === 'notify-slack-or-teams.json')?.[1];
	const found = example?.nodes.find(({ name }) => name === node);
	if (found === undefined) throw new Error(`no node is called ${node}`);
	const nodeTypes: INodeTypes = {
		getByName: () => new AdobePostgreSqlConnection(),
		getByNameAndVersion: () => new AdobePostgreSqlConnection(),
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		id: 'example',
		active: false,
		nodes: [{ ...found, parameters: {} }],
		connections: {},
		nodeTypes,
	});
	const value = (found.parameters as INodeParameters)[parameter] ?? '';
	const items = [{ json }];
	return workflow.expression.getParameterValue(value, null, 0, 0, node, items, 'manual', {});
}

describe('what the example for Slack and Teams posts', () => {
	const message = {
		title: 'Orders: run failed',
		cause: 'The column <updated_at> is gone & more',
		advice: 'Add it again.',
		link: 'https://experience.adobe.com/#/x?a=b&c=d',
	};

	it('is to Slack a text in which only the link is markup', () => {
		expect(JSON.parse(String(evaluate('Notify Slack', 'jsonBody', message)))).toStrictEqual({
			text: [
				'*Orders: run failed*',
				'The column &lt;updated_at&gt; is gone &amp; more',
				'Add it again.',
				'<https://experience.adobe.com/#/x?a=b&c=d|Open in Experience Platform>',
			].join('\n'),
		});
	});

	it('is to Teams a card with a button', () => {
		const body = JSON.parse(String(evaluate('Notify Teams', 'jsonBody', message)));
		const { content, contentType } = body.attachments[0];
		expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
		expect(content.body.map(({ text }: { text: string }) => text)).toStrictEqual([
			message.title,
			message.cause,
			message.advice,
		]);
		expect(content.actions).toStrictEqual([
			{ type: 'Action.OpenUrl', title: 'Open in Experience Platform', url: message.link },
		]);
	});

	it('has neither a line nor a link for what is not known', () => {
		const bare = { ...message, advice: '', link: '' };
		const slack = JSON.parse(String(evaluate('Notify Slack', 'jsonBody', bare)));
		expect(slack.text.split('\n')).toHaveLength(2);
		const teams = JSON.parse(String(evaluate('Notify Teams', 'jsonBody', bare)));
		expect(teams.attachments[0].content.body).toHaveLength(2);
		expect(teams.attachments[0].content.actions).toStrictEqual([]);
	});
});
