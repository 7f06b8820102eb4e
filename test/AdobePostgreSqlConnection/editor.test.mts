import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { startAdobe, withAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';

const { methods } = new AdobePostgreSqlConnection();

describe('Lists in the editor', () => {
	let adobe: Emulator;

	beforeAll(async () => {
		adobe = await startAdobe();
	});

	afterAll(async () => await adobe.close());

	beforeEach(() => adobe.reset());

	const search = async (
		filter?: string,
		token?: string,
		setup: NodeSetup & { options?: INodeParameters } = {},
	) =>
		await methods.listSearch.searchConnections.call(
			editorContext(
				wireConnectionNode(adobe, { operation: 'get', options: setup.options ?? {} }, setup),
			) as never,
			filter,
			token,
		);

	const makeMany = async (count: number) => {
		await runConnectionNode(
			adobe,
			{ operation: 'create', name: '={{ $json.name }}' },
			{},
			Array.from({ length: count }, (_, index) => ({
				json: { name: `Database ${String(index).padStart(3, '0')}` },
			})),
		);
		adobe.journal.length = 0;
	};

	describe('of connections', () => {
		it('shows names in order and gives IDs', async () => {
			await makeMany(3);
			const { results, paginationToken } = await search();
			expect(results.map(({ name }) => name)).toStrictEqual([
				'Database 000',
				'Database 001',
				'Database 002',
			]);
			expect(results.map(({ value }) => value).sort()).toStrictEqual(
				adobe
					.connections()
					.map(({ id }) => id)
					.sort(),
			);
			expect(paginationToken).toBeUndefined();
		});

		it('goes on page by page, each connection once', async () => {
			await makeMany(250);
			const seen: unknown[] = [];
			let token: string | undefined;
			let pages = 0;
			do {
				const page = await search(undefined, token);
				seen.push(...page.results.map(({ value }) => value));
				token = page.paginationToken as string | undefined;
				pages++;
			} while (token !== undefined && pages < 10);
			expect(pages).toBe(3);
			expect(new Set(seen).size).toBe(250);
			expect(seen).toHaveLength(250);
		});

		it('finds a part of a name on a later page', async () => {
			await makeMany(250);
			const { results } = await search('base 24');
			expect(results.map(({ name }) => name)).toContain('Database 249');
		});

		it('asks only for PostgreSQL base connections', async () => {
			await search();
			expect(requestsBy(adobe, 'GET')[0]?.path).toContain(
				'property=connectionSpec.id==74a1c565-4e59-48d7-9d67-7c03b8a13137',
			);
		});

		it('shows those of the sandbox that the options name', async () => {
			await makeMany(2);
			expect(
				(await search('', undefined, { options: { sandboxName: 'dev' } })).results,
			).toHaveLength(0);
		});

		it.each<[string, NodeSetup & { options?: INodeParameters }, string]>([
			['a wrong secret', { ims: { clientSecret: 'wrong' } }, "'Client Secret'"],
			['an unknown sandbox', { ims: { sandboxName: 'nowhere' } }, "'nowhere' does not exist"],
			[
				'a sandbox that is an expression',
				{ options: { sandboxName: '={{ $json.sandbox }}' } },
				'is an expression',
			],
		])('says %s instead of showing an empty list', async (_case, setup, message) => {
			const thrown = await thrownBy(async () => await search(undefined, undefined, setup));
			expect(thrown.message).toContain(message);
			expect(thrown.whole).not.toContain(adobe.clientSecret);
		});
	});

	describe('of SSL modes', () => {
		const sslModes = async (emulator: Emulator, cloud: string, setup: NodeSetup = {}) =>
			(
				await methods.loadOptions.getSslModes.call(
					editorContext(
						wireConnectionNode(emulator, { operation: 'create', cloud }, setup),
					) as never,
				)
			).map(({ value }) => value);

		it('shows what the live connection spec offers', async () => {
			adobe.addFault({
				method: 'GET',
				path: '/data/*',
				kind: 'status',
				status: 200,
				body: {
					items: [
						{
							authSpec: [
								{
									name: 'Basic Authentication',
									spec: { properties: { sslMode: { enum: ['Disable', 'New Mode'] } } },
								},
							],
						},
					],
				},
			});
			expect(await sslModes(adobe, 'azure')).toStrictEqual(['Disable', 'New Mode']);
		});

		it('shows those of AWS in an organization on AWS', async () => {
			await withAdobe({ cloud: 'aws' }, async (aws) => {
				expect(await sslModes(aws, 'aws')).toStrictEqual(expect.arrayContaining(['true', 'false']));
			});
		});

		it('shows the documented ones when the spec cannot be read', async () => {
			expect(await sslModes(adobe, 'azure', { ims: { clientSecret: 'wrong' } })).toStrictEqual([
				'Disable',
				'Allow',
				'Prefer',
				'Require',
				'Verify Ca',
				'Verify Full',
			]);
		});
	});
});
