import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { connectionUrl } from '../../nodes/adobe/webLinks';
import { URL_WITH_ID } from '../../nodes/locators/locators';
import { connectionItem } from '../../nodes/locators/listItems';
import { sharedAdobe, withAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';

const SANDBOXES = '/data/foundation/sandbox-management/';
const { methods } = new AdobePostgreSqlConnection();

describe('Lists in the editor', () => {
	const adobe = sharedAdobe();

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
			{ operation: 'create', verify: false, name: '={{ $json.name }}' },
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
			[
				'a sandbox that is an expression which n8n could not work out',
				{ options: { sandboxName: null } },
				'is an expression',
			],
		])('says %s instead of showing an empty list', async (_case, setup, message) => {
			const thrown = await thrownBy(async () => await search(undefined, undefined, setup));
			expect(thrown.message).toContain(message);
			expect(thrown.whole).not.toContain(adobe.clientSecret);
		});
	});

	it('of tables looks into the sandbox that the options name', async () => {
		await makeMany(1);
		const connectionId = String(adobe.connections()[0]?.id);
		const search = async (options: INodeParameters) =>
			await methods.listSearch.searchTables.call(
				editorContext(
					wireConnectionNode(adobe, {
						resource: 'table',
						operation: 'preview',
						connectionId: { __rl: true, mode: 'list', value: connectionId },
						options,
					}),
				) as never,
			);
		expect((await search({})).results.length).toBeGreaterThan(0);
		const thrown = await thrownBy(async () => await search({ sandboxName: 'dev' }));
		expect(thrown.message).toContain(`'${connectionId}' was not found in the sandbox 'dev'`);
	});

	describe('of sandboxes', () => {
		const offered = async (setup: NodeSetup & { options?: INodeParameters } = {}) =>
			await methods.loadOptions.getSandboxes.call(
				editorContext(
					wireConnectionNode(adobe, { operation: 'get', options: setup.options ?? {} }, setup),
				) as never,
			);

		const sandboxes = async (setup: NodeSetup & { options?: INodeParameters } = {}) =>
			(await offered(setup)).filter(({ value }) => value !== '');

		it('offers the one of the credential first, which an empty option means', async () => {
			expect((await offered())[0]).toStrictEqual({ name: 'Sandbox From Credential', value: '' });
		});

		const answered = (body: object) =>
			adobe.addFault({ method: 'GET', path: SANDBOXES, kind: 'status', status: 200, body });

		it('shows title, name and type, and gives the name', async () => {
			expect(await sandboxes()).toStrictEqual([
				{ name: 'Development (dev)', value: 'dev', description: 'Type: development' },
				{ name: 'Production (prod)', value: 'prod', description: 'Type: production' },
			]);
		});

		it('asks at the address that Adobe documents, with its slash', async () => {
			await sandboxes();
			expect(adobe.journal.map(({ path }) => path)).toContain(`${SANDBOXES}?limit=50`);
		});

		it('shows only those that the credential may use', async () => {
			const { clientId, clientSecret } = adobe.addClient({ sandboxes: ['dev'] });
			expect(
				(await sandboxes({ ims: { clientId, clientSecret } })).map(({ value }) => value),
			).toStrictEqual(['dev']);
		});

		it('leaves out what cannot be worked in, and shows a name where there is no title', async () => {
			answered({
				sandboxes: [
					{ name: 'gone', title: 'Gone', state: 'deleted', type: 'development' },
					{ name: 'soon', title: 'Soon', state: 'creating', type: 'development' },
					{ name: 'reset', title: 'Reset', state: 'resetting', type: 'development' },
					{ name: 'plain', state: 'active' },
					{ title: 'Without a name', state: 'active' },
					'no sandbox',
				],
			});
			expect(await sandboxes()).toStrictEqual([{ name: 'plain', value: 'plain' }]);
		});

		it('goes on where the list does', async () => {
			answered({
				sandboxes: [{ name: 'prod', title: 'Production', state: 'active', type: 'production' }],
				_links: { next: { href: `${SANDBOXES}?limit=1&offset=1` } },
			});
			expect((await sandboxes()).map(({ value }) => value)).toStrictEqual(['dev', 'prod']);
			expect(adobe.journal.at(-1)?.path).toBe(`${SANDBOXES}?limit=50&offset=1`);
		});

		it.each(['dev', '={{ $json.sandbox }}', 'gone'])(
			'shows all whatever is chosen already: %s',
			async (sandboxName) => {
				expect(await sandboxes({ options: { sandboxName } })).toHaveLength(2);
			},
		);

		it.each<[string, () => NodeSetup, string]>([
			['a wrong secret', () => ({ ims: { clientSecret: 'wrong' } }), "'Client Secret'"],
			[
				'a credential that no role lists',
				() => {
					const { clientId, clientSecret } = adobe.addClient({ sandboxes: [] });
					return { ims: { clientId, clientSecret } };
				},
				'Adobe lists no active sandbox for this credential',
			],
			[
				'a foreign organization',
				() => ({ ims: { orgId: '0123456789ABCDEF01234567@AdobeOrg' } }),
				"'Organization ID'",
			],
			[
				'an answer that is no list',
				() => {
					answered({ sandboxes: 'many' });
					return {};
				},
				'in a form this node does not know',
			],
			[
				'a list that goes on elsewhere',
				() => {
					answered({
						sandboxes: [{ name: 'prod', state: 'active' }],
						_links: { next: { href: 'https://elsewhere.example/?offset=1' } },
					});
					return {};
				},
				"continues at a host that is not Adobe's",
			],
			[
				'a list that goes on in an unknown way',
				() => {
					answered({
						sandboxes: [{ name: 'prod', state: 'active' }],
						_links: { next: { href: `${SANDBOXES}?page=2` } },
					});
					return {};
				},
				'more sandboxes than this node can list',
			],
		])('says %s instead of showing an empty list', async (_case, prepare, message) => {
			const setup = prepare();
			const thrown = await thrownBy(async () => await sandboxes(setup));
			expect(thrown.message).toContain(message);
			expect(thrown.whole).not.toContain(adobe.clientSecret);
		});

		it.each([
			['a name as it was typed before there was a list', 'dev'],
			['an expression', '={{ "dev" }}'],
		])('%s still says where to work', async (_case, sandboxName) => {
			const [item] = await runConnectionNode(adobe, {
				operation: 'create',
				name: 'Sales',
				options: { sandboxName },
			});
			expect(item?.json.sandboxName).toBe('dev');
			expect(adobe.connections()[0]?.sandboxName).toBe('dev');
		});
	});

	describe('of links to Experience Platform', () => {
		const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
		const production = { platformOrigin: 'https://platform.adobe.io', sandboxName: 'dev' };

		it.each([
			[
				'leads to the account in its sandbox',
				production,
				ID,
				`sname:dev/platform/source/accounts/${ID}`,
			],
			[
				'does not exist for stage',
				{ ...production, platformOrigin: 'https://platform-stage.adobe.io' },
				ID,
				undefined,
			],
			[
				'does not exist for a custom platform',
				{ ...production, platformOrigin: 'http://127.0.0.1:1' },
				ID,
				undefined,
			],
			[
				'does not exist for an ID that By URL would not find in it',
				production,
				'not-a-uuid',
				undefined,
			],
		])('a link %s', (_case, client, id, end) => {
			expect(connectionItem(client, { id }).url).toBe(
				end === undefined ? undefined : `https://experience.adobe.com/#/${end}`,
			);
		});

		it('items of a custom platform have none', async () => {
			await makeMany(1);
			expect((await search()).results[0]?.url).toBeUndefined();
		});

		it('a link is what the mode By URL takes', async () => {
			await makeMany(1);
			const id = String(adobe.connections()[0]?.id);
			const value = String(connectionUrl(production, id));
			expect(value).toMatch(new RegExp(URL_WITH_ID));
			const [item] = await runConnectionNode(adobe, {
				operation: 'get',
				connectionId: { __rl: true, mode: 'url', value },
			});
			expect(item?.json.connectionId).toBe(id);
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
